"""Duties held by different people, and people who come back (section 4, R99, R100; T11, T12, B8, B18)."""

import dataclasses
import datetime as dt

import pytest

from centres import rules
from centres import services as cs
from centres.enums import Role
from centres.models import Allocation, Learner, Membership, Registration
from centres.queries import places_of
from centres.queries.schedule import chosen_units
from centres.services.scheduling import set_schedule
from common import clock
from common.refusals import Refused
from tests.centres.test_initial import MADE
from tests.centres.test_registering import register
from tests.factories import moving as made
from tests.factories.world import A, found

DAY = dt.timedelta(days=1)


def codes(act):
    with pytest.raises(Refused) as caught:
        act()
    return [refusal.code for refusal in caught.value.refusals]


def add(world, who="LA1", by="CA"):
    return cs.add_registration(
        actor=world.actor(by),
        learner=world.learners[who],
        qualification_id=world.certificate.pk,
        place_ids=(),
        starts_on=world.today,
        initial=found(world, world.certificate.level),
        at=clock.now(),
    )


def is_learner(world, who):
    found = places_of(world.people[who].pk, world.today)
    return any(Role.LEARNER in place.roles for place in found)


def also(world, who, role):
    Membership.objects.create(
        centre=world.centres["10001"], person=world.people[who], role=role, starts_on=world.today, created_at=world.at
    )


def test_a_learner_who_left_comes_back_with_a_registration(world):
    cs.end_access(actor=world.actor("CA"), person=world.people["LA1"], at=clock.now())
    assert not is_learner(world, "LA1")
    add(world)
    assert is_learner(world, "LA1")
    assert Membership.objects.across_centres(reason="a test").filter(person=world.people["LA1"]).count() == 2


def test_or_is_let_in_again_as_the_learner_they_were(world):
    person = world.people["LA1"]
    cs.end_access(actor=world.actor("CA"), person=person, at=clock.now())
    cs.grant_role(actor=world.actor("CA"), person=person, role=Role.LEARNER, starts_on=world.today, at=clock.now())
    assert is_learner(world, "LA1")


def test_or_comes_in_again_with_a_registration_that_is_moved(world):
    made.publish_more(world.at)
    cs.end_access(actor=world.actor("CA"), person=world.people["LA1"], at=clock.now())
    assert not is_learner(world, "LA1")
    made.move(world, world.registrations["LA1"], made.HIGHER)
    assert is_learner(world, "LA1")


def test_nobody_becomes_a_learner_by_a_role(world):
    act = lambda: cs.grant_role(  # noqa: E731 - one act, asked about
        actor=world.actor("CA"),
        person=world.people["AA1"],
        role=Role.LEARNER,
        starts_on=world.today,
        at=clock.now(),
    )
    assert codes(act) == ["learner-by-registering"]


def test_an_external_assurer_is_not_registered(world):
    assert codes(lambda: register(world, email=world.people["EA"].email)) == ["external-apart"]


def test_an_admin_does_not_register_themselves(world):
    assert codes(lambda: register(world, email=world.people["CA"].email)) == ["own-registration"]


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.TRAINEE, Role.IQA, Role.LEAD_IQA, Role.ADMIN])
def test_nobody_gives_a_role_to_themselves(world, role):
    act = lambda: cs.grant_role(  # noqa: E731 - see above
        actor=world.actor("CA"), person=world.people["CA"], role=role, starts_on=world.today, at=clock.now()
    )
    assert "own-role" in codes(act)


def test_who_registered_a_learner_does_not_assess_them(world):
    also(world, "CA", Role.ASSESSOR)
    allocate = lambda who: cs.allocate(  # noqa: E731 - see above
        actor=world.actor("CA"),
        learner=world.learners["LA1"],
        assessor_id=world.people[who].pk,
        starts_on=world.today,
        reason="moves",
        at=clock.now(),
    )
    assert codes(lambda: allocate("CA")) == ["registrar-apart"]
    allocate("AA2")
    assert "registrar-apart" in codes(lambda: register(world, assessor_id=world.people["CA"].pk))


@pytest.fixture
def own(world):
    """An admin who is a learner here: everything about their own registration is another admin's."""
    also(world, "LA1", Role.ADMIN)
    made.publish_more(world.at)
    return Registration.objects.across_centres(reason="a test").get(pk=world.registrations["LA1"].pk)


def test_an_admin_leaves_their_own_registration_alone(world, own):
    me = world.actor("LA1")
    acts = {
        "add": lambda: add(world, by="LA1"),
        "units": lambda: cs.change_units(
            actor=me, registration=own, place_ids=(), reason="easier", confirmed=True, at=clock.now()
        ),
        "move": lambda: cs.move_registration(
            actor=me, registration=own, qualification_id=world.certificate.pk, place_ids=(), reason="x", at=clock.now()
        ),
        "allocate": lambda: cs.allocate(
            actor=me,
            learner=world.learners["LA1"],
            assessor_id=world.people["AA2"].pk,
            starts_on=world.today,
            reason="moves",
            at=clock.now(),
        ),
    }
    rows = chosen_units(own)
    stands = [rules.Planned(row.public_id, row.target_on) for row in rows]
    acts["schedule"] = lambda: set_schedule(
        actor=me, registration_id=own.public_id, wanted=stands[::-1], seen=stands, at=clock.now()
    )
    for name, act in acts.items():
        assert "own-registration" in codes(act), name
    assert Learner.objects.across_centres(reason="a test").get(pk=own.learner_id).allocations.count() == 1


def test_an_admin_leaves_the_units_of_whom_they_assess_alone(world):
    """What is asked of a learner is not decided by who judges it; nor by who will from next week on."""
    also(world, "AA1", Role.ADMIN)
    row, rows = world.registrations["LA1"], Allocation.objects.for_centre(world.centres[A].pk)

    def change():
        cs.change_units(
            actor=world.actor("AA1"), registration=row, place_ids=(), reason="easier", confirmed=True, at=clock.now()
        )

    assert "changes-apart" in codes(change)
    rows.filter(assessor=world.people["AA1"]).update(starts_on=world.today + 7 * DAY)
    assert "changes-apart" in codes(change)
    rows.filter(assessor=world.people["AA1"]).update(starts_on=world.today - 9 * DAY, ends_on=world.today - DAY)
    change()  # somebody else looks after them by now


@pytest.mark.parametrize(("after", "found"), [(0, []), (1, ["initial-after-start"])])
def test_an_initial_assessment_comes_before_the_first_day(after, found):
    today = dt.date(2026, 11, 30)
    start = today - 10 * DAY
    initial = dataclasses.replace(MADE, made_on=start + after * DAY)
    assert [r.code for r in rules.why_not_initial(initial, 2, today, start)] == found
