"""make bench: server time and query count of the pages people live in, and what an upload costs.

Uses a database of its own (var/bench embedded; BENCH_DATABASE_URL for PostgreSQL, whose database it empties). Prints a
table; the figures in docs/performance.md come from it. Times are of the whole request inside the process, templates
included, on one core, warm, without a network.
"""

import argparse
import gc
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
MIB = 1024 * 1024


def main() -> None:
    options = options_of()
    environment(options)
    import django

    django.setup()
    from tools import bench_catalogue, bench_rules

    bench_rules.table()
    _fresh_data(options)
    gc.collect()
    gc.freeze()  # what was needed to write the data is not the server's to look through
    print(f"\n| page ({options.name}) | queries | p50 ms | p95 ms | kB |\n| --- | ---: | ---: | ---: | ---: |")
    for name, who, url in pages():
        print(_measured(name, who, url, options.rounds))
    if not options.no_upload:
        print(f"\n| upload, {options.name} | s | MiB/s | peak MiB above idle |\n| --- | ---: | ---: | ---: |")
        for size in (5, 200):
            print(_upload(size))
    if options.catalogue:
        bench_catalogue.table(options.catalogue, options.rounds, options.name)
        for name, who, url in _catalogue_pages():
            print(_measured(name, who, url, options.rounds))


def options_of(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=2000)
    parser.add_argument("--items", type=int, default=30)
    parser.add_argument("--heavy", type=int, default=400)
    parser.add_argument("--catalogue", type=int, default=2000, metavar="N", help="qualifications of the large one")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--keep", action="store_true", help="measure the data of the last run")
    parser.add_argument("--no-upload", action="store_true")
    options = parser.parse_args(arguments)
    options.name = "PostgreSQL" if os.environ.get("BENCH_DATABASE_URL") else "embedded"
    return options


def environment(options: argparse.Namespace) -> None:
    room = ROOT / "var" / "bench" / options.name.lower()
    if not options.keep:
        shutil.rmtree(room, ignore_errors=True)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        VAR_DIR=str(room),
        ATTEST_TESTING="1",
        DATABASE_URL=os.environ.get("BENCH_DATABASE_URL", ""),
        REDIS_URL="",
        S3_BUCKET="",
        ALLOWED_HOSTS="testserver,127.0.0.1",
    )


def _fresh_data(options: argparse.Namespace) -> None:
    from django.core.management import call_command
    from django.db import connection

    from tools.bench_seed import seed

    if options.keep:
        call_command("migrate", verbosity=0)
        return
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    call_command("load_catalogue", verbosity=0)
    started = time.perf_counter()
    seed(options.learners, options.items, options.heavy)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"Data: {options.learners} learners × {options.items} pieces in {time.perf_counter() - started:.0f} s.")


def pages() -> Iterator[tuple[str, Any, str]]:
    from accounts.models import User
    from assessments.queries import waiting
    from centres.models import Learner, LearnerUnit
    from centres.queries import actor_at, places_of
    from common import clock
    from tools.bench_seed import NUMBER

    learner = User.objects.get(email="learner0@bench.example")
    assessor = User.objects.get(email="assessor0@bench.example")
    admin = User.objects.get(email="admin0@bench.example")
    today = clock.london_date(clock.now())
    actor = actor_at(places_of(assessor.pk, today), assessor, NUMBER, on=today, request_id="")
    assert actor is not None
    heavy = Learner.objects.for_centre(actor.centre_id).get(person=learner)
    units = LearnerUnit.objects.for_centre(actor.centre_id).filter(learner=heavy)
    unit = units.select_related("registration__qualification").earliest("position")
    piece = waiting(actor).filter(learner=heavy).earliest("submitted_at")
    base = f"/c/{NUMBER}"
    yield "learner: Today", learner, f"{base}/my/"
    yield "learner: units", learner, f"{base}/my/units/"
    yield "learner: my unit", learner, f"{base}/my/units/{unit.public_id}/"
    yield "learner: portfolio", learner, f"{base}/my/evidence/"
    yield "learner: add evidence", learner, f"{base}/my/evidence/add/"
    yield "learner: feedback", learner, f"{base}/my/feedback/"
    yield "assessor: work waiting", assessor, f"{base}/assess/"
    yield "assessor: assess", assessor, f"{base}/assess/evidence/{piece.public_id}/"
    yield "assessor: matrix", assessor, f"{base}/assess/units/{unit.public_id}/"
    yield "assessor: sign-off", assessor, f"{base}/assess/units/{unit.public_id}/sign-off/"
    yield "assessor: learners", assessor, f"{base}/assess/learners/"
    yield "assessor: learner (400 pieces)", assessor, f"{base}/assess/learners/{heavy.public_id}/"
    yield "admin: one learner", admin, f"{base}/centre/learners/{heavy.public_id}/"
    registration = unit.registration.public_id
    yield "admin: change units", admin, f"{base}/centre/learners/{heavy.public_id}/units/{registration}/"
    structure = unit.registration.qualification.public_id
    yield "structure of a qualification", admin, f"{base}/catalogue/qualifications/{structure}/"
    yield "admin: learners", admin, f"{base}/centre/learners/"
    yield "admin: people", admin, f"{base}/centre/"
    yield "admin: caseload", admin, f"{base}/centre/caseload/"


def _catalogue_pages() -> Iterator[tuple[str, Any, str]]:
    """Yield the pages that a large catalogue could make slow; measured once it is loaded."""
    from accounts.models import User
    from qualifications import queries
    from tools.bench_seed import NUMBER

    admin = User.objects.get(email="admin0@bench.example")
    structure = queries.current_versions(None).filter(entry_code="T0007").values_list("public_id", flat=True)[0]
    base = f"/c/{NUMBER}"
    yield "large catalogue: qualifications and units", admin, f"{base}/catalogue/"
    yield "large catalogue: search", admin, f"{base}/catalogue/?q=complaint"
    yield "large catalogue: structure", admin, f"{base}/catalogue/qualifications/{structure}/"
    yield "large catalogue: register a learner", admin, f"{base}/centre/learners/register/"


def _measured(name: str, who: Any, url: str, rounds: int) -> str:
    from django.db import connection
    from django.test import Client

    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    for _ in range(3):
        answer = client.get(url)
    if answer.status_code != 200:  # noqa: PLR2004 - OK
        return f"| {name} | answered {answer.status_code} | | | |"
    queries: list[str] = []

    def note(run: Any, sql: str, *rest: Any) -> Any:
        queries.append(sql)
        return run(sql, *rest)

    with connection.execute_wrapper(note):
        client.get(url)
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        client.get(url)
        times.append((time.perf_counter() - started) * 1000)
    p95 = statistics.quantiles(times, n=20)[18]
    size = len(answer.content) / 1024
    return f"| {name} | {len(queries)} | {statistics.median(times):.0f} | {p95:.0f} | {size:.0f} |"


def _upload(mebibytes: int) -> str:
    """Post one file to a real server process and watch its memory."""
    from django.test import Client

    from accounts.models import User

    person = User.objects.get(email="learner1@bench.example")
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    evidence = _draft(person)
    server = _server()
    try:
        idle = _memory(server.pid)
        peak = _Peak(server.pid)
        seconds = _post(client, evidence, mebibytes)
        above = peak.stop() - idle
    finally:
        server.terminate()
        server.wait()
    return f"| {mebibytes} MiB | {seconds:.1f} | {mebibytes / seconds:.0f} | {above / MIB:.0f} |"


def _draft(person: Any) -> Any:
    from centres.queries import actor_at, places_of
    from common import clock
    from portfolio.services import start_evidence
    from tools.bench_seed import NUMBER

    today = clock.london_date(clock.now())
    actor = actor_at(places_of(person.pk, today), person, NUMBER, on=today, request_id="")
    assert actor is not None
    return start_evidence(actor=actor, at=clock.now())


def _server() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--worker-class", "gthread", "--threads", "4"]
    server = subprocess.Popen(
        [*command, "--bind", "127.0.0.1:8099", "--timeout", "300", "--log-level", "error", "config.wsgi"], cwd=ROOT
    )
    import urllib.request

    for _ in range(100):
        time.sleep(0.2)
        try:
            urllib.request.urlopen("http://127.0.0.1:8099/healthz", timeout=2).close()
        except OSError:
            continue
        return server
    raise SystemExit("The server did not start.")


def _post(client: Any, evidence: Any, mebibytes: int) -> float:
    """Send a real film: a small MP4 with a free box that fills it up, so that the checks see what they expect."""
    import http.client

    from common import clock
    from media import samples
    from tools.bench_seed import NUMBER

    base = samples.mp4(title="Till", seed=1, filmed_at=clock.now(), seconds=1, size=(160, 120))
    pad = mebibytes * MIB - len(base)
    boundary = "attestbench"
    client.get(f"/c/{NUMBER}/my/evidence/add/")  # a page with a form brings the token
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    token_value = client.cookies["attest-csrf"].value
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token_value}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="film.mp4"\r\n'
        "Content-Type: video/mp4\r\n\r\n"
    ).encode()
    tail = f"\r\n--{boundary}--\r\n".encode()
    free = pad.to_bytes(4, "big") + b"free"
    connection = http.client.HTTPConnection("127.0.0.1", 8099, timeout=300)
    started = time.perf_counter()
    connection.putrequest("POST", f"/c/{NUMBER}/files/evidence/{evidence.public_id}/upload/")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={boundary}")
    connection.putheader("Content-Length", str(len(head) + len(base) + pad + len(tail)))
    connection.putheader("Cookie", cookies)
    connection.putheader("X-Requested-With", "XMLHttpRequest")
    connection.endheaders()
    connection.send(head + base + free)
    left = pad - len(free)
    block = bytes(MIB)
    while left > 0:
        connection.send(block[: min(left, MIB)])
        left -= MIB
    connection.send(tail)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status not in {200, 201}:
        raise SystemExit(f"The upload was answered with {answer.status}: {body[:300]!r}")
    return time.perf_counter() - started


class _Peak:
    """Watches the resident memory of a process and its children while something runs."""

    def __init__(self, pid: int) -> None:
        self.pid, self.peak, self.going = pid, 0, True
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def _watch(self) -> None:
        while self.going:
            self.peak = max(self.peak, _memory(self.pid))
            time.sleep(0.02)

    def stop(self) -> int:
        self.going = False
        self.thread.join()
        return self.peak


def _memory(pid: int) -> int:
    """Return the resident memory of a process and its children, in bytes."""
    total = 0
    for one in [pid, *_children(pid)]:
        try:
            status = Path(f"/proc/{one}/status").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))
    return total


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(text) for text in path.read_text().split()] if path.exists() else []


if __name__ == "__main__":
    main()
