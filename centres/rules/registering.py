"""May this person be registered, for these units?"""

import datetime as dt
from dataclasses import dataclass, field

from centres.enums import FROZEN_UNITS, UnitState
from centres.rules.gates import ApprovalFacts, why_not_approved
from centres.rules.people import why_not_email
from common.refusals import Refusal, too_long
from common.text import say
from qualifications.rules import LifecycleFacts, why_not_confirmed, why_not_registrable

#: How far the first day may lie from the day of registering, either way.
REACH = dt.timedelta(days=366)
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Known:
    """A learner who is here already: what a page needs to link to them."""

    public_id: str
    name: str


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """What decides about a registration on the day `today`.

    `places` are all places of the qualification, `chosen` what the form ticked. `same_email`, `same_name` (and
    birthday) and `same_uln` are other learners of this centre; `registered` says: open for this qualification already.
    """

    email: str
    lifecycle: LifecycleFacts | None
    starts_on: dt.date
    today: dt.date
    chosen: frozenset[int]
    places: frozenset[int]
    mandatory: frozenset[int]
    registered: bool = False
    same_email: Known | None = None
    same_name: Known | None = None
    same_uln: Known | None = None
    another_person: bool = False
    approval: ApprovalFacts = field(default_factory=ApprovalFacts)
    entry_confirmed: str = ""  # how somebody knows that entry is open, where its last day is not known
    superseded: bool = False  # another version of it counts for new learners


def why_not_register(facts: RegisterFacts) -> list[Refusal]:
    """Say why nobody can be registered like this (R1, R16, R23, R25).

    An older version, closed or not known to be open, not approved, dates, units, here already.
    """
    return [
        *_why_not_here(facts),
        *why_not_email(facts.email),
        *_why_not_entry(facts),
        *why_not_approved(facts.approval, facts.starts_on, facts.today),
        *_why_not_start(facts),
        *_why_not_places(facts),
    ]


def _why_not_here(facts: RegisterFacts) -> list[Refusal]:
    if facts.registered:
        return [
            Refusal("registered", say("This learner is registered for this qualification already."), "qualification")
        ]
    if facts.same_email:
        sentence = say("%(name)s has this e-mail address and is a learner here already.")
        return [known_already("same-email", sentence, facts.same_email, "email")]
    found = []
    if facts.same_uln:
        found.append(number_taken("uln", facts.same_uln))
    if facts.same_name and not facts.another_person:
        sentence = say("%(name)s, born on the same day, is a learner here already.")
        found.append(known_already("same-name", sentence, facts.same_name, "family_name"))
    return found


def known_already(code: str, sentence: str, known: Known, field: str) -> Refusal:
    """Say that another learner of this centre has this already, with a link to them."""
    return Refusal(code, sentence % {"name": known.name}, field, ("learner", known.public_id))


def number_taken(column: str, known: Known) -> Refusal:
    """Say that another learner of this centre has this number already (R28, R29)."""
    if column == "uln":
        return known_already("same-uln", say("%(name)s has this learner number."), known, column)
    if column == "candidate_number":
        return known_already("same-candidate-number", say("%(name)s has this candidate number."), known, column)
    if column == "uci":
        return known_already("same-uci", say("%(name)s has this unique candidate identifier."), known, column)
    words = say("%(name)s has this OCR number: units of the one would count for the other.")
    return known_already("same-ocr-number", words, known, column)


def _why_not_entry(facts: RegisterFacts) -> list[Refusal]:
    if facts.lifecycle is None:
        return [Refusal("qualification-missing", say("Choose a qualification from the list."), "qualification")]
    if facts.superseded:
        words = say("Another version of %(title)s counts for new learners now. Choose that one.")
        return [Refusal("superseded", words % {"title": facts.lifecycle.title}, "qualification")]
    closed = why_not_registrable(facts.lifecycle, facts.today)
    return closed or why_not_confirmed(facts.lifecycle, facts.today, facts.entry_confirmed)


def _why_not_start(facts: RegisterFacts) -> list[Refusal]:
    if abs(facts.starts_on - facts.today) <= REACH:
        return []
    return [Refusal("start-far", say("Check the first day: it is more than a year away."), "starts_on")]


def _why_not_places(facts: RegisterFacts) -> list[Refusal]:
    if facts.lifecycle is None:
        return []
    if facts.chosen - facts.places:
        return [Refusal("unit-elsewhere", say("Choose units of this qualification only."), "units")]
    if not facts.chosen | facts.mandatory:
        return [Refusal("no-unit", say("Choose at least one unit."), "units")]
    return []


@dataclass(frozen=True, slots=True)
class UnitsFacts:
    """What decides about another choice of units. `states` are those of the units chosen so far, by place.

    `accepted` are the places of units in which evidence was accepted; `confirmed` says that they may be dropped too.
    `disputed` are those with which the learner did not agree, and nobody has answered.
    """

    active: bool
    chosen: frozenset[int]
    places: frozenset[int]
    mandatory: frozenset[int]
    states: dict[int, UnitState]
    reason: str = ""
    accepted: frozenset[int] = frozenset()
    confirmed: bool = False
    disputed: frozenset[int] = frozenset()

    @property
    def wanted(self) -> frozenset[int]:
        """Return the places of the new choice."""
        return self.chosen | self.mandatory

    @property
    def dropped(self) -> frozenset[int]:
        """Return the places that are taken out."""
        return frozenset(self.states) - self.wanted


def why_not_change_units(facts: UnitsFacts) -> list[Refusal]:
    """Say why the choice cannot become this one (R43, R83).

    Registration over, unit elsewhere, signed or disputed unit taken out, no reason given, accepted work dropped without
    a word.
    """
    if not facts.active:
        return [Refusal("registration-over", say("This registration is not active. Its units stay as they are."))]
    if facts.chosen - facts.places:
        return [Refusal("unit-elsewhere", say("Choose units of this qualification only."), "units")]
    if stays := _why_it_stays(facts):
        return stays
    if not facts.wanted:
        return [Refusal("no-unit", say("Choose at least one unit."), "units")]
    if facts.wanted == frozenset(facts.states):
        return []
    return [*_why_not_reason(facts.reason), *_why_not_drop(facts)]


def _why_it_stays(facts: UnitsFacts) -> list[Refusal]:
    if any(facts.states[place] in FROZEN_UNITS for place in facts.dropped):
        return [Refusal("unit-signed", say("A unit that is signed off stays chosen."), "units")]
    if facts.dropped & facts.disputed:
        words = say("The learner did not agree with a unit that you take out. Its assessor answers first.")
        return [Refusal("open-dispute", words, "units")]
    return []


def _why_not_reason(reason: str) -> list[Refusal]:
    if not reason:
        return [Refusal("reason-missing", say("Say why the units change."), "reason")]
    return too_long(reason, "reason", LONGEST_REASON)


def _why_not_drop(facts: UnitsFacts) -> list[Refusal]:
    if facts.confirmed or not facts.dropped & facts.accepted:
        return []
    sentence = say("Evidence was accepted in a unit that you take out. Nothing is saved yet. Say that it may go.")
    return [Refusal("accepted-work", sentence, "confirmed")]
