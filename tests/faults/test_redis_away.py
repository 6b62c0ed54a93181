"""Redis stopped, silent or full: people sign in, prove themselves, ask for a new password and sign off (F5, T20, R5)."""

import logging
from importlib import import_module

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from common import caching
from tests.faults.conftest import free_port, redis
from tests.web.assessor import test_sign_off as signing

PASSWORD = "kettle lantern violet"
LOGIN, RESET, PROVE = "/accounts/login/", "/accounts/password/reset/", "/accounts/reauthenticate/"


@pytest.fixture
def maya(db):
    return User.objects.create_user("maya@example.org", PASSWORD, given_name="Maya", family_name="Price")


@pytest.fixture(params=["stopped", "silent", "full"])
def away(request, cache_at):
    if request.param == "stopped":
        cache_at(free_port())
    else:
        cache_at(request.getfixturevalue({"silent": "silent", "full": "full_redis"}[request.param]))
    return request.param


def sign_in(password=PASSWORD, client=None):
    return (client or Client()).post(LOGIN, {"login": "maya@example.org", "password": password})


def test_people_sign_in_prove_themselves_and_ask_for_a_new_password(maya, away):
    client = Client()
    assert sign_in(client=client).status_code == 302
    assert client.post(PROVE, {"password": PASSWORD}).status_code == 302
    assert Client().post(RESET, {"email": "maya@example.org"}).status_code == 302
    assert [letter.to for letter in mail.outbox] == [["maya@example.org"]]


def test_wrong_passwords_are_refused_and_counted_by_each_process(maya, away, monkeypatch):
    adapter = import_module("accounts.adapter")
    monkeypatch.setattr(adapter, "MOST_FAILURES", 3)
    for _ in range(3):
        assert sign_in("wrong").status_code == 200
    refused = sign_in()
    assert refused.status_code == 200
    assert "That was tried too often." in refused.content.decode()


def test_a_code_is_used_once_all_the_same(maya, away):
    assert cache.add("code", "y", 30) is True
    assert cache.add("code", "y", 30) is False


def test_it_is_said_once_in_the_log_and_asked_once(maya, away, caplog):
    with caplog.at_level(logging.WARNING, logger="common.caching"):
        for _ in range(20):
            cache.set("a", 1)
            assert cache.get("a") == 1
    assert [record.getMessage().partition(" (")[0] for record in caplog.records] == ["Redis is away"]


def test_every_act_of_the_cache_answers(away):
    assert cache.get("none", "else") == "else"
    assert cache.set_many({"a": 1, "b": [2]}) == []
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": [2]}
    assert cache.incr("a") == 2
    with pytest.raises(ValueError, match="not found"):
        cache.incr("none")
    assert cache.touch("a", 60) is True
    assert cache.has_key("a") is True
    assert cache.delete("a") is True
    cache.delete_many(["b"])
    assert cache.get_many(["a", "b"]) == {}
    cache.set("c", 3)
    cache.clear()
    assert cache.get("c") is None


def test_it_is_asked_again_later_and_that_it_is_back_is_said(cache_at, caplog):
    port = free_port()
    cache_at(port)
    with caplog.at_level(logging.WARNING, logger="common.caching"):
        cache.set("a", 1)
        with redis("--port", str(port)):
            cache.set("a", 2)  # nobody is asked yet
            caching.forget_pauses()
            assert cache.get("a") is None
            cache.set("a", 3)
            assert cache.get("a") == 3
    assert [record.getMessage() for record in caplog.records][-1] == "Redis is back"
    assert len(caplog.records) == 2


def test_a_full_one_that_still_reads_is_not_called_back(cache_at, full_redis, caplog):
    cache_at(full_redis)
    with caplog.at_level(logging.WARNING, logger="common.caching"):
        for _ in range(3):
            assert cache.get("a") in {None, 1}
            cache.set("a", 1)
            caching.forget_pauses()
    assert len(caplog.records) == 1


def test_a_unit_is_signed_off(world, as_client, away):
    client = as_client("AA1")
    signing.complete(world)
    signing.prove(client)
    assert client.post(signing.unit_url(world), {"declared": "yes", "idempotency_key": "one"}).status_code == 303
    assert signing.entries(world) == ["assessor_signed"]
