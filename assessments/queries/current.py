"""Reading the current decisions (decision 10): nothing works out again which decision counts."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from assessments.enums import Verdict
from assessments.models import CurrentDecision
from centres.actor import Actor
from centres.enums import Role, Standing
from centres.models import Countersigner, LearnerUnit, Membership
from centres.queries import on_day
from centres.rules.countersigning import Countersigning
from portfolio.enums import MappingState


def relied_on(centre_id: int, units: "Collection[int] | QuerySet[Any]") -> QuerySet[CurrentDecision]:
    """Return the decisions "met" that count in these learners' units (ids) today: what a signature rests on (R82).

    Each is a qualified person's or countersigned, and the mapping it is about is met and open.
    """
    rows = CurrentDecision.objects.for_centre(centre_id).filter(learner_unit_id__in=units)
    return rows.filter(verdict=Verdict.MET, mapping__state=MappingState.MET)


def waiting_in(unit: LearnerUnit) -> QuerySet[CurrentDecision]:
    """Return what waits for a countersignature in a learner's unit, in mappings that are still open (R6)."""
    rows = CurrentDecision.objects.for_centre(unit.centre_id).filter(learner_unit=unit, proposed__isnull=False)
    return rows.exclude(mapping__state=MappingState.CLOSED)


def countersigning_of(unit: LearnerUnit, actor: Actor) -> Countersigning:
    """Return what this person's signature on a unit would say of its countersigning (R6, R83). At most 3 queries.

    It rests on a trainee who signs it, or else on the one who decided most of what counts in it.
    """
    counts = relied_on(unit.centre_id, [unit.pk])
    trainee = actor.person_id if actor.standing == Standing.TRAINEE else None
    if trainee is None:
        by = counts.filter(standing=Standing.TRAINEE).values("judgement__assessor_id").annotate(n=Count("pk"))
        trainee = by.order_by("-n", "judgement__assessor_id").values_list("judgement__assessor_id", flat=True).first()
    if trainee is None:
        return Countersigning()
    able = Membership.objects.for_centre(unit.centre_id).filter(
        on_day(actor.on), person_id=OuterRef("countersigner_id"), role=Role.ASSESSOR
    )
    named = Countersigner.objects.for_centre(unit.centre_id).filter(Exists(able), on_day(actor.on), trainee_id=trainee)
    took_part = counts.values("judgement__assessor_id")
    barred = [actor.person_id, unit.learner.person_id]
    free = named.exclude(countersigner_id__in=barred).exclude(countersigner_id__in=took_part)
    return Countersigning(trainee_id=trainee, by_any=not free.exists())
