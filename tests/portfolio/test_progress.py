"""Strips and statuses from mappings alone."""

import datetime as dt

import pytest

from centres.enums import UnitState
from centres.models import LearnerUnit
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import EvidenceMapping
from portfolio.queries.progress import criteria_of_learner, unit_progress
from portfolio.services import advance_evidence, advance_mapping, withdraw_evidence
from qualifications.models import Criterion
from tests.factories import portfolio as make

AT = dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC)


def units(world, who="LA1"):
    learner = world.learners[who]
    return list(LearnerUnit.objects.for_centre(learner.centre_id).filter(learner=learner).select_related("unit"))


def strip(world, who="LA1", key=make.UNIT):
    found = unit_progress(units(world, who))[world.unit(who, key).pk]
    return {number: status for status, _outcome, number in found.cells}


def judge(world, version, number, to):
    row = EvidenceMapping.objects.for_centre(version.centre_id).get(evidence=version.evidence, criterion__number=number)
    advance_mapping(mapping=row, to=to, expected_round=row.round, at=AT)


def test_every_criterion_has_a_cell_in_its_order(world):
    found = unit_progress(units(world))[world.unit("LA1", make.UNIT).pk]
    numbers = list(Criterion.objects.filter(unit__key=make.UNIT).order_by("position").values_list("number", flat=True))
    assert [number for _s, _o, number in found.cells] == numbers
    assert {outcome for _s, outcome, number in found.cells if number.startswith("4.")} == {4}
    assert (found.total, found.todo, found.met) == (len(numbers), len(numbers), 0)


def test_a_strip_follows_what_happens(world):
    piece = make.draft(world)
    make.choose(world, piece, numbers=("1.1", "1.2", "1.3", "4.1"))
    assert strip(world)["1.1"] == "draft"
    version = make.send(world, piece)
    assert strip(world)["1.1"] == "sent"
    version = make.open_it(world, version)
    judge(world, version, "1.1", MappingState.MET)
    judge(world, version, "1.2", MappingState.MET_PROVISIONAL)
    judge(world, version, "1.3", MappingState.NOT_YET)
    advance_evidence(evidence=make.again(piece), to=EvidenceState.RETURNED, at=AT)
    found = unit_progress(units(world))[world.unit("LA1", make.UNIT).pk]
    cells = {number: status for status, _o, number in found.cells}
    assert [cells[n] for n in ("1.1", "1.2", "1.3", "4.1", "1.4")] == ["met", "provisional", "notyet", "back", "todo"]
    assert (found.met, found.provisional, found.not_yet, found.back, found.sent, found.draft) == (1, 1, 1, 1, 0, 0)
    assert found.todo == found.total - 4


def test_met_in_an_achieved_unit_is_sealed(world):
    version = make.opened(world)
    judge(world, version, "1.1", MappingState.MET)
    row = world.unit("LA1", make.UNIT)
    LearnerUnit.objects.for_centre(row.centre_id).filter(pk=row.pk).update(state=UnitState.ACHIEVED)
    assert strip(world)["1.1"] == "seal"
    found = unit_progress(units(world))[row.pk]
    assert found.met == found.total, "an achieved unit counts whole, be it carried over"


def test_what_was_withdrawn_counts_for_nothing(world):
    version = make.sent(world)
    withdraw_evidence(actor=world.actor("LA1"), evidence=make.again(version.evidence), at=AT)
    assert strip(world)["1.1"] == "todo"


def test_two_pieces_for_one_criterion_show_the_better(world):
    first = make.opened(world)
    judge(world, first, "1.1", MappingState.NOT_YET)
    assert strip(world)["1.1"] == "notyet"
    make.sent(world)
    assert strip(world)["1.1"] == "sent"


def test_a_twin_in_the_other_centre_does_not_show(world):
    make.sent(world, "LB1")
    make.sent(world, "LA2")
    assert set(strip(world).values()) == {"todo"}
    assert strip(world, "LB1")["1.1"] == "sent"


@pytest.mark.parametrize("number", [1, 6])
def test_two_queries_for_one_unit_and_for_six(world, number, django_assert_num_queries):
    make.sent(world, numbers=("1.1", "1.2", "4.1"))
    some = units(world)[:number]
    with django_assert_num_queries(2):
        assert len(unit_progress(some)) == number


def test_no_unit_no_progress(db):
    assert unit_progress([]) == {}


# --- the criteria of a learner


def test_every_criterion_of_every_chosen_unit_with_its_status(world, django_assert_num_queries):
    make.sent(world)
    learner = world.learners["LA1"]
    with django_assert_num_queries(3):
        rows = criteria_of_learner(learner)
    assert len(rows) == Criterion.objects.filter(unit__in=[u.unit_id for u in units(world)]).count()
    one = next(r for r in rows if r.status == "sent")
    criterion = world.criterion(make.UNIT, "1.1")
    assert (one.criterion_id, one.number, one.text, one.kind) == (
        criterion.public_id,
        "1.1",
        criterion.text,
        "knowledge",
    )
    assert one.learner_unit_id == world.unit("LA1", make.UNIT).public_id
    assert (one.unit_number, one.outcome_number, one.unit_frozen) == ("1", 1, False)


def test_a_dropped_unit_is_left_out_and_a_signed_one_marked(world):
    first, second = world.unit("LA1", make.UNIT), world.unit("LA1", "J-506-2132")
    rows = LearnerUnit.objects.for_centre(first.centre_id)
    rows.filter(pk=first.pk).update(state=UnitState.DROPPED)
    rows.filter(pk=second.pk).update(state=UnitState.ASSESSOR_SIGNED)
    found = criteria_of_learner(world.learners["LA1"])
    assert first.public_id not in {r.learner_unit_id for r in found}
    assert {r.unit_frozen for r in found if r.learner_unit_id == second.public_id} == {True}
