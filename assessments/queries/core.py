"""Small reads that several screens and services share."""

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from assessments.enums import Act, Verdict
from assessments.models import CurrentDecision, Judgement, LedgerEntry
from centres.actor import Actor
from centres.enums import FROZEN_UNITS, RegistrationState, UnitState
from centres.models import Allocation, Centre, Countersigner, LearnerUnit
from centres.queries import assessed_registrations, countersigned_by_any, looked_after_registrations, on_day
from centres.queries.countersigners import able_countersigners, assures_it
from centres.queries.prepared import prepared
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import Evidence, EvidenceMapping
from portfolio.queries.core import assessable_evidence, closed_by_leaving

WAITING = (EvidenceState.SUBMITTED, EvidenceState.IN_REVIEW)


@prepared
def waiting(actor: Actor) -> QuerySet[Evidence]:
    """Return the evidence that waits for this assessor: sent, and not yet decided where they judge today (R13).

    A shared piece waits for whoever judges what is still open on it, in a registration that is active; one that is
    offered for nothing waits for all who judge in one of its learner that is, unless it was closed with a withdrawal.
    """
    undecided = EvidenceMapping.objects.for_centre(actor.centre_id).filter(
        evidence_id=OuterRef("pk"), state=MappingState.OFFERED
    )
    judged = assessed_registrations(actor).filter(state=RegistrationState.ACTIVE)
    mine = undecided.filter(learner_unit__registration__in=judged)
    closed = EvidenceMapping.objects.for_centre(actor.centre_id).filter(
        closed_by_leaving(), evidence_id=OuterRef("pk"), sent_in__isnull=False
    )
    for_nothing = ~Exists(undecided) & ~Exists(closed) & Exists(judged.filter(learner_id=OuterRef("learner_id")))
    return assessable_evidence(actor).filter(Q(Exists(mine)) | for_nothing, state__in=WAITING)


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


def is_named(actor: Actor) -> bool:
    """Say whether this actor is named as somebody's countersigner today. One query."""
    return _my_trainees(actor).exists()


def _my_trainees(actor: Actor) -> QuerySet[Countersigner]:
    rows = Countersigner.objects.for_centre(actor.centre_id)
    if not actor.qualified:
        return rows.none()
    return rows.filter(on_day(actor.on), countersigner_id=actor.person_id).exclude(trainee_id=actor.person_id)


def to_countersign(actor: Actor) -> QuerySet[Judgement]:
    """Return decisions that wait for this actor's countersignature, oldest first (R6, R7).

    Those of trainees for whom they are named; and where nobody named is able to, those of registrations they look
    after. What stands in a unit that was carried over or is exempt waits for nobody: nothing in it changes.
    """
    return _to_countersign(actor).order_by("at", "pk")


@prepared
def _to_countersign(actor: Actor) -> QuerySet[Judgement]:
    return (
        _theirs(actor)
        .filter(waiting__isnull=False)
        .exclude(mapping__state=MappingState.CLOSED)
        .exclude(learner_unit__state__in=FROZEN_UNITS)
        .filter(learner_unit__registration__state=RegistrationState.ACTIVE)
    )


def may_countersign(actor: Actor, judgement: Judgement) -> bool:
    """Say whether this actor is the one to countersign a decision today (R6): named, or nobody named is able to."""
    return _theirs(actor).filter(pk=judgement.pk).exists()


def _theirs(actor: Actor) -> QuerySet[Judgement]:
    """Return the decisions of others that this actor is the one to countersign today, waiting or not (R6, R13).

    Whoever is named for a trainee sees what that trainee sees. Where the trainee no longer looks after the learner, or
    nobody named is able to, it is for whoever judges there now, or is named for a trainee who does. Nothing of what
    they assure from inside (R8).
    """
    rows = Judgement.objects.for_centre(actor.centre_id)
    if not actor.qualified:
        return rows.none()
    mine = _my_trainees(actor).filter(trainee_id=OuterRef("assessor_id"))
    named = able_countersigners(actor, unit="learner_unit__").filter(trainee_id=OuterRef("assessor_id"))
    here = Exists(_trainees_allocation(actor))
    judged = Q(learner_unit__registration__in=looked_after_registrations(actor))
    found = rows.filter(Exists(mine) & here | (~Exists(named) | ~here) & judged)
    found = found.filter(~assures_it(actor, unit="learner_unit__"))
    return found.exclude(assessor_id=actor.person_id).exclude(learner_unit__learner__person_id=actor.person_id)


def _trainees_allocation(actor: Actor) -> QuerySet[Allocation]:
    """Return what allocates the learner of a judgement, in its registration, to its author today."""
    rows = Allocation.objects.for_centre(actor.centre_id).filter(
        on_day(actor.on), assessor_id=OuterRef("assessor_id"), learner_id=OuterRef("learner_unit__learner_id")
    )
    found: QuerySet[Allocation] = rows.filter(
        Q(registration=None) | Q(registration_id=OuterRef("learner_unit__registration_id"))
    )
    return found


def units_to_countersign(actor: Actor) -> QuerySet[LearnerUnit]:
    """Return signed units that rest on a trainee's decision and wait for this actor, the oldest first (R83).

    For whoever is named for that trainee; where nobody named is free, for any qualified assessor. Never for the
    learner, nor for whoever signed the unit or made a decision it rests on (R6) or assures it from inside (R8).
    """
    return _units_to_countersign(actor).order_by("changed_at", "pk")


@prepared
def _units_to_countersign(actor: Actor) -> QuerySet[LearnerUnit]:
    rows = LearnerUnit.objects.for_centre(actor.centre_id).filter(
        state=UnitState.ASSESSOR_SIGNED, rests_on_trainee__isnull=False
    )
    if not actor.qualified:
        return rows.none()
    mine = _my_trainees(actor).filter(trainee_id=OuterRef("rests_on_trainee_id"))
    anybody = countersigned_by_any(actor).filter(pk=OuterRef("pk"))
    decided = CurrentDecision.objects.for_centre(actor.centre_id).filter(
        learner_unit_id=OuterRef("pk"), verdict=Verdict.MET, judgement__assessor_id=actor.person_id
    )
    signer = LedgerEntry.objects.for_centre(actor.centre_id).filter(
        learner_unit_id=OuterRef("pk"), act=Act.ASSESSOR_SIGNED
    )
    return (
        rows.filter(Exists(mine) | Exists(anybody), ~Exists(decided), ~assures_it(actor))
        .annotate(signer_id=Subquery(signer.order_by("-sequence").values("person_id")[:1]))
        .exclude(signer_id=actor.person_id)
        .filter(registration__state=RegistrationState.ACTIVE)
        .exclude(learner__person_id=actor.person_id)
    )


def countersign_count(actor: Actor) -> int:
    """Return how many decisions and units wait for this actor's countersignature."""
    if not actor.qualified:
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
    """Say whether the signature on a unit rests on a trainee: on one of their decisions, or on their own (3.3)."""
    return learner_unit.rests_on_trainee_id is not None


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
