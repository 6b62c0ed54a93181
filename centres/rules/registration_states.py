"""May a registration go on a break, be suspended, go on, be withdrawn or closed as completed? (3.5)"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from centres.enums import REGISTRATION_TRANSITIONS, RegistrationState
from common.refusals import Refusal, too_long
from common.text import count, say
from qualifications.rules.lifecycle import written_out

SHORTEST_REASON = 5
LONGEST_REASON = 300
#: Why is asked for these; for the others it may be said.
REASON_NEEDED = frozenset({RegistrationState.ON_BREAK, RegistrationState.SUSPENDED, RegistrationState.WITHDRAWN})
#: These end a registration: on a day that may lie before today.
ENDING = frozenset({RegistrationState.WITHDRAWN, RegistrationState.COMPLETED})


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for somebody in a registration, in numbers; `disputed` are titles of units nobody has answered for."""

    pieces: int = 0  # sent, and not decided
    decisions: int = 0  # of trainees, and not countersigned
    signed: int = 0  # units that are signed, and not yet signed off
    certificates: int = 0  # recorded, and not looked at by a second person
    disputed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StateFacts:
    """What decides about a change. `on` is the day it counts from; of one that ends, its last day."""

    was: RegistrationState
    to: RegistrationState
    reason: str
    on: dt.date
    starts_on: dt.date
    today: dt.date
    last_act_on: dt.date | None = None  # the day of the last entry of the chain; None: nothing was ever signed
    complete: bool = False  # achieved and exempt units satisfy the rule of combination
    reauthenticated: bool = False  # whoever does it has just proved who they are; asked for taking back alone
    pending: Pending = field(default_factory=Pending)

    @property
    def taken_back(self) -> bool:
        """Say whether it is taken back that the registration was completed."""
        return self.was == RegistrationState.COMPLETED


def why_not_change_state(facts: StateFacts) -> list[Refusal]:
    """Say everything that keeps a registration from going into another state (3.5); an empty list means it may.

    A withdrawal waits until no result is on its way, and is no way to end a complete award. Completed needs a complete
    award, nothing that waits for anybody, and no open dispute. The last day lies between the first one and today, and
    never before the last signature; one that has not begun ends today, so that a slip does not stand until it begins.
    That it was completed is taken back with a reason, by somebody who has just proved who they are (R85).
    """
    if facts.to not in REGISTRATION_TRANSITIONS[facts.was]:
        words = say("This registration is “%(now)s”. From there it cannot become “%(then)s”. Nothing is changed.")
        return [Refusal("not-from-here", words % {"now": facts.was.label, "then": facts.to.label}, "act")]
    found = list(_reason(facts))
    if facts.taken_back and not facts.reauthenticated:
        found.append(Refusal("prove-again", say("Confirm that it is you before you take it back."), "reauthenticate"))
    if facts.to in ENDING:
        found += [*_day(facts), *_results(facts.pending)]
    if facts.to == RegistrationState.WITHDRAWN and facts.complete:
        words = say("The award is complete. Record the registration as completed, so that nothing achieved is lost.")
        if RegistrationState.COMPLETED not in REGISTRATION_TRANSITIONS[facts.was]:
            words = say("The award is complete. Let the registration go on first, then record it as completed.")
        found.append(Refusal("award-complete", words, "act"))
    if facts.to == RegistrationState.COMPLETED:
        found += _not_complete(facts)
    return found


def _reason(facts: StateFacts) -> Iterator[Refusal]:
    said = facts.reason.strip()
    if len(said) < SHORTEST_REASON and (facts.to in REASON_NEEDED or facts.taken_back):
        yield Refusal("no-reason", say("Say in a sentence why. It stays with the registration."), "reason")
    yield from too_long(said, "reason", LONGEST_REASON)


def _day(facts: StateFacts) -> Iterator[Refusal]:
    if facts.on > facts.today:
        yield Refusal(
            "day-ahead", say("The last day is still to come. Do this on that day, or type an earlier one."), "on"
        )
    if facts.on < min(facts.starts_on, facts.today):
        words = say("The registration begins on %(date)s. The last day of one that has not begun is today.")
        if facts.starts_on <= facts.today:
            words = say("The registration began on %(date)s. The last day cannot be before that.")
        yield Refusal("day-before-start", words % {"date": written_out(facts.starts_on)}, "on")
    elif facts.last_act_on is not None and facts.on < facts.last_act_on:
        words = say("The last signature in it was made on %(date)s. The last day cannot be before that.")
        yield Refusal("day-before-signature", words % {"date": written_out(facts.last_act_on)}, "on")


def _results(pending: Pending) -> Iterator[Refusal]:
    """Say which results are still on their way: each can be finished by somebody of the centre."""
    if pending.decisions:
        words = count(
            "%(n)d decision waits for a countersignature. It has to be countersigned first.",
            "%(n)d decisions wait for a countersignature. They have to be countersigned first.",
            pending.decisions,
        )
        yield Refusal("waits-countersign", words % {"n": pending.decisions}, "act")
    if pending.signed:
        words = count(
            "%(n)d unit is signed and not confirmed yet. The learner confirms it, or the office for one who left.",
            "%(n)d units are signed and not confirmed yet. The learner confirms them, or the office for one who left.",
            pending.signed,
        )
        yield Refusal("waits-confirmation", words % {"n": pending.signed}, "act")
    if pending.certificates:
        words = count(
            "%(n)d certificate waits for a second person. Somebody has to approve it or turn it down first.",
            "%(n)d certificates wait for a second person. Somebody has to approve them or turn them down first.",
            pending.certificates,
        )
        yield Refusal("waits-certificate", words % {"n": pending.certificates}, "act")
    if pending.disputed:
        words = say("The learner did not agree in: %(units)s. Somebody has to answer first.")
        yield Refusal("open-dispute", words % {"units": "; ".join(pending.disputed)}, "act")


def _not_complete(facts: StateFacts) -> Iterator[Refusal]:
    if not facts.complete:
        words = say("The award is not complete: its units do not satisfy the rule yet. See what is missing.")
        yield Refusal("award-not-complete", words, "act")
    if facts.pending.pieces:
        words = count(
            "%(n)d piece waits for a decision in it. It has to be decided, or taken back by the learner, first.",
            "%(n)d pieces wait for a decision in it. They have to be decided, or taken back by the learner, first.",
            facts.pending.pieces,
        )
        yield Refusal("waits-decision", words % {"n": facts.pending.pieces}, "act")


def what_it_means(state: RegistrationState) -> str:
    """Return what a state means for sending, judging and signing, for whoever puts a registration into it."""
    words = {
        RegistrationState.ACTIVE: say("Work goes on: sending, judging and signing."),
        RegistrationState.ON_BREAK: say(
            "Nothing is sent, judged or signed until the break ends. Everything stays as it is and readable."
        ),
        RegistrationState.SUSPENDED: say(
            "Everything stops until the office lifts it: nothing is sent, judged, signed or reopened."
        ),
        RegistrationState.TRANSFERRED: say("History: the work goes on in the registration it led to."),
        RegistrationState.WITHDRAWN: say(
            "The learner leaves it. What waits for a decision is closed, what was signed off stays and counts again if"
            " they come back with a new registration."
        ),
        RegistrationState.COMPLETED: say(
            "The certificate is claimed and nothing is left to do. Everything stays as it is: before a unit can be"
            " reopened, or an exemption withdrawn, “completed” has to be taken back."
        ),
    }
    return words[state]
