"""Moving on, and back, again and again: nobody who is named loses sight, and nothing that waited is lost (R13, R34)."""

import pytest

from assessments.queries.transferring import carry_offers, offers_of
from assessments.services import carry_over
from centres import services
from centres.enums import UnitState
from centres.models import Allocation
from centres.queries import assessed_registrations, visible_registrations
from common import clock
from portfolio.queries.core import seen_registrations
from tests.factories import moving as made
from tests.factories.portfolio import again


def named(world, row, to="AA2"):
    """Give this one registration to an assessor of its own."""
    return services.allocate(
        actor=world.actor("CA"),
        learner=world.learners["LA1"],
        assessor_id=world.people[to].pk,
        starts_on=world.today,
        reason="It is hers.",
        registration=row,
        at=clock.now(),
    )


def back_and_forth(world, row, times):
    """Move from one qualification to the other and back; return all registrations on the way, the first one first."""
    rows = [row]
    for n in range(times):
        rows.append(made.move(world, rows[-1], (made.LEGACY, made.HIGHER)[n % 2]))
    return rows


@pytest.fixture
def first(world):
    """LA1's second registration, for what is moved here; the diploma stays with AA1."""
    made.publish_more(world.at)
    return made.register(world, made.HIGHER, "LA1")


@pytest.mark.parametrize("times", [1, 2, 3, 5])
def test_whoever_is_named_sees_everything_on_the_way(world, first, times):
    named(world, first)
    rows = back_and_forth(world, first, times)
    actor, wanted = world.actor("AA2"), {row.pk for row in rows}
    for found in (assessed_registrations(actor), visible_registrations(actor), seen_registrations(actor)):
        assert set(found.filter(learner=world.learners["LA1"]).values_list("pk", flat=True)) == wanted
    open_now = Allocation.objects.for_centre(first.centre_id).get(
        assessor=actor.person_id, registration__isnull=False, ends_on=None
    )
    assert open_now.registration_id == rows[-1].pk


def test_nobody_else_sees_more_by_it(world, first):
    named(world, first)
    rows = back_and_forth(world, first, 3)
    assert not visible_registrations(world.actor("DUO")).filter(pk__in=[row.pk for row in rows]).exists()
    mine = assessed_registrations(world.actor("AA1")).values_list("pk", flat=True)
    assert set(mine) == {world.registrations["LA1"].pk}
    there = assessed_registrations(world.actor("AA2")).filter(learner=world.learners["LA1"])
    assert world.registrations["LA1"].pk not in set(there.values_list("pk", flat=True))


def test_a_unit_signed_four_registrations_ago_counts_again(world, first):
    named(world, first)
    made.achieved(world, made.unit_of(first, made.SHARED[0]), "LA1", "AA2")
    last = back_and_forth(world, first, 4)[-1]
    [offer] = carry_offers(world.actor("AA2"), last)
    unit = made.unit_of(last, made.SHARED[0])
    assert offer.unit_id == unit.public_id
    carry_over(actor=world.actor("AA2"), learner_unit=unit, reauthenticated=True, at=clock.now())
    assert made.unit_of(last, made.SHARED[0]).state == UnitState.ACHIEVED


def test_what_waited_before_the_first_move_is_offered_after_the_last(world, first):
    named(world, first)
    waiting = made.piece(world, made.unit_of(first, made.HIGHER_UNITS[2]), ["1.1"], "LA1")
    last = back_and_forth(world, first, 4)[-1]
    assert again(waiting).state == "submitted"
    for who in ("LA1", "AA2"):
        assert waiting.public_id in {piece.id for piece in offers_of(world.actor(who), last)}
