"""The calendar and the order of stories."""

import datetime as dt

import pytest

from common import clock
from demo.moments import Calendar, play

MONDAY = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


def test_days_ago_are_working_days():
    days = [Calendar(MONDAY).day(n) for n in range(8)]
    assert {day.weekday() for day in days} == {0, 1, 2, 3, 4}
    assert days[1] == days[2] == days[3] == dt.date(2026, 11, 20)


def test_a_fixed_day_stays():
    assert Calendar(MONDAY).day("2018-02-04") == dt.date(2018, 2, 4)


@pytest.mark.parametrize(("when", "hour"), [(3, 10), ("2018-07-02", 9)])
def test_the_time_of_day_is_londons(when, hour):
    assert Calendar(MONDAY).at(when, "10:00").hour == hour


def test_nothing_happens_later_than_now():
    assert Calendar(MONDAY).at(0, "18:00") == MONDAY


def test_stories_take_turns_in_the_order_of_time():
    told = []

    def story(name, *days):
        for day in days:
            at = yield MONDAY - dt.timedelta(days=day)
            told.append((name, (clock.london_date(MONDAY) - clock.london_date(at)).days))

    play([story("a", 9, 3), story("b", 5, 1), story("c", 9)], until=MONDAY)
    assert told == [("a", 9), ("c", 9), ("b", 5), ("a", 3), ("b", 1)]


def test_a_story_never_goes_back_in_time():
    seen = []

    def story():
        seen.append((yield MONDAY - dt.timedelta(days=1)))
        seen.append((yield MONDAY - dt.timedelta(days=4)))

    play([story()], until=MONDAY)
    assert seen[0] < seen[1] <= MONDAY
