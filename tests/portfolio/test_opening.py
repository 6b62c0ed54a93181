"""Opening, and the steps that other services take."""

import datetime as dt

import pytest

from common.refusals import NotFound, Stale
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import Opening
from portfolio.services import (
    advance_evidence,
    advance_mapping,
    close_mappings_of,
    open_version,
    revise_evidence,
)
from portfolio.services.state_steps import move_mappings
from tests.factories import portfolio as make
from tests.portfolio.steps import AT, MET, NOT_YET

# --- opening


def openings(version):
    return Opening.objects.for_centre(version.centre_id).filter(version=version)


def test_the_assessors_opening_starts_the_review(world, last_event):
    version = make.sent(world)
    open_version(actor=world.actor("AA1"), version=version, at=AT)
    assert make.again(version.evidence).state == EvidenceState.IN_REVIEW
    assert openings(version).get().person == world.people["AA1"]
    event = last_event("evidence.opened")
    assert (event.person_id, event.object_id, event.facts) == (
        world.people["AA1"].pk,
        version.evidence.public_id,
        {"version": 1},
    )


@pytest.mark.parametrize("who", ["QA", "EA", "AA2", "LA1", "CA"])
def test_the_look_of_others_is_noted_and_moves_nothing(world, who):
    version = make.sent(world)
    open_version(actor=world.actor(who), version=version, at=AT)
    assert make.again(version.evidence).state == EvidenceState.SUBMITTED
    assert openings(version).count() == 1


def test_one_opening_an_hour(world, events):
    version = make.sent(world)
    for minutes in (0, 10, 59, 61, 70):
        open_version(actor=world.actor("AA1"), version=version, at=AT + dt.timedelta(minutes=minutes))
    assert openings(version).count() == 2
    assert events().count("evidence.opened") == 2


def test_an_older_version_opens_without_moving_the_newer_one(world):
    first = make.opened(world)
    advance_evidence(evidence=make.again(first.evidence), to=EvidenceState.RETURNED, at=AT)
    piece = revise_evidence(actor=world.actor("LA1"), evidence=make.again(first.evidence), at=AT)
    make.send(world, piece)
    first.evidence = make.again(piece)
    open_version(actor=world.actor("AA1"), version=first, at=AT)
    assert make.again(piece).state == EvidenceState.SUBMITTED


def test_from_another_centre_it_does_not_open(world):
    version = make.sent(world)
    with pytest.raises(NotFound):
        open_version(actor=world.actor("AB1"), version=version, at=AT)
    assert openings(version).count() == 0


# --- the steps themselves


def test_unknown_steps_are_faults_of_the_caller(world):
    version = make.sent(world)
    with pytest.raises(ValueError, match="not followed by"):
        advance_evidence(evidence=make.again(version.evidence), to=EvidenceState.ACCEPTED, at=AT)
    mapping = version.evidence.mappings.get()
    with pytest.raises(ValueError, match="not followed by"):
        advance_mapping(mapping=mapping, to=MappingState.OFFERED, expected_round=0, at=AT)
    with pytest.raises(ValueError, match="not followed by"):
        move_mappings(evidence=version.evidence, expected={MappingState.CLOSED}, to=MappingState.OFFERED, at=AT)


def test_a_slower_step_is_stale(world):
    version = make.opened(world)
    one, other = make.again(version.evidence), make.again(version.evidence)
    advance_evidence(evidence=one, to=EvidenceState.RETURNED, at=AT)
    with pytest.raises(Stale):
        advance_evidence(evidence=other, to=EvidenceState.ACCEPTED, at=AT)
    assert make.again(one).state == EvidenceState.RETURNED


def test_a_mapping_moves_once_a_round(world):
    version = make.opened(world)
    mapping, other = version.evidence.mappings.get(), version.evidence.mappings.get()
    judged = advance_mapping(mapping=mapping, to=MET, expected_round=0, at=AT)
    assert (judged.state, judged.round, judged.changed_at) == ("met", 1, AT)
    with pytest.raises(Stale):
        advance_mapping(mapping=other, to=NOT_YET, expected_round=0, at=AT)
    again = version.evidence.mappings.get()
    with pytest.raises(Stale):
        advance_mapping(mapping=again, to=NOT_YET, expected_round=0, at=AT)
    assert advance_mapping(mapping=again, to=NOT_YET, expected_round=1, at=AT).round == 2


def test_closing_closes_what_is_open(world):
    version = make.opened(world, numbers=("1.1", "4.1"))
    assert close_mappings_of(evidence=version.evidence, at=AT) == 2
    assert close_mappings_of(evidence=version.evidence, at=AT) == 0
