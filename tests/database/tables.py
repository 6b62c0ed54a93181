"""The tables of the models: in which order rows can be written, and how many rows they hold."""

from collections.abc import Iterable
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import Any
from weakref import WeakKeyDictionary

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


@cache
def by_name() -> dict[str, type[models.Model]]:
    """Return the model of each table."""
    every = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in every if model._meta.managed and not model._meta.proxy}


@cache
def _ranks() -> dict[str, int]:
    """Return the place of each table in an order in which a row follows what it points at.

    Two tables that point at each other stand where the models stand; Django makes the database check these later.
    """
    tables = by_name()
    points = {table: _targets(model) & tables.keys() - {table} for table, model in tables.items()}
    while True:
        try:
            order = list(TopologicalSorter(points).static_order())
        except CycleError as error:
            before, after = error.args[1][:2]
            points[after].discard(before)
        else:
            return {table: n for n, table in enumerate(order)}


def _targets(model: type[models.Model]) -> set[str]:
    return {f.related_model._meta.db_table for f in model._meta.concrete_fields if f.is_relation and f.related_model}


def pointed_at(tables: Iterable[str]) -> set[str]:
    """Return these tables and those that their rows point at."""
    named = set(tables)
    return named | {target for table in named for target in _targets(by_name()[table]) & by_name().keys()}


def in_order(tables: Iterable[str]) -> list[str]:
    """Return the tables so that a row follows what it points at."""
    return sorted(tables, key=_ranks().__getitem__)


def counts(connection: BaseDatabaseWrapper, tables: Iterable[str] = ()) -> dict[str, int]:
    """Return how many rows each table holds (all tables unless said), asked in one statement."""
    asked = sorted(tables) or sorted(by_name())
    sql = " UNION ALL ".join(f"SELECT '{table}', COUNT(*) FROM \"{table}\"" for table in asked)  # noqa: S608 - names of our tables
    return dict(answers(connection, sql))


#: Of each connection to PostgreSQL, the statements that it knows.
_known: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def answers(connection: BaseDatabaseWrapper, sql: str) -> list[tuple[Any, ...]]:
    """Return the rows of a long statement without parameters that is asked again and again.

    PostgreSQL thinks longer about a statement over all tables than it takes to answer it: each connection keeps its plan.
    """
    connection.ensure_connection()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            known = _known.setdefault(connection.connection, {})
            if sql not in known:
                cursor.execute(f"PREPARE asked_{len(known)} AS {sql}")
                known[sql] = f"EXECUTE asked_{len(known)}"
            sql = known[sql]
        cursor.execute(sql)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
