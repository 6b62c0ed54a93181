"""Months of a centre's life in the order in which they happened.

A story is a generator: it yields the moment it waits for and is given the moment it is. All stories run side by side,
so that rows, events and chains come into being one after the other, as they would have done.
"""

import datetime as dt
import heapq
from collections.abc import Generator, Iterable
from dataclasses import dataclass

from common import clock
from demo.shapes import When

Story = Generator[dt.datetime, dt.datetime, None]
#: The least time between two acts of one story.
BREATH = dt.timedelta(minutes=2)
FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days counted back from the moment the demo is made; weekends move to the Friday before."""

    now: dt.datetime

    def at(self, when: When, time: str = "10:00") -> dt.datetime:
        """Return an instant: `when` days ago or on a fixed day, at a London time of day; never later than now."""
        hours, minutes = (int(part) for part in time.split(":"))
        local = dt.datetime.combine(self.day(when), dt.time(hours, minutes), tzinfo=clock.LONDON)
        return min(local.astimezone(dt.UTC), self.now)

    def day(self, when: When) -> dt.date:
        """Return the working day."""
        if isinstance(when, str):
            return dt.date.fromisoformat(when)
        day = clock.london_date(self.now) - dt.timedelta(days=when)
        return day - dt.timedelta(days=max(0, day.weekday() - FRIDAY))


def play(stories: Iterable[Story], *, until: dt.datetime) -> None:
    """Run all stories to their end, whoever waits for the earliest moment first; those of one moment in their order."""
    told = list(stories)
    waiting = [(next(story), number) for number, story in enumerate(told)]
    heapq.heapify(waiting)
    while waiting:
        at, number = heapq.heappop(waiting)
        try:
            wanted = told[number].send(min(at, until))
        except StopIteration:
            continue
        heapq.heappush(waiting, (max(wanted, at + BREATH), number))
