"""One's own account page and what it keeps."""

import pytest
from django.urls import reverse

from accounts.models import User
from audit.models import Event

URL = "/account/"
CHOICES = {"density": "workbench", "appearance": "dark", "shortcuts": ""}


@pytest.fixture
def maya(db):
    return User.objects.create_user(
        "maya@example.org", "kettle lantern violet", given_name="Maya", family_name="Thistledown"
    )


@pytest.fixture
def browser_of_maya(as_client, maya):
    return as_client(maya)


def test_a_stranger_is_sent_to_sign_in(client, db):
    answer = client.get(URL)
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/account/"


def test_it_shows_who_and_the_ways_to_stay_safe(browser_of_maya):
    page = browser_of_maya.get(URL).content.decode()
    assert "Maya Thistledown" in page
    assert "maya@example.org" in page
    for name in ("account_change_password", "account_email", "mfa_index", "usersessions_list"):
        assert f'href="{reverse(name)}"' in page


@pytest.mark.parametrize(("who", "promised"), [("LA1", True), ("AA1", False), ("CA", False)])
def test_nobody_is_promised_a_correction_that_no_screen_makes(world, as_client, who, promised):
    page = as_client(who).get(URL).content.decode()
    assert ("Your centre can correct it" in page) == promised
    assert ("Only the names of learners can be corrected" in page) != promised


def test_choices_are_kept_and_seen_at_once(browser_of_maya, maya):
    answer = browser_of_maya.post(URL, CHOICES)
    assert answer.status_code == 303
    maya.refresh_from_db()
    assert (maya.density, maya.appearance, maya.shortcuts_enabled) == ("workbench", "dark", False)
    page = browser_of_maya.get(URL).content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-density="workbench"' in page
    assert 'data-shortcuts="off"' in page
    assert "Your choices are saved." in page
    assert Event.objects.filter(action="account.preferences").count() == 1


@pytest.mark.parametrize("wrong", [{"density": "huge"}, {"appearance": ""}, {"density": ""}])
def test_a_choice_that_does_not_exist_changes_nothing(browser_of_maya, maya, wrong):
    answer = browser_of_maya.post(URL, CHOICES | wrong)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert "<title>Error: " in answer.content.decode()
    maya.refresh_from_db()
    assert (maya.density, maya.appearance, maya.shortcuts_enabled) == ("auto", "device", True)


def test_roles_are_listed_with_their_centre(as_client, world):
    page = as_client("DUO").get(URL).content.decode()
    assert "10001" in page
    assert "10002" in page
    assert "Assessor" in page


def test_somebody_without_a_role_is_told_so(browser_of_maya):
    assert "You hold no role today" in browser_of_maya.get(URL).content.decode()


def test_no_signed_in_page_is_kept_by_a_cache(browser_of_maya):
    assert "no-store" in browser_of_maya.get(URL)["Cache-Control"]


def test_names_are_text(as_client, db):
    odd = User.objects.create_user("odd@example.org", "x", given_name="<script>x</script>", family_name='"><img>')
    page = as_client(odd).get(URL).content.decode()
    assert "<script>x" not in page
    assert '"><img>' not in page
