"""Typed reads of centres. The pages' own reads are in `people` and `learners`."""

from centres.queries.core import (
    Place,
    actor_at,
    has_lapsed,
    is_active_registration,
    on_day,
    places_of,
    takes_work,
    taking_work,
)
from centres.queries.world import (
    assessed_learners,
    assessed_registrations,
    countersigned_by_any,
    looked_after_registrations,
    visible_keys,
    visible_learners,
    visible_registrations,
)

__all__ = [
    "Place",
    "actor_at",
    "assessed_learners",
    "assessed_registrations",
    "countersigned_by_any",
    "has_lapsed",
    "is_active_registration",
    "looked_after_registrations",
    "on_day",
    "places_of",
    "takes_work",
    "taking_work",
    "visible_keys",
    "visible_learners",
    "visible_registrations",
]
