"""Many requests quickly, each with what it wrote: whoever asks stays signed in, and every request is taken back.

A test client keeps copies of all that each template was given, signs in again for each test and loads the middleware for
each of its kind. Here one door serves all people. Of each request the statements that write are noted; where a denial
wrote anything but its own row, what the written tables hold is compared with before.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.core.signals import request_finished
from django.db import close_old_connections, connection, transaction
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.fixtures import BACKEND

#: What may change though nothing was allowed: the row that says so, and the session of whoever asks.
NOISE = frozenset({"audit_event", "django_session", "usersessions_usersession"})
_WRITES = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO|TRUNCATE)\s+"?(\w+)', re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What came back, and what it left: the tables that hold something else now, the number of denied rows."""

    status: int
    location: str
    allow: frozenset[str]
    changed: frozenset[str]
    denied: int


class Door(Client):
    """The whole site without a browser: no signals, no copies of contexts; an error is answered as people get it."""

    def request(self, **request: Any) -> HttpResponse:
        return self.handler(self._base_environ(**request))


class Asking:
    """Asks as anybody of the cast, inside a transaction that whoever made it takes back."""

    def __init__(self, people: dict[str, User]) -> None:
        self._door = Door()
        self._cookies = {"": SimpleCookie()} | {code: _signed_in(person) for code, person in people.items()}
        self._rows: dict[str, list[Any]] = {}

    def __call__(self, who: str, method: str, url: str, data: dict[str, str] | None = None) -> Answer:
        """Send a request as somebody ("": a stranger), with a form where one is given; take back what it changed."""
        self._door.cookies = SimpleCookie(self._cookies[who])
        with transaction.atomic():
            with _noted() as wrote:
                answer = getattr(self._door, method)(url, data) if data else getattr(self._door, method)(url)
                if answer.streaming:
                    b"".join(answer.streaming_content)
                _end(answer)
            tables = frozenset(wrote) - NOISE
            found = {table: _rows(table) for table in tables}
            denied = wrote.get("audit_event", 0) and _denied()
            transaction.set_rollback(True)
        changed = frozenset(table for table in tables if found[table] != self._before(table))
        allow = frozenset(answer.headers.get("Allow", "").split(", "))
        return Answer(answer.status_code, answer.headers.get("Location", ""), allow, changed, denied)

    def _before(self, table: str) -> list[Any]:
        """Return what a table holds while nothing is asked; everything is taken back, so once is enough."""
        if table not in self._rows:
            self._rows[table] = _rows(table)
        return self._rows[table]


def _signed_in(person: User) -> SimpleCookie:
    client = Client()
    client.force_login(person, backend=BACKEND)
    assert settings.SESSION_COOKIE_NAME in client.cookies
    return client.cookies


@contextmanager
def _noted() -> Iterator[dict[str, int]]:
    """Note which tables statements write to, and how often."""
    wrote: dict[str, int] = {}

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if found := _WRITES.match(sql):
            wrote[found[2]] = wrote.get(found[2], 0) + 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield wrote


def _rows(table: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 - names of our tables
        return cursor.fetchall()


def _denied() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM audit_event WHERE outcome = 'denied'")
        return cursor.fetchone()[0]


def _end(answer: HttpResponse) -> None:
    """Close what the answer holds open; the test's own connection stays."""
    request_finished.disconnect(close_old_connections)
    try:
        answer.close()
    finally:
        request_finished.connect(close_old_connections)
