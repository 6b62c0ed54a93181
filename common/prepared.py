"""Conditions that are the same for every request but for a few values: built and compiled once, then only filled in.

Most of what a page costs is the library putting nested conditions together, the same ones again and again. `keys_of`
keeps the SQL of such a condition and where each value goes in it. The rows themselves are read each time.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigAutoField, Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Value: TypeAlias = int | str | dt.date
#: What stands for a value while a condition is compiled: nothing that our rows or conditions hold.
FIRST_NUMBER, FIRST_DAY, FIRST_TEXT = -7_000_000_001, dt.date(3, 3, 3), "\ufdd0"
NOTHING = "SELECT 1 WHERE 1 = 0"


@dataclass(frozen=True, slots=True)
class _Form:
    """SQL of the keys of a model's rows, and its parameters: the name of a value, or empty; and what it usually is."""

    model: Any
    sql: str
    parameters: tuple[tuple[str, Any], ...]


class Prepared(Expression):
    """The keys of some rows, as SQL that is known already. It names no row of the query it stands in."""

    def __init__(self, sql: str, parameters: tuple[Any, ...]) -> None:
        super().__init__(output_field=BigAutoField())
        self.sql, self.parameters = sql, parameters

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:  # noqa: ARG002 - the library's signature
        return f"({self.sql})", self.parameters

    def resolve_expression(self, *_args: Any, **_kwargs: Any) -> Self:
        """Return itself: there is nothing in it to find out."""
        return self


_forms: dict[Hashable, _Form] = {}


def keys_of(
    name: Hashable, build: Callable[[Mapping[str, Any]], QuerySet[Any]], values: Mapping[str, Value]
) -> tuple[Any, Prepared]:
    """Return the model of `build(values)`, and the keys of its rows for `pk__in`.

    `name` says which condition it is: the same name always builds the same but for `values`, whose types do not change.
    """
    key = (name, connection.vendor)
    if key not in _forms:
        _forms[key] = _form(build, values)
    form = _forms[key]
    given = {name: _kept(value) for name, value in values.items()}
    return form.model, Prepared(form.sql, tuple(given.get(name, usual) for name, usual in form.parameters))


def _form(build: Callable[[Mapping[str, Any]], QuerySet[Any]], values: Mapping[str, Value]) -> _Form:
    stands = {name: _stand_in(value, at) for at, (name, value) in enumerate(values.items())}
    names = {_kept(stand): name for name, stand in stands.items()}
    rows = build(stands).order_by().values("pk")
    try:
        sql, parameters = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return _Form(rows.model, NOTHING, ())
    return _Form(rows.model, sql, tuple((names.get(value, ""), value) for value in parameters))


def _stand_in(value: Value, at: int) -> Value:
    if isinstance(value, dt.date):
        return FIRST_DAY + dt.timedelta(days=at)
    return f"{FIRST_TEXT}{at}" if isinstance(value, str) else FIRST_NUMBER - at


def _kept(value: Value) -> Any:
    """Return a value as the database takes it."""
    return connection.ops.adapt_datefield_value(value) if isinstance(value, dt.date) else value
