"""A unit's state moves along its table, one step at a time, for the first who asks."""

import pytest

from centres import services
from centres.enums import UNIT_TRANSITIONS, UnitState
from centres.models import LearnerUnit
from common.refusals import Refused, Stale

EVERY = [(a, b) for a in UnitState for b in UnitState]
KEY = "A-506-2130"


@pytest.mark.parametrize(("before", "after"), EVERY)
def test_a_unit_takes_the_steps_of_its_table_and_no_others(world, before, after):
    unit = world.unit("LA1", KEY)
    LearnerUnit.objects.for_centre(unit.centre_id).filter(pk=unit.pk).update(state=before)
    step = {"learner_unit": unit, "expected": before, "to": after, "at": world.at}
    if after in UNIT_TRANSITIONS[before]:
        moved = services.advance_unit(**step)
        assert (moved.state, moved.changed_at) == (after, world.at)
    else:
        with pytest.raises(Refused) as caught:
            services.advance_unit(**step)
        assert [r.code for r in caught.value.refusals] == ["unit-step"]
        assert world.unit("LA1", KEY).state == before


def test_the_second_one_is_told_when_the_first_one_came(world):
    unit = world.unit("LA1", KEY)
    step = {"learner_unit": unit, "expected": UnitState.SELECTED, "to": UnitState.ASSESSOR_SIGNED, "at": world.at}
    services.advance_unit(**step)
    with pytest.raises(Stale) as caught:
        services.advance_unit(**step)
    assert caught.value.at == world.at
    assert world.unit("LA1", KEY).state == UnitState.ASSESSOR_SIGNED


def test_every_state_has_its_row_in_the_table():
    assert set(UNIT_TRANSITIONS) == set(UnitState)
