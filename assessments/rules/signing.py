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
    """Where one criterion of the unit stands. `code`: as people see it. `waits`: a piece for it that nobody judged."""

    code: str
    met: bool
    provisional: tuple[str, ...] = ()  # public ids of decisions that wait for a countersignature
    public_id: str = ""
    short: tuple[Refusal, ...] = ()  # why what is accepted is not enough (R71)
    waits: str = ""  # public id

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
    removed: bool = False  # what counts was decided on a version of which something was removed (R60)


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
    disputed: str = ""  # what the learner wrote, while nobody has answered
    learner_name: str = ""
    identity_missing: bool = False  # the centre asks for it, and nobody has recorded that they saw a document (R37)


def why_not_sign_off(facts: Facts) -> list[Refusal]:
    """Return everything that blocks the assessor's signature, each with what to open to mend it (R82)."""
    return [*_person(facts), *_dispute(facts), *_criteria(facts), *_pieces(facts)]


def _dispute(facts: Facts) -> Iterable[Refusal]:
    """A learner who did not agree is answered before anybody signs again, in words they read (R83)."""
    if facts.disputed:
        words = {"name": facts.learner_name, "reason": facts.disputed}
        text = say("%(name)s did not agree: “%(reason)s” Answer first; then the unit can be signed.")
        yield Refusal("disputed", text % words, target=("answer", facts.unit_id))


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
    if facts.identity_missing:
        words = say("No check of %(name)s’s identity is on record. See a document with a photo, and record it first.")
        target = ("identity", facts.learner_id)
        yield Refusal.of("identity-missing", words, "", target, name=facts.learner_name)
    if not facts.registration_active:
        yield Refusal(
            "registration-ended", say("The learner's registration is not active."), target=("learner", facts.learner_id)
        )


def _criteria(facts: Facts) -> Iterable[Refusal]:
    for criterion in facts.criteria:
        if criterion.provisional:  # also beside another piece that meets it: nothing may be open when it is signed (R6)
            text = say("A trainee's decision about %(code)s is not countersigned yet.")
            target = ("countersign", criterion.provisional[0])
            yield Refusal.of("to-countersign", text, "", target, code=criterion.code)
        if criterion.met:
            for reason in criterion.short:  # what is missing, and where to see what is there
                params = {**reason.params, "criterion": criterion.public_id}
                yield replace(reason, target=("criterion", facts.unit_id), params=params)
        elif not criterion.provisional:
            yield _not_met(criterion, facts)


def _not_met(criterion: CriterionFacts, facts: Facts) -> Refusal:
    """A criterion shown by a piece that nobody has judged is not a gap: the reason leads to that piece."""
    if criterion.waits:
        text = say("%(code)s has a piece that is not judged yet.")
        return Refusal.of("not-met", text, "", ("evidence", criterion.waits), code=criterion.code)
    return Refusal.of("not-met", say("%(code)s is not met yet."), "", ("unit", facts.unit_id), code=criterion.code)


def _pieces(facts: Facts) -> Iterable[Refusal]:
    for piece in facts.pieces:
        target = ("evidence", piece.public_id)
        if piece.waiting:
            text = say("“%(title)s” still waits for your decision in this unit.")
            yield Refusal.of("to-assess", text, "", target, title=piece.title)
        if piece.returned:
            text = say("“%(title)s” is sent back and not yet answered.")
            yield Refusal.of("sent-back", text, "", target, title=piece.title)
        if piece.removed:
            text = say("“%(title)s” was accepted on a version that was removed. Judge it on its next version.")
            yield Refusal.of("rests-on-removed", text, "", target, title=piece.title)
        if piece.unsafe:
            text = say("A file of “%(title)s” is not checked or cannot be used.")
            yield Refusal.of("unsafe-file", text, "", target, title=piece.title)


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


@dataclass(frozen=True, slots=True)
class ReopenFacts:
    """Who wants to open a signed unit again, and why (R84)."""

    state: str
    reason: str
    reauthenticated: bool
    is_signer: bool = False  # signed or carried it over
    allocated: bool = False  # looks after this learner today
    leads: bool = False  # lead IQA of this qualification today
    manages: bool = False  # runs the centre, and neither assesses nor is this learner
    own_unit: bool = False
    carried: bool = False  # it stands because it was carried over; an exemption of its own is withdrawn instead
    counts_in: tuple[str, ...] = ()  # titles of qualifications into which it was carried over, and where it stands


def why_not_reopen(facts: ReopenFacts) -> list[Refusal]:
    """Return why the unit cannot be reopened by this person (R84, R85).

    By the assessor who signed it and still looks after the learner; when they cannot, by the lead quality assurer or by
    whoever runs the centre. Where it counts in another registration, it is reopened there first (R19). Always with a
    reason that everybody who signed will read, and proving who one is.
    """
    found = []
    if len(facts.reason.strip()) < SHORTEST_REASON:
        found.append(
            Refusal("no-reason", say("Say why the unit is reopened. Everybody who signed will read it."), "reason")
        )
    if facts.own_unit:
        found.append(Refusal("own-unit", say("This is your own unit. Somebody else has to reopen it.")))
    elif not (facts.leads or facts.manages or (facts.is_signer and facts.allocated)):
        found.append(Refusal("not-signer", _who_reopens(facts)))
    if facts.state not in FROZEN_UNITS or (facts.state == UnitState.EXEMPT and not facts.carried):
        found.append(Refusal("not-signed", say("This unit is not signed, so there is nothing to reopen.")))
    if facts.counts_in:
        words = say("It was carried over and counts in: %(titles)s. Reopen it there first.")
        found.append(Refusal("counts-elsewhere", words % {"titles": "; ".join(facts.counts_in)}))
    return [*found, *why_not_sign(SigningFacts(declared=True, reauthenticated=facts.reauthenticated))]


def _who_reopens(facts: ReopenFacts) -> str:
    if facts.is_signer:
        return say("You do not look after this learner today. Your lead quality assurer or centre admin can reopen it.")
    return say("Only the assessor who signed this unit can reopen it, or your lead quality assurer or centre admin.")


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """Somebody answers a learner who did not agree."""

    disputed: bool
    allowed: bool
    own_unit: bool
    answer: str


def why_not_answer(facts: AnswerFacts) -> list[Refusal]:
    """Return why a dispute cannot be answered by this person with these words (R83, R117)."""
    found = []
    if not facts.disputed:
        found.append(Refusal("not-disputed", say("There is nothing to answer: nobody disputes this unit now.")))
    if facts.own_unit or not facts.allowed:
        found.append(
            Refusal("not-yours", say("Only the learner's assessor or the lead quality assurer answers a dispute."))
        )
    if len(facts.answer.strip()) < SHORTEST_REASON:
        found.append(Refusal("no-answer", say("Write a sentence or two: the learner will read your answer."), "answer"))
    return found


@dataclass(frozen=True, slots=True)
class AbsentFacts:
    """Somebody confirms a signed unit for a learner who has left the centre."""

    state: str
    needs_countersign: bool
    learner_here: bool
    may: bool  # a lead IQA of the qualification, or who runs the centre
    took_part: bool  # signed, countersigned or decided in this unit
    own_unit: bool
    reason: str
    reauthenticated: bool


def why_not_confirm_absent(facts: AbsentFacts) -> list[Refusal]:
    """Return why a unit cannot be confirmed without its learner: they are here, or the person took part (R83, R85)."""
    found = []
    if facts.learner_here:
        found.append(Refusal("learner-here", say("The learner can still sign in, so they confirm it themselves.")))
    if not facts.may or facts.own_unit:
        found.append(
            Refusal("not-manager", say("Only a lead quality assurer or a centre admin confirms for somebody who left."))
        )
    if facts.took_part:
        found.append(Refusal("took-part", say("You took part in this unit. Somebody else has to confirm it.")))
    if facts.state != (UnitState.COUNTERSIGNED if facts.needs_countersign else UnitState.ASSESSOR_SIGNED):
        found.append(Refusal("not-open", say("This unit does not wait for the learner. Look at it again.")))
    if len(facts.reason.strip()) < SHORTEST_REASON:
        found.append(Refusal("no-reason", say("Say why the learner cannot confirm it themselves."), "reason"))
    return [*found, *why_not_sign(SigningFacts(declared=True, reauthenticated=facts.reauthenticated))]


def _reason_given(facts: StepFacts) -> list[Refusal]:
    if facts.agrees or len(facts.reason.strip()) >= SHORTEST_REASON:
        return []
    return [Refusal("no-reason", say("Say in a sentence what is not right."), "reason")]


def progress_words(met: int, total: int, *, exempt: bool = False) -> str:
    """Return "9 of 16 criteria met" (R145: whole numbers); of an exempt unit, in which nothing is met, what stands."""
    if exempt:
        return say("A certificate stands for this unit.")
    return count("%(met)d of %(total)d criterion met", "%(met)d of %(total)d criteria met", total) % {
        "met": met,
        "total": total,
    }
