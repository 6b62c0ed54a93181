"""Writing a database to one file while people go on, and taking such a file in: SQLite and PostgreSQL."""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg2.extensions import make_dsn  # type: ignore[import-untyped]  # its stubs are a package of their own

from upkeep.manifest import BackupError, Manifest
from upkeep.schema import row_counts, tables

FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
#: What PostgreSQL's own programs are told of a connection; the password goes by the environment.
TOLD = ("host", "port", "user", "dbname", "options", "sslmode", "sslrootcert", "sslcert", "sslkey")
#: Functions that our migrations make.
OURS = re.compile(r"^(attest_append_only|guard_\w+)$")


def server_version() -> str:
    """Return the version of the database."""
    if connection.vendor == "sqlite":
        return sqlite3.sqlite_version
    connection.ensure_connection()
    return str(connection.connection.server_version // 10000)


# --- writing ----------------------------------------------------------------------------------------------------------
def dump(path: Path) -> str:
    """Write the database to a file as it is in the snapshot around this call; return the version of what wrote it."""
    return _dump_sqlite(path) if connection.vendor == "sqlite" else _dump_postgresql(path)


def _dump_sqlite(path: Path) -> str:
    """Copy the pages of this very snapshot: who has begun to read sees no later write, and nobody waits."""
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
    return sqlite3.sqlite_version


def _dump_postgresql(path: Path) -> str:
    version = _program_version("pg_dump")
    if int(version) < int(server_version()):
        raise BackupError(
            f"pg_dump is version {version}, and the server {server_version()}: install that one's client."
        )
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = str(cursor.fetchone()[0])
    _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}", f"--file={path}", _place())
    return version


def why_not_whole(path: Path, rows: dict[str, int]) -> str:
    """Say what is wrong with a file that was just written, or nothing. `rows`: how many each table has in it."""
    if not path.is_file() or not path.stat().st_size:
        return "it is empty"
    return _wrong_sqlite(path, rows) if connection.vendor == "sqlite" else _wrong_postgresql(path, rows)


def _wrong_sqlite(path: Path, rows: dict[str, int]) -> str:
    try:
        with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as copy:
            said = [line for (line,) in copy.execute("PRAGMA integrity_check")]
            found = {name: copy.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in rows}  # noqa: S608 - names of our tables
    except sqlite3.DatabaseError as fault:
        return str(fault)
    other = [name for name in rows if found[name] != rows[name]]
    return said[0] if said != ["ok"] else f"{other[0]} has {found[other[0]]} rows in it" if other else ""


def _wrong_postgresql(path: Path, rows: dict[str, int]) -> str:
    """Read the whole archive once, and look for every table that has rows."""
    listed = _run("pg_restore", "--list", str(path))
    _run("pg_restore", f"--file={os.devnull}", str(path))
    named = set(re.findall(r" TABLE DATA \S+ (\S+) ", listed))
    lacking = sorted(name for name, count in rows.items() if count and name not in named)
    return f"{lacking[0]} is not in it" if lacking else ""


def size() -> int:
    """Return how many bytes the copy of the database may need; 0 where nobody knows beforehand."""
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])


# --- taking in --------------------------------------------------------------------------------------------------------
def why_not_take(manifest: Manifest) -> str:
    """Say why this database cannot take in a backup, by kind and version, or nothing."""
    if manifest.vendor != connection.vendor:
        return f"It is of {manifest.vendor}, and DATABASE_URL names {connection.vendor}."
    if connection.vendor == "sqlite":
        return ""
    restorer = _program_version("pg_restore")
    if int(restorer) < int(manifest.tool):
        return f"It was written by pg_dump {manifest.tool}, and pg_restore is version {restorer}."
    if int(server_version()) < int(manifest.server):
        return f"It is of PostgreSQL {manifest.server}, and the server is version {server_version()}."
    return ""


def why_not_empty(kept: frozenset[str]) -> str:
    """Say what is in the database already, or nothing. Tables of `kept` apps may have rows: those are made again.

    Tables of a program that is not ours are something, too.
    """
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    ours = {name: model for name, model in tables().items() if name in there}
    foreign = sorted(name for name in there - set(ours) if not _beside(name, ours))
    if foreign:
        return f"The database holds a table that is not Attest's: {foreign[0]}."
    asked = [name for name, model in ours.items() if model._meta.app_label not in kept]
    filled = [name for name, count in row_counts(asked).items() if count]
    return f"The database is not empty: there are rows in {filled[0]}." if filled else ""


def _beside(name: str, ours: dict[str, Any]) -> bool:
    """Say whether a table is the library's list of migrations, or an index of words beside one of ours."""
    return name == "django_migrations" or name.partition("_fts")[0] in ours


def load(path: Path) -> None:
    """Put the file of a backup in the place of what is in the database: all of it or nothing."""
    if connection.vendor == "sqlite":
        _load_sqlite(path)
    else:
        _drop_tables()
        connection.close()
        _run("pg_restore", "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", _place(), str(path))
    connection.close()


def _load_sqlite(path: Path) -> None:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(f"file:{path}?immutable=1", uri=True)) as source:
            source.backup(connection.connection)
    except sqlite3.Error as fault:
        raise BackupError(f"SQLite did not take it in: {fault}.") from fault


def _drop_tables() -> None:
    """Take away the empty tables of an installation that was only prepared, and our functions."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE IF EXISTS {quote(name)} CASCADE")
        cursor.execute(
            "SELECT proname FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace"
            " WHERE nspname = current_schema()"
        )
        for name in sorted({name for (name,) in cursor.fetchall() if OURS.match(name)}):
            cursor.execute(f"DROP FUNCTION {quote(name)}() CASCADE")


# --- PostgreSQL's own programs ----------------------------------------------------------------------------------------
def _place() -> str:
    """Return what names the database to PostgreSQL's programs, without the password."""
    given = connection.get_connection_params()
    return "--dbname=" + str(make_dsn(**{name: given[name] for name in TOLD if given.get(name)}))


def _program_version(name: str) -> str:
    found = re.search(r"[0-9]+", _run(name, "--version").partition("PostgreSQL)")[2])
    if found is None:
        raise BackupError(f"{name} does not say its version.")
    return found.group()


def _run(name: str, *arguments: str) -> str:
    """Run one of PostgreSQL's programs and return what it said. Refuses with its last line when it fails."""
    program = shutil.which(name)
    if program is None:
        raise BackupError(f"{name} is not on this machine: install PostgreSQL's client programs.")
    password = str(connection.settings_dict.get("PASSWORD") or "")
    environment = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own arguments
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise BackupError(f"{name} failed: {said[-1]}")
    return done.stdout
