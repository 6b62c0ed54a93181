"""An assessor decides about criteria on a version of evidence, or sends it back (R69, R70, R77)."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from assessments.enums import ReviewKind, Verdict
from assessments.models import FeedbackDraft, Judgement, Review
from assessments.queries.background import background, day_of, registered_since, supported
from assessments.queries.codes import codes_of
from assessments.queries.current import is_relied_on
from assessments.queries.offered import UNOFFERED, code_on_page, mappings_on, plain_code
from assessments.rules import confirming, judging
from assessments.rules.provisional import is_provisional, state_after_decision
from assessments.services import current
from assessments.services.settling import settle_evidence
from audit.services import record
from centres.access import may_assess_in
from centres.actor import Actor
from centres.enums import FROZEN_UNITS, Standing, UnitState
from centres.models import LearnerUnit
from centres.queries import is_active_registration
from centres.services import advance_unit
from common.refusals import Refusal, Refused, Stale, refuse_if
from common.seen import refuse_other
from common.text import say
from portfolio.access import may_assess_piece
from portfolio.enums import DECIDED_MET, OPENABLE, EvidenceKind, EvidenceState
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping, EvidenceVersion
from portfolio.queries.seen import rounds_mark
from portfolio.queries.shown import shown_to
from portfolio.services import advance_evidence, advance_mapping, learn_soon
from portfolio.services.holding import Held, hold_piece
from qualifications.queries import allowed_settings_of
from qualifications.rules import REALISTIC


@dataclass(frozen=True, slots=True)
class VerdictGiven:
    """One radio button: the mapping (public id), the round the page showed, the verdict and what is missing."""

    mapping_id: str
    round: int
    verdict: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReviewAnswers:
    """The rest of the form: what the learner reads and what the assessor stands for."""

    feedback: str = ""
    next_action: str = ""
    next_by: dt.date | None = None
    vacsr: Mapping[str, bool] = field(default_factory=dict)
    vacsr_note: str = ""
    setting_confirmed: str = ""
    setting_basis: str = ""  # how the assessor knows, where the learner's word is in doubt
    currency_note: str = ""  # why old evidence still counts
    days_note: str = ""  # why a day of seeing it is far from the activity or the registration
    inspected_on: dt.date | None = None
    observed_on: dt.date | None = None  # the day on which the assessor saw what is met here at work


@transaction.atomic
def decide(
    *,
    actor: Actor,
    evidence: Evidence,
    version_number: int,
    verdicts: Sequence[VerdictGiven],
    answers: ReviewAnswers,
    at: dt.datetime,
) -> Review:
    """Write one review with a judgement for each verdict, and move mappings, evidence and units along.

    Refuses with every reason of `judging.why_not_decide`; raises `Stale` when a mapping was decided by somebody else
    since the page was made. A trainee's "met" stays provisional (R6). Emits "evidence.decided".
    """
    return _save(
        actor=actor,
        evidence=evidence,
        version_number=version_number,
        verdicts=verdicts,
        answers=answers,
        at=at,
        sending_back=False,
    )


@transaction.atomic
def send_back(
    *,
    actor: Actor,
    evidence: Evidence,
    version_number: int,
    verdicts: Sequence[VerdictGiven],
    answers: ReviewAnswers,
    seen: str | None = None,
    at: dt.datetime,
) -> Review:
    """Return the piece to the learner with words on what to do; verdicts given are kept (R77).

    Refuses without feedback, a trainee where something on it is met and counts (R6), and as `decide` does. The piece
    goes back as a whole, so it is stale when anything in it was decided since the page was made (`seen`, of
    `rounds_mark`). Emits "evidence.returned".
    """
    return _save(
        actor=actor,
        evidence=evidence,
        version_number=version_number,
        verdicts=verdicts,
        answers=answers,
        at=at,
        sending_back=True,
        seen=seen,
    )


def _save(
    *,
    actor: Actor,
    evidence: Evidence,
    version_number: int,
    verdicts: Sequence[VerdictGiven],
    answers: ReviewAnswers,
    at: dt.datetime,
    sending_back: bool,
    seen: str | None = None,
) -> Review:
    held = hold_piece(evidence)
    evidence = held.evidence
    version = EvidenceVersion.objects.for_centre(actor.centre_id).get(evidence=evidence, number=version_number)
    mappings = mappings_on(actor, evidence)
    pairs = [(mappings[given.mapping_id], given) for given in verdicts if given.mapping_id in mappings]
    if len(pairs) != len(verdicts):
        raise Refused(
            Refusal("foreign-mapping", say("A criterion on this page is no longer part of this piece. Look again."))
        )
    _refuse_other(evidence, mappings.values(), seen)
    _refuse_if_stale(actor, pairs)  # first: "somebody was faster" explains why the rest no longer fits
    if evidence.state == EvidenceState.SUBMITTED and may_assess_piece(actor, evidence):
        advance_evidence(evidence=evidence, to=EvidenceState.IN_REVIEW, at=at)  # taken back when this is refused
    piece = _Piece(held, version, mappings)
    facts = _facts(actor, piece, pairs, answers, sending_back=sending_back)
    refuse_if(judging.why_not_decide(facts))
    review = _write_review(actor, evidence, version, answers, at, facts=facts)
    for mapping, given in pairs:
        _judge(actor, review, mapping, given, answers.observed_on)
    _start_units(pairs, at)
    settle_evidence(evidence, at, sending_back=sending_back)
    learn_soon(centre_id=actor.centre_id)
    FeedbackDraft.objects.for_centre(actor.centre_id).filter(evidence=evidence, person_id=actor.person_id).delete()
    action = "evidence.returned" if sending_back else "evidence.decided"
    record(action, actor=actor, obj=evidence, at=at, facts=_said(version, pairs))
    return review


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is judged: the piece and units under the lock, the version shown, its mappings by public id."""

    held: Held
    version: EvidenceVersion
    mappings: Mapping[str, Any]

    @property
    def shown(self) -> list[Any]:
        """Return the mappings that the page of this actor shows."""
        return [mapping for mapping in self.mappings.values() if mapping.shown]


def _facts(
    actor: Actor,
    piece: _Piece,
    pairs: Sequence[tuple[EvidenceMapping, VerdictGiven]],
    answers: ReviewAnswers,
    *,
    sending_back: bool,
) -> judging.Facts:
    evidence, version = piece.held.evidence, piece.version
    shown, before = shown_to(actor.person_id, version), background(evidence, version.number)
    latest = EvidenceVersion.objects.for_centre(actor.centre_id).filter(evidence=evidence).order_by("-number").first()
    codes = codes_of(piece.shown)
    notes = [(one.learner_unit.public_id, codes[one.public_id], one.note) for one in piece.shown]
    return judging.Facts(
        own_evidence=evidence.learner.person_id == actor.person_id,
        allocated=_allocated(actor, evidence, [mapping.learner_unit for mapping, _given in pairs]),
        registration_active=_active(actor, piece.held, [mapping.learner_unit for mapping, _given in pairs]),
        overturns=sending_back and actor.standing == Standing.TRAINEE and is_relied_on(evidence),
        rests_on=tuple(dict.fromkeys(unit.unit.title for unit in _signed_on(piece.mappings.values()))),
        state=evidence.state,
        is_latest_version=latest is not None and latest.pk == version.pk,
        opened=shown.something,
        unseen=shown.unseen,
        files_open=not _closed_files(version),
        in_situ=version.fields.get("kind") == EvidenceKind.IN_SITU,
        today=actor.on,
        learner_setting=version.fields.get("setting", ""),
        earlier_settings=tuple(setting for _number, setting in before.settings),
        written=tuple(words.text for words in before.words(version.fields, notes)),
        supported=supported(version.fields, len(version.files)),
        activity_on=day_of(version.fields),
        registered_on=registered_since(actor.centre_id, evidence.learner_id),
        currency_days=evidence.centre.currency_days,
        answered_before=before.answered,
        confirmed_setting=answers.setting_confirmed,
        setting_basis=answers.setting_basis,
        inspected_on=answers.inspected_on,
        observed_on=answers.observed_on,
        days_note=answers.days_note,
        currency_note=answers.currency_note,
        vacsr=answers.vacsr,
        vacsr_note=answers.vacsr_note,
        feedback=answers.feedback,
        next_by=answers.next_by,
        asked=tuple(
            _asked(mapping, given, codes.get(mapping.public_id) or plain_code(mapping)) for mapping, given in pairs
        ),
        sending_back=sending_back,
    )


def _allocated(actor: Actor, evidence: Evidence, units: Sequence[LearnerUnit]) -> bool:
    """Say whether this actor judges in the registrations of these units; without units, the piece (R13).

    Their own work is refused for another reason.
    """
    if evidence.learner.person_id == actor.person_id:
        return True
    if units:
        return may_assess_in(actor, *(unit.registration_id for unit in units))
    return may_assess_piece(actor, evidence)


def _active(actor: Actor, held: Held, units: Sequence[LearnerUnit]) -> bool:
    """Say whether the registrations of these units run; without units, whether one of the learner's does."""
    if units:
        return all(is_active_registration(unit.registration, actor.on) for unit in units)
    return any(is_active_registration(unit.registration, actor.on) for unit in held.units.values())


def _signed_on(mappings: Iterable[EvidenceMapping]) -> list[LearnerUnit]:
    """Return the signed units that rest on a piece: nothing about it may be undone before they are reopened (R83)."""
    return [m.learner_unit for m in mappings if m.state in DECIDED_MET and m.learner_unit.state in FROZEN_UNITS]


def _asked(mapping: EvidenceMapping, given: VerdictGiven, code: str) -> judging.Asked:
    return judging.Asked(
        mapping=mapping.public_id,
        code=code,
        verdict=given.verdict,
        reason=given.reason,
        kind=mapping.criterion.kind,
        unit_frozen=mapping.learner_unit.state in FROZEN_UNITS,
        state=mapping.state,
        allowed=_allowed(mapping),
    )


def _allowed(mapping: EvidenceMapping) -> frozenset[str]:
    """Return where the qualification of this unit lets competence be shown today (R61)."""
    return allowed_settings_of(mapping.learner_unit.registration.qualification)


def _closed_files(version: EvidenceVersion) -> bool:
    files = EvidenceFile.objects.for_centre(version.centre_id).filter(in_versions__version=version)
    return files.exclude(state__in=OPENABLE).exists()


def _refuse_other(evidence: Evidence, mappings: Iterable[EvidenceMapping], seen: str | None) -> None:
    shown = [(m.public_id, m.round) for m in mappings if m.state not in UNOFFERED]
    words = say("Something in this piece was decided while you were working. Your text is kept: look, then save again.")
    refuse_other(seen, rounds_mark(evidence, shown), sentence=words)


def _refuse_if_stale(actor: Actor, pairs: Sequence[tuple[EvidenceMapping, VerdictGiven]]) -> None:
    for mapping, given in pairs:
        if mapping.round != given.round:
            raise _faster(actor, mapping)


def _faster(actor: Actor, mapping: EvidenceMapping) -> Stale:
    last = (
        Judgement.objects.for_centre(actor.centre_id)
        .filter(mapping=mapping)
        .select_related("assessor")
        .order_by("-round")
        .first()
    )
    if last is None:
        return Stale()
    text = say("%(name)s decided %(code)s while you were working: %(verdict)s. Your text is kept.")
    words = {
        "name": last.assessor.full_name,
        "code": code_on_page(actor, mapping),
        "verdict": Verdict(last.verdict).label,
    }
    return Stale(who=last.assessor.full_name, at=last.at, sentence=text % words)


def _write_review(
    actor: Actor,
    evidence: Evidence,
    version: EvidenceVersion,
    answers: ReviewAnswers,
    at: dt.datetime,
    *,
    facts: judging.Facts,
) -> Review:
    return Review.objects.create(
        centre_id=actor.centre_id,
        evidence=evidence,
        version=version,
        kind=ReviewKind.RETURNED if facts.sending_back else ReviewKind.DECIDED,
        assessor=User.objects.get(pk=actor.person_id),
        feedback=answers.feedback.strip(),
        next_action=answers.next_action.strip(),
        next_by=answers.next_by,
        vacsr=confirming.stood_for(facts),
        vacsr_note=answers.vacsr_note.strip(),
        setting_confirmed=answers.setting_confirmed,
        setting_basis=answers.setting_basis.strip(),
        currency_note=answers.currency_note.strip(),
        days_note=answers.days_note.strip(),
        inspected_on=answers.inspected_on,
        at=at,
    )


def _judge(actor: Actor, review: Review, mapping: EvidenceMapping, given: VerdictGiven, seen: dt.date | None) -> None:
    at = review.at
    before = current.before(mapping, actor.person_id, review.version_id)
    waits = is_provisional(standing=actor.standing, verdict=given.verdict, before=before)
    state = state_after_decision(verdict=given.verdict, provisional=waits, before=before)
    advance_mapping(mapping=mapping, to=state, expected_round=given.round, at=at)
    judgement = Judgement(
        centre_id=actor.centre_id,
        review=review,
        mapping=mapping,
        learner_unit=mapping.learner_unit,
        criterion=mapping.criterion,
        version=review.version,
        version_digest=review.version.digest,
        round=given.round + 1,
        verdict=given.verdict,
        reason=given.reason.strip(),
        assessor=review.assessor,
        standing=actor.standing,
        setting=review.setting_confirmed,
        kind=mapping.criterion.kind,
        learner_setting=review.version.fields.get("setting", ""),
        realistic_counts=REALISTIC in _allowed(mapping),
        observed_on=seen if given.verdict == Verdict.MET else None,
        at=at,
    )
    judgement.digest = judgement.computed_digest
    try:
        with transaction.atomic():
            judgement.save(force_insert=True)
    except IntegrityError as lost:
        raise _faster(actor, mapping) from lost
    current.take(judgement, waits=waits, at=at)


def _start_units(pairs: Sequence[tuple[EvidenceMapping, VerdictGiven]], at: dt.datetime) -> None:
    """The first decision on a chosen unit puts it in progress (3.3)."""
    units = {mapping.learner_unit_id: mapping.learner_unit for mapping, _given in pairs}
    for unit in units.values():
        if unit.state == UnitState.SELECTED:
            advance_unit(learner_unit=unit, expected=UnitState.SELECTED, to=UnitState.IN_PROGRESS, at=at)


def _said(version: EvidenceVersion, pairs: Sequence[tuple[EvidenceMapping, VerdictGiven]]) -> dict[str, object]:
    return {
        "version": version.number,
        "digest": version.digest,
        "verdicts": {mapping.criterion.public_id: given.verdict for mapping, given in pairs},
    }
