"""What sealing costs those who write, and how fast the log is sealed and checked.

Uses a database of its own (var/bench embedded; BENCH_DATABASE_URL for PostgreSQL, whose database it empties). A writer
in a process of its own commits one event after the other; in every second round a sealer runs beside it, more often
than it comes round in earnest. The figures in docs/performance.md come from it.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))


def main() -> None:
    options = _options()
    _environment(fresh=not options.part)
    import django

    django.setup()
    if options.part == "write":
        print(_write(options.seconds))
    elif options.part == "seal":
        _keep_sealing(options.seconds, options.every)
    elif options.part == "check":
        _check()
    else:
        _measure(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4, help="of each kind")
    parser.add_argument("--seconds", type=float, default=10, help="of a round")
    parser.add_argument("--every", type=float, default=5, help="seconds from one sealing to the next")
    parser.add_argument("--rows", type=int, default=200_000, help="to seal and to check")
    parser.add_argument("--part", choices=["write", "seal", "check"], help="used by the script itself")
    return parser.parse_args()


def _environment(*, fresh: bool) -> None:
    room = ROOT / "var" / "bench" / "seals"
    if fresh:
        shutil.rmtree(room, ignore_errors=True)
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        VAR_DIR=str(room),
        ATTEST_TESTING="1",
        DATABASE_URL=os.environ.get("BENCH_DATABASE_URL", ""),
        REDIS_URL="",
        S3_BUCKET="",
    )


def _start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, __file__, *words], stdout=subprocess.PIPE, text=True)


def _measure(options: argparse.Namespace) -> None:
    from django.core.management import call_command
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    written: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(2 * options.rounds):
        sealing = bool(turn % 2)
        written[sealing].append(_round(options, sealing=sealing))
    without, beside = (sum(written[kind]) / options.rounds for kind in (False, True))
    fewer = 100 * (1 - beside / without)
    print(f"writes a second: {without:.0f} alone, {beside:.0f} beside a sealer: {fewer:.1f} % fewer")
    print("  rounds:", *(f"{a:.0f}/{b:.0f}" for a, b in zip(written[False], written[True], strict=True)))
    _fill(options.rows)
    print(_sealed())
    print(_start("--part", "check").communicate()[0], end="")


def _round(options: argparse.Namespace, *, sealing: bool) -> float:
    sealer = _start("--part", "seal", "--seconds", str(options.seconds), "--every", str(options.every))
    if not sealing:
        sealer.kill()
    writer = _start("--part", "write", "--seconds", str(options.seconds))
    count = int(writer.communicate()[0])
    sealer.wait()
    return count / float(options.seconds)


def _write(seconds: float) -> int:
    from audit.services import record_person
    from common import clock

    until, count = time.perf_counter() + seconds, 0
    while time.perf_counter() < until:
        record_person("bench.wrote", person_id=None, at=clock.now(), facts={"number": count})
        count += 1
    return count


def _keep_sealing(seconds: float, every: float) -> None:
    from common import clock
    from ledger.services import seal

    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        seal(at=clock.now())
        time.sleep(every)


def _fill(rows: int) -> None:
    from audit.models import Event
    from common import clock

    facts = {"action": "bench.filled", "outcome": "done", "facts": {"criterion": "x" * 26, "round": 3}}
    for start in range(0, rows, 5000):
        at = clock.now()
        Event.objects.bulk_create(Event(at=at, person_id=n, **facts) for n in range(start, min(start + 5000, rows)))


def _sealed() -> str:
    from common import clock
    from ledger.services import seal

    began, worked = time.perf_counter(), time.process_time()
    count = seal(at=clock.now())
    took, cpu = time.perf_counter() - began, time.process_time() - worked
    return f"sealing: {count} rows, {count / took:.0f} a second ({count / cpu:.0f} a second of processor time here)"


def _check() -> None:
    from common import clock
    from ledger.queries.checking import faults

    counts: Counter[str] = Counter()
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, worked = time.perf_counter(), time.process_time()
    found = sum(1 for _fault in faults(counts, at=clock.now()))
    took, cpu = time.perf_counter() - began, time.process_time() - worked
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle) / 1024
    print(
        f"checking: {counts['leaves']} rows, {found} faults, {counts['leaves'] / took:.0f} rows a second"
        f" ({counts['leaves'] / cpu:.0f} a second of processor time here), {grown:.0f} MiB above idle"
    )


if __name__ == "__main__":
    main()
