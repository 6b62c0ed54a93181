"""Do the tests notice small faults? A mutation run over rules and services (`make mutants`, docs/testing.md).

    python tools/mutants.py --sample 60                   sixty of them, drawn by --seed
    python tools/mutants.py --sample 0 portfolio/rules    every mutant of some files
    python tools/mutants.py --minutes 3                   as many as are tried in three minutes
    python tools/mutants.py --learned var/enters.json     keep what is known of the tests, and learn only new ones

Every test is run once as it is, noting which functions it enters. Then each mutant is put into a forked process, where
the tests that enter its function run, the quickest first, until one fails: it is killed. One that every test lets pass
has lived, and so has one whose function no test enters. The score is what was killed of what was tried.
"""

import argparse
import json
import os
import random
import selectors
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.mutating import Mutant, know_running, load, mutants_of, note_calls, put  # noqa: E402 - the path comes first

APPS = ("centres", "assessments", "portfolio", "qualifications")
WHERE = [f"{app}/{part}" for app in APPS for part in ("rules", "services", "access.py")]
TESTS = [*(f"tests/{app}" for app in APPS), "tests/cases"]
JOBS = int(os.environ.get("JOBS") or os.cpu_count() or 1)
LOG = ROOT / "var" / "mutants.log"
#: A mutant that runs for ever is stopped: so many times as long as its tests took, and never less than this (seconds).
PATIENCE, LEAST = 10, 30.0


@dataclass(slots=True)
class Known:
    """What is known of the tests before anything is changed."""

    seconds: dict[str, float] = field(default_factory=dict)
    enters: dict[str, list[str]] = field(default_factory=dict)  # a function's key → the tests that enter it


@dataclass(slots=True)
class Result:
    mutant: Mutant
    how: str  # killed, stopped, lived, never run; fault: of this tool
    by: str = ""


def chosen(paths: list[str], seed: int) -> list[Mutant]:
    """Return every mutant of these files and folders, in the order of the draw."""
    files = [
        file for path in paths for file in ([Path(path)] if path.endswith(".py") else sorted(Path(path).rglob("*.py")))
    ]
    every = [mutant for file in files for mutant in mutants_of(file)]
    random.Random(seed).shuffle(every)
    return every


class Crew:
    """Runs work in forked processes, some at a time; each sends back one line of JSON."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self.running = selectors.DefaultSelector()
        self.born: dict[int, tuple[int, float, Any]] = {}

    def start(self, task: Any, limit: float, work: Any) -> None:
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(read)
            try:
                said = json.dumps(work())
            except BaseException as fault:  # noqa: BLE001 - a fault of ours: told, and counted for nothing
                said = json.dumps({"fault": f"{type(fault).__name__}: {fault}"[:200]})
            with os.fdopen(write, "w") as out:
                out.write(said)
            os._exit(0)
        os.close(write)
        self.born[read] = (pid, time.monotonic() + limit, task)
        self.running.register(read, selectors.EVENT_READ)

    def ended(self) -> Iterator[tuple[Any, Any]]:
        """Yield (task, answer) of each that has ended; an answer of None was stopped."""
        for key, _events in self.running.select(timeout=1):
            with os.fdopen(key.fd, closefd=False) as answer:
                said = answer.read()
            yield self._bury(key.fd), json.loads(said) if said else {"by": "the process ended"}
        for read, (pid, until, _task) in list(self.born.items()):
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
                yield self._bury(read), None

    def _bury(self, read: int) -> Any:
        pid, _until, task = self.born.pop(read)
        self.running.unregister(read)
        os.close(read)
        os.waitpid(pid, 0)
        for left in _own_file(pid).parent.glob(f"{_own_file(pid).name}*"):
            left.unlink()
        return task

    @property
    def full(self) -> bool:
        return len(self.born) >= self.jobs


class Mutating:
    """A plugin of pytest: instead of running the tests once it runs them against mutants."""

    def __init__(self, asked: argparse.Namespace, mutants: list[Mutant], out: TextIO) -> None:
        self.asked, self.every, self.out = asked, mutants, out
        self.mutants = mutants[: asked.sample or None]
        self.results: list[Result] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items if not item.get_closest_marker("browser")}
        for path in sorted({mutant.path for mutant in self.every}):
            load(path, ROOT)
        for item in items.values():  # what every process needs is made before any is forked
            if not item.get_closest_marker("pure"):
                _run(item, session)
                break
        know_running()
        known = self._look(items, session)
        failing = [name for name in items if name not in known.seconds]
        self._say(
            f"{len(known.seconds)} tests pass as they are ({sum(known.seconds.values()):.0f} s), {len(failing)} do not"
        )
        for name in failing[:9]:
            self._say(f"  not of use: {name}")
        self._try(known, items, session)
        return True

    def _say(self, words: str) -> None:
        print(words, file=self.out, flush=True)

    def _look(self, items: dict[str, pytest.Item], session: pytest.Session) -> Known:
        """Run every test once and learn what it enters, in as many processes as there are; but none that is known."""
        crew, known = Crew(JOBS), self._known(items)
        names = [name for name in items if name not in known.seconds]
        for n in range(JOBS):
            part = names[n * len(names) // JOBS : (n + 1) * len(names) // JOBS]
            crew.start(n, 3600, lambda part=part: self._learn([items[name] for name in part], session))
        while crew.born:
            for _task, found in crew.ended():
                if not found or "seconds" not in found:
                    raise SystemExit(f"the tests could not be run: {found}")
                known.seconds |= found["seconds"]
                for name, keys in found["enters"].items():
                    for key in keys:
                        known.enters.setdefault(key, []).append(name)
        if self.asked.learned:
            Path(self.asked.learned).write_text(json.dumps({"seconds": known.seconds, "enters": known.enters}))
        return known

    def _known(self, items: dict[str, pytest.Item]) -> Known:
        """Return what an earlier run learned of these tests: true as long as the product's files are the same."""
        if not self.asked.learned or not Path(self.asked.learned).exists():
            return Known()
        kept = json.loads(Path(self.asked.learned).read_text())
        enters = {key: [name for name in names if name in items] for key, names in kept["enters"].items()}
        return Known({name: took for name, took in kept["seconds"].items() if name in items}, enters)

    def _learn(self, items: list[pytest.Item], session: pytest.Session) -> dict[str, Any]:
        _own_database()
        heard: set[str] = set()
        for mutant in {mutant.key: mutant for mutant in self.every}.values():
            note_calls(mutant, heard)
        seconds, enters = {}, {}
        for item in items:
            heard.clear()
            begun = time.monotonic()
            if _run(item, session):
                seconds[item.nodeid], enters[item.nodeid] = time.monotonic() - begun, sorted(heard)
        return {"seconds": seconds, "enters": enters}

    def _try(self, known: Known, items: dict[str, pytest.Item], session: pytest.Session) -> None:
        until = time.monotonic() + 60 * self.asked.minutes if self.asked.minutes else float("inf")
        crew, waiting = Crew(JOBS), list(reversed(self.mutants))
        while waiting or crew.born:
            while waiting and not crew.full and time.monotonic() < until:
                mutant = waiting.pop()
                tests = sorted(known.enters.get(mutant.key, []), key=known.seconds.__getitem__)
                if not tests:
                    self._result(Result(mutant, "never run"))
                    continue
                limit = max(LEAST, PATIENCE * sum(known.seconds[name] for name in tests))
                todo = [items[name] for name in tests]
                crew.start(mutant, limit, lambda m=mutant, t=todo: self._judge(m, t, session))
            if time.monotonic() >= until:
                waiting = []
            for mutant, said in crew.ended() if crew.born else ():
                self._result(_verdict(mutant, said))

    def _judge(self, mutant: Mutant, tests: list[pytest.Item], session: pytest.Session) -> dict[str, str]:
        _own_database()
        put(mutant)
        return {"by": next((item.nodeid for item in tests if not _run(item, session)), "")}

    def _result(self, result: Result) -> None:
        self.results.append(result)
        one = result.mutant
        if result.how not in {"killed", "stopped"} or self.asked.all:
            words = f"{one.path}:{one.line} {one.function}: {one.before}  →  {one.after}"
            self._say(f"{result.how}: {words}" + (f"  ({result.by})" if result.by else ""))


def _verdict(mutant: Mutant, said: dict[str, str] | None) -> Result:
    if said is None:
        return Result(mutant, "stopped")
    if "fault" in said:
        return Result(mutant, "fault", said["fault"])
    return Result(mutant, "killed" if said["by"] else "lived", said["by"])


class _Session:
    """What comes after each test, as far as pytest asks: the session alone, so that only what belongs to it stays."""

    def __init__(self, session: pytest.Session) -> None:
        self.session = session

    def listchain(self) -> list[Any]:
        return [self.session]


def _run(item: pytest.Item, session: pytest.Session) -> bool:
    """Run a test with all that belongs to it; say whether it passed."""
    from _pytest.runner import runtestprotocol

    reports = runtestprotocol(item, log=False, nextitem=_Session(session))  # type: ignore[arg-type]  # see there
    return not any(report.failed for report in reports)


def _own_database() -> None:
    """Give this process a database of its own: the parent's connection is not to be touched."""
    from django.conf import settings
    from django.db import connection

    connection.connection = None
    name = _own_file(os.getpid())
    template = name.with_name("prepared.sqlite3")
    if not template.exists():  # none of these tests needs one
        return
    shutil.copyfile(template, name)
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(name)


def _own_file(pid: int) -> Path:
    from django.conf import settings

    return Path(settings.FILE_UPLOAD_TEMP_DIR) / f"mutant-{pid}.sqlite3"


def report(results: list[Result], out: TextIO) -> float:
    """Print the score of each app and of all, and return the latter; a fault of this tool is no result."""
    print(file=out)
    faults = [one for one in results if one.how == "fault"]
    results = [one for one in results if one.how != "fault"]
    if faults:
        print(f"{len(faults)} could not be tried", file=out)
    for app in (*APPS, ""):
        of = Counter(r.how for r in results if str(r.mutant.path).startswith(app))
        if tried := of.total():
            died = of["killed"] + of["stopped"]
            parts = ", ".join(f"{of[how]} {how}" for how in ("killed", "stopped", "lived", "never run"))
            print(f"{app or 'all':15} {100 * died / tried:5.1f} %  of {tried}: {parts}", file=out)
    died = sum(r.how in {"killed", "stopped"} for r in results)
    return 100 * died / len(results) if results else 100.0


def main() -> int:
    os.chdir(ROOT)
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else "")
    parser.add_argument(
        "paths", nargs="*", default=WHERE, help="files or folders (rules, services and access of the four apps)"
    )
    parser.add_argument("--sample", type=int, default=60, help="how many mutants (0: all)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=0, help="begin none after so long")
    parser.add_argument("--tests", nargs="*", default=TESTS)
    parser.add_argument("--learned", help="a file for what is known of the tests, to be read and written")
    parser.add_argument("--all", action="store_true", help="list the killed ones too, with what killed them")
    parser.add_argument("--least", type=float, default=0, help="fail below this score")
    asked = parser.parse_args()
    out = os.fdopen(os.dup(1), "w")
    mutants = chosen(asked.paths, asked.seed)
    plugin = Mutating(asked, mutants, out)
    with LOG.open("w") as log:
        os.dup2(log.fileno(), 1)
        code = pytest.main(["-q", "-p", "no:cacheprovider", *asked.tests], plugins=[plugin])
    if code or not plugin.results:
        print(f"nothing was tried ({code}): see {LOG}", file=out)
        return 1
    return int(report(plugin.results, out) < asked.least)


if __name__ == "__main__":
    sys.exit(main())
