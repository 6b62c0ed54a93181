"""Cover with an end gives the learner back; one registration can have an assessor of its own (B15, R13)."""

import datetime as dt

import pytest

from audit.models import Event
from centres import rules, services
from centres.models import Allocation, Registration
from centres.queries import assessed_registrations
from centres.queries.learner_detail import learner_detail
from centres.queries.learners import NOBODY, allocation_of, learners_page
from common.refusals import Refused
from tests.factories import moving as made
from tests.factories.world import DIPLOMA, A

DAY = dt.timedelta(days=1)
D = dt.date(2026, 3, 10)
PEOPLE = ("AA1", "AA2", "AT1", "DUO")


def allocate(world, to="AA2", **changed):
    facts = {"starts_on": world.today, "reason": "a holiday", "at": world.at}
    return services.allocate(
        actor=world.actor("CA"),
        learner=world.learners["LA1"],
        assessor_id=world.people[to].pk,
        **(facts | changed),
    )


def who(world, n=0, code=DIPLOMA):
    """Who judges LA1 in a qualification in n days, by asking everybody."""
    found = ""
    for name in PEOPLE:
        rows = assessed_registrations(world.actor(name, centre=A, on=world.today + n * DAY))
        if rows.filter(learner=world.learners["LA1"], qualification__entry_code=code).exists():
            found += f"{name} "
    return found.strip()


def days(world, *numbers, code=DIPLOMA):
    return [who(world, n, code) for n in numbers]


@pytest.fixture
def second(world):
    made.publish_more(world.at)
    return made.register(world, made.LEGACY, who="LA1")


# --- cover ----------------------------------------------------------------------------------------------------


def test_cover_with_an_end_gives_the_learner_back(world):
    allocate(world, starts_on=world.today + 7 * DAY, ends_on=world.today + 14 * DAY)
    assert days(world, 0, 6, 7, 14, 15, 400) == ["AA1", "AA1", "AA2", "AA2", "AA1", "AA1"]
    resumed = Event.objects.get(action="learner.allocation_resumed")
    assert resumed.facts["starts_on"] == (world.today + 15 * DAY).isoformat()


def test_cover_that_begins_today_and_lasts_a_day(world):
    allocate(world, ends_on=world.today)
    assert days(world, -1, 0, 1) == ["AA1", "AA2", "AA1"]


def test_an_end_that_was_agreed_before_stays_the_end(world):
    Allocation.objects.for_centre(world.centres[A].pk).filter(assessor=world.people["AA1"]).update(
        ends_on=world.today + 10 * DAY
    )
    allocate(world, starts_on=world.today + 3 * DAY, ends_on=world.today + 5 * DAY)
    assert days(world, 2, 3, 5, 6, 10, 11) == ["AA1", "AA2", "AA2", "AA1", "AA1", ""]


@pytest.mark.parametrize(("last", "after"), [(9, "AA1"), (10, ""), (11, "")])
def test_cover_up_to_the_last_day_leaves_nothing_to_go_back_to(world, last, after):
    Allocation.objects.for_centre(world.centres[A].pk).filter(assessor=world.people["AA1"]).update(
        ends_on=world.today + 10 * DAY
    )
    allocate(world, starts_on=world.today + 3 * DAY, ends_on=world.today + last * DAY)
    assert who(world, last) == "AA2"
    assert who(world, last + 1) == after


def test_cover_over_a_planned_change_goes_back_to_whoever_was_planned(world):
    allocate(world, to="DUO", starts_on=world.today + 10 * DAY)
    allocate(world, starts_on=world.today + 7 * DAY, ends_on=world.today + 14 * DAY)
    assert days(world, 6, 7, 10, 14, 15) == ["AA1", "AA2", "AA2", "AA2", "DUO"]


def test_cover_before_a_planned_change_leaves_it_alone(world):
    allocate(world, to="DUO", starts_on=world.today + 20 * DAY)
    allocate(world, starts_on=world.today + 7 * DAY, ends_on=world.today + 14 * DAY)
    assert days(world, 14, 15, 19, 20) == ["AA2", "AA1", "AA1", "DUO"]


@pytest.mark.parametrize("from_day", [0, 7, 8])
def test_whoever_covers_can_take_over_before_the_cover_ends_and_after(world, from_day):
    allocate(world, ends_on=world.today + 7 * DAY)
    allocate(world, starts_on=world.today + from_day * DAY)
    assert days(world, 0, 7, 8, 100) == ["AA2", "AA2", "AA2", "AA2"]
    for ends_on in (None, world.today + 30 * DAY):  # as far or less far: they look after them already
        with pytest.raises(Refused) as caught:
            allocate(world, starts_on=world.today + 10 * DAY, ends_on=ends_on)
        assert [r.code for r in caught.value.refusals] == ["same-assessor"]


@pytest.mark.parametrize("from_day", [3, 8])
def test_a_caseload_given_to_whoever_covers_stays_with_them_after_the_cover(world, from_day):
    """They look after some of it already, but only until the cover ends: that is no reason to skip it (B15)."""
    allocate(world, ends_on=world.today + 7 * DAY)
    given = {"assessor_id": world.people["AA2"].pk, "reason": "Priya leaves.", "at": world.at}
    learners, ca = [world.learners["LA1"]], world.actor("CA")
    moved = services.move_learners(actor=ca, learners=learners, starts_on=world.today + from_day * DAY, **given)
    assert moved == 1
    assert days(world, 7, 8, 30) == ["AA2", "AA2", "AA2"]
    assert services.move_learners(actor=ca, learners=learners, starts_on=world.today + 9 * DAY, **given) == 0


def test_a_second_assessor_for_a_while_takes_nothing_away(world):
    allocate(world, ends_on=world.today + 2 * DAY, alongside=True)
    assert days(world, 2, 3) == ["AA1 AA2", "AA1"]


# --- one registration -----------------------------------------------------------------------------------------


def test_one_registration_gets_an_assessor_of_its_own(world, second):
    allocate(world, registration=second)
    assert (who(world), who(world, code=made.LEGACY)) == ("AA1", "AA2")
    allocate(world, to="DUO")
    assert (who(world), who(world, code=made.LEGACY)) == ("DUO", "DUO")


def test_cover_of_one_registration_leaves_the_other_and_gives_it_back(world, second):
    allocate(world, registration=second, starts_on=world.today + 2 * DAY, ends_on=world.today + 4 * DAY)
    assert days(world, 1, 2, 4, 5) == ["AA1"] * 4
    assert days(world, 1, 2, 4, 5, code=made.LEGACY) == ["AA1", "AA2", "AA2", "AA1"]


def test_a_second_assessor_for_one_registration(world, second):
    allocate(world, registration=second, alongside=True)
    assert (who(world), who(world, code=made.LEGACY)) == ("AA1", "AA1 AA2")


def test_whoever_has_one_can_have_all(world, second):
    allocate(world, registration=second)
    allocate(world, to="AA2", alongside=True)
    assert (who(world), who(world, code=made.LEGACY)) == ("AA1 AA2", "AA2")
    allocate(world, to="DUO", registration=second)
    assert (who(world), who(world, code=made.LEGACY)) == ("AA1 AA2", "DUO")


def test_whoever_has_all_is_not_given_one(world, second):
    with pytest.raises(Refused) as caught:
        allocate(world, to="AA1", registration=second)
    assert [r.code for r in caught.value.refusals] == ["same-assessor"]


def test_a_registration_that_is_over_or_somebody_elses_is_not_allocated(world, second):
    Registration.objects.for_centre(second.centre_id).filter(pk=second.pk).update(state="withdrawn")
    for registration in (second, world.registrations["LA2"]):
        with pytest.raises(Refused) as caught:
            allocate(world, registration=registration)
        assert [r.code for r in caught.value.refusals] == ["registration-over"]
    assert who(world) == "AA1"


# --- the warning ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spans", "gap"),
    [
        ([], (0, None)),
        ([(0, None)], None),
        ([(-5, 3)], (4, None)),
        ([(-5, -1)], (0, None)),
        ([(-5, 3), (4, None)], None),
        ([(-5, 3), (5, None)], (4, 4)),
        ([(-5, 3), (5, 9)], (4, 4)),
        ([(2, None)], (0, 1)),
        ([(-5, 9), (1, 2)], (10, None)),
        ([(3, 2), (-1, 3)], (4, None)),
        ([(5, None), (-5, 3), (4, 4)], None),
    ],
)
def test_the_first_days_without_anybody(spans, gap):
    given = [(D + a * DAY, None if b is None else D + b * DAY) for a, b in spans]
    expected = gap and rules.Gap(D + gap[0] * DAY, None if gap[1] is None else D + gap[1] * DAY)
    assert rules.first_gap(given, D) == expected


def alone(world):
    found = learner_detail(world.actor("CA"), world.learners["LA1"]).alone
    return [((one.gap.starts_on - world.today).days, one.only) for one in found]


def test_the_office_is_warned_before_the_day_comes(world):
    assert alone(world) == []
    row = allocate(world, ends_on=world.today + 5 * DAY)
    assert alone(world) == []
    back = Allocation.objects.for_centre(world.centres[A].pk).get(learner=row.learner, ends_on=None)
    services.end_allocation(actor=world.actor("CA"), allocation=back, on=world.today + 9 * DAY, at=world.at)
    assert alone(world) == [(10, "")]


def test_the_warning_names_the_qualification_that_is_alone(world, second):
    row = allocate(world, registration=second)
    assert alone(world) == []
    services.end_allocation(actor=world.actor("CA"), allocation=row, on=world.today - DAY, at=world.at)
    assert alone(world) == [(0, made.LEGACY)]
    ask = {"text": "", "entry_code": "", "state": "", "page": 1}
    assert learners_page(world.actor("CA"), assessor=NOBODY, **ask).alone == 1
    assert allocation_of(world.actor("CA"), row.learner, row.public_id) == row
