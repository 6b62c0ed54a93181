"""Two admins put records right at the same moment: one thing happens, the other is told."""

import pytest

from centres.models import Correction, Learner
from centres.queries.seen import record_mark
from tests.centres.test_correcting import DAY, NUMBER, again, correct, seen_paper
from tests.factories.world import two_centres
from tests.portfolio.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return two_centres()


def test_a_name_and_a_birthday_at_once_are_one_and_no_other_person(world):
    old, paper = again(world), seen_paper(world)
    found = at_once(
        lambda: correct(world, family_name="Ashdown", proof=paper),
        lambda: correct(world, date_of_birth=old.date_of_birth + DAY, proof=paper),
    )
    # the slower one was typed before or after the faster one was done: then its record differs in both, or in one
    assert sorted(found) in (["another-person-in-steps", "done"], ["another-person", "done"])
    now = again(world)
    assert (now.family_name == "Ashdown") != (now.date_of_birth != old.date_of_birth)


def test_one_number_typed_for_two_learners_at_once_is_one_learners(world):
    found = at_once(lambda: correct(world, "LA1", uln=NUMBER), lambda: correct(world, "LA2", uln=NUMBER))
    assert sorted(found) == ["done", "same-uln"]
    assert Learner.objects.for_centre(world.centres["10001"].pk).filter(uln=NUMBER).count() == 1


def test_of_two_tabs_the_slower_is_told(world):
    seen = record_mark(again(world))
    found = at_once(
        lambda: correct(world, gender="F", seen=seen), lambda: correct(world, workplace="Quay Street", seen=seen)
    )
    assert sorted(found) == ["done", "stale"]
    assert Correction.objects.for_centre(world.centres["10001"].pk).count() == 1
