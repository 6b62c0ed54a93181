"""Which units something keeps from being signed beyond criteria that are not met: what the rule of R82 says, for lists.

`assessments.rules.signing.why_not_sign_off` decides about one unit and says why; a list asks the same of many at once.
`tests/assessments/test_ready.py` compares the two.
"""

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.models import CurrentDecision
from assessments.queries.core import WAITING
from assessments.queries.current import relied_on
from assessments.queries.readiness import unsafe_states
from centres.enums import RegistrationState
from centres.models import Centre, LearnerUnit
from centres.queries import on_day
from centres.queries.gates import identity_checked
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import EvidenceFile, EvidenceMapping
from portfolio.queries.purges import removed_versions


def blocked(centre_id: int, day: dt.date) -> Q:
    """Say of units that something blocks a signature on this day, whether every criterion is met or not (R82).

    A dispute that nobody answered, a registration that does not run, an identity that nobody checked; a decision that
    waits for its countersignature; a piece that waits, is sent back, was removed, or has a file that cannot be used.
    """
    runs = Q(registration__state=RegistrationState.ACTIVE) & on_day(day, "registration__")
    asking = Exists(Centre.objects.filter(pk=OuterRef("centre_id"), asks_identity=True))
    unknown = asking & ~Exists(identity_checked(centre_id).filter(pk=OuterRef("learner_id")))
    units = [_to_countersign(centre_id), _in_the_way(centre_id), _removed(centre_id), _unsafe(centre_id)]
    found = Q(disputed=True) | ~runs | Q(unknown)
    for rows in units:
        found |= Q(pk__in=rows.order_by().values("learner_unit_id"))
    return found


def _to_countersign(centre_id: int) -> QuerySet[Any]:
    rows = CurrentDecision.objects.for_centre(centre_id).filter(proposed__isnull=False)
    return rows.exclude(mapping__state=MappingState.CLOSED)


def _in_the_way(centre_id: int) -> QuerySet[Any]:
    """Return what a piece is offered for that waits for its assessor, or is with its learner again."""
    waits = Q(state=MappingState.OFFERED, evidence__state__in=WAITING)
    rows = EvidenceMapping.objects.for_centre(centre_id).exclude(state=MappingState.CLOSED)
    found: QuerySet[Any] = rows.filter(waits | Q(evidence__state=EvidenceState.RETURNED))
    return found


def _removed(centre_id: int) -> QuerySet[Any]:
    units = LearnerUnit.objects.for_centre(centre_id)
    return relied_on(centre_id, units.values("pk")).filter(judgement__version__in=removed_versions(centre_id))


def _unsafe(centre_id: int) -> QuerySet[Any]:
    files = EvidenceFile.objects.for_centre(centre_id).filter(
        removed_at=None, in_versions__isnull=False, state__in=unsafe_states()
    )
    rows = EvidenceMapping.objects.for_centre(centre_id).filter(state=MappingState.MET)
    found: QuerySet[Any] = rows.filter(evidence__in=files.values("evidence_id"))
    return found
