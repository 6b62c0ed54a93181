"""The order in which a learner's units are meant to be worked on, with target dates (R45). A plan, never a barrier."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from common.refusals import Refusal
from common.text import say

#: A target further away than this is a slip of the pen.
FURTHEST: Final = dt.timedelta(days=365 * 10)


@dataclass(frozen=True, slots=True)
class Planned:
    """A chosen unit (public id) at its place in the order, with the day by which it is meant to be done."""

    unit_id: str
    target_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ScheduleFacts:
    """What the centre has (`stands`, in order) and what somebody wants instead."""

    active: bool
    starts_on: dt.date
    stands: tuple[Planned, ...]
    wanted: tuple[Planned, ...]


def why_not_schedule(facts: ScheduleFacts) -> list[Refusal]:
    """Return what stands against this order: a registration that is over, other units, a date that cannot be."""
    if not facts.active:
        return [Refusal("not-active", say("This registration is not active. Its order stays as it is."))]
    if sorted(p.unit_id for p in facts.wanted) != sorted(p.unit_id for p in facts.stands):
        return [Refusal("other-units", say("These are not the chosen units of this learner. Look at the list again."))]
    return [
        Refusal("odd-date", say("Choose a day of this registration."), f"target-{p.unit_id}")
        for p in facts.wanted
        if p.target_on is not None and not facts.starts_on <= p.target_on <= facts.starts_on + FURTHEST
    ]


def moved(order: Sequence[Planned], unit_id: str, step: int) -> tuple[Planned, ...]:
    """Return the order with one unit a step earlier (-1) or later (1); at the ends, and unknown, it stays."""
    rows = list(order)
    here = next((n for n, row in enumerate(rows) if row.unit_id == unit_id), None)
    if here is not None and 0 <= here + step < len(rows):
        rows[here], rows[here + step] = rows[here + step], rows[here]
    return tuple(rows)
