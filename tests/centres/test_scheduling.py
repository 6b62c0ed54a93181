"""The order of a learner's units: by admins and their own assessors, compare-and-swap, a plan and nothing more (R45)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.models import Event
from centres import rules
from centres.enums import RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from centres.queries.schedule import schedules_of
from centres.rules import Planned, moved
from centres.rules.scheduling import FURTHEST, ScheduleFacts
from centres.services import set_schedule
from common import clock
from common.refusals import Forbidden, NotFound, Refused, Stale


def schedule(world, who="LA1", by="CA"):
    return schedules_of(world.actor(by), world.learners[who])[0]


def save(world, wanted, *, by="AA1", seen=None, who="LA1"):
    return set_schedule(
        actor=world.actor(by),
        registration_id=world.registrations[who].public_id,
        wanted=wanted,
        seen=schedule(world, who).planned if seen is None else seen,
        at=clock.now(),
    )


def turned(world, who="LA1"):
    return tuple(reversed(schedule(world, who).planned))


@pytest.mark.parametrize("who", ["AA1", "CA"])
def test_admins_and_their_assessor_set_the_order(world, who):
    wanted, day = list(turned(world)), world.today + dt.timedelta(days=30)
    wanted[0] = Planned(wanted[0].unit_id, day)
    assert save(world, wanted, by=who)
    assert schedule(world).planned == tuple(wanted)
    event = Event.objects.filter(action="units.scheduled").latest("pk")
    assert event.facts["dated"] == 1
    assert len(event.facts["order"]) == len(wanted)


@pytest.mark.parametrize("who", ["AA2", "AT1", "DUO", "QA", "LA2", "LB1", "CB"])
def test_others_do_not(world, who):
    with pytest.raises((NotFound, Forbidden)):
        save(world, turned(world), by=who)
    assert schedule(world).planned != turned(world) or len(schedule(world).units) < 2


def test_who_was_slower_changes_nothing(world):
    before = schedule(world).planned
    save(world, turned(world))
    other = moved(before, before[0].unit_id, 1)
    with pytest.raises(Stale):
        save(world, other, seen=before)
    assert schedule(world).planned == tuple(reversed(before))
    assert not save(world, tuple(reversed(before)), seen=before)  # the same again: a second click


def test_other_units_and_odd_days_are_refused(world):
    stands = schedule(world).planned
    foreign = (Planned(schedule(world, "LA2").units[0].public_id), *stands[1:])
    for wanted in (stands[1:], foreign, (*stands, stands[0])):
        with pytest.raises(Refused) as told:
            save(world, wanted)
        assert [r.code for r in told.value.refusals] == ["other-units"]
    for day in (world.today - dt.timedelta(days=999), dt.date(9999, 1, 1)):
        with pytest.raises(Refused) as told:
            save(world, (Planned(stands[0].unit_id, day), *stands[1:]))
        assert [(r.code, r.field) for r in told.value.refusals] == [("odd-date", f"target-{stands[0].unit_id}")]
    assert schedule(world).planned == stands


def test_a_registration_that_is_over_keeps_its_order(world):
    wanted, seen = turned(world), schedule(world).planned
    Registration.objects.for_centre(world.actor("CA").centre_id).update(state=RegistrationState.COMPLETED)
    with pytest.raises(Refused) as told:
        save(world, wanted, seen=seen)
    assert [r.code for r in told.value.refusals] == ["not-active"]
    assert schedules_of(world.actor("CA"), world.learners["LA1"]) == []


def test_what_was_dropped_is_left_out_and_its_state_untouched(world):
    gone = schedule(world).units[0].public_id
    rows = LearnerUnit.objects.for_centre(world.actor("CA").centre_id)
    rows.filter(public_id=gone).update(state=UnitState.DROPPED)
    save(world, turned(world))
    assert gone not in {p.unit_id for p in schedule(world).planned}
    assert rows.get(public_id=gone).state == UnitState.DROPPED


def test_two_queries(world, django_assert_num_queries):
    actor = world.actor("CA")
    with django_assert_num_queries(2):
        schedules_of(actor, world.learners["LA1"])


@pytest.mark.parametrize(
    ("day", "codes"), [(-1, ["odd-date"]), (0, []), (FURTHEST.days, []), (FURTHEST.days + 1, ["odd-date"])]
)
def test_a_target_lies_between_the_first_day_and_the_furthest(day, codes):
    plan = (Planned("a", dt.date(2026, 1, 1) + dt.timedelta(days=day)),)
    facts = ScheduleFacts(active=True, starts_on=dt.date(2026, 1, 1), stands=(Planned("a"),), wanted=plan)
    assert [r.code for r in rules.why_not_schedule(facts)] == codes


PLAN = tuple(Planned(name) for name in "abcde")


@given(st.lists(st.tuples(st.sampled_from("abcdez"), st.sampled_from([-1, 1])), max_size=30))
def test_moving_never_loses_a_unit(steps):
    order = PLAN
    for unit_id, step in steps:
        before = order
        order = moved(order, unit_id, step)
        assert sorted(p.unit_id for p in order) == list("abcde")
        assert moved(order, unit_id, -step) == before or order == before
    facts = rules.ScheduleFacts(active=True, starts_on=dt.date(2026, 1, 1), stands=PLAN, wanted=order)
    assert rules.why_not_schedule(facts) == []
