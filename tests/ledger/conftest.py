"""Rows to seal, a clock that tests move, and what an owner of the database could do."""

import datetime as dt
from collections import Counter

import pytest
from django.db import connection

from audit.models import Event
from common.append_only import suspended
from ledger import services
from ledger.queries.checking import faults

START = dt.datetime(2026, 12, 1, 9, 0, tzinfo=dt.UTC)
MINUTE, HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)


def events(count, **said):
    """Write so many events: the cheapest rows that are sealed."""
    facts = {"at": START, "action": "test.made", "outcome": "done"} | said
    return Event.objects.bulk_create(Event(**facts) for _ in range(count))


def event(key):
    """Write one with this key, whatever keys were given before."""
    return events(1, pk=key)[0]


def found(at=START):
    return list(faults(Counter(), at=at))


def counted(at=START):
    counts = Counter()
    assert list(faults(counts, at=at)) == []
    return counts


def tamper(sql, *params):
    """What somebody with the rights of the database's owner could do."""
    with suspended(connection), connection.cursor() as cursor:
        cursor.execute(sql, params)


def seal(at=START):
    return services.seal(at=at)


@pytest.fixture(autouse=True)
def _own_key(settings, tmp_path):
    """The key of this test alone."""
    settings.LEDGER_KEY_FILE = str(tmp_path / "var" / "ledger-key.pem")
    settings.LEDGER_KEY = ""
    settings.LEDGER_ORIGIN = "attest.example/attest"
    settings.LEDGER_ANCHOR_FOLDER = ""
