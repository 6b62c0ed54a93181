"""May this unit be signed, confirmed, reopened? The screen shows the very sentences that block (R82)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from centres.enums import FROZEN_UNITS, UnitState
from common.refusals import Refusal
from common.text import count, say

SHORTEST_REASON = 10
#: The version of the sentence an assessor signs under; the words stand in the template of this name.
DECLARATION = "unit-1"


@dataclass(frozen=True, slots=True)
class CriterionFacts:
    """Where one criterion of the unit stands."""

    code: str
    met: bool
    provisional: tuple[str, ...] = ()  # public ids of decisions that wait for a countersignature
    public_id: str = ""
    short: tuple[Refusal, ...] = ()  # why what is accepted is not enough (R71)

    @property
    def enough(self) -> bool:
        """Met, and by as much evidence as is asked."""
        return self.met and not self.short


@dataclass(frozen=True, slots=True)
class PieceFacts:
    """A piece of evidence with an open mapping in this unit."""

    public_id: str
    title: str
    waiting: bool = False
    returned: bool = False
    unsafe: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides about signing a unit."""

    unit_id: str
    learner_id: str
    state: str
    own_unit: bool
    allocated: bool
    registration_active: bool
    criteria: tuple[CriterionFacts, ...]
    pieces: tuple[PieceFacts, ...] = ()


def why_not_sign_off(facts: Facts) -> list[Refusal]:
    """Return everything that blocks the assessor's signature, each with what to open to mend it (R82)."""
    return [*_person(facts), *_criteria(facts), *_pieces(facts)]


def _person(facts: Facts) -> Iterable[Refusal]:
    if facts.state in FROZEN_UNITS:
        yield Refusal("already-signed", say("This unit is already signed."), target=("unit", facts.unit_id))
    if facts.state == UnitState.DROPPED:
        yield Refusal("dropped", say("This unit is no longer one of the learner's units."))
    if facts.own_unit:
        yield Refusal("own-unit", say("This is your own unit. Another assessor has to sign it."))
    if not facts.allocated:
        yield Refusal(
            "not-allocated",
            say("This learner is not in your caseload today. Ask your centre to allocate them to you."),
            target=("learner", facts.learner_id),
        )
    if not facts.registration_active:
        yield Refusal(
            "registration-ended", say("The learner's registration is not active."), target=("learner", facts.learner_id)
        )


def _criteria(facts: Facts) -> Iterable[Refusal]:
    for criterion in facts.criteria:
        if criterion.provisional:  # also beside another piece that meets it: nothing may be open when it is signed (R6)
            text = say("A trainee's decision about %(code)s is not countersigned yet.")
            target = ("countersign", criterion.provisional[0])
            yield Refusal("to-countersign", text % {"code": criterion.code}, target=target)
        if criterion.met:
            for reason in criterion.short:  # what is missing, and where to see what is there
                yield replace(reason, target=("criterion", f"{facts.unit_id} {criterion.public_id}"))
        elif not criterion.provisional:
            text = say("%(code)s is not met yet.") % {"code": criterion.code}
            yield Refusal("not-met", text, target=("unit", facts.unit_id))


def _pieces(facts: Facts) -> Iterable[Refusal]:
    for piece in facts.pieces:
        target = ("evidence", piece.public_id)
        name = {"title": piece.title}
        if piece.waiting:
            yield Refusal(
                "to-assess", say("“%(title)s” still waits for your decision in this unit.") % name, target=target
            )
        if piece.returned:
            yield Refusal("sent-back", say("“%(title)s” is sent back and not yet answered.") % name, target=target)
        if piece.unsafe:
            yield Refusal(
                "unsafe-file", say("A file of “%(title)s” is not checked or cannot be used.") % name, target=target
            )


@dataclass(frozen=True, slots=True)
class SigningFacts:
    """How a signature is given (R83, R85)."""

    declared: bool
    reauthenticated: bool


def why_not_sign(facts: SigningFacts) -> list[Refusal]:
    """Return why this act does not count as a signature (R85)."""
    found = []
    if not facts.declared:
        found.append(Refusal("not-declared", say("Tick the declaration: it is what you sign."), "declared"))
    if not facts.reauthenticated:
        found.append(Refusal("prove-again", say("Confirm that it is you before you sign."), "reauthenticate"))
    return found


@dataclass(frozen=True, slots=True)
class StepFacts:
    """A step after the assessor's signature: who wants to do it, in which state, with what words."""

    state: str
    needs_countersign: bool
    allowed_person: bool
    agrees: bool = True
    reason: str = ""


def why_not_countersign_unit(facts: StepFacts) -> list[Refusal]:
    """Return why the unit cannot be countersigned by this person now (R6, R83)."""
    found = _reason_given(facts)
    if not facts.allowed_person:
        found.append(Refusal("not-countersigner", say("You are not the countersigner of this unit's trainee.")))
    if facts.state != UnitState.ASSESSOR_SIGNED or not facts.needs_countersign:
        found.append(Refusal("not-open", say("This unit does not wait for a countersignature.")))
    return found


def why_not_confirm(facts: StepFacts) -> list[Refusal]:
    """Return why the learner cannot confirm or dispute now (R83)."""
    found = _reason_given(facts)
    if not facts.allowed_person:
        found.append(Refusal("not-learner", say("Only the learner can confirm their own unit.")))
    ready = UnitState.COUNTERSIGNED if facts.needs_countersign else UnitState.ASSESSOR_SIGNED
    if facts.state != ready:
        found.append(
            Refusal("not-open", say("This unit does not wait for you. Look at it again: it may have changed."))
        )
    return found


def why_not_reopen(facts: StepFacts) -> list[Refusal]:
    """Return why the unit cannot be reopened by this person (R84: the signer, with a reason)."""
    found = []
    if len(facts.reason.strip()) < SHORTEST_REASON:
        found.append(
            Refusal("no-reason", say("Say why the unit is reopened. Everybody who signed will read it."), "reason")
        )
    if not facts.allowed_person:
        found.append(Refusal("not-signer", say("Only the assessor who signed this unit can reopen it.")))
    if facts.state not in FROZEN_UNITS or facts.state == UnitState.EXEMPT:
        found.append(Refusal("not-signed", say("This unit is not signed, so there is nothing to reopen.")))
    return found


def _reason_given(facts: StepFacts) -> list[Refusal]:
    if facts.agrees or len(facts.reason.strip()) >= SHORTEST_REASON:
        return []
    return [Refusal("no-reason", say("Say in a sentence what is not right."), "reason")]


def progress_words(met: int, total: int) -> str:
    """Return "9 of 16 criteria met" (R145: whole numbers)."""
    return count("%(met)d of %(total)d criterion met", "%(met)d of %(total)d criteria met", total) % {
        "met": met,
        "total": total,
    }
