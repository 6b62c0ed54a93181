"""A new centre and the way into it."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from centres import queries, services
from centres.enums import Role
from centres.models import Centre
from common import clock
from common.refusals import Refused

pytestmark = pytest.mark.django_db


def open_centre(**changed):
    facts = {
        "number": "12345",
        "name": " Harbour   College ",
        "admin_email": "First@people.example",
        "given_name": "First",
        "family_name": "Admin",
        "at": clock.now(),
    }
    return services.open_centre(**(facts | changed))


def test_a_centre_has_its_first_admin():
    opened = open_centre()
    assert (opened.centre.number, opened.centre.name) == ("12345", "Harbour College")
    (place,) = queries.places_of(opened.admin.pk, clock.london_date(clock.now()))
    assert place.roles == {Role.ADMIN}
    assert not opened.admin.has_usable_password()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"number": "1234"}, "number"),
        ({"number": "1234x"}, "number"),
        ({"number": "１２３４５"}, "number"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 161}, "name"),
        ({"admin_email": "nobody"}, "email"),
        ({"given_name": ""}, "name-missing"),
    ],
)
def test_what_opening_refuses(changed, code):
    with pytest.raises(Refused) as caught:
        open_centre(**changed)
    assert code in {r.code for r in caught.value.refusals}
    assert not Centre.objects.exists()


def test_a_number_is_taken_once():
    open_centre()
    with pytest.raises(Refused) as caught:
        open_centre(name="Another")
    assert [r.code for r in caught.value.refusals] == ["number-taken"]


def test_the_command_prints_a_link_that_opens_the_account(capsys):
    call_command("open_centre", "12345", "Harbour College", "first@people.example", "First", "Admin")
    said = capsys.readouterr().out
    link = next(word for word in said.split() if word.startswith("http"))
    path = "/" + link.split("/", 3)[3]
    client = Client()
    assert client.post(path, {"password": "five quiet garden snails"}).status_code == 302
    assert client.get("/c/12345/centre/").status_code == 200


def test_the_command_says_why_not():
    with pytest.raises(CommandError, match="five digits"):
        call_command("open_centre", "1", "Harbour College", "first@people.example", "First", "Admin")
