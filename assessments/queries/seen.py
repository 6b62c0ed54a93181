"""What pages about decisions and signatures showed, as marks (see `common.seen`)."""

from assessments.models import Exemption, Judgement
from centres.models import LearnerUnit
from centres.queries.seen import unit_mark
from common.seen import mark
from portfolio.enums import MappingState
from portfolio.models import EvidenceMapping

#: What its assessor sees of a mapping is not there yet, or is history.
UNSEEN = (MappingState.PROPOSED, MappingState.CLOSED)


def decisions_mark(unit: LearnerUnit) -> str:
    """Mark a unit with every decision in it: what a signature rests on. One query."""
    rows = EvidenceMapping.objects.for_centre(unit.centre_id).filter(learner_unit=unit).exclude(state__in=UNSEEN)
    return mark(unit_mark(unit), list(rows.order_by("pk").values_list("pk", "state", "round")))


def decision_mark(judgement: Judgement, mapping: EvidenceMapping) -> str:
    """Mark a decision that waits for its countersigner, with the state of what it decided. No query."""
    return mark("decision", judgement.public_id, mapping.state, mapping.round)


def exemption_mark(row: Exemption) -> str:
    """Mark a certificate on its way: its state and when people acted on it. No query."""
    return mark("exemption", row.public_id, row.state, row.decided_at, row.revoked_at)


def carry_mark(unit: LearnerUnit, source: LearnerUnit | None, *, declined: bool) -> str:
    """Mark a unit that may count here because it was done before: both units, and whether that was declined."""
    return mark(unit_mark(unit), unit_mark(source) if source else "", declined)
