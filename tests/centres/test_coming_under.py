"""A centre comes under an awarding body for which one of its people looks into another centre: by no act (R99)."""

import dataclasses
import datetime as dt

import pytest
from django.db import connection

from centres import rules
from centres import services as cs
from centres.enums import Role
from centres.models import Approval, Assurance, Centre, Membership, Registration
from common import clock
from common.append_only import suspended
from common.refusals import Refused
from qualifications.models import Qualification
from tests.centres.test_external import answer, propose
from tests.centres.test_gates import LETTER
from tests.centres.test_registering import WHO
from tests.factories import moving as made
from tests.factories import rules as rulers
from tests.factories.world import A, found, two_centres
from tests.portfolio.test_races import at_once
from tests.unguarded import unguarded

DAY = dt.timedelta(days=1)
NEW = "10003"
NAME = "Vera Visitor"
LOOK = "a test looks"


def codes(act):
    with pytest.raises(Refused) as caught:
        act()
    return [refusal.code for refusal in caught.value.refusals]


def new_centre(world, *, gate=True):
    """A centre that works under nobody yet; CB runs it, and Vera is to assess there."""
    centre = Centre.objects.create(number=NEW, name="New Quay Training", asks_approval=gate)
    Membership.objects.create(
        centre=centre, person=world.people["CB"], role=Role.ADMIN, starts_on=world.today, created_at=world.at
    )
    return cs.invite_person(
        actor=world.actor("CB", centre=NEW),
        email="vera@people.example",
        given_name="Vera",
        family_name="Visitor",
        roles=[Role.ASSESSOR],
        starts_on=world.today,
        ends_on=None,
        at=clock.now(),
    ).person


def approve(world, qualification=None):
    said = dataclasses.replace(LETTER, approved_on=world.today)
    return cs.record_approval(
        actor=world.actor("CB", centre=NEW),
        qualification=qualification or world.diploma,
        said=said,
        at=clock.now(),
    )


def looks_into_a(world, **days):
    """Vera is let in at A, for the body of the diploma."""
    rulers.lead(world, "QA")
    proposal = propose(world, **days)
    answer(world, proposal)
    return proposal


def test_the_first_approval_of_that_body_waits(world):
    person = new_centre(world)
    looks_into_a(world)
    assert codes(lambda: approve(world)) == ["external-of-ours"]
    assert not Approval.objects.for_centre(Centre.objects.get(number=NEW).pk).exists()
    cs.end_access(actor=world.actor("CB", centre=NEW), person=person, at=clock.now())
    assert approve(world), "the way out: they hold no role here any more"


def test_the_sentence_says_who_and_what_to_do_and_names_no_centre(world):
    new_centre(world)
    looks_into_a(world)
    with pytest.raises(Refused) as caught:
        approve(world)
    [refusal] = caught.value.refusals
    assert NAME in refusal.sentence
    assert "End the role here first" in refusal.sentence
    assert "Harbour" not in refusal.sentence


def test_a_visit_that_is_over_before_the_role_is_no_matter(world):
    person = new_centre(world)
    here = Membership.objects.across_centres(reason=LOOK).filter(person=person)
    here.update(starts_on=world.today + 20 * DAY)
    looks_into_a(world)
    assert approve(world)


def test_another_body_is_no_matter(world):
    person = new_centre(world)
    looks_into_a(world)
    rows = Assurance.objects.across_centres(reason=LOOK).filter(membership__person=person)
    assert set(rows.values_list("awarding_body", flat=True)) == {"OCR"}
    rows.update(awarding_body="Another")
    assert approve(world)


def test_a_centre_that_is_under_it_already_records_the_next_letter(world):
    """What stood before this was asked stays, and is not made by this act."""
    new_centre(world)
    approve(world)
    rulers.lead(world, "QA")
    assert codes(lambda: propose(world)) == ["external-elsewhere"]
    assert approve(world, world.certificate)


def registered(world):
    """CB registers somebody at the new centre, which asks for no approval."""
    return cs.register_learner(
        actor=world.actor("CB", centre=NEW),
        identity=WHO,
        qualification_id=world.diploma.pk,
        place_ids=(),
        assessor_id=None,
        starts_on=world.today,
        initial=found(world, made_on=world.today),
        at=clock.now(),
    )


def test_nor_is_anybody_registered_for_it_where_no_approval_is_asked(world):
    new_centre(world, gate=False)
    looks_into_a(world)
    assert codes(lambda: registered(world)) == ["external-of-ours"]
    assert not Registration.objects.for_centre(Centre.objects.get(number=NEW).pk).exists()


def test_nor_moved_to_it(world):
    new_centre(world, gate=False)
    made.publish_more(world.at)
    row, target = registered(world), made.qualification(made.HIGHER)
    with suspended(connection), unguarded(Qualification), connection.cursor() as cursor:
        cursor.execute("UPDATE qualifications_qualification SET awarding_body = 'Another' WHERE id = %s", [target.pk])
    visit = Membership.objects.create(
        centre=world.centres[A],
        person=Membership.objects.across_centres(reason=LOOK).get(known_as=NAME).person,
        role=Role.EQA,
        starts_on=world.today,
        created_at=world.at,
    )
    Assurance.objects.create(centre=visit.centre, membership=visit, awarding_body="Another", entry_code=made.HIGHER)
    act = lambda: cs.move_registration(  # noqa: E731 - one act, asked about
        actor=world.actor("CB", centre=NEW),
        registration=row,
        qualification_id=target.pk,
        place_ids=[place.pk for place in made.places(made.HIGHER)],
        reason=made.WHY,
        at=clock.now(),
    )
    assert codes(act) == ["external-of-ours"]
    visit.ends_on = world.today - DAY
    visit.starts_on = visit.ends_on
    visit.save(update_fields=["starts_on", "ends_on"])
    assert act()


def test_the_rule_names_everybody():
    [refusal] = rules.why_not_come_under({"Vera", "Anna"}, "qualification")
    assert (refusal.code, refusal.field) == ("external-of-ours", "qualification")
    assert refusal.sentence.startswith("Anna, Vera: looks into other centres")
    assert rules.why_not_come_under(()) == []


@pytest.mark.django_db(transaction=True)
def test_two_centres_at_once_do_not_make_the_pair():
    world = two_centres()
    new_centre(world)
    rulers.lead(world, "QA")
    proposal = propose(world)
    outcomes = at_once(lambda: answer(world, proposal), lambda: approve(world))
    assert sorted(outcomes) in (["done", "external-elsewhere"], ["done", "external-of-ours"])
