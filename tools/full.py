"""Run a command as a full installation: PostgreSQL, Redis and an S3-compatible store, all on this machine.

    python tools/full.py pytest -n 2

What the environment already names (DATABASE_URL, REDIS_URL, S3_BUCKET) is used as it is. Otherwise Redis and the store
are started on free ports and stopped again, and PostgreSQL is the one that answers on this machine's socket.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2  # type: ignore[import-untyped]  # its stubs are a package of their own; one call is made here

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools import s3_server  # noqa: E402 - the path comes first

READY_SECONDS = 10.0


def _need_postgres(url: str) -> None:
    """Refuse with a sentence when nobody answers: the error of a first test would hide the reason."""
    server = url.rsplit("/", 1)[0] + "/postgres"
    try:
        psycopg2.connect(server).close()
    except psycopg2.OperationalError as error:
        raise SystemExit(
            f"PostgreSQL does not answer: {str(error).strip()}\n"
            "Start it and let your user create databases, or set DATABASE_URL."
        ) from None


@contextlib.contextmanager
def _redis() -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        raise SystemExit("no redis-server on this machine: install it or set REDIS_URL")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--loglevel", "warning"]
    server = subprocess.Popen([program, *options], cwd=ROOT / "var", stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait()


def _wait(port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise SystemExit("Redis did not start")


def main(command: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    (ROOT / "var").mkdir(exist_ok=True)
    environment = dict(os.environ)
    # A name of its own for each run, so that two runs on one machine do not empty each other's tables.
    environment.setdefault("DATABASE_URL", f"postgres:///attest_{os.getpid()}")
    _need_postgres(environment["DATABASE_URL"])
    with contextlib.ExitStack() as services:
        if not environment.get("REDIS_URL"):
            environment["REDIS_URL"] = services.enter_context(_redis())
        if not environment.get("S3_BUCKET"):
            environment.update(services.enter_context(s3_server.serving()))
        print("full:", *(f"{name}={environment[name]}" for name in ("DATABASE_URL", "REDIS_URL", "S3_ENDPOINT_URL")))
        sys.stdout.flush()
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
