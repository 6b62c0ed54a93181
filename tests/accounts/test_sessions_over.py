"""Sessions that are over do not stay for ever, and nobody who is signed in is signed out (F12)."""

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from accounts import services
from accounts.services import forget_sessions
from common import clock
from jobs import registry

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def session(world):
    """`session("key", ends)` → a session of AA1's with what the sign-in library notes beside it."""

    def make(key, ends):
        UserSession.objects.create(user=world.people["AA1"], session_key=key, ip="192.0.2.1", user_agent="a browser")
        return Session.objects.create(session_key=key, session_data="", expire_date=ends)

    return make


def keys():
    rows = set(Session.objects.values_list("session_key", flat=True))
    assert rows == set(UserSession.objects.values_list("session_key", flat=True))
    return rows


def test_those_that_are_over_go_with_what_was_noted_and_the_others_stay(session):
    now = clock.now()
    session("over", now - SECOND)
    session("at this moment", now)
    session("runs", now + SECOND)
    assert forget_sessions(before=now) == 1
    assert keys() == {"at this moment", "runs"}
    assert forget_sessions(before=now) == 0


def test_many_go_a_batch_at_a_time(session, monkeypatch):
    monkeypatch.setattr(services, "BATCH", 2)
    now = clock.now()
    for n in range(5):
        session(f"over{n}", now - SECOND)
    assert forget_sessions(before=now) == 5
    assert keys() == set()


def test_it_comes_round_by_itself(session):
    session("over", clock.now() - SECOND)
    session("runs", clock.now() + dt.timedelta(hours=1))
    task = registry.find("web.forget_sessions")
    assert task.every <= dt.timedelta(days=1)
    task.function()
    assert keys() == {"runs"}
