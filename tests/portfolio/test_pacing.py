"""Advice about pace and order (R45): thresholds are data, words are kind, nothing is refused."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from portfolio.queries.learner import programmes
from portfolio.queries.progress import unit_progress
from portfolio.rules import PaceLimits, UnitPace, first_view, pace_notice
from tests.factories import portfolio as make
from tests.web.assessor.conftest import judged

TODAY = dt.date(2026, 11, 28)
STILL, MOVES = UnitPace(True, TODAY - dt.timedelta(days=40)), UnitPace(True, TODAY - dt.timedelta(days=3))


def test_many_open_and_few_moving_is_said_kindly():
    notice = pace_notice([STILL] * 5 + [MOVES], TODAY)
    assert (notice.open, notice.moving, notice.weeks) == (6, 1, 4)
    assert notice.for_learner.startswith("6 units are open, and 1 of them moved in the last 4 weeks.")
    assert "Your assessor can help" in notice.for_learner
    assert "target dates" in notice.for_staff
    assert "none of them moved" in pace_notice([STILL] * 5, TODAY).for_learner


@pytest.mark.parametrize("units", [[], [STILL] * 4, [STILL] * 4 + [MOVES] * 2, [UnitPace(False, None)] * 20])
def test_few_open_or_several_moving_is_fine(units):
    assert pace_notice(units, TODAY) is None


PACES = st.lists(st.builds(UnitPace, st.booleans(), st.none() | st.dates(TODAY - dt.timedelta(99), TODAY)), max_size=12)


@given(PACES, st.integers(1, 8), st.integers(0, 4))
def test_the_limits_are_what_decides(units, many, few):
    notice = pace_notice(units, TODAY, PaceLimits(many_open=many, few_moving=few, days=28))
    begun = [u for u in units if u.open]
    moving = [u for u in begun if u.moved_on and (TODAY - u.moved_on).days <= 28]
    assert (notice is not None) == (len(begun) >= many and len(moving) <= few)


@pytest.mark.parametrize(
    ("generations", "view"),
    [({"2014"}, "units"), ({"2010"}, "activities"), ({"2010", "2014"}, "units"), (set(), "units")],
)
def test_what_comes_first_follows_the_generation(generations, view):
    assert first_view(generations) == view


def test_a_unit_is_open_from_the_first_sent_piece_and_moves_with_every_decision(world):
    unit = world.unit("LA1", make.UNIT)
    piece = make.draft(world)
    make.choose(world, piece)
    assert unit_progress([unit])[unit.pk].pace == UnitPace(False, None)  # not sent yet
    make.send(world, piece)
    assert unit_progress([unit])[unit.pk].pace == UnitPace(True, world.today)


def test_the_next_unit_is_the_first_in_order_with_something_left(world):
    from centres.models import LearnerUnit

    plan = programmes(world.actor("LA1"))[0]
    assert plan.next_unit == plan.units[0]
    LearnerUnit.objects.for_centre(world.actor("LA1").centre_id).filter(public_id=plan.units[0].public_id).update(
        position=99, target_on=world.today
    )
    again = programmes(world.actor("LA1"))[0]
    assert again.next_unit.public_id == plan.units[1].public_id
    assert again.units[-1].target_on == world.today
    judged(world, make.sent(world, unit=make.UNIT, numbers=("1.1",)))
    assert clock.london_date(clock.now()) == world.today
