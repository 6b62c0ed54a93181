"""Choosing units: the meter answers while somebody ticks, a change has its reason, and its trail (R20, R43)."""

import re

import pytest

from centres.models import LearnerUnit, UnitChange
from tests.assessments.conftest import judge
from tests.factories import portfolio as made
from tests.factories import rules
from tests.web.centre.forms import BASE, learner_url, registration, state

WHY = "Moved to another counter"
KEY = "D-506-2119"
BUDGET = 14
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(world):
    return learner_url(world, "LA1", f"units/{world.registrations['LA1'].public_id}/")


def chosen(world, *, without=()):
    rows = LearnerUnit.objects.for_centre(world.registrations["LA1"].centre_id)
    mine = rows.filter(registration=world.registrations["LA1"]).exclude(state="dropped").select_related("unit")
    return [row.unit.public_id for row in mine if row.unit.key not in without]


def text(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_page_shows_what_the_choice_comes_to_and_how_far_each_unit_is(world, admin):
    judge(world, made.opened(world, numbers=["1.1"], unit=KEY).evidence, by="AA1")
    page = admin.get(url(world)).content.decode()
    assert "Does it add up?" in page
    assert f"{world.learners['LA1'].full_name}’s choice" in page
    assert 'aria-label="1 of 16 criteria met"' in page
    assert "The units are as they were chosen at the start." in page
    assert "Not possible from the units listed here" in page


@pytest.mark.parametrize("action", ["check", "suggest"])
def test_asking_saves_nothing_and_keeps_what_was_typed(world, admin, action):
    before = state()
    answer = admin.post(url(world), {"units": chosen(world, without=[KEY]), "reason": WHY, "action": action})
    assert answer.status_code == 200
    assert state() == before
    page = answer.content.decode()
    assert f'value="{WHY}"' in page
    assert "govuk-error" not in page
    unit = world.unit("LA1", KEY).unit.public_id
    assert re.search(rf'value="{unit}"\s*>', page), "no longer ticked"


def test_a_script_gets_the_meter_alone_with_the_counts_of_the_groups(world, admin):
    answer = admin.post(url(world), {"units": chosen(world, without=[KEY]), "action": "check"}, **HTMX)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert "<html" not in page
    assert 'id="count-2" hx-swap-oob="true"' in page
    assert 'id="meter-line" hx-swap-oob="true"' in page
    assert 'id="meter-said"' in page
    assert "of 45 credits" in page


def test_nonsense_in_the_choice_is_no_fault(world, admin):
    answer = admin.post(url(world), {"units": ["strange", "x" * 400], "action": "check"}, **HTMX)
    assert answer.status_code == 200


def test_a_change_needs_a_reason_and_loses_nothing(world, admin):
    before = state()
    answer = admin.post(url(world), {"units": chosen(world, without=[KEY])})
    assert answer.status_code == 422
    assert "Say why the units change." in answer.content.decode()
    assert state() == before


def test_accepted_evidence_is_asked_about_once_and_then_stands_in_the_trail(world, admin):
    judge(world, made.opened(world, numbers=["1.1", "1.2"], unit=KEY).evidence, by="AA1")
    data = {"units": chosen(world, without=[KEY]), "reason": WHY, "seen": ""}
    answer = admin.post(url(world), data)
    assert answer.status_code == 422
    assert "Communicate verbally with customers: evidence accepted for 2 criteria" in answer.content.decode()
    assert not UnitChange.objects.across_centres(reason="a test counts").exists()
    assert admin.post(url(world), data | {"confirmed": "on"}).status_code == 303
    trail = text(admin.get(url(world)))
    assert WHY in trail
    assert "Taken out: Communicate verbally with customers" in trail
    assert "Evidence had been accepted in: Communicate verbally with customers" in trail
    assert world.people["CA"].full_name in trail


def test_what_is_not_enough_is_not_called_met_yet_asked_about(world, admin):
    rules.rule(world)  # two pieces for everything
    judge(world, made.opened(world, numbers=["1.1", "1.2"], unit=KEY).evidence, by="AA1")
    page = admin.get(url(world)).content.decode()
    assert 'aria-label="0 of 16 criteria met"' in page
    answer = admin.post(url(world), {"units": chosen(world, without=[KEY]), "reason": WHY, "seen": ""})
    assert answer.status_code == 422
    assert "Communicate verbally with customers: evidence accepted for 2 criteria" in answer.content.decode()
    judge(world, made.opened(world, numbers=["1.1"], unit=KEY).evidence, by="AA1")
    assert 'aria-label="1 of 16 criteria met"' in admin.get(url(world)).content.decode()


def test_the_page_counts_what_is_met_as_the_assessors_page_does(world, admin, as_client):
    rules.rule(world)
    judge(world, made.opened(world, numbers=["1.1", "1.2"], unit=KEY).evidence, by="AA1")
    assessors = as_client("AA1").get(f"/c/10001/assess/learners/{world.learners['LA1'].public_id}/")
    for page in (admin.get(url(world)), assessors):
        assert "0 of 16 criteria met" in page.content.decode()
        assert "2 of 16 criteria met" not in page.content.decode()


def test_it_costs_the_same_with_much_work_in_the_units(world, admin, django_assert_num_queries):
    admin.get(url(world))
    with django_assert_num_queries(BUDGET):
        assert admin.get(url(world)).status_code == 200
    for numbers in (["1.1", "1.2"], ["1.3", "2.1"], ["2.2"]):
        judge(world, made.opened(world, numbers=numbers, unit=KEY).evidence, by="AA1")
    with django_assert_num_queries(BUDGET):
        assert admin.get(url(world)).status_code == 200


def test_an_older_page_is_told_who_was_faster(world, admin):
    data = {"units": chosen(world, without=[KEY]), "reason": WHY, "seen": ""}
    assert admin.post(url(world), data).status_code == 303
    everything = [*data["units"], world.unit("LA1", KEY).unit.public_id]
    answer = admin.post(url(world), data | {"units": everything})
    assert answer.status_code == 409
    assert f'value="{WHY}"' in answer.content.decode()
    newest = UnitChange.objects.across_centres(reason="a test looks").get().public_id
    assert f'name="seen" value="{newest}"' in answer.content.decode()
    assert admin.post(url(world), data | {"units": everything, "seen": newest}).status_code == 303


@pytest.mark.parametrize("page", ["learners/register/", "learners/{learner}/register/"])
def test_registering_answers_while_somebody_ticks(world, admin, page):
    where = f"{BASE}/{page.format(learner=world.learners['LA1'].public_id)}"
    data = registration(world) | {"units": [world.unit("LA1", KEY).unit.public_id]}
    before = state()
    alone = admin.post(where, data | {"action": "check"}, **HTMX).content.decode()
    assert "<html" not in alone
    assert "of 45 credits" in alone
    whole = admin.post(where, data | {"action": "check"})
    assert "govuk-error" not in whole.content.decode()
    assert "Does it add up?" in whole.content.decode()
    assert state() == before
    nothing = admin.post(where, {"action": "check", "qualification": "x"}, **HTMX)
    assert nothing.status_code == 200


def test_an_incomplete_choice_can_be_registered_all_the_same(world, admin):
    answer = admin.post(f"{BASE}/learners/register/", registration(world))
    assert answer.status_code == 303


def test_a_learners_page_shows_what_the_present_choice_comes_to(world, admin, as_client):
    for client, where in (
        (admin, learner_url(world, "LA1")),
        (as_client("AA1"), f"/c/10001/assess/learners/{world.learners['LA1'].public_id}/"),
    ):
        page = client.get(where).content.decode()
        assert "Does it add up?" in page
        assert "Tick these" not in page
