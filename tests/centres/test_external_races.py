"""Two centres decide about one person at the same moment: they look in at one, or work at the other (R99)."""

import pytest

from centres.enums import Role
from centres.models import Membership
from tests.centres.acts import invite
from tests.centres.test_external import answer, propose
from tests.centres.test_registering import register
from tests.factories import rules as rulers
from tests.factories.world import two_centres
from tests.portfolio.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return two_centres()


def roles_everywhere(person):
    return set(Membership.objects.across_centres(reason="a test looks").filter(person=person).values_list("role"))


@pytest.mark.parametrize("way", ["invited", "registered"])
def test_one_of_two_centres_is_told_that_they_are_not_independent(world, way):
    rulers.lead(world, "QA")
    proposal = propose(world)
    who = proposal.person
    there = {
        "invited": lambda: invite(world, by="CB", email=who.email, roles=[Role.ASSESSOR]),
        "registered": lambda: register(world, by="CB", email=who.email, assessor_id=None),
    }[way]
    found = at_once(lambda: answer(world, proposal), there)
    assert sorted(found) == ["done", "external-elsewhere"]
    assert len(roles_everywhere(who)) == 1
