"""Typed reads of centres. The pages' own reads are in `people` and `learners`."""

from centres.queries.core import (
    Place,
    actor_at,
    assessed_learners,
    countersigned_by_any,
    is_active_registration,
    on_day,
    places_of,
    visible_learners,
)

__all__ = [
    "Place",
    "actor_at",
    "assessed_learners",
    "countersigned_by_any",
    "is_active_registration",
    "on_day",
    "places_of",
    "visible_learners",
]
