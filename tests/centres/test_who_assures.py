"""Who assures or assesses what on which days, as the rules about duties that are kept apart ask it (R8, section 4)."""

import datetime as dt

import pytest

from centres.enums import LEFT, RegistrationState, Role
from centres.models import Allocation, Assurance, Membership, Registration
from centres.services.apart import assessed_by, assurers_looking_after, looks_after, visitors_of_ours
from centres.services.apart import assured_by as assured_between
from centres.services.on_a_day import known_as, not_over
from tests.centres.test_caseload import allocate
from tests.factories import moving as made
from tests.factories.world import DIPLOMA, A

DAY = dt.timedelta(days=1)


def assuring(world, who="AA2", *, role=Role.IQA, code=DIPLOMA, body="", days=(0, None), window=(None, None)):
    """Give somebody a role in quality assurance, in days from today; `window` is that of the one qualification."""
    first, last, begins, ends = (None if n is None else world.today + n * DAY for n in (*days, *window))
    row = Membership.objects.create(
        centre=world.centres[A], person=world.people[who], role=role, starts_on=first, ends_on=last, created_at=world.at
    )
    Assurance.objects.create(
        centre=row.centre, membership=row, entry_code=code, awarding_body=body, starts_on=begins, ends_on=ends
    )


def assured(world, who="AA2", days=(0, None), qualifications=None):
    first, last = (None if n is None else world.today + n * DAY for n in days)
    asked = [world.diploma] if qualifications is None else qualifications
    return assured_between(world.centres[A].pk, world.people[who].pk, asked, (first, last))


@pytest.mark.parametrize(
    ("given", "asked", "found"),
    [
        ({}, (0, None), True),
        ({"role": Role.LEAD_IQA}, (0, None), True),
        ({"role": Role.EQA}, (0, None), False),
        ({"code": "10378"}, (0, None), False),
        ({"body": "OCR"}, (0, None), True),
        ({"body": "Another"}, (0, None), False),
        ({"days": (-9, 0)}, (0, None), True),
        ({"days": (-9, -1)}, (0, None), False),
        ({"days": (5, None)}, (0, None), True),
        ({"days": (5, None)}, (0, 5), True),
        ({"days": (5, None)}, (0, 4), False),
        ({"window": (-9, 0)}, (0, None), True),
        ({"window": (-9, -1)}, (0, None), False),
    ],
)
def test_somebody_assures_a_qualification_on_one_of_these_days(world, given, asked, found):
    assuring(world, **given)
    assert assured(world, days=asked) == ({world.diploma.title} if found else frozenset())
    assert assured(world, "AA1", days=asked) == frozenset()
    assert assured(world, days=asked, qualifications=[]) == frozenset()


def test_only_what_is_asked_about_is_told(world):
    assuring(world)
    assuring(world, role=Role.LEAD_IQA, code="10378", body="OCR")
    assert assured(world, qualifications=[world.diploma, world.certificate]) == {
        world.diploma.title,
        world.certificate.title,
    }


# --- who assesses -----------------------------------------------------------------------------------------------------


def assessed(world, who="AA1", codes=(DIPLOMA,), since=0):
    return assessed_by(world.centres[A].pk, world.people[who].pk, codes, world.today + since * DAY)


def test_somebody_assesses_what_their_learners_work_on(world):
    assert assessed(world) == {world.diploma.title}
    assert assessed(world, "QA") == frozenset()
    assert assessed(world, codes=("10378",)) == frozenset()
    mine = Allocation.objects.for_centre(world.centres[A].pk).filter(assessor=world.people["AA1"])
    mine.update(ends_on=world.today)
    assert (bool(assessed(world)), bool(assessed(world, since=1))) == (True, False)


@pytest.mark.parametrize("state", RegistrationState)
def test_what_somebody_left_is_not_assessed(world, state):
    rows = Registration.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["LA1"])
    rows.update(state=state)
    assert bool(assessed(world)) is (state not in LEFT)


def test_who_has_one_registration_assesses_that_one_alone(world):
    made.publish_more(world.at)
    second = made.register(world, made.LEGACY, who="LA1")
    allocate(world, to="AA2", registration=second)
    Allocation.objects.for_centre(second.centre_id).filter(
        learner=world.learners["LA2"], assessor=world.people["AA2"]
    ).delete()
    assert assessed(world, "AA2", (DIPLOMA, made.LEGACY)) == {second.qualification.title}
    assert assessed(world, "AA1", (DIPLOMA, made.LEGACY)) == {world.diploma.title}


@pytest.mark.parametrize(("who", "ends", "found"), [("AA1", 0, True), ("AA1", -1, False), ("AA2", None, False)])
def test_who_looks_after_a_learner_today_or_later(world, who, ends, found):
    rows = Allocation.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["LA1"])
    rows.update(ends_on=None if ends is None else world.today + ends * DAY)
    assert looks_after(world.actor(who), world.learners["LA1"]) is found


# --- both -------------------------------------------------------------------------------------------------------------


def both(world, since=0, qualification=None, registration=None):
    day = world.today + since * DAY
    return assurers_looking_after(world.learners["LA1"], qualification or world.diploma, day, registration)


def test_who_looks_after_a_learner_and_assures_it_is_named(world):
    assert both(world) == frozenset()
    assuring(world, "AA1")
    assert both(world) == {world.people["AA1"].full_name}
    assert both(world, qualification=world.certificate) == frozenset()
    assert assurers_looking_after(world.learners["LA1"], None, world.today) == frozenset()
    Allocation.objects.for_centre(world.centres[A].pk).update(ends_on=world.today)
    assert (bool(both(world)), bool(both(world, since=1))) == (True, False)


@pytest.mark.parametrize(
    ("looks", "assures", "found"),
    [((3, 5), (0, 3), True), ((3, 5), (0, 2), False), ((3, 5), (5, None), True), ((3, 5), (6, None), False)],
)
def test_both_on_one_day_is_what_matters(world, looks, assures, found):
    first, last = (world.today + n * DAY for n in looks)
    Allocation.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["LA1"]).update(
        starts_on=first, ends_on=last
    )
    assuring(world, "AA1", days=assures)
    assert bool(both(world)) is found


def test_who_has_the_registration_that_moves_counts_and_who_has_another_does_not(world):
    made.publish_more(world.at)
    second = made.register(world, made.LEGACY, who="LA1")
    allocate(world, to="AA2", registration=second)
    assuring(world, "AA2")
    assert both(world) == frozenset()
    assert both(world, registration=world.registrations["LA1"]) == frozenset()
    assert both(world, registration=second) == {world.people["AA2"].full_name}


def test_a_centre_that_works_under_the_body_asks_nobody(world):
    assert visitors_of_ours(world.centres[A].pk, "OCR", world.today) == frozenset()
    assert visitors_of_ours(world.centres[A].pk, "Another", world.today) == frozenset()


# --- names and days ---------------------------------------------------------------------------------------------------


def test_a_person_is_known_by_the_newest_name_of_this_centre(world):
    centre, person = world.centres[A].pk, world.people["AA1"]
    assert known_as(centre, person) == person.full_name
    for number, name in enumerate(("First Name", "Second Name", "")):
        Membership.objects.create(
            centre_id=centre, person=person, role=[Role.ADMIN, Role.IQA, Role.LEAD_IQA][number],
            starts_on=world.today, known_as=name, created_at=world.at,
        )  # fmt: skip
    assert known_as(centre, person) == "Second Name"
    assert known_as(world.centres["10002"].pk, person) == person.full_name


def test_roles_that_are_in_force_or_will_be(world):
    centre, person = world.centres[A].pk, world.people["AA1"].pk
    Membership.objects.for_centre(centre).filter(person=person).update(ends_on=world.today)
    for role, days in ((Role.ADMIN, 9), (Role.IQA, -9)):
        Membership.objects.create(
            centre_id=centre, person_id=person, role=role, starts_on=world.today + days * DAY, created_at=world.at
        )
    assert [row.role for row in not_over(centre, person, world.today)] == ["assessor", "iqa", "admin"]
    assert [row.role for row in not_over(centre, person, world.today + DAY)] == ["iqa", "admin"]
