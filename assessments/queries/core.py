"""Small reads that several screens and services share."""

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessments.enums import Act, Verdict
from assessments.models import Countersignature, Judgement, LedgerEntry
from centres.actor import Actor
from centres.enums import RegistrationState, Role, Standing, UnitState
from centres.models import Centre, Countersigner, LearnerUnit
from centres.queries import assessed_learners, on_day
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import Evidence

WAITING = (EvidenceState.SUBMITTED, EvidenceState.IN_REVIEW)


def waiting(actor: Actor) -> QuerySet[Evidence]:
    """Return the evidence that waits for this assessor: sent, not yet decided, of learners allocated today (R13)."""
    return Evidence.objects.for_centre(actor.centre_id).filter(state__in=WAITING, learner__in=assessed_learners(actor))


def waiting_count(actor: Actor) -> int:
    """Return how many pieces wait for this assessor."""
    return waiting(actor).count() if actor.assesses else 0


def feedback_count(actor: Actor) -> int:
    """Return how many pieces were sent back to this learner and wait for them."""
    if actor.learner_id is None or not actor.is_learner:
        return 0
    sent_back = Evidence.objects.for_centre(actor.centre_id).filter(
        learner_id=actor.learner_id, state=EvidenceState.RETURNED
    )
    return sent_back.count()


def is_countersigner_of(actor: Actor, trainee_id: int) -> bool:
    """Say whether this actor countersigns this trainee today (R6). Nobody countersigns themselves."""
    return _my_trainees(actor).filter(trainee_id=trainee_id).exists()


def countersigns_anybody(actor: Actor) -> bool:
    """Say whether this actor countersigns some trainee today."""
    return _my_trainees(actor).exists()


def _my_trainees(actor: Actor) -> QuerySet[Countersigner]:
    rows = Countersigner.objects.for_centre(actor.centre_id)
    if not actor.holds(Role.ASSESSOR):
        return rows.none()
    return rows.filter(on_day(actor.on), countersigner_id=actor.person_id).exclude(trainee_id=actor.person_id)


def to_countersign(actor: Actor) -> QuerySet[Judgement]:
    """Return trainees' current decisions "met" that wait for this actor, oldest first (R6, R7)."""
    mine = _my_trainees(actor).filter(trainee_id=OuterRef("assessor_id"))
    done = Countersignature.objects.for_centre(actor.centre_id).filter(judgement_id=OuterRef("pk"))
    return (
        Judgement.objects.for_centre(actor.centre_id)
        .filter(
            Exists(mine),
            ~Exists(done),
            standing=Standing.TRAINEE,
            verdict=Verdict.MET,
            mapping__state=MappingState.MET_PROVISIONAL,
            mapping__round=F("round"),
        )
        .exclude(learner_unit__registration__state=RegistrationState.TRANSFERRED)
        .exclude(learner_unit__learner__person_id=actor.person_id)
        .order_by("at", "pk")
    )


def units_to_countersign(actor: Actor) -> QuerySet[LearnerUnit]:
    """Return units signed by an assessor that rest on a trainee's decision and wait for this actor (R83)."""
    mine = _my_trainees(actor).filter(trainee_id=OuterRef("assessor_id"))
    by_trainee = Judgement.objects.for_centre(actor.centre_id).filter(
        Exists(mine), learner_unit_id=OuterRef("pk"), standing=Standing.TRAINEE, verdict=Verdict.MET
    )
    signed_by_trainee = LedgerEntry.objects.for_centre(actor.centre_id).filter(
        learner_unit_id=OuterRef("pk"),
        act=Act.ASSESSOR_SIGNED,
        person_id__in=_my_trainees(actor).values("trainee_id"),
    )
    return (
        LearnerUnit.objects.for_centre(actor.centre_id)
        .filter(Q(Exists(by_trainee)) | Q(Exists(signed_by_trainee)), state=UnitState.ASSESSOR_SIGNED)
        .exclude(registration__state=RegistrationState.TRANSFERRED)
        .exclude(learner__person_id=actor.person_id)
        .order_by("changed_at", "pk")
    )


def countersign_count(actor: Actor) -> int:
    """Return how many decisions and units wait for this actor's countersignature."""
    if not actor.holds(Role.ASSESSOR):
        return 0
    counts = Centre.objects.filter(pk=actor.centre_id).values_list(
        _number_of(to_countersign(actor)) + _number_of(units_to_countersign(actor)), flat=True
    )
    return int(counts.get())


def _number_of(rows: QuerySet[Any]) -> Coalesce:
    """Return the number of rows as a value inside another query, so that two counts cost one."""
    counted = rows.order_by().values("centre_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def needs_countersign(learner_unit: LearnerUnit) -> bool:
    """Say whether the unit rests on a trainee: on one of their decisions, or on their signature (3.3, R7)."""
    relied = Judgement.objects.for_centre(learner_unit.centre_id).filter(
        learner_unit=learner_unit, standing=Standing.TRAINEE, verdict=Verdict.MET, mapping__state=MappingState.MET
    )
    if relied.exists():
        return True
    signed = latest_act(learner_unit, Act.ASSESSOR_SIGNED)
    return signed is not None and '"standing":"trainee"' in signed.payload


def latest_act(learner_unit: LearnerUnit, *acts: Act) -> LedgerEntry | None:
    """Return the latest of these acts on a unit, or None."""
    return (
        LedgerEntry.objects.for_centre(learner_unit.centre_id)
        .filter(learner_unit=learner_unit, act__in=acts)
        .select_related("person")
        .order_by("-sequence")
        .first()
    )


def signed_at(learner_unit: LearnerUnit) -> dt.datetime | None:
    """Return when the assessor signed the unit last, or None."""
    entry = latest_act(learner_unit, Act.ASSESSOR_SIGNED)
    return entry.at if entry else None
