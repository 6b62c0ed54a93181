"""Dropping a unit in which evidence was accepted: asked for once, and the work is kept (R43)."""

import pytest

from centres.models import LearnerUnit
from common.refusals import Refused
from portfolio.models import Claim
from portfolio.queries.choice import accepted_work
from portfolio.services import change_choice
from qualifications.models import Place
from tests.assessments.conftest import judge
from tests.factories import portfolio as made


def test_accepted_work_is_asked_about_and_kept(world, django_assert_num_queries):
    row, unit = world.registrations["LA1"], world.unit("LA1", "D-506-2119")
    judged = made.opened(world, numbers=["1.1"], unit="D-506-2119").evidence
    judge(world, judged, by="AA1")
    with django_assert_num_queries(1):
        assert accepted_work(row) == {unit.place_id: 1}
    others = Place.objects.filter(group__qualification=world.diploma).exclude(pk=unit.place_id)
    facts = {
        "actor": world.actor("CA"),
        "registration": row,
        "place_ids": list(others.values_list("pk", flat=True)),
        "reason": "Another job",
        "at": world.at,
    }
    with pytest.raises(Refused) as caught:
        change_choice(**facts)
    assert [r.code for r in caught.value.refusals] == ["accepted-work"]
    before = list(Claim.objects.for_centre(row.centre_id).order_by("pk").values())
    assert change_choice(**facts, confirmed=True) == 1
    assert list(Claim.objects.for_centre(row.centre_id).order_by("pk").values()) == before
    assert LearnerUnit.objects.for_centre(row.centre_id).get(pk=unit.pk).state == "dropped"
