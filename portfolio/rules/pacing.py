"""By what a learner's work is sorted at first, which unit comes next, and when many are open and few move (R45).

All of it is advice. Nothing is opened, closed or refused by it.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from common.text import count, say

#: Generations in which people work by activity, whatever unit it belongs to. The others go unit by unit.
BY_ACTIVITY = frozenset({"2010"})


@dataclass(frozen=True, slots=True)
class PaceLimits:
    """From how many open units on something is said, when no more than `few_moving` moved in the last `days`."""

    many_open: int = 5
    few_moving: int = 1
    days: int = 28


@dataclass(frozen=True, slots=True)
class UnitPace:
    """A chosen unit. `open`: begun and not done; `moved_on`: when anything was last sent or decided for it."""

    open: bool
    moved_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class PaceNotice:
    """Many units are open and few move: how many, and in how many weeks."""

    open: int
    moving: int
    weeks: int

    @property
    def for_learner(self) -> str:
        """Return it in kind words to the learner."""
        return f"{self._moving()} {say('Finishing one before the next often feels better. Your assessor can help.')}"

    @property
    def for_staff(self) -> str:
        """Return it to the assessor."""
        return f"{self._moving()} {say('An order with target dates may help this learner.')}"

    def _moving(self) -> str:
        words = {"open": self.open, "moving": self.moving, "weeks": self.weeks}
        if not self.moving:
            return say("%(open)d units are open, and none of them moved in the last %(weeks)d weeks.") % words
        return (
            count(
                "%(open)d units are open, and %(moving)d of them moved in the last %(weeks)d weeks.",
                "%(open)d units are open, and %(moving)d of them moved in the last %(weeks)d weeks.",
                self.moving,
            )
            % words
        )


LIMITS = PaceLimits()


def pace_notice(units: Sequence[UnitPace], today: dt.date, limits: PaceLimits = LIMITS) -> PaceNotice | None:
    """Return the notice when many units are open and few of them moved lately, else None (R45)."""
    since = today - dt.timedelta(days=limits.days)
    begun = [unit for unit in units if unit.open]
    moving = sum(unit.moved_on is not None and unit.moved_on >= since for unit in begun)
    if len(begun) < limits.many_open or moving > limits.few_moving:
        return None
    return PaceNotice(len(begun), moving, limits.days // 7)


def first_view(generations: Collection[str]) -> str:
    """Return "units" or "activities": what a learner of these generations of qualifications sees first (R45).

    Activities only when all they do is of a generation worked by activity.
    """
    return "activities" if generations and set(generations) <= BY_ACTIVITY else "units"
