"""Reading the current decisions (decision 10): nothing works out again which decision counts."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from assessments.enums import Act, Verdict
from assessments.models import CurrentDecision, LedgerEntry
from centres.actor import Actor
from centres.enums import Standing
from centres.models import LearnerUnit
from centres.queries.countersigners import able_countersigners
from centres.rules.countersigning import Countersigning
from portfolio.enums import MappingState
from portfolio.models import Evidence


def relied_on(centre_id: int, units: "Collection[int] | QuerySet[Any]") -> QuerySet[CurrentDecision]:
    """Return the decisions "met" that count in these learners' units (ids) today: what a signature rests on (R82).

    Each is a qualified person's or countersigned, and the mapping it is about is met and open.
    """
    rows = CurrentDecision.objects.for_centre(centre_id).filter(learner_unit_id__in=units)
    return rows.filter(verdict=Verdict.MET, mapping__state=MappingState.MET)


def is_relied_on(evidence: Evidence) -> bool:
    """Say whether a "met" that counts today stands on a piece, in whichever unit: a qualified person's answer (R6)."""
    rows = CurrentDecision.objects.for_centre(evidence.centre_id).filter(mapping__evidence=evidence)
    return bool(rows.filter(verdict=Verdict.MET, mapping__state=MappingState.MET).exists())


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
    named = able_countersigners(actor).filter(trainee_id=trainee).exclude(countersigner_id=actor.person_id)
    free = named.exclude(countersigner_id__in=counts.values("judgement__assessor_id"))
    found = LearnerUnit.objects.for_centre(unit.centre_id).filter(Exists(free), pk=unit.pk)
    return Countersigning(trainee_id=trainee, by_any=not found.exists())


def took_part(centre_id: int, unit: OuterRef) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Return the ids of whoever decided what counts in a signed unit, and of whoever signed it last (R6).

    `unit` refers to its key in an outer row: `centres` asks this of who is named (`AssessmentsConfig`).
    """
    decided = CurrentDecision.objects.for_centre(centre_id).filter(learner_unit_id=unit, verdict=Verdict.MET)
    signed = LedgerEntry.objects.for_centre(centre_id).filter(learner_unit_id=unit, act=Act.ASSESSOR_SIGNED)
    return decided.values("judgement__assessor_id"), signed.order_by("-sequence").values("person_id")[:1]
