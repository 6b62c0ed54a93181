"""The database as it was prepared, after a test that really committed.

SQLite takes the prepared pages back over the file: a few milliseconds, whatever was written. PostgreSQL empties the
tables that have rows and had none, with the triggers that would refuse it put aside. Django's own flush empties all
tables and writes its permissions again after each such test.
"""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from tests.database.tables import by_name, counts, in_order


def empty(connection: BaseDatabaseWrapper, template: Path, prepared: dict[str, int]) -> None:
    """Take the database back to what it was when it was the copy of `template`, its tables holding `prepared` rows."""
    if connection.vendor == "postgresql":
        _delete(connection, prepared)
    else:
        _copy_back(connection, template)


def _copy_back(connection: BaseDatabaseWrapper, template: Path) -> None:
    with closing(sqlite3.connect(f"file:{template}?mode=ro", uri=True)) as source:
        connection.ensure_connection()
        source.backup(connection.connection)


def _delete(connection: BaseDatabaseWrapper, prepared: dict[str, int]) -> None:
    now = counts(connection)
    changed = {table for table, rows in now.items() if rows != prepared[table]}
    assert not any(prepared[table] for table in changed), f"a test changed what migrations made: {changed}"
    if not changed:
        return
    with transaction.atomic(), trusted(connection, changed), connection.cursor() as cursor:
        # Rows that point go before what they point at.
        cursor.execute("; ".join(f'DELETE FROM "{table}"' for table in reversed(in_order(changed))))  # noqa: S608 - names of our tables
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@contextmanager
def trusted(connection: BaseDatabaseWrapper, tables: Collection[str]) -> Iterator[None]:
    """Put the triggers of these tables aside on PostgreSQL, in a transaction of a test: its rows have been looked at.

    A superuser's session has a switch. Without it each table is altered, which makes every other connection forget
    what it knows of that table.
    """
    with connection.cursor() as cursor:
        if _is_superuser(connection):
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
            cursor.execute("SET LOCAL session_replication_role = origin")
            return
    with _altered(connection, tables):
        yield


def _is_superuser(connection: BaseDatabaseWrapper) -> bool:
    return bool(connection.connection.info.parameter_status("is_superuser") == "on")


@contextmanager
def _altered(connection: BaseDatabaseWrapper, tables: Collection[str]) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND relname = ANY(%s)",
            [sorted(tables)],
        )
        guarded = [name for (name,) in cursor.fetchall()]
        for table in guarded:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        yield
        for table in guarded:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


def sweep(connection: BaseDatabaseWrapper) -> None:
    """Give back what removed rows still take on PostgreSQL; a server for tests may never do it by itself.

    Rows of a test that was rolled back lie there as well: every later test would read past them.
    """
    if connection.vendor != "postgresql":
        return
    with closing(connection.Database.connect(**connection.get_connection_params())) as own:
        own.autocommit = True
        with own.cursor() as cursor:
            cursor.execute("VACUUM " + ", ".join(f'"{table}"' for table in sorted(by_name())))
