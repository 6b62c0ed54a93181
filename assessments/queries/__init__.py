"""Typed reads of assessments."""

from assessments.queries.core import (
    countersign_count,
    feedback_count,
    latest_act,
    may_countersign,
    needs_countersign,
    signed_at,
    to_countersign,
    units_to_countersign,
    waiting,
    waiting_count,
)
from assessments.queries.readiness import Readiness, readiness

__all__ = [
    "Readiness",
    "countersign_count",
    "feedback_count",
    "latest_act",
    "may_countersign",
    "needs_countersign",
    "readiness",
    "signed_at",
    "to_countersign",
    "units_to_countersign",
    "waiting",
    "waiting_count",
]
