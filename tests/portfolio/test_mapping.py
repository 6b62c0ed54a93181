"""Choosing criteria: by the learner on a draft, by the assessor on what was sent."""

import datetime as dt

import pytest

from centres.enums import FROZEN_UNITS, RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from common.ids import new_public_id
from common.refusals import Forbidden, NotFound, Refused, Stale
from portfolio.enums import MappingState
from portfolio.models import EvidenceMapping
from portfolio.services import Chosen, add_mapping, advance_mapping, set_mappings, withdraw_evidence
from qualifications.models import Criterion
from tests.factories import portfolio as make

AT = dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC)


def codes(caught):
    return [r.code for r in caught.value.refusals]


def tick(world, evidence, *chosen, who="LA1", unsure=False):
    return set_mappings(actor=world.actor(who), evidence=evidence, chosen=chosen, unsure=unsure, at=AT)


def put_unit(world, state, who="LA1", unit=make.UNIT):
    row = world.unit(who, unit)
    LearnerUnit.objects.for_centre(row.centre_id).filter(pk=row.pk).update(state=state)


def judge(evidence, number, to):
    row = EvidenceMapping.objects.for_centre(evidence.centre_id).get(evidence=evidence, criterion__number=number)
    if row.state == MappingState.PROPOSED:
        row = advance_mapping(mapping=row, to=MappingState.OFFERED, expected_round=row.round, at=AT)
    return advance_mapping(mapping=row, to=to, expected_round=row.round, at=AT)


def test_ticks_become_exactly_what_was_chosen(world, mappings, last_event):
    piece = make.draft(world)
    assert tick(world, piece, make.ticked(world, "1.1"), make.ticked(world, "4.1")) == []
    tick(world, piece, make.ticked(world, "4.1"), make.ticked(world, "1.2", unit="J-506-2132"))
    assert mappings(piece) == {"4.1": "proposed", "1.2": "proposed"}
    assert last_event("mappings.set").facts == {"criteria": 2, "unsure": False}
    assert EvidenceMapping.objects.for_centre(piece.centre_id).count() == 2  # an unsent tick leaves no trace


def test_the_record_counts_what_stands_whether_ticked_now_before_or_met(world, last_event):
    piece = make.draft(world)
    counts = []
    for numbers in (("1.1", "1.2", "4.1"), ("1.1", "1.2"), ("1.2",), ("4.1", "4.2")):
        tick(world, piece, *(make.ticked(world, number) for number in numbers))
        counts.append(last_event("mappings.set").facts["criteria"])
        if counts == [3, 2]:
            judge(piece, "1.1", MappingState.MET)  # it stays, ticked or not
    assert counts == [3, 2, 2, 3]


def test_where_to_look_is_kept_and_changed(world):
    piece = make.draft(world)
    tick(world, piece, make.ticked(world, "1.1", page=2, note=" the last line "))
    tick(world, piece, make.ticked(world, "1.1", seconds=75))
    row = piece.mappings.get()
    assert (row.page, row.seconds, row.note) == (None, 75, "")


def test_how_they_came_to_it_is_kept_and_nonsense_is_the_unit(world):
    piece = make.draft(world)
    tick(
        world,
        piece,
        make.ticked(world, "1.1", origin="suggestion"),
        make.ticked(world, "1.2", origin="assessor_said_so"),
    )
    assert dict(piece.mappings.values_list("criterion__number", "origin")) == {"1.1": "suggestion", "1.2": "unit"}


def test_the_same_criterion_twice_is_one_mapping(world, mappings):
    piece = make.draft(world)
    tick(world, piece, make.ticked(world, "1.1", page=1), make.ticked(world, "1.1", page=3))
    assert piece.mappings.get().page == 3


def test_not_sure_is_kept(world):
    piece = make.draft(world)
    tick(world, piece, unsure=True)
    assert make.again(piece).unsure is True
    tick(world, piece, make.ticked(world, "1.1"))
    assert make.again(piece).unsure is False


def test_the_revision_of_the_words_does_not_move(world):
    piece = make.draft(world)
    tick(world, piece, make.ticked(world, "1.1"))
    assert make.again(piece).revision == piece.revision


def test_more_than_forty_warn_and_are_kept(world):
    piece = make.draft(world)
    rows = Criterion.objects.select_related("unit").exclude(unit__key__startswith="F-601").order_by("id")
    units = {
        row.unit.key: row
        for row in LearnerUnit.objects.for_centre(piece.centre_id).filter(learner=piece.learner).select_related("unit")
    }
    chosen = [Chosen(units[c.unit.key].public_id, c.public_id) for c in rows if c.unit.key in units][:41]
    assert len(chosen) == 41
    warnings = tick(world, piece, *chosen)
    assert [w.code for w in warnings] == ["many-criteria"]
    assert piece.mappings.count() == 41


@pytest.mark.parametrize("number", [2, 40])
def test_writing_ticks_costs_the_same_for_two_and_for_forty(world, number, django_assert_num_queries):
    piece = make.draft(world)
    rows = Criterion.objects.filter(unit__key__in=[make.UNIT, "J-506-2132"]).select_related("unit")[:number]
    units = {key: world.unit("LA1", key) for key in (make.UNIT, "J-506-2132")}
    chosen = [Chosen(units[c.unit.key].public_id, c.public_id) for c in rows]
    actor = world.actor("LA1")
    with django_assert_num_queries(12):
        set_mappings(actor=actor, evidence=piece, chosen=chosen, unsure=False, at=AT)


def test_criteria_outside_ones_units_are_refused_and_nothing_is_written(world, mappings):
    piece = make.draft(world)
    good = make.ticked(world, "1.1")
    other_unit = world.criterion("H-506-2154", "1.1").public_id
    for bad in (
        Chosen(world.unit("LA2", make.UNIT).public_id, good.criterion_id),
        Chosen(world.unit("LB1", make.UNIT).public_id, good.criterion_id),
        Chosen(good.learner_unit_id, other_unit),
        Chosen(good.learner_unit_id, "0" * 26),
        Chosen("", ""),
    ):
        with pytest.raises(Refused) as caught:
            tick(world, piece, good, bad)
        assert codes(caught) == ["not-your-unit"]
        assert mappings(piece) == {}


def test_a_dropped_unit_and_one_of_an_ended_registration_are_refused(world):
    piece = make.draft(world)
    put_unit(world, UnitState.DROPPED)
    with pytest.raises(Refused) as caught:
        tick(world, piece, make.ticked(world, "1.1"))
    assert codes(caught) == ["not-your-unit"]


def test_a_unit_of_an_ended_registration_is_refused_while_another_runs(world):
    piece = make.draft(world)
    ended = Registration.objects.create(
        centre=world.registrations["LA1"].centre,
        learner=world.learners["LA1"],
        qualification=world.certificate,
        state=RegistrationState.WITHDRAWN,
        starts_on=world.today,
        registered_by=world.people["CA"],
        created_at=AT,
    )
    row = world.unit("LA1", make.UNIT)
    row.pk, row.public_id, row.registration = None, new_public_id(), ended
    row.save(force_insert=True)
    with pytest.raises(Refused) as caught:
        tick(world, piece, Chosen(row.public_id, world.criterion(make.UNIT, "1.1").public_id))
    assert codes(caught) == ["not-your-unit"]


@pytest.mark.parametrize("state", sorted(FROZEN_UNITS))
def test_nothing_is_linked_to_a_signed_off_unit(world, state, mappings):
    piece = make.draft(world)
    put_unit(world, state)
    with pytest.raises(Refused) as caught:
        tick(world, piece, make.ticked(world, "1.1"))
    assert codes(caught) == ["unit-frozen"]
    assert mappings(piece) == {}


def test_an_unsent_tick_can_still_be_taken_off_a_signed_off_unit(world, mappings):
    piece = make.draft(world)
    tick(world, piece, make.ticked(world, "1.1"), make.ticked(world, "1.1", unit="J-506-2132"))
    put_unit(world, UnitState.ASSESSOR_SIGNED)
    tick(world, piece, make.ticked(world, "1.1", unit="J-506-2132"))
    assert mappings(piece) == {"1.1": "proposed"}


@pytest.mark.parametrize("to", [MappingState.MET, MappingState.MET_PROVISIONAL])
def test_what_is_met_stays_whatever_is_ticked(world, mappings, to):
    piece = make.draft(world)
    tick(world, piece, make.ticked(world, "1.1", page=4))
    judge(piece, "1.1", to)
    tick(world, piece, make.ticked(world, "1.2"))
    assert mappings(piece) == {"1.1": to, "1.2": "proposed"}
    tick(world, piece, make.ticked(world, "1.1", page=9))
    assert piece.mappings.get(criterion__number="1.1").page == 4


def test_a_met_mapping_in_a_signed_off_unit_does_not_stop_other_ticks(world, mappings):
    piece = make.draft(world)
    tick(world, piece, make.ticked(world, "1.1"))
    judge(piece, "1.1", MappingState.MET)
    put_unit(world, UnitState.ACHIEVED)
    tick(world, piece, make.ticked(world, "1.1"), make.ticked(world, "2.1", unit="J-506-2132"))
    assert mappings(piece) == {"1.1": "met", "2.1": "proposed"}


@pytest.mark.parametrize("to", [MappingState.NOT_YET, MappingState.NOT_RELEVANT])
def test_what_was_answered_no_can_be_taken_off_but_its_decisions_stay(world, mappings, to):
    piece = make.draft(world)
    tick(world, piece, make.ticked(world, "1.1"))
    judged = judge(piece, "1.1", to)
    tick(world, piece, unsure=True)
    assert mappings(piece) == {}
    assert EvidenceMapping.objects.for_centre(piece.centre_id).get(pk=judged.pk).state == MappingState.CLOSED
    tick(world, piece, make.ticked(world, "1.1"))
    assert mappings(piece) == {"1.1": "proposed"}
    assert piece.mappings.count() == 2


def test_ticks_on_a_sent_piece_are_stale(world, mappings):
    piece = make.sent(world).evidence
    with pytest.raises(Stale):
        tick(world, piece, make.ticked(world, "4.1"))
    assert mappings(piece) == {"1.1": "offered"}


@pytest.mark.parametrize("who", ["LA2", "AA1", "CA"])
def test_nobody_else_ticks(world, who):
    piece = make.draft(world)
    with pytest.raises(Forbidden):
        tick(world, piece, make.ticked(world, "1.1"), who=who)


# --- an assessor offers one more


def offer(world, evidence, number="4.1", *, who="AA1", learner="LA1", unit=make.UNIT):
    return add_mapping(
        actor=world.actor(who),
        evidence=evidence,
        learner_unit=world.unit(learner, unit),
        criterion_id=world.criterion(unit, number).public_id,
        at=AT,
    )


def test_the_assessor_offers_it_for_one_more(world, last_event, mappings):
    version = make.opened(world)
    row = offer(world, version.evidence)
    assert (row.state, row.origin, row.round, row.proposed_by) == ("offered", "assessor", 0, world.people["AA1"])
    assert mappings(version.evidence) == {"1.1": "offered", "4.1": "offered"}
    assert last_event("mapping.added").person_id == world.people["AA1"].pk


def test_what_is_on_it_already_is_not_added_again(world):
    version = make.opened(world)
    with pytest.raises(Refused) as caught:
        offer(world, version.evidence, "1.1")
    assert codes(caught) == ["already-offered"]


def test_only_on_what_is_with_the_assessor(world):
    piece = make.sent(world).evidence
    withdraw_evidence(actor=world.actor("LA1"), evidence=make.again(piece), at=AT)
    for evidence in (piece, make.draft(world)):
        with pytest.raises(Refused) as caught:
            offer(world, evidence)
        assert codes(caught) == ["not-open"]


def test_only_for_the_learners_own_open_units(world):
    version = make.opened(world)
    with pytest.raises(Refused) as caught:
        offer(world, version.evidence, learner="LA2")
    assert codes(caught) == ["not-your-unit"]
    put_unit(world, UnitState.ACHIEVED)
    with pytest.raises(Refused) as caught:
        offer(world, version.evidence)
    assert codes(caught) == ["unit-frozen"]


@pytest.mark.parametrize("who", ["AA2", "AT1", "QA", "CA", "LA1"])
def test_only_by_the_assessor_it_is_allocated_to(world, who):
    version = make.opened(world)
    with pytest.raises(Forbidden):
        offer(world, version.evidence, who=who)


def test_not_from_another_centre(world):
    version = make.opened(world)
    with pytest.raises(NotFound):
        offer(world, version.evidence, who="AB1")
    assert version.evidence.mappings.count() == 1
