"""Where a piece goes once what else it was offered for is closed, or decided (3.1)."""

import pytest

from assessments.services.settling import close_and_settle, settle_evidence
from centres.models import LearnerUnit, Registration
from common import clock
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import Evidence, EvidenceMapping
from portfolio.services import Chosen, set_mappings
from tests.factories import moving
from tests.factories import portfolio as made

OTHER = "J-506-2132"
S, M = EvidenceState, MappingState
ANSWERED = {M.MET: S.ACCEPTED, M.MET_PROVISIONAL: S.ACCEPTED, M.NOT_YET: S.RETURNED, M.NOT_RELEVANT: S.RETURNED}


@pytest.fixture
def two(world):
    """A sent piece, offered for a criterion in each of two units."""
    piece = made.draft(world)
    chosen = [made.ticked(world, "4.1"), made.ticked(world, "1.1", unit=OTHER)]
    set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=chosen, unsure=False, at=clock.now())
    made.send(world, piece)
    return piece


def put(piece, state, other):
    Evidence.objects.for_centre(piece.centre_id).filter(pk=piece.pk).update(state=state)
    rows = EvidenceMapping.objects.for_centre(piece.centre_id).filter(evidence=piece)
    rows.filter(learner_unit__unit__key=made.UNIT).update(state=M.OFFERED)
    rows.filter(learner_unit__unit__key=OTHER).update(state=other)
    return made.again(piece)


def states(piece):
    rows = piece.mappings.order_by("learner_unit__unit__key").values_list("learner_unit__unit__key", "state")
    return dict(rows)


def close(world, *units):
    close_and_settle(units=units, centre_id=world.centres["10001"].pk, at=clock.now())


def test_a_piece_on_which_all_else_was_answered_waits_for_nobody(world, two):
    unit = world.unit("LA1", made.UNIT)
    for state in (S.SUBMITTED, S.IN_REVIEW):
        for other in M:
            put(two, state, other)
            close(world, unit)
            assert made.again(two).state == ANSWERED.get(other, state), (state, other)
            assert states(two) == {made.UNIT: M.CLOSED, OTHER: other}


def test_what_its_learner_has_or_is_done_stays(world, two):
    for state in (S.DRAFT, S.RETURNED, S.ACCEPTED, S.WITHDRAWN):
        put(two, state, M.MET)
        close(world, world.unit("LA1", made.UNIT))
        assert made.again(two).state == state
        assert states(two)[made.UNIT] == M.CLOSED


def test_nothing_decided_is_closed_and_nothing_elsewhere(world, two):
    for decided in (M.MET, M.MET_PROVISIONAL, M.NOT_YET, M.NOT_RELEVANT):
        put(two, S.IN_REVIEW, decided)
        close(world, world.unit("LA1", OTHER))
        assert (made.again(two).state, states(two)) == (S.IN_REVIEW, {made.UNIT: M.OFFERED, OTHER: decided})
    close(world, world.unit("LA2", made.UNIT))
    close(world)
    assert states(two)[made.UNIT] == M.OFFERED


def test_history_of_a_registration_that_is_over_answers_nothing(world):
    """What was decided there is no answer to what the piece is offered for now."""
    moving.publish_more(world.at)
    second = moving.register(world, moving.LEGACY, "LA1")
    unit = moving.unit_of(second, moving.PHONE)
    piece = made.draft(world)
    chosen = [made.ticked(world, "4.1"), Chosen(unit.public_id, unit.unit.criteria.get(number="1.2").public_id)]
    set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=chosen, unsure=False, at=clock.now())
    made.send(world, piece)
    rows = piece.mappings.filter(learner_unit=unit)
    rows.update(state=M.MET)
    for over, expected in (("withdrawn", S.SUBMITTED), ("active", S.ACCEPTED)):
        Registration.objects.for_centre(piece.centre_id).filter(pk=second.pk).update(state=over)
        mine = LearnerUnit.objects.for_centre(piece.centre_id).get(pk=world.unit("LA1", made.UNIT).pk)
        piece.mappings.filter(learner_unit=mine).update(state=M.OFFERED)
        close(world, mine)
        assert made.again(piece).state == expected, over


@pytest.mark.parametrize("back", [False, True])
def test_a_piece_goes_where_its_mappings_are(world, two, back):
    for other in M:
        put(two, S.IN_REVIEW, other)
        settle_evidence(made.again(two), clock.now(), sending_back=back)
        assert made.again(two).state == (S.RETURNED if back else S.IN_REVIEW), other
