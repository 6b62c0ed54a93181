"""May this certificate stand for a unit, and may this person say so? (R79)"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from assessments.enums import EXEMPTION_TRANSITIONS, ExemptionState
from centres.enums import OPEN_UNITS, Role
from common.refusals import Refusal
from common.text import say

SHORTEST_REASON = 10
#: Who may be the second person.
DECIDERS = frozenset({Role.ADMIN, Role.IQA, Role.LEAD_IQA})
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Certificate:
    """What stands on a certificate, and where somebody checked it."""

    awarding_body: str
    unit_reference: str
    unit_title: str
    awarded_on: dt.date
    certificate_number: str
    checked_at: str


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What decides about recording a certificate for a unit. `waiting`: one is recorded already."""

    unit_state: str
    registration_active: bool
    own: bool
    waiting: bool
    certificate: Certificate
    today: dt.date


@dataclass(frozen=True, slots=True)
class DecideFacts:
    """What decides about a second person's word on a certificate."""

    state: str
    unit_state: str
    registration_active: bool
    recorded_it: bool
    is_learner: bool
    may_decide: bool
    approves: bool
    reason: str


@dataclass(frozen=True, slots=True)
class RevokeFacts:
    """What decides about withdrawing an exemption.

    `moved`: the learner goes on in another registration. `active`: the registration runs.
    """

    state: str
    moved: bool
    recorded_it: bool
    is_learner: bool
    may_decide: bool
    reason: str
    active: bool = True
    counts_in: tuple[str, ...] = ()  # titles of qualifications into which the unit was carried over


def why_not_record(facts: RecordFacts) -> list[Refusal]:
    """Return why a certificate cannot be recorded for this unit by this person (R79)."""
    found = []
    if facts.own:
        found.append(Refusal("own-unit", say("This is your own unit. Somebody else has to record the certificate.")))
    if not facts.registration_active:
        found.append(Refusal("registration-over", say("This registration is not active. Its units stay as they are.")))
    if facts.waiting:
        found.append(Refusal("recorded", say("A certificate is on record for this unit already.")))
    elif facts.unit_state not in OPEN_UNITS:
        found.append(Refusal("unit-done", say("This unit is signed, exempt or no longer chosen.")))
    if facts.certificate.awarded_on > facts.today:
        found.append(Refusal("awarded-to-come", say("The certificate has a date to come. Look again."), "awarded_on"))
    return found


def why_not_settle(facts: DecideFacts) -> list[Refusal]:
    """Return why this person cannot approve or turn down this certificate now (R79: two people, never the learner)."""
    found = [*_second_person(facts)]
    if ExemptionState.APPROVED not in EXEMPTION_TRANSITIONS[ExemptionState(facts.state)]:
        return [*found, Refusal("decided", say("Somebody has decided about this certificate already."))]
    if facts.approves and (facts.unit_state not in OPEN_UNITS or not facts.registration_active):
        words = say(
            "This unit is signed, dropped or no longer active, so it cannot become exempt. Turn it down instead."
        )
        found.append(Refusal("unit-done", words))
    words = say("Say in a sentence why the certificate does not count. Who recorded it will read it.")
    return found if facts.approves else [*found, *_reason(facts.reason.strip(), words)]


def _reason(text: str, words: str) -> Iterable[Refusal]:
    if len(text) < SHORTEST_REASON:
        yield Refusal("no-reason", words, "reason")
    if len(text) > LONGEST_REASON:
        yield Refusal("long-reason", say("Keep it under 300 characters."), "reason")


def why_not_revoke(facts: RevokeFacts) -> list[Refusal]:
    """Return why this person cannot withdraw this exemption now: those who may approve it may, with a reason (R79)."""
    found = [*_second_person(facts)]
    if ExemptionState.REVOKED not in EXEMPTION_TRANSITIONS[ExemptionState(facts.state)]:
        words = say("This certificate does not count, so there is nothing to withdraw.")
        found.append(Refusal("not-approved", words))
    if facts.moved:
        words = say("The learner was moved to another registration. What stands in the earlier one stays as it is.")
        found.append(Refusal("registration-moved", words))
    elif not facts.active:
        words = say("This registration is not active. Its units stay as they are.")
        found.append(Refusal("registration-over", words))
    if facts.counts_in:
        words = say("The unit was carried over and counts in: %(titles)s. Reopen it there first.")
        found.append(Refusal("counts-elsewhere", words % {"titles": "; ".join(facts.counts_in)}))
    words = say("Say in a sentence why the unit is not exempt after all. Both people will read it.")
    return [*found, *_reason(facts.reason.strip(), words)]


def _second_person(facts: DecideFacts | RevokeFacts) -> Iterable[Refusal]:
    if facts.is_learner:
        yield Refusal("own-unit", say("This is your own unit. Somebody else has to decide."))
    if facts.recorded_it:
        yield Refusal("same-person", say("You recorded this certificate, so somebody else has to look at it."))
    if not facts.may_decide:
        words = say("A centre admin or an internal quality assurer decides about certificates.")
        yield Refusal("not-yours", words)
