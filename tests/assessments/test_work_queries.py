"""The queue as rows: whose, in which order, what is late, what is said about each."""

import datetime as dt

import pytest

from assessments.queries.work import (
    Narrowed,
    estimate_minutes,
    in_queue,
    late_before,
    oldest,
    work_page,
    working_days_used,
)
from common import clock
from common.clock import LONDON, working_days_after
from tests.factories import portfolio as made
from tests.web.assessor.conftest import judged, look_after

ALL = Narrowed()


def rows(world, narrowed=ALL, who="AA1", number=1):
    return work_page(world.actor(who), narrowed, number, clock.now())


@pytest.mark.parametrize("today", [dt.date(2026, 11, day) for day in range(16, 30)])
@pytest.mark.parametrize("days", [1, 5, 10])
def test_late_is_the_day_after_the_last_working_day(today, days):
    before = late_before(today, days)
    first_in_time = before.astimezone(LONDON).date()
    assert before.astimezone(LONDON).time() == dt.time.min
    assert working_days_after(first_in_time, days) >= today
    assert working_days_after(first_in_time - dt.timedelta(days=1), days) < today


@pytest.mark.parametrize(
    ("sent", "today", "used"),
    [
        ((2026, 11, 20), (2026, 11, 20), 0),
        ((2026, 11, 20), (2026, 11, 22), 0),  # Friday to Sunday
        ((2026, 11, 20), (2026, 11, 23), 1),
        ((2026, 11, 9), (2026, 11, 23), 10),
        ((2026, 11, 24), (2026, 11, 23), 0),  # the clock was put back
    ],
)
def test_weekends_do_not_count(sent, today, used):
    assert working_days_used(dt.date(*sent), dt.date(*today)) == used


def test_minutes_grow_with_everything_and_are_whole():
    plain = estimate_minutes()
    assert plain == 1
    assert estimate_minutes(seconds=600) == 13
    assert estimate_minutes(pages=10, words=440, criteria=5) == 11


def test_rows_carry_what_a_row_needs(world):
    made.sent(world, kind="media", numbers=("1.1", "1.2"), title="A till")
    row = rows(world).rows[0]
    assert (row.title, row.criteria, row.units, row.families) == ("A till", 2, ("1",), ("image",))
    assert row.thumb
    assert not row.late
    assert not row.seen_before
    assert row.here == ""
    assert row.learner_name == world.learners["LA1"].full_name


def test_the_tally_counts_all_whatever_is_shown(world):
    look_after(world, "AA1", "LA2")
    made.sent(world, at=clock.now() - dt.timedelta(days=20))
    made.sent(world, kind="media")
    made.sent(world, "LA2")
    page = rows(world, Narrowed(kind="media"))
    assert len(page.rows) == 1
    assert (page.tally.pieces, page.tally.late, page.tally.newer) == (3, 1, 0)
    assert dict(page.tally.kinds) == {"writing": 2, "media": 1}
    assert {choice.name: choice.pieces for choice in page.tally.learners} == {
        world.learners["LA1"].full_name: 2,
        world.learners["LA2"].full_name: 1,
    }
    assert page.tally.minutes >= 3
    assert page.page.paginator.count == 1


def test_filters_combine(world):
    look_after(world, "AA1", "LA2")
    made.sent(world, at=clock.now() - dt.timedelta(days=20))
    made.sent(world, "LA2", at=clock.now() - dt.timedelta(days=20))
    theirs = Narrowed(late=True, learner=world.learners["LA2"].public_id)
    assert [row.learner_name for row in rows(world, theirs).rows] == [world.learners["LA2"].full_name]
    assert rows(world, Narrowed(late=True, kind="media")).rows == ()
    assert bool(theirs)
    assert not ALL


def test_an_allocation_that_ended_yesterday_shows_nothing(world):
    from centres.models import Allocation

    version = made.sent(world)
    mine = Allocation.objects.for_centre(world.centres["10001"].pk).filter(assessor=world.people["AA1"])
    mine.update(ends_on=world.today - dt.timedelta(days=1))
    assert rows(world).rows == ()
    assert oldest(world.actor("AA1")) == ""
    assert in_queue(world.actor("AA1"), version.evidence.public_id).position == 0


def test_neighbours_in_the_queue(world):
    now = clock.now()
    ids = [made.sent(world, at=now - dt.timedelta(hours=3 - n)).evidence.public_id for n in range(3)]
    actor = world.actor("AA1")
    assert oldest(actor) == ids[0]
    ends = [(place.position, place.earlier, place.later) for one in ids for place in [in_queue(actor, one)]]
    assert ends == [(1, "", ids[1]), (2, ids[0], ids[2]), (3, ids[1], "")]
    outside = in_queue(actor, "nobody")
    assert (outside.position, outside.pieces, outside.later) == (0, 3, ids[0])


def test_what_is_decided_leaves_the_queue(world):
    judged(world, made.sent(world))
    assert rows(world).tally.pieces == 0
    assert rows(world).rows == ()
    assert rows(world).tally.minutes == 0
