"""A database with every migration in it, made once for a state of the code and copied for each process that tests.

On SQLite it is a file under var/test/prepared; on PostgreSQL a database named `attest_prepared_…` that others are made
from. The name is the fingerprint of what the schema is made from (schema.py): code that would make another schema asks
for another name, so a stale one is never found. Old ones are removed when a new one is made.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.database import schema

KEPT = 8  # several worktrees of one developer, each with its own schema
PREFIX = "attest_prepared_"
MAKING = "attest_preparing"
LOCK = 0x61747465  # a number of ours among PostgreSQL's advisory locks


def hand_out(connection: BaseDatabaseWrapper, template: Path, *, again: bool = False) -> None:
    """Point a connection at a database of this process alone, a copy of the prepared one (`again`: made again).

    On SQLite `template` becomes an unchanged copy for this process to come back to.
    """
    name = connection.creation._get_test_db_name()
    if connection.vendor == "postgresql":
        _on_postgresql(connection, name, again=again)
    else:
        _on_sqlite(connection, template, again=again)
        shutil.copyfile(template, name)
    _point(connection, name)
    connection.ensure_connection()


def take_back(connection: BaseDatabaseWrapper) -> None:
    """Remove the copy of this process (PostgreSQL; files go with their folder)."""
    connection.close()
    if connection.vendor == "postgresql":
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{connection.settings_dict["NAME"]}" WITH (FORCE)')


def _point(connection: BaseDatabaseWrapper, name: str) -> None:
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name


def _make(connection: BaseDatabaseWrapper, name: str) -> None:
    """Create a database of this name and run every migration in it."""
    test: dict[str, Any] = connection.settings_dict["TEST"]
    before, test["NAME"] = test["NAME"], name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        test["NAME"] = before


# --- SQLite -----------------------------------------------------------------------------------------------------------
def _on_sqlite(connection: BaseDatabaseWrapper, template: Path, *, again: bool) -> None:
    folder = settings.VAR_DIR / "prepared"
    folder.mkdir(parents=True, exist_ok=True)
    prepared = folder / f"{schema.fingerprint(connection)}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if again or not prepared.exists():
            _make_file(connection, prepared)
        prepared.touch()  # so that the one used last is kept longest
        shutil.copyfile(prepared, template)


def _make_file(connection: BaseDatabaseWrapper, prepared: Path) -> None:
    making = prepared.with_suffix(".making")
    _make(connection, str(making))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    making.replace(prepared)
    forget_old(prepared.parent)


def forget_old(folder: Path) -> None:
    """Keep the files that were used last."""
    by_use = sorted(folder.glob("*.sqlite3"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in by_use[KEPT:]:
        old.unlink()


# --- PostgreSQL -------------------------------------------------------------------------------------------------------
def _on_postgresql(connection: BaseDatabaseWrapper, name: str, *, again: bool) -> None:
    prepared = PREFIX + schema.fingerprint(connection)
    with _one_at_a_time(connection) as cursor:
        if again:
            cursor.execute(f'DROP DATABASE IF EXISTS "{prepared}"')
        if prepared not in _databases(cursor):
            cursor.execute(f'DROP DATABASE IF EXISTS "{MAKING}" WITH (FORCE)')
            _make(connection, MAKING)
            connection.close()
            cursor.execute(f'ALTER DATABASE "{MAKING}" RENAME TO "{prepared}"')
            for old in _databases(cursor)[:-KEPT]:
                cursor.execute(f'DROP DATABASE "{old}"')
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{prepared}"')


@contextmanager
def _one_at_a_time(connection: BaseDatabaseWrapper) -> Iterator[Any]:
    """Let one process of this server at a time make or copy the prepared database."""
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield cursor
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def _databases(cursor: Any) -> list[str]:
    """Return the prepared databases, the oldest first."""
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid", [PREFIX])
    return [name for (name,) in cursor.fetchall()]
