"""Two people, or one in two tabs, decide at the same moment: one thing happens, the other is told."""

import pytest

from assessments.models import Exemption, LedgerEntry
from assessments.queries.chain import broken_links
from assessments.services import carry_over, decline_carry, revoke_exemption
from common import clock
from tests.assessments.test_declining import WHY_ANEW
from tests.assessments.test_exempting import MISTAKE, put, settle
from tests.factories import moving as made
from tests.factories.world import two_centres
from tests.portfolio.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world():
    return two_centres()


def test_let_through_and_declined_at_once_is_one_or_the_other(world):
    made.publish_more(world.at)
    old = world.registrations["LA1"]
    made.achieved(world, made.unit_of(old, made.SHARED[0]), "LA1", "AA1")
    new = made.move(world, old, made.HIGHER)
    actor, unit = world.actor("AA1"), made.unit_of(new, made.SHARED[0])
    found = at_once(
        lambda: carry_over(actor=actor, learner_unit=unit, reauthenticated=True, at=clock.now()),
        lambda: decline_carry(actor=actor, learner_unit=unit, reason=WHY_ANEW, at=clock.now()),
    )
    assert sorted(found) in (["already-signed", "done"], ["declined", "done"])
    acts = LedgerEntry.objects.for_centre(new.centre_id).filter(registration=new).values_list("act", flat=True)
    state = made.unit_of(new, made.SHARED[0]).state
    assert (list(acts), state) in ((["carried_over"], "achieved"), (["carry_declined"], "selected"))
    assert list(broken_links()) == []


def test_an_exemption_is_withdrawn_once_by_two_at_once(world):
    row, actor = settle(world, put(world)), world.actor("QA")
    act = [lambda: revoke_exemption(actor=actor, exemption=row, reason=MISTAKE, at=clock.now())] * 2
    assert sorted(at_once(*act)) == ["done", "not-approved"]
    assert Exemption.objects.for_centre(row.centre_id).get(pk=row.pk).state == "revoked"
    assert LedgerEntry.objects.for_centre(row.centre_id).filter(act="reopened").count() == 1
    assert list(broken_links()) == []
