"""May this certificate stand for a unit, and may this person say so? (R79)"""

from collections.abc import Iterable
from dataclasses import dataclass

from assessments.enums import EXEMPTION_TRANSITIONS, ExemptionState
from assessments.rules.certificates import ONCE, Certificate, Reuse, UnitFacts, why_not_again, why_not_fit
from centres.enums import OPEN_UNITS, Role
from common.refusals import Refusal
from common.text import say

SHORTEST_REASON, LONGEST_REASON = 10, 300
#: Who may be the second person.
DECIDERS = frozenset({Role.ADMIN, Role.IQA, Role.LEAD_IQA})


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What decides about recording a certificate for a unit. `waiting`: one is recorded already.

    `unit`: what it is compared with; `few`: what the rule of combination says of an award with this unit exempt too.
    """

    unit_state: str
    registration_active: bool
    own: bool
    waiting: bool
    certificate: Certificate
    unit: UnitFacts
    reuse: Reuse = ONCE
    few: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class DecideFacts:
    """What decides about a second person's word on a certificate. `involved`: they assess this learner, or did."""

    state: str
    unit_state: str
    registration_active: bool
    recorded_it: bool
    is_learner: bool
    may_decide: bool
    involved: bool
    approves: bool
    reason: str
    reauthenticated: bool
    certificate: Certificate
    unit: UnitFacts
    reuse: Reuse = ONCE
    few: tuple[Refusal, ...] = ()
    disputed: bool = False  # the learner did not agree with the last signature here, and nobody has answered


@dataclass(frozen=True, slots=True)
class RevokeFacts:
    """What decides about withdrawing an exemption.

    `moved`: the learner goes on in another registration. `active`: the registration runs. `completed`: it was closed.
    """

    state: str
    moved: bool
    recorded_it: bool
    is_learner: bool
    may_decide: bool
    involved: bool
    reason: str
    reauthenticated: bool
    active: bool = True
    completed: bool = False
    counts_in: tuple[str, ...] = ()  # titles of qualifications into which the unit was carried over


def why_not_record(facts: RecordFacts) -> list[Refusal]:
    """Return why a certificate cannot be recorded for this unit by this person (R79).

    It has to name this unit by its reference (R19), and a number that was used before needs a reason.
    """
    found = []
    if facts.own:
        found.append(Refusal("own-unit", say("This is your own unit. Somebody else has to record the certificate.")))
    if not facts.registration_active:
        found.append(Refusal("registration-over", say("This registration is not active. Its units stay as they are.")))
    if facts.waiting:
        found.append(Refusal("recorded", say("A certificate is on record for this unit already.")))
    elif facts.unit_state not in OPEN_UNITS:
        found.append(Refusal("unit-done", say("This unit is signed, exempt or no longer chosen.")))
    return [*found, *why_not_fit(facts.certificate, facts.unit), *why_not_again(facts.reuse), *facts.few]


def why_not_settle(facts: DecideFacts) -> list[Refusal]:
    """Return why this person cannot approve or turn down this certificate now (R79).

    Two people, neither the learner nor anybody who assesses them. An approval finishes the unit: the certificate is
    compared once more with what is known now, and whoever approves proves who they are (R85). A learner who did not
    agree is answered first (R83).
    """
    found = [*_second_person(facts)]
    if ExemptionState.APPROVED not in EXEMPTION_TRANSITIONS[ExemptionState(facts.state)]:
        return [*found, Refusal("decided", say("Somebody has decided about this certificate already."))]
    if facts.approves:
        return [*found, *_approval(facts)]
    words = say("Say in a sentence why the certificate does not count. Who recorded it will read it.")
    return [*found, *_reason(facts.reason.strip(), words)]


def _approval(facts: DecideFacts) -> Iterable[Refusal]:
    if facts.unit_state not in OPEN_UNITS or not facts.registration_active:
        words = say(
            "This unit is signed, dropped or no longer active, so it cannot become exempt. Turn it down instead."
        )
        yield Refusal("unit-done", words)
    if facts.disputed:
        words = say("The learner did not agree with the last signature on this unit. Answer first; then approve.")
        yield Refusal("disputed", words)
    yield from why_not_fit(facts.certificate, facts.unit)
    yield from facts.few
    yield from why_not_again(facts.reuse)
    if not facts.reauthenticated:
        yield Refusal("prove-again", say("Confirm that it is you before you approve."), "reauthenticate")


def _reason(text: str, words: str) -> Iterable[Refusal]:
    if len(text) < SHORTEST_REASON:
        yield Refusal("no-reason", words, "reason")
    if len(text) > LONGEST_REASON:
        yield Refusal("long-reason", say("Keep it under 300 characters."), "reason")


def why_not_revoke(facts: RevokeFacts) -> list[Refusal]:
    """Return why this person cannot withdraw this exemption: those who may approve it may, with a reason (R79, R85)."""
    found = [*_second_person(facts)]
    if ExemptionState.REVOKED not in EXEMPTION_TRANSITIONS[ExemptionState(facts.state)]:
        words = say("This certificate does not count, so there is nothing to withdraw.")
        found.append(Refusal("not-approved", words))
    if facts.moved:
        words = say("The learner was moved to another registration. What stands in the earlier one stays as it is.")
        found.append(Refusal("registration-moved", words))
    elif facts.completed:
        words = say(
            "This registration is completed. An admin takes that back first, with the reason, under State on the"
            " learner’s page; then withdraw the exemption."
        )
        found.append(Refusal("registration-completed", words))
    elif not facts.active:
        words = say("This registration is not active. Its units stay as they are.")
        found.append(Refusal("registration-over", words))
    if facts.counts_in:
        words = say("The unit was carried over and counts in: %(titles)s. Reopen it there first.")
        found.append(Refusal("counts-elsewhere", words % {"titles": "; ".join(facts.counts_in)}))
    if not facts.reauthenticated:
        found.append(Refusal("prove-again", say("Confirm that it is you before you withdraw it."), "reauthenticate"))
    words = say("Say in a sentence why the unit is not exempt after all. Both people will read it.")
    return [*found, *_reason(facts.reason.strip(), words)]


def _second_person(facts: DecideFacts | RevokeFacts) -> Iterable[Refusal]:
    if facts.is_learner:
        yield Refusal("own-unit", say("This is your own unit. Somebody else has to decide."))
    if facts.recorded_it:
        yield Refusal("same-person", say("You recorded this certificate, so somebody else has to look at it."))
    if facts.involved:
        words = say("You assess this learner, or did. Somebody who does not has to look at the certificate.")
        yield Refusal("assesses-them", words)
    if not facts.may_decide:
        words = say("A centre admin or an internal quality assurer decides about certificates.")
        yield Refusal("not-yours", words)
