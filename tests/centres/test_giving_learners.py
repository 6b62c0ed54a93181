"""Giving learners to assessors, day by day: what meets, what gives way, what goes on beside it and after it."""

import datetime as dt
from types import SimpleNamespace

import pytest

from audit.models import Event
from centres import services
from centres.enums import RegistrationState, Role
from centres.models import Allocation, Countersigner, Membership, Registration
from centres.services.caseload import _assessor, _assured, _Move, _registrars, follow_registration, reasons_against
from common import clock
from common.refusals import Refused, Stale
from tests.centres.test_caseload import allocate, codes, set_for
from tests.centres.test_cover import days, who
from tests.centres.test_naming_countersigners import assuring
from tests.factories import moving as made
from tests.factories.world import A

DAY = dt.timedelta(days=1)
D = dt.date(2026, 3, 10)


def move(start, end=None, registration=None, assessor=1):
    last = None if end is None else D + end * DAY
    return _Move(assessor, D + start * DAY, clock.now(), last, registration_id=registration)


def row(start, end=None, registration=None, assessor=1):
    last = None if end is None else D + end * DAY
    facts = {"starts_on": D + start * DAY, "ends_on": last, "assessor_id": assessor}
    return SimpleNamespace(registration_id=registration, **facts)


@pytest.mark.parametrize(
    ("moved", "other", "meets"),
    [
        (move(0), row(0), True),
        (move(0), row(-9, 0), True),
        (move(0), row(-9, -1), False),
        (move(0, 5), row(5), True),
        (move(0, 5), row(6), False),
        (move(0), row(99), True),
        (move(0, None, 7), row(0, None, 7), True),
        (move(0, None, 7), row(0, None, 8), False),
        (move(0, None, 7), row(0), True),
        (move(0), row(0, None, 8), True),
    ],
)
def test_an_allocation_is_met_on_a_day_and_in_a_registration_of_both(moved, other, meets):
    assert moved.meets(other) is meets


@pytest.mark.parametrize(
    ("moved", "other", "wider"),
    [
        (move(0), row(0, None, 7), True),
        (move(0), row(0), False),
        (move(0, None, 7), row(0, None, 7), False),
        (move(0, None, 7), row(0), False),
        (move(0), row(0, None, 7, assessor=2), False),
    ],
)
def test_whoever_has_one_and_is_given_all_is_given_more(moved, other, wider):
    assert moved.wider(other) is wider


@pytest.fixture
def second(world):
    made.publish_more(world.at)
    return made.register(world, made.LEGACY, who="LA1")


def rows(world, who="LA1"):
    found = Allocation.objects.for_centre(world.centres[A].pk).filter(learner=world.learners[who])
    return [
        (
            one.assessor.family_name.rsplit("-", 1)[1],
            one.registration.qualification.entry_code if one.registration else "",
            (one.starts_on - world.today).days,
            None if one.ends_on is None else (one.ends_on - world.today).days,
        )
        for one in found.order_by("pk")
    ]


def test_whoever_had_one_registration_and_loses_it_gets_no_other(world, second):
    allocate(world, registration=second)
    allocate(world, to="DUO", registration=second)
    assert (who(world), who(world, code=made.LEGACY)) == ("AA1", "DUO")


def test_cover_of_one_registration_that_somebody_else_has_alone(world, second):
    allocate(world, registration=second, ends_on=world.today + 9 * DAY)
    allocate(world, to="DUO", registration=second, starts_on=world.today + 2 * DAY, ends_on=world.today + 4 * DAY)
    assert days(world, 1, 2, 4, 5, 9, 10, code=made.LEGACY) == ["AA2", "DUO", "DUO", "AA2", "AA2", "AA1"]
    assert days(world, 1, 2, 4, 5, 9, 10) == ["AA1"] * 6


def test_what_goes_on_beside_one_registration_ends_where_it_ended(world, second):
    """AA1 has all until day 8: DUO gets one from day 3 on, and AA1 keeps the other until day 8, not longer."""
    Allocation.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["LA1"]).update(
        ends_on=world.today + 8 * DAY
    )
    allocate(world, to="DUO", registration=second, starts_on=world.today + 3 * DAY)
    assert rows(world)[1:] == [("AA1", "10379", 3, 8), ("DUO", made.LEGACY, 3, None)]
    assert rows(world)[0][3] == 2


def test_what_begins_later_goes_on_beside_from_its_own_first_day(world, second):
    allocate(world, to="AA2", starts_on=world.today + 5 * DAY)
    allocate(world, to="DUO", registration=second, starts_on=world.today + 2 * DAY, ends_on=world.today + 9 * DAY)
    assert days(world, 1, 2, 4, 5, 9, 10) == ["AA1", "AA1", "AA1", "AA2", "AA2", "AA2"]
    assert days(world, 1, 2, 4, 5, 9, 10, code=made.LEGACY) == ["AA1", "DUO", "DUO", "DUO", "DUO", "AA2"]


def test_what_goes_on_again_says_why_and_after_what(world):
    first = Allocation.objects.for_centre(world.centres[A].pk).get(learner=world.learners["LA1"])
    Allocation.objects.for_centre(first.centre_id).filter(pk=first.pk).update(reason="from the start", exception="x")
    allocate(world, starts_on=world.today + DAY, ends_on=world.today + 2 * DAY)
    again = Allocation.objects.for_centre(first.centre_id).get(learner=first.learner, starts_on=world.today + 3 * DAY)
    assert (again.reason, again.exception, again.ends_on) == ("from the start", "x", None)
    event = Event.objects.get(action="learner.allocation_resumed")
    assert event.object_id == again.public_id
    assert event.facts == {"starts_on": again.starts_on.isoformat(), "after": first.public_id}


@pytest.mark.parametrize("changed", [{}, {"days": 9}, {"exception": True}])
def test_what_is_told_of_an_allocation(world, second, changed):
    last = world.today + changed["days"] * DAY if "days" in changed else None
    if "exception" in changed:
        for code, role in (("CA", Role.ASSESSOR), ("AA2", Role.ADMIN)):
            Membership.objects.create(
                centre=world.centres[A],
                person=world.people[code],
                role=role,
                starts_on=world.today,
                created_at=world.at,
            )
    actor = world.actor("AA2" if "exception" in changed else "CA")
    to = world.people["CA" if "exception" in changed else "DUO"]
    why = "Nobody else assesses this qualification here."
    given = services.allocate(
        actor=actor, learner=world.learners["LA1"], assessor_id=to.pk, starts_on=world.today, ends_on=last,
        registration=second if last else None, reason=" leave ", exception=f" {why} ", at=world.at,
    )  # fmt: skip
    assert (given.reason, given.exception) == ("leave", why if "exception" in changed else "")
    assert Event.objects.filter(action="learner.allocated").latest("pk").facts == {
        "learner": world.learners["LA1"].public_id,
        "assessor": to.public_id,
        "starts_on": world.today.isoformat(),
        "ends_on": last.isoformat() if last else None,
        "registration": second.public_id if last else None,
        **({"exception": why} if "exception" in changed else {}),
    }


# --- several learners -------------------------------------------------------------------------------------------------


def move_all(world, *who, seen=None, to="AA2", **changed):
    facts = {"starts_on": world.today, "reason": "leave", "at": world.at, **changed}
    learners = [world.learners[code] for code in who]
    return services.move_learners(
        actor=world.actor("CA"), learners=learners, assessor_id=world.people[to].pk, seen=seen, **facts
    )


def shown(world, *who):
    found = Allocation.objects.for_centre(world.centres[A].pk)
    return {
        world.learners[code].public_id: list(
            found.filter(learner=world.learners[code]).values_list("public_id", flat=True)
        )
        for code in who
    }


def test_each_of_several_learners_is_compared_with_what_the_page_showed(world):
    seen = shown(world, "LA1", "LA3")
    allocate(world, learner="LA3", to="DUO")
    with pytest.raises(Stale) as told:
        move_all(world, "LA1", "LA3", seen=seen)
    assert world.learners["LA3"].full_name in told.value.refusals[0].sentence
    with pytest.raises(Stale) as told:
        move_all(world, "LA3", seen=seen)
    assert told.value.refusals[0].sentence.startswith("Somebody gave this learner to another assessor")
    assert move_all(world, "LA1", seen=shown(world, "LA1")) == 1


def test_whoever_has_had_one_of_them_and_has_no_longer_gets_that_one_too(world):
    allocate(world, learner="LA2", to="AA1")
    assert move_all(world, "LA1", "LA2", to="AA2") == 2
    with pytest.raises(Refused) as caught:
        move_all(world)
    assert (codes(caught), caught.value.refusals[0].field) == (["no-learner"], "learners")


# --- ending one -------------------------------------------------------------------------------------------------------


def test_nobody_ends_the_allocation_of_themselves(world):
    Membership.objects.create(
        centre=world.centres[A], person=world.people["LA1"], role=Role.ADMIN, starts_on=world.today, created_at=world.at
    )
    given = Allocation.objects.for_centre(world.centres[A].pk).get(learner=world.learners["LA1"])
    with pytest.raises(Refused) as caught:
        services.end_allocation(actor=world.actor("LA1"), allocation=given, on=world.today, at=world.at)
    assert codes(caught) == ["own-registration"]


@pytest.mark.parametrize(("on", "code"), [(-2, "ends-in-past"), (60, "ends-later")])
def test_a_countersigner_is_not_ended_in_the_past_nor_pushed_out(world, on, code):
    links = Countersigner.objects.for_centre(world.centres[A].pk)
    links.update(ends_on=world.today + 30 * DAY)
    with pytest.raises(Refused) as caught:
        services.end_countersigner(actor=world.actor("CA"), link=links.get(), on=world.today + on * DAY, at=world.at)
    assert codes(caught) == [code]
    assert links.get().ends_on == world.today + 30 * DAY


def test_what_ended_is_told_with_its_day(world):
    link = Countersigner.objects.for_centre(world.centres[A].pk).get()
    given = Allocation.objects.for_centre(world.centres[A].pk).get(learner=world.learners["LA1"])
    services.end_countersigner(actor=world.actor("CA"), link=link, on=world.today, at=world.at)
    services.end_allocation(actor=world.actor("CA"), allocation=given, on=world.today, at=world.at)
    told = list(Event.objects.filter(action__endswith="ended").values_list("action", "facts__on"))
    last = world.today.isoformat()
    assert sorted(told) == [("countersigner.ended", last), ("learner.allocation_ended", last)]


def test_countersigners_of_before_bar_nobody(world):
    """A link that is over is neither held already nor the reverse of another one."""
    links = Countersigner.objects.for_centre(world.centres[A].pk)
    links.update(ends_on=world.today - DAY)
    assert set_for(world, other="AA2")
    links.filter(ends_on=None).delete()
    links.update(trainee=world.people["AA2"], countersigner=world.people["AT1"], ends_on=world.today)
    with pytest.raises(Refused) as caught:
        set_for(world, other="AA2")
    assert codes(caught) == ["each-other"]
    links.update(ends_on=world.today - DAY)
    row = set_for(world, other="AA2")
    facts = Event.objects.filter(action="countersigner.set").latest("pk").facts
    assert facts == {"trainee": row.trainee.public_id, "countersigner": row.countersigner.public_id}


# --- what the rules are told ------------------------------------------------------------------------------------------


def test_what_is_known_of_an_assessor_on_a_day(world):
    centre, day = world.centres[A].pk, world.today
    told = {}
    for code in ("AA1", "AT1", "QA", "LA2"):
        known = _assessor(centre, world.people[code].pk, day)
        told[code] = (known.assesses, known.trainee, known.countersigned)
    assert told == {
        "AA1": (True, False, False),
        "AT1": (True, True, True),
        "QA": (False, False, False),
        "LA2": (False, False, False),
    }
    assert _assessor(centre, world.people["AB1"].pk, day) is None
    assert _assessor(centre, None, day) is None
    assert _assessor(centre, world.people["AA1"].pk, day).name == world.people["AA1"].full_name


def test_a_countersigner_who_is_in_training_or_left_is_none(world):
    centre, trainee = world.centres[A].pk, world.people["AT1"].pk
    roles = Membership.objects.for_centre(centre).filter(person=world.people["AA2"])
    roles.update(ends_on=world.today)
    assert _assessor(centre, trainee, world.today).countersigned
    assert not _assessor(centre, trainee, world.today + DAY).countersigned
    set_for(world)
    assert _assessor(centre, trainee, world.today + DAY).countersigned, "the other one is there still"


def test_who_entered_a_learner_is_remembered_along_the_way_they_moved(world, second):
    mine = Registration.objects.for_centre(world.centres[A].pk)
    mine.filter(pk=second.pk).update(registered_by=world.people["AA2"])
    learner = world.learners["LA1"]
    assert _registrars(learner) == {world.people["CA"].pk, world.people["AA2"].pk}
    mine.filter(pk=second.pk).update(state=RegistrationState.WITHDRAWN)
    assert _registrars(learner) == {world.people["CA"].pk}
    assert _registrars(world.learners["LA2"]) == {world.people["CA"].pk}


def test_who_is_given_one_registration_may_assure_the_other(world, second):
    assuring(world, "AA2")
    learner, person = world.learners["LA1"], world.people["AA2"].pk
    told = {
        registration: _assured(learner, _Move(person, world.today, world.at, registration_id=registration))
        for registration in (None, world.registrations["LA1"].pk, second.pk)
    }
    assert list(told.values()) == [{world.diploma.title}, {world.diploma.title}, frozenset()]
    mine = Registration.objects.for_centre(world.centres[A].pk).filter(learner=learner)
    mine.exclude(pk=second.pk).update(state=RegistrationState.WITHDRAWN)
    assert _assured(learner, _Move(person, world.today, world.at)) == frozenset()


def test_an_assessor_of_a_new_learner_needs_no_reason(world):
    asked = {"learner_person_id": 0, "name": "New", "starts_on": world.today, "today": world.today}
    by = lambda who: reasons_against(  # noqa: E731 - asked of several
        actor=world.actor("CA"), assessor_id=world.people[who].pk, qualification=world.diploma, **asked
    )
    assert by("AA1") == []
    assert [one.code for one in by("QA")] == ["not-an-assessor"]


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (-9, None, [(-9, -1), (0, None)]),
        (-9, 5, [(-9, -1), (0, 5)]),
        (-9, 0, [(-9, -1), (0, 0)]),
        (-9, -1, [(-9, -1)]),
        (4, None, [(4, 3), (4, None)]),
    ],
)
def test_whoever_has_a_registration_has_the_one_it_led_to(world, second, starts, ends, expected):
    Allocation.objects.create(
        centre=world.centres[A], learner=second.learner, registration=second, assessor=world.people["AA2"],
        starts_on=world.today + starts * DAY, ends_on=None if ends is None else world.today + ends * DAY,
        reason="knows it", created_at=world.at,
    )  # fmt: skip
    new = world.registrations["LA1"]
    new.starts_on = world.today
    follow_registration(actor=world.actor("CA"), old=second, new=new, at=world.at)
    found = [(start, end) for who, _code, start, end in rows(world) if who == "AA2"]
    assert found == expected
    assert [code for who, code, _start, _end in rows(world) if who == "AA2"] == [made.LEGACY, "10379"][: len(found)]
