"""What row security of PostgreSQL would cost: processor time of the bench's pages with it and without, in pairs.

    BENCH_DATABASE_URL=postgres://…/bench python -m tools.bench_rows --rounds 20

Needs the data of `tools/bench.py` on PostgreSQL (run that first) and a user who may create roles. Every table that
belongs to a centre gets a policy that shows the rows of the centre named in the connection's setting, and two roles
read the same pages in turn: one that policies hold for and one that passes them by. The time is that of this process
and of PostgreSQL's own (read from /proc, so on the same machine). Policies and roles are removed at the end.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import bench  # noqa: E402 - the path comes first

HELD, FREE = "attest_bench_held", "attest_bench_free"
RIGHTS = "SELECT, INSERT, UPDATE, DELETE"


def main() -> None:
    options = bench.options_of(["--keep", *sys.argv[1:]])
    bench.environment(options)
    import django

    django.setup()
    with _row_security():
        print("| page | without ms | with ms | dearer |\n| --- | ---: | ---: | ---: |")
        sums = [0.0, 0.0]
        for name, who, url in bench.pages():
            cost = _cost(who, url, options.rounds)
            sums = [sums[0] + cost[0], sums[1] + cost[1]]
            print(_row(name, *cost))
        print(_row("all", *sums))


def _row(name: str, free: float, held: float) -> str:
    return f"| {name} | {free:.1f} | {held:.1f} | {(held / free - 1) * 100:+.1f} % |"


@contextmanager
def _row_security() -> Iterator[None]:
    """Set policies and roles up for this run, and take them away again whatever happens."""
    tables = _tables()
    try:
        _run(f"CREATE ROLE {HELD}; CREATE ROLE {FREE} BYPASSRLS")
        for role in (HELD, FREE):
            _run(
                f"GRANT USAGE ON SCHEMA public TO {role}; GRANT {RIGHTS} ON ALL TABLES IN SCHEMA public TO {role};"
                f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"
            )
        for table in tables:
            _run(
                f'CREATE POLICY bench ON "{table}" '
                "USING (centre_id = (SELECT current_setting('attest.centre')::bigint));"
                f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
            )
        yield
    finally:
        _run("RESET ROLE")
        for table in tables:
            _run(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY; DROP POLICY IF EXISTS bench ON "{table}"')
        for role in (HELD, FREE):
            _run(f"DROP OWNED BY {role}; DROP ROLE {role}")


def _tables() -> list[str]:
    from django.apps import apps

    from common.scoping import CentreOwned

    return [model._meta.db_table for model in apps.get_models() if issubclass(model, CentreOwned)]


def _run(sql: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)


def _cost(who: Any, url: str, rounds: int) -> tuple[float, float]:
    """Return the milliseconds of processor time of one request, without and with policies."""
    from django.test import Client

    client = Client()
    client.force_login(who, backend="allauth.account.auth_backends.AuthenticationBackend")
    used = {FREE: 0.0, HELD: 0.0}
    centre = _centre()
    for turn in range(-2, rounds):  # two to warm up
        for role in (FREE, HELD) if turn % 2 else (HELD, FREE):
            _run(f"SET ROLE {role}")
            before = _processor_time()
            _run(f"SET attest.centre = '{centre}'")  # what a request would have to say as well
            answer = client.get(url)
            if answer.status_code != 200:  # noqa: PLR2004 - OK
                raise SystemExit(f"{url} answered {answer.status_code}")
            if turn >= 0:
                used[role] += _processor_time() - before
    return used[FREE] / rounds * 1000, used[HELD] / rounds * 1000


def _centre() -> int:
    from centres.models import Centre
    from tools.bench_seed import NUMBER

    return int(Centre.objects.get(number=NUMBER).pk)


def _processor_time() -> float:
    """Return the seconds of processor this process and its connection's backend have used (to 10 ms each for that)."""
    from django.db import connection

    connection.ensure_connection()
    fields = Path(f"/proc/{connection.connection.info.backend_pid}/stat").read_text().rsplit(")", 1)[1].split()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
