"""What somebody with the rights of the database's owner could do, and what the doctor then says."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.db.models import CheckConstraint, Model

from common.append_only import protected_tables, trigger_names
from common.guards import Guard
from tests.factories.world import World
from upkeep.examining import examine

LOOK = "a test looks"


def every(model: type[Model]):
    """All rows of a model, behind all walls."""
    rows = model.objects
    return rows.across_centres(reason=LOOK) if hasattr(rows, "across_centres") else rows.all()


def said(*checks: str, files: bool = False) -> list[str]:
    """Every fault that the doctor names, of all checks unless some are named."""
    return [str(fault) for fault in examine(Counter(), files=files, only=checks)]


@contextmanager
def tampered(*models: type[Model]) -> Iterator[None]:
    """Write past append-only triggers, and past guards and checks of these models. All of it is taken back at the end."""
    mark = transaction.savepoint()
    try:
        with connection.cursor() as cursor:
            for sql in _openings(models):
                cursor.execute(sql)
        yield
    finally:
        transaction.savepoint_rollback(mark)


def _openings(models: tuple[type[Model], ...]) -> Iterator[str]:
    quiet = connection.vendor == "postgresql"
    if quiet:  # what waits to be looked at until the end would be in the way
        yield "SET CONSTRAINTS ALL IMMEDIATE"
        yield "SET CONSTRAINTS ALL DEFERRED"
    for table in protected_tables(connection):
        yield from (
            f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if quiet else "")
            for name in trigger_names(connection.vendor, table)
        )
    for model in models:
        editor = type("Editor", (), {"connection": connection})
        for one in model._meta.constraints:
            if isinstance(one, Guard):
                yield from one.removal(model, editor)
            elif isinstance(one, CheckConstraint) and quiet:
                yield f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{one.name}"'


@contextmanager
def unchecked() -> Iterator[None]:
    """Write past checks and relations, as a file that was edited by hand would. PostgreSQL looks at relations last."""
    if connection.vendor == "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
        try:
            yield
        finally:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


Scene = Callable[[World], None]


@pytest.fixture
def sound(world: World) -> World:
    """The world, in which nothing is wrong to begin with."""
    assert said() == []
    return world
