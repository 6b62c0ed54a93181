"""What waits for somebody in a registration, and what decides about another state of it (3.5)."""

import datetime as dt

from django.db.models import Max

from assessments.enums import ExemptionState
from assessments.models import CurrentDecision, Exemption, LedgerEntry
from assessments.queries.core import WAITING
from centres.enums import FROZEN_UNITS, UNCONFIRMED_UNITS, RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from centres.queries.award import award_complete
from centres.rules import Pending, StateFacts
from common.clock import london_date
from portfolio.enums import MappingState
from portfolio.models import EvidenceMapping


def pending_in(registration: Registration) -> Pending:
    """Return what waits for somebody in a registration. Four queries."""
    centre_id = registration.centre_id
    units = LearnerUnit.objects.for_centre(centre_id).filter(registration=registration)
    states = list(units.exclude(state=UnitState.DROPPED).values_list("state", "disputed", "unit__title"))
    mappings = EvidenceMapping.objects.for_centre(centre_id).filter(learner_unit__registration=registration)
    offered = mappings.filter(state=MappingState.OFFERED, evidence__state__in=WAITING)
    proposed = CurrentDecision.objects.for_centre(centre_id).filter(
        learner_unit__registration=registration, proposed__isnull=False
    )
    proposed = proposed.exclude(learner_unit__state__in=FROZEN_UNITS)  # it was carried over, or is exempt
    certificates = Exemption.objects.for_centre(centre_id).filter(
        learner_unit__registration=registration, state=ExemptionState.WAITING
    )
    return Pending(
        pieces=offered.values("evidence_id").distinct().count(),
        decisions=proposed.exclude(mapping__state=MappingState.CLOSED).count(),
        signed=sum(state in UNCONFIRMED_UNITS for state, _no, _title in states),
        certificates=certificates.count(),
        disputed=tuple(title for _state, disputed, title in states if disputed),
    )


def state_facts(
    registration: Registration,
    *,
    to: RegistrationState,
    on: dt.date,
    reason: str,
    today: dt.date,
    reauthenticated: bool = False,
) -> StateFacts:
    """Gather what the rule about another state needs. Seven queries at most."""
    last = LedgerEntry.objects.for_centre(registration.centre_id).filter(registration=registration)
    at = last.aggregate(at=Max("at"))["at"]
    return StateFacts(
        was=RegistrationState(registration.state),
        to=to,
        reason=reason,
        on=on,
        starts_on=registration.starts_on,
        today=today,
        last_act_on=london_date(at) if at else None,
        complete=award_complete(registration),
        pending=pending_in(registration),
        reauthenticated=reauthenticated,
    )
