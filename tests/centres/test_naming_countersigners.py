"""Whoever quality-assures what a trainee's learners do is not named to countersign it, or with a warning (R8, section 4)."""

import pytest
from django.db import connection

from centres.enums import Role
from centres.models import Allocation, Assurance, Membership
from centres.queries.people import person_detail
from common.append_only import suspended
from common.refusals import Refused
from qualifications.models import Qualification
from tests.centres.test_caseload import DAY, codes, set_for
from tests.factories import moving as made
from tests.factories.world import DIPLOMA, A
from tests.unguarded import unguarded
from tests.web.assessor.conftest import text_of
from tests.web.centre.forms import person_url


def assuring(world, who, code=DIPLOMA, role=Role.IQA, **days):
    """Write a role in quality assurance beside an assessor's, as it comes where somebody holds both."""
    since = {"starts_on": world.today, "created_at": world.at}
    row = Membership.objects.create(centre=world.centres[A], person=world.people[who], role=role, **(since | days))
    Assurance.objects.create(centre=row.centre, membership=row, entry_code=code)


@pytest.mark.parametrize("role", [Role.IQA, Role.LEAD_IQA])
def test_who_assures_all_the_trainees_learners_do_is_not_named(world, role):
    assuring(world, "AA1", role=role)
    with pytest.raises(Refused) as caught:
        set_for(world)
    assert codes(caught) == ["assurer-apart"]
    assert world.diploma.title in str(caught.value.refusals[0].sentence)


def test_who_assures_something_else_or_no_longer_is_named(world):
    assuring(world, "AA1", code=world.certificate.entry_code)
    assuring(world, "AA1", starts_on=world.today - 9 * DAY, ends_on=world.today - DAY)
    assert set_for(world).countersigner == world.people["AA1"]


def test_whose_assurance_begins_later_is_not_named_either(world):
    assuring(world, "AA1", starts_on=world.today + 9 * DAY)
    with pytest.raises(Refused) as caught:
        set_for(world)
    assert codes(caught) == ["assurer-apart"]


def test_a_trainee_without_learners_names_anybody(world):
    Allocation.objects.for_centre(world.centres[A].pk).filter(assessor=world.people["AT1"]).delete()
    assuring(world, "AA1")
    assert set_for(world).countersigner == world.people["AA1"]
    assert person_detail(world.actor("CA"), world.people["AT1"]).countersigned_by[-1].warning == ""


def test_who_assures_a_part_is_named_with_a_warning(world):
    made.publish_more(world.at)
    made.register(world, made.LEGACY, who="LA3")
    assuring(world, "AA1")
    set_for(world)
    links = {link.name: link.warning for link in person_detail(world.actor("CA"), world.people["AT1"]).countersigned_by}
    assert links.pop(world.people["AA2"].full_name) == ""
    words = f"{world.people['AA1'].full_name} quality-assures {world.diploma.title}, so they countersign nothing there."
    assert list(links.values()) == [f"{words} Name somebody else as well."]


def test_two_qualifications_of_one_title_are_two(world):
    """Awarding bodies call theirs alike: who assures the one countersigns in the other."""
    made.publish_more(world.at)
    made.register(world, made.LEGACY, who="LA3")
    with suspended(connection), unguarded(Qualification), connection.cursor() as cursor:
        sql = "UPDATE qualifications_qualification SET title = %s WHERE entry_code = %s"
        cursor.execute(sql, [world.diploma.title, made.LEGACY])
    assuring(world, "AA1")
    assert set_for(world).countersigner == world.people["AA1"]


def test_the_page_of_the_trainee_says_so_for_as_long_as_it_is_so(world, as_client):
    admin = as_client("CA")
    assert "so they countersign nothing there" not in text_of(admin.get(person_url(world, "AT1")))
    assuring(world, "AA2")
    assert "so they countersign nothing there" in text_of(admin.get(person_url(world, "AT1")))


def test_the_page_keeps_what_was_chosen_when_it_is_refused(world, as_client):
    assuring(world, "AA1")
    chosen = world.people["AA1"].public_id
    said = {"countersigner": chosen, "starts_on": world.today.isoformat()}
    answer = as_client("CA").post(person_url(world, "AT1", "countersigner/"), said)
    assert answer.status_code == 422
    assert "they can countersign nothing for" in text_of(answer)
    assert f'value="{chosen}" selected' in text_of(answer)
