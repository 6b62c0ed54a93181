"""Rows that many tests begin with: built by the first test of a process, written back as plain INSERTs for the others.

`remembered("world", build, at)` calls `build(at)` and keeps what it added to the tables and what it returned. Asked
again on the same day, with the tables as they stood then, it writes the same rows and returns equal, new objects; each
moment of the building is moved to the new `at`. In every other case it builds. A builder adds rows: one that changes or
removes any is noticed, and built each time.
"""

import datetime as dt
import io
import pickle
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from common import clock
from tests.database import tables
from tests.database.emptying import trusted

T = TypeVar("T")
Row = tuple[Any, ...]
#: How many beginnings of one name are kept: tests that made rows of their own before have other numbers for theirs.
BEGINNINGS = 4


@dataclass(frozen=True)
class _Span:
    """The moment that a building was given and the time that it took."""

    at: dt.datetime
    began: dt.datetime
    ended: dt.datetime

    def offset(self, value: object) -> "_Offset | None":
        """Return how far from `at` a moment of the building is; None for anything else, however old."""
        if not isinstance(value, dt.datetime):
            return None
        moment = value if value.tzinfo else value.replace(tzinfo=dt.UTC)  # SQLite hands out UTC without saying so
        return _Offset(moment - self.at) if moment == self.at or self.began <= moment <= self.ended else None


@dataclass(frozen=True)
class _Offset:
    """A moment of a building: so long after the moment it was given."""

    after: dt.timedelta


@dataclass(frozen=True)
class _Rows:
    """Rows of one table, without what the database computes by itself."""

    table: str
    columns: tuple[str, ...]
    rows: list[Row]


@dataclass(frozen=True)
class _Memory:
    """One building: where each table stood that it added to or that its rows point at, what it added and returned."""

    before: dict[str, Row]
    added: list[_Rows]
    returned: bytes

    def fits(self) -> bool:
        """Say whether the tables stand where they stood when this was built."""
        return _marks(self.before) == self.before

    def replay(self, at: dt.datetime) -> Any:
        with transaction.atomic(), connection.cursor() as cursor:
            _write(cursor, self.added, at)
        return _Reader(io.BytesIO(self.returned), at).load()


_kept: dict[Hashable, list[_Memory | None]] = {}


def remembered(name: Hashable, build: Callable[[dt.datetime], T], at: dt.datetime) -> T:
    """Return what `build(at)` returns, with its rows in the database; built only when it is not remembered."""
    kept = _kept.setdefault((name, clock.london_date(at)), [])
    for memory in kept:
        if memory and memory.fits():
            return memory.replay(at)
    if len(kept) == BEGINNINGS:
        return build(at)
    before, began = {table: _rows_of(table) for table in tables.by_name()}, clock.now()
    made = build(at)
    kept.append(_memory(before, made, _Span(at, began, clock.now())))
    return made


def _memory(before: dict[str, _Rows], made: Any, span: _Span) -> _Memory | None:
    """Return what was added, or None when anything that was there is another one now."""
    added: list[_Rows] = []
    for table in tables.in_order(before):
        then, now = before[table].rows, _rows_of(table)
        if now.rows[: len(then)] != then:
            return None
        if fresh := now.rows[len(then) :]:
            rows = [tuple(span.offset(value) or value for value in row) for row in fresh]
            added.append(_Rows(table, now.columns, rows))
    if not added:
        return None  # it found everything there: what it returns is not of its own making
    named = tables.pointed_at(part.table for part in added)
    marks = {table: _mark(before[table]) for table in named}
    kept = io.BytesIO()
    _Writer(kept, span).dump(made)
    return _Memory(marks, added, kept.getvalue())


def _mark(part: _Rows) -> Row:
    return (part.table, len(part.rows), part.rows[-1][0] if part.rows else None)


def _marks(asked: dict[str, Row]) -> dict[str, Row]:
    """Return of each of these tables how many rows it has and the key of the last one."""
    parts = (f"SELECT '{table}', COUNT(*), MAX({_quoted(_columns(table)[0])}) FROM {_quoted(table)}" for table in asked)  # noqa: S608 - names of our tables
    return {row[0]: tuple(row) for row in tables.answers(connection, " UNION ALL ".join(parts))}


def _columns(table: str) -> tuple[str, ...]:
    """Return the columns of a table that are written, its key first."""
    meta = tables.by_name()[table]._meta
    written = [f.column for f in meta.concrete_fields if not f.generated and not f.primary_key]
    return (meta.pk.column, *written)


def _rows_of(table: str) -> _Rows:
    columns = _columns(table)
    with connection.cursor() as cursor:
        names = ", ".join(map(_quoted, columns))
        cursor.execute(f"SELECT {names} FROM {_quoted(table)} ORDER BY {_quoted(columns[0])}")  # noqa: S608 - names of our tables
        return _Rows(table, columns, [tuple(row) for row in cursor.fetchall()])


def _quoted(name: str) -> str:
    return f'"{name}"'


# --- writing it back --------------------------------------------------------------------------------------------------
def _write(cursor: CursorWrapper, added: list[_Rows], at: dt.datetime) -> None:
    """Insert the rows, whoever is pointed at first."""
    if connection.vendor == "sqlite":
        cursor.execute("PRAGMA defer_foreign_keys=ON")
        moment = at.astimezone(dt.UTC).replace(tzinfo=None)
        for part in added:
            cursor.executemany(f"{_into(part)} {_places(part)}", _moved(part, moment))
    else:  # all of it in one message
        inserts = (f"{_into(part)} {', '.join([_places(part)] * len(part.rows))}" for part in added)
        with trusted(connection, [part.table for part in added]):  # the guards have seen them when they were built
            cursor.execute("; ".join(inserts), [value for part in added for row in _moved(part, at) for value in row])


def _into(part: _Rows) -> str:
    return f"INSERT INTO {_quoted(part.table)} ({', '.join(map(_quoted, part.columns))}) VALUES"


def _places(part: _Rows) -> str:
    return f"({', '.join(['%s'] * len(part.columns))})"


def _moved(part: _Rows, at: dt.datetime) -> list[Row]:
    return [tuple(at + v.after if type(v) is _Offset else v for v in row) for row in part.rows]


class _Writer(pickle.Pickler):
    """Keeps objects; of a moment of the building, how far from `at` it is."""

    def __init__(self, file: io.BytesIO, span: _Span) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self.span = span

    def persistent_id(self, obj: object) -> dt.timedelta | None:
        found = self.span.offset(obj)
        return found and found.after


class _Reader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, at: dt.datetime) -> None:
        super().__init__(file)
        self.at = at

    def persistent_load(self, pid: dt.timedelta) -> dt.datetime:
        return self.at + pid
