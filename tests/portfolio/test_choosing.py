"""Dropping a unit in which evidence was accepted: asked for once, and the work is kept (R43)."""

import pytest

from centres.models import LearnerUnit
from common.refusals import Refused
from portfolio.models import EvidenceMapping
from portfolio.queries.choice import accepted_work, chosen_units
from portfolio.services import change_choice
from qualifications.models import Place
from tests.assessments.conftest import judge
from tests.factories import portfolio as made


def test_what_is_accepted_is_counted_where_it_is_not_enough_too(world):
    row, unit = world.registrations["LA1"], world.unit("LA1", "D-506-2119")
    judge(world, made.opened(world, numbers=["1.1", "1.2"], unit="D-506-2119").evidence, by="AA1")
    one, other = (world.criterion("D-506-2119", number).pk for number in ("1.1", "1.2"))
    known = chosen_units(row)[unit.place_id]
    assert (known.progress.met, known.progress.part, known.accepted) == (2, 0, 2)
    short = chosen_units(row, lambda units: [(u.pk, one) for u in units])[unit.place_id]
    assert (short.progress.met, short.progress.part, short.accepted) == (1, 1, 2)
    both = chosen_units(row, lambda units: [(u.pk, c) for u in units for c in (one, other)])[unit.place_id]
    assert (both.progress.met, both.accepted) == (0, accepted_work(row)[unit.place_id])


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
    before = list(EvidenceMapping.objects.for_centre(row.centre_id).order_by("pk").values())
    assert change_choice(**facts, confirmed=True) == 1
    assert list(EvidenceMapping.objects.for_centre(row.centre_id).order_by("pk").values()) == before
    assert LearnerUnit.objects.for_centre(row.centre_id).get(pk=unit.pk).state == "dropped"


def test_what_a_trainee_accepted_is_asked_about_and_not_called_met(world):
    unit = world.unit("LA3", "D-506-2119")
    judge(world, made.opened(world, "LA3", by="AT1", numbers=["1.1"], unit="D-506-2119").evidence, by="AT1")
    found = chosen_units(world.registrations["LA3"])[unit.place_id]
    assert (found.progress.met, found.progress.provisional, found.accepted) == (0, 1, 1)
