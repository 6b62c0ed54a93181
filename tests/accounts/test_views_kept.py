"""By what a learner likes their work sorted stays with them, and is one of the ways there are (R45)."""

import pytest

from accounts import services
from accounts.enums import PortfolioView
from accounts.models import User
from common import clock
from common.refusals import Refused


@pytest.fixture
def person(db):
    return User.objects.create_user("maya@example.org", "kettle lantern violet", given_name="Maya", family_name="Price")


def test_a_view_is_remembered(person):
    for view in PortfolioView.values:
        services.keep_view(person=person, view=view, at=clock.now())
        assert User.objects.get(pk=person.pk).portfolio_view == view


def test_a_view_that_there_is_not_changes_nothing(person):
    with pytest.raises(Refused) as caught:
        services.keep_view(person=person, view="sideways", at=clock.now())
    assert [(r.code, r.field) for r in caught.value.refusals] == [("unknown-view", "view")]
    assert User.objects.get(pk=person.pk).portfolio_view == person.portfolio_view
