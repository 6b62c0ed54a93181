"""The number on an error page finds every line of its request; whose it was and where stands in them (F13)."""

import json
import logging
from importlib import import_module

import pytest
from django.urls import reverse

from common import logs
from tests.factories.world import A


@pytest.fixture
def lines():
    """Every entry of the test, as a full installation writes it."""

    class Kept(logging.Handler):
        def emit(self, record):
            found.append(json.loads(self.format(record)))

    found, handler, root = [], Kept(), logging.getLogger()
    handler.setFormatter(logs.Json())
    root.addHandler(handler)
    yield found
    root.removeHandler(handler)


@pytest.fixture
def broken(monkeypatch):
    """A page of the learner that breaks."""
    monkeypatch.setattr(import_module("web.learner.views.today"), "render", None)


def test_the_number_on_the_page_finds_its_lines(world, as_client, lines, broken):
    answer = as_client("LA1", raise_request_exception=False).get(f"/c/{A}/my/")
    number = answer["X-Request-ID"]
    assert answer.status_code == 500
    assert number in answer.content.decode()
    found = [line for line in lines if line.get("request") == number]
    assert found
    assert {(line["person"], line["centre"]) for line in found} == {(world.people["LA1"].public_id, A)}
    assert any("Traceback" in line.get("trace", "") for line in found)


def test_a_page_without_a_person_has_its_number_alone(client, db, lines):
    answer = client.get("/accounts/login/?x=%00")
    logging.getLogger("a.test").warning("after")
    assert answer.status_code == 400
    assert lines[-1]["request"] == answer["X-Request-ID"]
    assert "person" not in lines[-1]


def test_no_name_address_or_number_of_a_person_is_in_a_line(world, as_client, lines, broken):
    as_client("LA1", raise_request_exception=False).get(f"/c/{A}/my/")
    person = world.people["LA1"]
    said = json.dumps([{**line, "trace": ""} for line in lines])
    assert person.email not in said
    assert person.family_name not in said


@pytest.mark.parametrize(("sent", "taken"), [("0" * 32, True), ("x' y", False), ("0" * 31, False)])
def test_the_proxys_number_is_believed_behind_it(client, db, settings, sent, taken):
    settings.BEHIND_PROXY = True
    assert (client.get("/healthz", headers={"X-Request-ID": sent})["X-Request-ID"] == sent) is taken


def test_a_clients_number_is_not(client, db):
    assert client.get("/healthz", headers={"X-Request-ID": "0" * 32})["X-Request-ID"] != "0" * 32


def test_an_invitation_is_in_no_line(client, db, lines):
    secret = "5ecret-5ecret-5ecret"
    client.raise_request_exception = False
    client.get(reverse("web_account:invitation", args=[secret]))
    logging.getLogger("a.test").warning("asked for %s", reverse("web_account:invitation", args=[secret]))
    assert secret not in json.dumps(lines)
