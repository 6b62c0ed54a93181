"""Who registered a learner and who assesses them stay two people through moves and further registrations (section 4)."""

import pytest

from centres.enums import Role
from centres.models import Allocation
from common.refusals import Refused
from tests.centres.test_separations import allocate, also
from tests.factories import moving as made
from tests.factories.world import A


def moved_by_another(world, *codes):
    """LA1, whom CA registered, moved by the second admin AA2 from one qualification to the next."""
    made.publish_more(world.at)
    also(world, "CA", Role.ASSESSOR)
    also(world, "AA2", Role.ADMIN)
    row = world.registrations["LA1"]
    for code in codes:
        row = made.move(world, row, code, by="AA2")


def registrar_does_not_assess_after_somebody_elses_move(world):
    moved_by_another(world, made.HIGHER)
    allocate(world, "CA")


def registrar_needs_the_exception_after_two_moves_by_others(world):
    moved_by_another(world, made.HIGHER, made.LEGACY)
    allocate(world, "CA", by="AA2")


def whoever_moved_a_learner_does_not_assess_them(world):
    moved_by_another(world, made.HIGHER)
    allocate(world, "AA2", by="AA2")


def assessor_of_another_registration_does_not_move_this_one(world):
    made.publish_more(world.at)
    also(world, "AA2", Role.ADMIN)
    allocate(world, "AA2", registration=made.register(world, made.LEGACY, "LA1"))
    made.move(world, world.registrations["LA1"], made.HIGHER, by="AA2")


def assessor_of_one_registration_does_not_add_another(world):
    made.publish_more(world.at)
    also(world, "AA2", Role.ADMIN)
    allocate(world, "AA2", registration=world.registrations["LA1"])
    made.register(world, made.LEGACY, "LA1", by="AA2")


TABLE = [
    (registrar_does_not_assess_after_somebody_elses_move, "registrar-apart"),
    (registrar_needs_the_exception_after_two_moves_by_others, "registrar-exception"),
    (whoever_moved_a_learner_does_not_assess_them, "registrar-apart"),
    (assessor_of_another_registration_does_not_move_this_one, "registrar-apart"),
    (assessor_of_one_registration_does_not_add_another, "registrar-apart"),
]


@pytest.mark.parametrize(("act", "code"), TABLE, ids=lambda one: getattr(one, "__name__", one))
def test_one_person_does_not_hold_both(world, act, code):
    with pytest.raises(Refused) as caught:
        act(world)
    assert code in {refusal.code for refusal in caught.value.refusals}


def test_an_exception_stays_beside_the_allocation_through_moves_and_changes_of_assessor(world):
    """Neither another admin's move nor giving the learner away and back drops why the registrar may assess."""
    why = "Nobody else assesses this qualification here."
    made.publish_more(world.at)
    also(world, "CA", Role.ASSESSOR)
    also(world, "AA2", Role.ADMIN)
    allocate(world, "CA", by="AA2", exception=why)
    made.move(world, world.registrations["LA1"], made.HIGHER, by="AA2")
    rows = Allocation.objects.for_centre(world.centres[A].pk).filter(assessor=world.people["CA"], ends_on=None)
    assert rows.get().exception == why
    allocate(world, "AA1", by="AA2")
    with pytest.raises(Refused) as caught:
        allocate(world, "CA", by="AA2")
    assert [r.code for r in caught.value.refusals] == ["registrar-exception"]
    assert allocate(world, "CA", by="AA2", exception=why).exception == why
