"""What `manage.py doctor` asks of decisions and signatures: does what is stored follow from them? (I3 to I5)"""

import contextlib
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management import CommandError, call_command
from django.db.models import Exists, OuterRef, Prefetch, Subquery

from assessments.enums import Act, ExemptionState, ReviewKind, Verdict
from assessments.models import Countersignature, CurrentDecision, Exemption, Judgement, LedgerEntry, Review
from assessments.rules.recomputing import (
    Current,
    Judged,
    PieceFacts,
    UnitFacts,
    current_after,
    rests_on,
    signature_of,
    states_allowed,
    wrong_in_piece,
    wrong_in_unit,
)
from audit.queries import not_recorded_once
from centres.enums import OVER, UnitState
from centres.models import LearnerUnit
from common.health import called, check, each
from portfolio.enums import MappingState
from portfolio.models import Evidence, EvidenceMapping, EvidenceVersion
from qualifications.models import Criterion

REASON = "the doctor looks at all centres"
#: What is recorded of a unit with each act; two of them are recorded of its certificate.
RECORDED = {
    Act.ASSESSOR_SIGNED: "unit.signed",
    Act.COUNTERSIGNED: "unit.countersigned",
    Act.COUNTERSIGN_REFUSED: "unit.countersign_refused",
    Act.LEARNER_CONFIRMED: "unit.confirmed",
    Act.LEARNER_DISPUTED: "unit.disputed",
    Act.DISPUTE_ANSWERED: "unit.dispute_answered",
    Act.CONFIRMED_ABSENT: "unit.confirmed_absent",
    Act.CARRIED_OVER: "unit.carried_over",
    Act.CARRY_DECLINED: "unit.carry_declined",
}


# --- mappings and their current decisions (I3) ------------------------------------------------------------------------
@check("decisions", "What counts of each criterion, and its state, follow from the judgements and countersignatures.")
def decisions() -> Iterator[str]:
    made = Judgement.objects.across_centres(reason=REASON).select_related("countersignature", "version")
    sent = EvidenceVersion.objects.across_centres(reason=REASON).filter(evidence=OuterRef("evidence"))
    rows = EvidenceMapping.objects.across_centres(reason=REASON).select_related("current")
    fetched: list[Any] = [Prefetch("judgements", made.order_by("round", "pk"), to_attr="judged")]
    told = rows.annotate(latest=Subquery(sent.order_by("-number").values("number")[:1]))
    yield from each(told.prefetch_related(*fetched), _mapping)


def _mapping(mapping: EvidenceMapping) -> Iterator[str]:
    judged: list[Judgement] = mapping.judged  # type: ignore[attr-defined]  # fetched above
    now = current_after([_judged(one) for one in judged])
    if now.fault:
        yield f"{called(mapping)}: {now.fault}"
    if mapping.round != now.rounds:
        yield f"{called(mapping)} says round {mapping.round}; {now.rounds} were decided"
    latest: int | None = mapping.latest  # type: ignore[attr-defined]  # annotated above
    again = bool(judged) and latest is not None and judged[-1].version.number < latest
    if mapping.state not in states_allowed(now, sent_again=again):
        yield f"{called(mapping)} is {mapping.state}; what was decided says {now.state}"
    yield from (f"{called(mapping)}: {wrong}" for wrong in _wrong_row(getattr(mapping, "current", None), now, judged))


def _judged(row: Judgement) -> Judged:
    signature = getattr(row, "countersignature", None)
    return Judged(
        key=row.pk,
        version=row.version_id,
        round=row.round,
        verdict=row.verdict,
        standing=row.standing,
        assessor=row.assessor_id,
        agrees=signature.agrees if signature else None,
    )


def _wrong_row(row: CurrentDecision | None, now: Current, judged: list[Judgement]) -> Iterable[str]:
    signed = {one.pk: one.countersignature.pk for one in judged if getattr(one, "countersignature", None)}
    wanted = _wanted(now, signed)
    if row is None:
        return [] if wanted is None else ["its current decision is missing"]
    if wanted is None:
        return ["it has a current decision, and nothing was decided that counts or waits"]
    stored = {name: getattr(row, name) for name in wanted}
    wrong = sorted(name.removesuffix("_id") for name, value in wanted.items() if stored[name] != value)
    return [f"its current decision says another {', '.join(wrong)}"] if wrong else []


def _wanted(now: Current, signed: dict[int, int]) -> dict[str, object] | None:
    """Return what the current decision must say; None: there must be none."""
    counts, waits = now.in_force, now.proposed
    if counts is None and waits is None:
        return None
    return {
        "judgement_id": counts.key if counts else None,
        "countersignature_id": signed.get(counts.key) if counts and now.countersigned else None,
        "proposed_id": waits.key if waits else None,
        "verdict": counts.verdict if counts else "",
        "standing": counts.standing if counts else "",
    }


# --- pieces -----------------------------------------------------------------------------------------------------------
@check("pieces", "The state of each piece follows from its versions, its reviews and its criteria.")
def pieces() -> Iterator[str]:
    versions = EvidenceVersion.objects.across_centres(reason=REASON).select_related("recall").order_by("number")
    reviews = Review.objects.across_centres(reason=REASON).select_related("version").order_by("pk")
    mappings = EvidenceMapping.objects.across_centres(reason=REASON).select_related("learner_unit__registration")
    mappings = mappings.prefetch_related("learner_unit__registration__state_changes")
    fetched: list[Any] = [
        Prefetch("versions", versions, to_attr="sent"),
        Prefetch("reviews", reviews, to_attr="reviewed"),
        Prefetch("mappings", mappings, to_attr="offered"),
    ]
    yield from each(Evidence.objects.across_centres(reason=REASON).prefetch_related(*fetched), _piece)


def _piece(evidence: Evidence) -> Iterator[str]:
    sent: list[EvidenceVersion] = evidence.sent  # type: ignore[attr-defined]  # fetched above, as the next ones
    reviewed: list[Review] = evidence.reviewed  # type: ignore[attr-defined]
    offered: list[EvidenceMapping] = evidence.offered  # type: ignore[attr-defined]
    facts = PieceFacts(
        state=evidence.state,
        version_number=evidence.version_number,
        versions=tuple(one.number for one in sent),
        recalled=frozenset(one.number for one in sent if getattr(one, "recall", None)),
        reviewed=tuple((one.version.number, one.kind) for one in reviewed),
        mappings=tuple(one.state for one in offered),
        moved=any(_was_over(one.learner_unit) for one in offered),
    )
    yield from (f"{called(evidence)}: {wrong}" for wrong in wrong_in_piece(facts))


def _was_over(unit: LearnerUnit) -> bool:
    changes = unit.registration.state_changes.all()
    return unit.registration.state in OVER or any(change.to in OVER for change in changes)


# --- units (I4) -------------------------------------------------------------------------------------------------------
@check("units", "The state of each unit follows from its acts, and what is signed has every criterion met before that.")
def units() -> Iterator[str]:
    made = Judgement.objects.across_centres(reason=REASON).filter(learner_unit=OuterRef("pk"))
    acts = LedgerEntry.objects.across_centres(reason=REASON).order_by("sequence")
    rows = LearnerUnit.objects.across_centres(reason=REASON).prefetch_related(Prefetch("ledger", acts, to_attr="acts"))
    since = made.filter(at__gt=OuterRef("changed_at"))
    yield from each(rows.annotate(begun=Exists(made), decided_since=Exists(since)), _unit)


def _unit(unit: LearnerUnit) -> Iterator[str]:
    entries: list[LedgerEntry] = unit.acts  # type: ignore[attr-defined]  # fetched above
    acts = tuple(entry.act for entry in entries)
    begun: bool = unit.begun  # type: ignore[attr-defined]  # annotated above, as the next one
    since: bool = unit.decided_since  # type: ignore[attr-defined]
    facts = UnitFacts(unit.state, unit.disputed, acts, begun=begun, decided_since=since)
    yield from (f"{called(unit)}: {wrong}" for wrong in wrong_in_unit(facts))
    place = signature_of(acts)
    if place is not None:
        yield from (f"{called(unit)}: {wrong}" for wrong in _wrong_signature(unit, entries[place]))
    elif unit.rests_on_trainee_id is not None and unit.state != UnitState.DROPPED:
        yield f"{called(unit)}: it names a trainee, and no signature rests on one"


def _wrong_signature(unit: LearnerUnit, signed: LedgerEntry) -> Iterator[str]:
    rows = CurrentDecision.objects.across_centres(reason=REASON).filter(learner_unit=unit)
    counts = list(rows.filter(verdict=Verdict.MET, mapping__state=MappingState.MET).select_related("judgement"))
    met = {one.criterion_id for one in counts if one.judgement is not None and one.judgement.at <= signed.at}
    lacking = Criterion.objects.filter(unit_id=unit.unit_id).exclude(pk__in=met).order_by("position")
    for number in lacking.values_list("number", flat=True):
        yield f"it is signed, and criterion {number} is met by no decision from before that"
    if rows.filter(proposed__isnull=False).exclude(mapping__state=MappingState.CLOSED).exists():
        yield "it is signed, and a decision in it waits for its countersignature"
    decided_by = [(one.judgement.assessor_id, one.standing) for one in counts if one.judgement is not None]
    trainee = rests_on(state=unit.state, signer=signed.person_id, standing=signed.standing, decided_by=decided_by)
    if unit.rests_on_trainee_id != trainee:
        wrong = "names a trainee for nothing" if trainee is None else "does not name the trainee on whom it rests"
        yield f"it {wrong}"


@check("exemptions", "A unit is exempt as long as a certificate is approved, and no longer.")
def exemptions() -> Iterator[str]:
    rows = Exemption.objects.across_centres(reason=REASON).filter(state=ExemptionState.APPROVED)
    yield from each(rows.select_related("learner_unit"), _exemption)


def _exemption(row: Exemption) -> Iterator[str]:
    if row.learner_unit.state != UnitState.EXEMPT:
        yield f"{called(row)} is approved, and its unit is {row.learner_unit.state}"


# --- what was recorded (I5) -------------------------------------------------------------------------------------------
@check("record", "Every sending, answer, countersignature and signature is recorded once.")
def record() -> Iterator[str]:
    pieces = Evidence.objects.across_centres(reason=REASON)
    yield from each(pieces.prefetch_related("versions__recall", "reviews", "versions__purge_requests"), _told_of_piece)
    yield from each(LearnerUnit.objects.across_centres(reason=REASON).prefetch_related("ledger"), _told_of_unit)
    yield from each(Countersignature.objects.across_centres(reason=REASON).select_related("judgement"), _told_of_answer)


def _told_of_piece(evidence: Evidence) -> Iterator[str]:
    versions, kinds = list(evidence.versions.all()), [review.kind for review in evidence.reviews.all()]
    expected = {
        "evidence.submitted": len(versions),
        "evidence.recalled": sum(hasattr(version, "recall") for version in versions),
        "evidence.decided": kinds.count(ReviewKind.DECIDED),
        "evidence.returned": kinds.count(ReviewKind.RETURNED),
        "evidence.purge_asked": sum(len(version.purge_requests.all()) for version in versions),
    }
    yield from (f"{called(evidence)}: {wrong}" for wrong in not_recorded_once(evidence, expected))


def _told_of_unit(unit: LearnerUnit) -> Iterator[str]:
    acts = [entry.act for entry in unit.ledger.all()]
    expected = {action: acts.count(act) for act, action in RECORDED.items() if act in acts}
    yield from (f"{called(unit)}: {wrong}" for wrong in not_recorded_once(unit, expected) if expected)


def _told_of_answer(row: Countersignature) -> Iterator[str]:
    expected = {"judgement.countersigned": 1}
    yield from (f"{called(row.judgement)}: {wrong}" for wrong in not_recorded_once(row.judgement, expected))


@check("ledger", "Every chain of signatures holds, and what was sent and decided is unaltered (verify_ledger).")
def ledger() -> Iterator[str]:
    told = io.StringIO()
    with contextlib.suppress(CommandError):
        call_command("verify_ledger", without_files=True, stdout=io.StringIO(), stderr=told, no_color=True)
    yield from (line.removeprefix("Broken: ") for line in told.getvalue().splitlines())
