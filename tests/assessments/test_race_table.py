"""Every pair of acts on one learner's work, with the interleaving forced, on PostgreSQL (decision 9).

*late*: the first act holds its locks and is about to commit while the second one runs into them. *early*: the first act
has been read by its page and stands before its first lock while the second one commits. Whatever happens, both are
answered (done, or told why not), nobody waits for ever, and the invariants hold.
"""

import itertools
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from common import clock
from common.refusals import NotFound, Refused
from tests.assessments.race_faults import faults
from tests.assessments.race_table import SCENES
from tests.factories.remembered import remembered
from tests.factories.world import two_centres

LONG = 20.0
#: How often the whole table is gone through (`make races`): a race that is lost once in a hundred times is lost.
ROUNDS = range(int(os.environ.get("RACE_ROUNDS") or 1))
PAIRS = [
    (scene, first, second)
    for scene, (_made, acts) in SCENES.items()
    for first, second in itertools.combinations_with_replacement(acts, 2)
]
#: One after the other, it matters who is first. On SQLite, where nothing else is tried, one order of each pair is enough
#: to see that its guards let through what PostgreSQL's do.
ORDERED = (
    PAIRS
    if connection.vendor == "sqlite"
    else [
        (scene, first, second)
        for scene, (_made, acts) in SCENES.items()
        for first, second in itertools.product(acts, repeat=2)
    ]
)


class Racer:
    """One act in a thread and connection of its own, which can be held at a point until it is let go.

    The threads stay for the next pairs: a connection that has just been opened knows no table and no guard yet.
    """

    threads = (ThreadPoolExecutor(1, "first"), ThreadPoolExecutor(1, "second"))
    running = threading.local()  # of each thread, the racer that it runs

    def __init__(self, act, *, hold: str = "") -> None:
        self.act, self.hold = act, hold
        self.there, self.go = threading.Event(), threading.Event()
        self.pid, self.outcome, self.ended = 0, "", None

    def start(self, lane: int) -> None:
        self.ended = self.threads[lane].submit(self._run)

    def is_alive(self) -> bool:
        return not self.ended.done()

    def join(self) -> None:
        """Wait for the end; what is still running then is told by `is_alive`."""
        wait([self.ended], timeout=LONG)

    def _run(self) -> None:
        self.running.racer = self
        try:
            connection.ensure_connection()
            self.pid = connection.connection.get_backend_pid()
            if self.hold == "early":
                with connection.execute_wrapper(self._before_locks):
                    self.act()
            else:
                self.act()
            self.outcome = "done"
        except Refused as refused:
            self.outcome = refused.refusals[0].code
        except NotFound:
            self.outcome = "not found"
        except BaseException as fault:  # noqa: BLE001 - told to the test
            self.outcome = f"FAULT {fault!r}"[:300]
            connection.close()
        finally:
            self.there.set()

    def pause(self) -> None:
        if not self.there.is_set():
            self.there.set()
            self.go.wait(LONG)

    def _before_locks(self, execute, sql, params, many, context):
        if " FOR NO KEY UPDATE" in sql or sql.startswith(("UPDATE", "INSERT", "DELETE")):
            self.pause()
        return execute(sql, params, many, context)


@pytest.fixture(scope="module", autouse=True)
def _no_connection_stays():
    """Close what the threads opened: the database is dropped at the end of the run."""
    yield
    for thread in Racer.threads:
        thread.submit(connections.close_all).result()


@pytest.fixture
def commits(monkeypatch):
    """Hold the racer that wants it right before its transaction is committed."""
    real = BaseDatabaseWrapper.commit

    def commit(self):
        racer = getattr(Racer.running, "racer", None)
        if racer and racer.hold == "late":
            racer.pause()
        return real(self)

    monkeypatch.setattr(BaseDatabaseWrapper, "commit", commit)


def stands_still(racer: Racer) -> None:
    """Wait until a racer is through or waits for a lock."""
    until = time.monotonic() + LONG
    while racer.is_alive() and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT wait_event_type FROM pg_stat_activity WHERE pid = %s", [racer.pid])
            found = cursor.fetchone()
        if racer.pid and found and found[0] == "Lock":
            return
        time.sleep(0.005)


@cache
def moment(scene):
    """Return when a scene was made: one moment for all its tests, because signatures are over days and times."""
    return clock.now()


def made(scene):
    """Return a scene, built by the first test that begins with it and written back for the others."""
    return remembered(("scene", scene), lambda at: SCENES[scene][0](two_centres(at)), moment(scene))


def pressed(acts, found, first, second):
    """Return both acts, made ready before either is done; the same act twice is one page and two clicks."""
    return [acts[first](found)] * 2 if first == second else [acts[first](found), acts[second](found)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite writes one transaction after another")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("hold", ["late", "early"])
@pytest.mark.parametrize(("scene", "first", "second"), PAIRS, ids=lambda value: value)
@pytest.mark.parametrize("_again", ROUNDS)
def test_two_acts_at_once(scene, first, second, hold, _again, commits):
    found, acts = made(scene), SCENES[scene][1]
    steps = pressed(acts, found, first, second)
    one, other = Racer(steps[0], hold=hold), Racer(steps[1])
    one.start(0)
    assert one.there.wait(LONG)
    other.start(1)
    stands_still(other)
    one.go.set()
    one.join()
    other.join()
    outcomes = {first: one.outcome, f"then {second}": other.outcome}
    assert not one.is_alive()
    assert not other.is_alive()
    assert not [text for text in outcomes.values() if text.startswith("FAULT") or not text], outcomes
    assert list(faults()) == [], outcomes


@pytest.mark.parametrize(("scene", "first", "second"), ORDERED, ids=lambda value: value)
@pytest.mark.django_db
def test_two_acts_one_after_the_other(scene, first, second):
    """The same pairs on both databases, the second with what its page had loaded before the first."""
    found, acts = made(scene), SCENES[scene][1]
    for step in pressed(acts, found, first, second):
        try:
            step()
        except (Refused, NotFound):
            continue
    assert list(faults()) == []
