"""Two people, or one in two tabs, decide at the same moment: one thing happens, the other is told."""

import pytest

from assessments.models import Exemption, LedgerEntry
from assessments.queries.chain_faults import broken_links
from assessments.services import carry_over, decline_carry, revoke_exemption
from centres.enums import UnitState
from centres.models import LearnerUnit
from common import clock
from tests.assessments.test_declining import WHY_ANEW
from tests.assessments.test_exempting import KEY, MISTAKE, put, settle
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


def test_one_number_recorded_for_two_learners_at_once_is_seen_by_the_second(world):
    found = at_once(lambda: put(world, who="LA1"), lambda: put(world, who="LA2"))
    assert sorted(found) == ["done", "number-used"]
    assert Exemption.objects.for_centre(world.centres["10001"].pk).count() == 1


def test_the_last_two_assessed_units_do_not_become_exempt_at_once(world):
    mine = LearnerUnit.objects.for_centre(world.centres["10001"].pk).filter(registration=world.registrations["LA1"])
    rows = [put(world), put(world, key="J-506-2132", unit_reference="J/506/2132", certificate_number="C-2")]
    mine.exclude(unit__key__in=[KEY, "J-506-2132"]).update(state=UnitState.DROPPED)
    assert sorted(at_once(*[lambda row=row: settle(world, row) for row in rows])) == ["done", "few-assessed"]


def test_an_exemption_is_withdrawn_once_by_two_at_once(world):
    row, actor = settle(world, put(world)), world.actor("QA")
    act = [
        lambda: revoke_exemption(actor=actor, exemption=row, reason=MISTAKE, reauthenticated=True, at=clock.now())
    ] * 2
    assert sorted(at_once(*act)) == ["done", "not-approved"]
    assert Exemption.objects.for_centre(row.centre_id).get(pk=row.pk).state == "revoked"
    assert LedgerEntry.objects.for_centre(row.centre_id).filter(act="reopened").count() == 1
    assert list(broken_links()) == []
