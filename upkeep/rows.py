"""What follows from the models alone: rows that no check, guard or relation allows, whoever wrote them (I8, I9).

The database refuses such rows. These look for those that came past it: a dump that was edited, a shell without guards.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import CheckConstraint, Field, ForeignKey, Model

from common.guards import Guard
from upkeep.schema import all_guards, our_models, tables
from upkeep.snapshot import apart

#: Keys read at a time.
BATCH = 200


def against_guards() -> Iterator[str]:
    """Yield the rows that a guard would refuse today: of two centres, of two learners, judged by their own learner."""
    for model, guard in all_guards():
        if condition := guard.condition(model, update=False):
            where = condition.replace("IS DISTINCT FROM", "IS NOT") if connection.vendor == "sqlite" else condition
            yield from _named(model, f"AS NEW WHERE {where}", f"is refused by {guard.name}: {_said(guard)}")


def _said(guard: Guard) -> str:
    """Return what a guard compares, so that whoever reads the fault knows where to look."""
    steps = (step for all_of in guard.refuse for step in all_of if step[0] not in {"changes", "was"})
    return ", ".join(dict.fromkeys(" ".join(part for part in step if isinstance(part, str)) for step in steps))


def against_checks() -> Iterator[str]:
    """Yield the rows that a check would refuse."""
    editor = connection.schema_editor(collect_sql=True)
    for model in our_models():
        for one in (one for one in model._meta.constraints if isinstance(one, CheckConstraint)):
            sql = one._get_check_sql(model, editor)  # type: ignore[attr-defined]  # noqa: SLF001 - shown nowhere else
            yield from _named(model, f"WHERE NOT ({sql})", f"is refused by the check {one.name}")


def pointing_nowhere() -> Iterator[str]:
    """Yield the rows that name one that is not there."""
    for model in tables().values():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, ForeignKey) and getattr(field, "db_constraint", True):
                yield from _named(model, _without_target(field), f"names a {_kind(field)} that is not there")


def _without_target(field: "ForeignKey[Any, Any]") -> str:
    quote = connection.ops.quote_name
    target: Field[Any, Any] = field.target_field
    there = f"SELECT 1 FROM {quote(target.model._meta.db_table)} b WHERE b.{quote(str(target.column))}"  # noqa: S608 - names of tables
    column = f"a.{quote(str(field.column))}"
    return f"a WHERE {column} IS NOT NULL AND NOT EXISTS ({there} = {column})"


def _kind(field: "ForeignKey[Any, Any]") -> str:
    return f"{field.related_model.__name__} ({field.name})"


def _named(model: type[Model], condition: str, fault: str) -> Iterator[str]:
    """Yield a line for each row of a table for which a condition holds."""
    quote, table = connection.ops.quote_name, model._meta.db_table
    key = str(model._meta.pk.column)
    name = "public_id" if any(field.name == "public_id" for field in model._meta.local_concrete_fields) else key
    sql = f"SELECT {quote(name)} FROM {quote(table)} {condition} ORDER BY {quote(key)}"  # noqa: S608 - of our own models
    with apart(), connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(BATCH):
            yield from (f"{model.__name__} {found} {fault}" for (found,) in rows)


def damaged_file() -> Iterator[str]:
    """Yield what SQLite says of its own file: pages, indexes, rows without what they need. Nothing on PostgreSQL."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        yield from (f"the file of the database: {line}" for (line,) in cursor.fetchall() if line != "ok")
