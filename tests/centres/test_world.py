"""The world of an actor is a set of registrations: who sees which, on which day, and nothing else of the same learner."""

import dataclasses
import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from centres import queries, services
from centres.access import learner_for, may_assess, may_assess_in, registration_for, unit_for
from centres.enums import RegistrationState, Role
from centres.models import Allocation, Assurance, Countersigner, LearnerUnit, Registration
from common.refusals import NotFound
from tests.factories import moving as made
from tests.factories.world import DIPLOMA, A

DAY = dt.timedelta(days=1)


@pytest.fixture
def second(world):
    """LA1 is registered for the legacy certificate as well, which nobody assures."""
    made.publish_more(world.at)
    return made.register(world, made.LEGACY, who="LA1")


def seen(world, code, day=None):
    """The registrations of LA1 that somebody sees, by entry code."""
    actor = world.actor(code, centre=A, on=day or world.today)
    rows = queries.visible_registrations(actor).filter(learner=world.learners["LA1"])
    return set(rows.values_list("qualification__entry_code", flat=True))


def judged(world, code, day=None):
    actor = world.actor(code, centre=A, on=day or world.today)
    rows = queries.assessed_registrations(actor).filter(learner=world.learners["LA1"])
    return set(rows.values_list("qualification__entry_code", flat=True))


def only(world, code, registration, **changed):
    """Let the allocation of somebody name one registration."""
    rows = Allocation.objects.for_centre(world.centres[A].pk).filter(assessor=world.people[code])
    rows.update(registration=registration, **changed)


BOTH = {DIPLOMA, made.LEGACY}


def test_each_sees_the_registrations_of_their_world(world, second):
    expected = {"LA1": BOTH, "AA1": BOTH, "CA": BOTH, "QA": {DIPLOMA}, "EA": {DIPLOMA}}
    for code in ("LA1", "LA2", "AA1", "AA2", "AT1", "DUO", "QA", "EA", "CA"):
        assert seen(world, code) == expected.get(code, set()), code
    for code in ("LB1", "AB1", "QB", "CB"):
        rows = queries.visible_registrations(world.actor(code))
        assert not rows.filter(learner=world.learners["LA1"]).exists()


def test_a_registration_out_of_sight_is_not_found_and_its_learner_is(world, second):
    actor = world.actor("QA")
    unit = LearnerUnit.objects.for_centre(second.centre_id).filter(registration=second).first()
    assert learner_for(actor, second.learner.public_id)
    assert registration_for(actor, world.registrations["LA1"].public_id)
    for load, public_id in ((registration_for, second.public_id), (unit_for, unit.public_id)):
        with pytest.raises(NotFound):
            load(actor, public_id)
        assert load(world.actor("AA1"), public_id)


def test_a_learner_with_nothing_in_sight_is_not_found(world):
    Registration.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["LA1"]).update(
        qualification=world.certificate
    )
    assert world.learners["LA1"] not in queries.visible_learners(world.actor("QA"))
    assert world.learners["LA1"] in queries.visible_learners(world.actor("AA1"))
    assert world.learners["LA1"] in queries.visible_learners(world.actor("LA1"))


def test_an_allocation_may_name_one_registration(world, second):
    only(world, "AA1", second)
    assert seen(world, "AA1") == judged(world, "AA1") == {made.LEGACY}
    actor = world.actor("AA1")
    assert may_assess(actor, second.learner)
    assert may_assess_in(actor, second.pk)
    assert not may_assess_in(actor, world.registrations["LA1"].pk)
    assert not may_assess_in(actor, second.pk, world.registrations["LA1"].pk)
    assert not may_assess_in(actor)


def test_a_countersigner_sees_what_the_trainee_looks_after_and_judges_none_of_it(world, second):
    only(world, "AA1", second, assessor=world.people["AT1"])
    assert seen(world, "AT1") == judged(world, "AT1") == {made.LEGACY}
    assert seen(world, "AA2") == {made.LEGACY}
    assert judged(world, "AA2") == set()
    Countersigner.objects.for_centre(world.centres[A].pk).update(ends_on=world.today - DAY)
    assert seen(world, "AA2") == set()


def test_somebody_in_training_sees_nothing_of_their_colleagues_learners(world, second):
    """Only a qualified assessor countersigns (R6): a link that outlived that shows nothing."""
    only(world, "AA1", None, assessor=world.people["AT1"])
    actor = dataclasses.replace(world.actor("AA2"), roles=frozenset({Role.ASSESSOR, Role.TRAINEE}))
    assert not queries.visible_registrations(actor).filter(learner=world.learners["LA1"]).exists()


@pytest.mark.parametrize(
    ("first", "last", "sees"),
    [(None, None, True), (0, 0, True), (1, None, False), (None, -1, False), (-1, 1, True), (None, 0, True)],
)
def test_an_assurer_sees_on_the_days_of_the_visit(world, first, last, sees):
    day = {"starts_on": first, "ends_on": last}
    Assurance.objects.for_centre(world.centres[A].pk).filter(membership__person=world.people["EA"]).update(
        **{name: None if n is None else world.today + n * DAY for name, n in day.items()}
    )
    assert seen(world, "EA") == ({DIPLOMA} if sees else set())
    assert seen(world, "QA") == {DIPLOMA}


@pytest.mark.parametrize(("body", "sees"), [("", True), ("OCR", True), ("Another body", False)])
def test_the_same_code_of_another_body_is_another_qualification(world, body, sees):
    Assurance.objects.for_centre(world.centres[A].pk).update(awarding_body=body)
    assert seen(world, "QA") == ({DIPLOMA} if sees else set())


def test_a_window_ends_after_it_begins(world):
    rows = Assurance.objects.for_centre(world.centres[A].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(starts_on=world.today, ends_on=world.today - DAY)


def test_what_is_withdrawn_is_out_of_an_assurers_sight_and_what_was_moved_is_not(world):
    rows = Registration.objects.for_centre(world.centres[A].pk).filter(pk=world.registrations["LA1"].pk)
    rows.update(state=RegistrationState.TRANSFERRED)
    assert seen(world, "QA") == {DIPLOMA}
    rows.update(state=RegistrationState.WITHDRAWN)
    assert seen(world, "QA") == set()
    assert seen(world, "AA1") == {DIPLOMA}


def test_a_role_given_names_the_awarding_body(world):
    invited = services.invite_person(
        actor=world.actor("CA"),
        email="new@people.example",
        given_name="New",
        family_name="Assurer",
        roles=[Role.IQA],
        entry_codes=[DIPLOMA],
        starts_on=world.today,
        ends_on=None,
        at=world.at,
    )
    row = Assurance.objects.for_centre(world.centres[A].pk).get(membership__person=invited.person)
    assert (row.awarding_body, row.entry_code) == (world.diploma.awarding_body, DIPLOMA)
    assert (row.starts_on, row.ends_on) == (None, None)


def test_whoever_looks_after_a_registration_looks_after_the_one_it_leads_to(world, second):
    """R34: the old one stays in sight, because its work is offered and carried over from there."""
    only(world, "AA1", world.registrations["LA1"])
    new = made.move(world, world.registrations["LA1"], made.HIGHER)
    assert judged(world, "AA1") == {DIPLOMA, made.HIGHER}
    row = Allocation.objects.for_centre(world.centres[A].pk).get(assessor=world.people["AA1"], ends_on=None)
    assert (row.registration_id, row.starts_on) == (new.pk, world.today)
    assert judged(world, "AA1", world.today - DAY) == {DIPLOMA}


def test_one_open_allocation_for_each_assessor_and_registration(world, second):
    mine = Allocation.objects.for_centre(world.centres[A].pk).get(assessor=world.people["AA1"])
    rows = Allocation.objects.for_centre(world.centres[A].pk)
    facts = {
        "centre": world.centres[A],
        "learner": world.learners["LA1"],
        "assessor": mine.assessor,
        "starts_on": world.today,
        "created_at": world.at,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.create(**facts)
    rows.create(**facts, registration=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.create(**facts, registration=second)
