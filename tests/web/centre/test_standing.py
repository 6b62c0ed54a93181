"""The office puts a registration on a break, ends it, closes it as completed, and finds it again (3.5)."""

import datetime as dt

import pytest
from django.db import connection

from centres.enums import RegistrationState
from centres.models import Registration
from common.append_only import suspended
from qualifications.models import Qualification
from tests.factories import moving as made
from tests.unguarded import unguarded
from tests.web.centre.forms import BASE, learner_url, state

WHY = "Caring for a parent until spring."


def url(world, code="LA1", row=None):
    return learner_url(world, code, f"state/{(row or world.registrations[code]).public_id}/")


def now(world, code="LA1"):
    return Registration.objects.across_centres(reason="a test looks").get(pk=world.registrations[code].pk).state


def found(admin, state):
    return [row.public_id for row in admin.get(f"{BASE}/learners/?state={state}").context["found"].rows]


def test_the_page_says_how_it_stands_and_what_each_act_means(world, admin):
    text = admin.get(url(world)).content.decode()
    for words in ("Now: Active", "Put on a break", "Suspend", "The learner leaves", "Completed", "Registered from"):
        assert words in text
    assert "Go on" not in text
    assert "Nothing is sent, judged or signed until the break ends." in text
    assert url(world) in admin.get(learner_url(world, "LA1")).content.decode()


def test_a_break_and_back_with_its_history(world, admin):
    answer = admin.post(url(world), {"act": "on_break", "reason": WHY}, follow=True)
    text = answer.content.decode()
    assert "The registration is on a break. Everything stays as it is." in text
    assert "1 change of its state" in text
    assert WHY in text
    assert found(admin, "on_break") == [world.learners["LA1"].public_id]
    page = admin.get(url(world)).content.decode()
    assert "Now: On a break" in page
    assert "Go on" in page
    assert world.people["CA"].full_name in page
    admin.post(url(world), {"act": "active"})
    assert now(world) == "active"
    assert found(admin, "on_break") == []
    assert "2 changes of its state" in admin.get(learner_url(world, "LA1")).content.decode()


def test_a_learner_leaves_on_a_day_and_can_come_back(world, admin):
    last = world.today - dt.timedelta(days=2)
    admin.post(url(world), {"act": "withdrawn", "on": last.isoformat(), "reason": WHY})
    row = Registration.objects.across_centres(reason="a test looks").get(pk=world.registrations["LA1"].pk)
    assert (row.state, row.ends_on) == ("withdrawn", last)
    assert found(admin, "withdrawn") == [world.learners["LA1"].public_id]
    page = admin.get(url(world)).content.decode()
    assert "When the learner comes back" in page
    add = learner_url(world, "LA1", "register/")
    assert add in page
    said = {
        "qualification": world.diploma.public_id,
        "units": [],
        "starts_on": world.today.isoformat(),
        "initial_on": world.today.isoformat(),
        "outcome_level": "2",
        "prior_learning": "They did part of it before.",
        "role_fit": "The same shop.",
    }
    answer = admin.post(add, said)
    assert answer.status_code == 303, answer.content.decode()
    rows = Registration.objects.across_centres(reason="a test looks").filter(learner=world.learners["LA1"])
    assert sorted(rows.values_list("state", flat=True)) == ["active", "withdrawn"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Choose what happens."),
        ({"act": "transferred", "reason": WHY}, "Choose from the list."),
        ({"act": "on_break"}, "Say in a sentence why."),
        ({"act": "completed"}, "The award is not complete"),
        ({"act": "withdrawn", "reason": WHY, "on": "2037-01-01"}, "The last day is still to come."),
        ({"act": "withdrawn", "reason": WHY, "on": "soon"}, "There is a problem"),
    ],
)
def test_what_is_refused_is_said_and_changes_nothing(world, admin, said, words):
    before = state()
    answer = admin.post(url(world), said)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert state() == before


def test_a_page_that_was_left_open_is_told(world, admin):
    seen = admin.get(url(world)).context["seen"]
    admin.post(url(world), {"act": "on_break", "reason": WHY})
    answer = admin.post(url(world), {"act": "suspended", "reason": WHY, "seen": seen})
    assert answer.status_code == 409
    assert now(world) == "on_break"


@pytest.mark.parametrize("said", [{"act": "on_break", "reason": WHY}, {"act": "on_break"}, {}], ids=str)
def test_what_is_no_longer_offered_has_changed_meanwhile(world, admin, said):
    seen = admin.get(url(world)).context["seen"]
    admin.post(url(world), {"act": "on_break", "reason": "Another admin was faster."})
    answer = admin.post(url(world), {**said, "seen": seen})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "This changed while you had the page open" in text
    assert "Choose from the list." not in text
    assert "Now: On a break" in text
    assert text.count(WHY) == (1 if said.get("reason") else 0), "kept in its field"
    offered = [value for value, _label in answer.context["form"]["act"].field.choices]
    assert offered == ["active", "suspended", "withdrawn"]
    assert answer.context["seen"] != seen, "the page shows it as it is now, and may be sent"
    again = admin.post(url(world), {"act": "active", "reason": WHY, "seen": answer.context["seen"]})
    assert again.status_code == 303


def test_where_nothing_is_offered_any_more_the_words_are_still_there(world, admin):
    seen = admin.get(url(world)).context["seen"]
    admin.post(url(world), {"act": "withdrawn", "reason": "Another admin was faster."})
    answer = admin.post(url(world), {"act": "on_break", "reason": WHY, "seen": seen})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "This changed while you had the page open" in text
    assert "Now: Withdrawn" in text
    assert "What you typed" in text
    assert WHY in text


def test_a_complete_award_is_closed_as_completed(world, admin):
    row = made.whole_award(world)
    here = url(world, row=row)
    answer = admin.post(here, {"act": "completed", "reason": "Certificate 4711"}, follow=True)
    text = answer.content.decode()
    assert "The registration is closed as completed." in text
    assert "Certificate 4711" in text
    assert "The award is complete" in text
    assert found(admin, "completed") == [world.learners["LA1"].public_id]
    assert "Now: Completed" in admin.get(here).content.decode()
    assert "Take “completed” back" in admin.get(here).content.decode()
    assert "Put on a break" not in admin.get(here).content.decode()


def test_who_lapsed_is_found_and_asked_for_nothing(world, admin, as_client):
    yesterday = world.today - dt.timedelta(days=1)
    with suspended(connection), unguarded(Qualification), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE qualifications_qualification SET last_certification_on = %s, last_registration_on = %s WHERE id = %s",
            [yesterday, yesterday, world.diploma.pk],
        )
    assert len(found(admin, "lapsed")) == 3
    assert "Lapsed" in admin.get(f"{BASE}/learners/?state=lapsed").content.decode()
    assert "Lapsed" in admin.get(learner_url(world, "LA1")).content.decode()
    page = as_client("LA1").get("/c/10001/my/").content.decode()
    assert "This qualification has ended" in page
    assert "Show something you did today" not in page
    rows = Registration.objects.across_centres(reason="a test changes")
    rows.filter(pk=world.registrations["LA1"].pk).update(state=RegistrationState.WITHDRAWN)
    assert len(found(admin, "lapsed")) == 2, "what was over before does not lapse"
