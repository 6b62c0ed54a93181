"""Every act holds first what another act may change, in the one order of decision 9: centre, person, registration, unit.

What comes of it where one does not is tried by two at once on PostgreSQL; here each is seen to ask for its rows.
"""

import pytest

from centres import services as cs
from centres.enums import Role
from centres.models import Allocation, Countersigner, Registration
from centres.services.holding import hold_unit, hold_work
from common import clock
from tests.centres import test_addresses as addresses
from tests.centres import test_choosing as choosing
from tests.centres import test_correcting as correcting
from tests.centres import test_external as external
from tests.centres import test_gates as gates
from tests.centres.acts import held, invite
from tests.centres.holds import holding
from tests.centres.test_apart import add
from tests.centres.test_caseload import allocate, set_for
from tests.centres.test_coming_under import approve, new_centre
from tests.centres.test_registering import register
from tests.centres.test_scheduling import save, turned
from tests.factories import moving as made
from tests.factories import rules as rulers
from tests.factories.world import A


def office(world, act, **given):
    return act(actor=world.actor("CA"), at=clock.now(), **given)


def grant(world):
    return office(world, cs.grant_role, person=world.people["AA1"], role=Role.ADMIN, starts_on=world.today)


def end_role(world):
    return office(world, cs.end_membership, membership=held(world, "QA", Role.IQA), on=world.today)


def end_access(world):
    return office(world, cs.end_access, person=world.people["QA"])


def end_allocation(world):
    row = Allocation.objects.for_centre(world.centres[A].pk).get(learner=world.learners["LA1"])
    return office(world, cs.end_allocation, allocation=row, on=world.today)


def end_link(world):
    link = Countersigner.objects.for_centre(world.centres[A].pk).get()
    return office(world, cs.end_countersigner, link=link, on=world.today)


def move_learners(world):
    to = {"assessor_id": world.people["AA2"].pk, "starts_on": world.today, "reason": "leave"}
    return office(world, cs.move_learners, learners=[world.learners["LA1"]], **to)


def change_units(world):
    return choosing.change(world, choosing.optional(world)[:-1])


def move(world):
    row = Registration.objects.for_centre(world.centres[A].pk).get(pk=world.registrations["LA1"].pk)
    places = {"qualification_id": world.certificate.pk, "place_ids": (), "reason": made.WHY}
    return office(world, cs.move_registration, registration=row, **places)


def read_induction(world):
    world.people["NEW"] = register(world).learner.person
    with holding() as found:
        gates.read(world, "NEW", centre=A)
    return found


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (invite, "Centre User User"),
        (grant, "Centre User"),
        (end_role, "Centre"),
        (end_access, "Centre"),
        (allocate, "Centre"),
        (move_learners, "Centre"),
        (end_allocation, "Centre"),
        (set_for, "Centre"),
        (end_link, "Centre"),
        (register, "Centre User"),
        (lambda world: register(world, email=world.people["LB1"].email), "Centre User User"),
        (add, "Centre User"),
        (change_units, "Centre Registration LearnerUnit"),
        (move, "Centre Registration LearnerUnit"),
        (lambda world: save(world, turned(world)), "Centre Registration LearnerUnit"),
        (lambda world: correcting.correct(world, gender="F"), "Centre Learner"),
        (lambda world: correcting.step(world, "requested"), "Centre Learner"),
        (gates.letter, "Centre"),
        (gates.identify, "Centre"),
        (lambda world: gates.switch(world, asks_identity=False), "Centre"),
        (rulers.proposed, "Centre"),
        (rulers.exception, "Centre Registration LearnerUnit"),
        (external.propose, "Centre User"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.__name__,
)
def test_an_act_holds_what_it_asks_about_in_one_order(world, act, expected):
    with holding() as found:
        act(world)
    assert " ".join(found) == expected


def test_the_second_person_holds_too(world):
    rule, visit = rulers.proposed(world), external.propose(world)
    rulers.lead(world)
    with holding() as found:
        rulers.agree(world, rule)
    assert found == ["Centre"]
    with holding() as found:
        external.answer(world, visit)
    assert found == ["Centre", "User"]


def test_a_corrected_address_holds_the_person(world):
    person = addresses.joiner(world)
    with holding() as found:
        addresses.correct(world, person)
    assert found[:2] == ["Centre", "User"]


def test_a_learner_who_reads_the_induction_holds_the_centre(world):
    assert read_induction(world) == ["Centre"]


def test_a_centre_that_comes_under_a_body_holds_everybody_of_it_first(world):
    new_centre(world)
    with holding() as found:
        approve(world)
    assert found == ["Centre", "User"]


def test_work_is_held_registration_first_and_as_it_is_now(world):
    unit = world.unit("LA1", "A-506-2130")
    with holding() as found:
        assert hold_unit(unit).registration.learner_id == unit.learner_id
        units = hold_work(unit.centre_id, [unit.learner_id])
    assert found == ["Registration", "LearnerUnit"] * 2
    assert unit.pk in units
    assert {row.learner_id for row in units.values()} == {unit.learner_id}
    assert list(units) == sorted(units)
