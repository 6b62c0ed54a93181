"""Parts that are away for real: nobody listens, somebody listens and says nothing, a disk that takes no more."""

import contextlib
import shutil
import socket
import subprocess
import threading
import time

import psycopg2
import pytest
from django.db import connection


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def free():
    """A port at which nobody listens."""
    return free_port()


@pytest.fixture
def cache_at(settings):
    """`cache_at(port)`: the site's Redis is there from now on."""

    def point(port):
        options = {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}
        place = f"redis://127.0.0.1:{port}/0"
        settings.CACHES = {"default": {"BACKEND": "common.caching.RedisOrOwn", "LOCATION": place, "OPTIONS": options}}

    return point


@pytest.fixture
def silent():
    """The port of a server that takes every connection and never answers."""
    taken = []
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(64)

        def take():
            with contextlib.suppress(OSError):
                while True:
                    taken.append(server.accept()[0])

        threading.Thread(target=take, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    for one in taken:
        one.close()


@contextlib.contextmanager
def redis(*options):
    """A Redis of this test's own → its port."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("there is no redis-server on this machine")
    port = int(dict(zip(options[::2], options[1::2], strict=True)).get("--port", free_port()))
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()


def _wait_for(port):
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
    pytest.fail("Redis did not start")


@pytest.fixture
def full_redis():
    """The port of a Redis that has no memory left for anything new."""
    with redis("--maxmemory", "1", "--maxmemory-policy", "noeviction") as port:
        yield port


@contextlib.contextmanager
def database_away():
    """Nobody answers where the database was."""
    own, kept = connection.settings_dict, dict(connection.settings_dict)
    connection.close()
    if connection.vendor == "sqlite":
        own["NAME"] = "/nowhere/at/all/attest.sqlite3"
    else:
        own.update(HOST="127.0.0.1", PORT=str(free_port()))
    try:
        yield
    finally:
        own.update(kept)
        connection.close()


@contextlib.contextmanager
def nothing_can_be_written():
    """The database can be read and not written: a disk that is read-only, a stand-by."""
    on, off = ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")
    if connection.vendor == "postgresql":
        on, off = ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
    _say(on)
    try:
        yield
    finally:
        _say(off)


def _say(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextlib.contextmanager
def hangs_up_before(words, *, times=1):
    """PostgreSQL ends the connection before a statement with these words, so many times. Gives the times it happened."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is in this process: there is no connection to cut")
    happened = []

    def cut(execute, sql, params, many, context):
        if words in sql and len(happened) < times:
            happened.append(sql)
            _terminate(connection.connection.info.backend_pid)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(cut):
        yield happened


def _terminate(number):
    own = {k: v for k, v in connection.get_connection_params().items() if k not in {"cursor_factory", "context"}}
    with contextlib.closing(psycopg2.connect(**own)) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
