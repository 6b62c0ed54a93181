"""Rows of sealed tables, as their records: whatever stands in a row, one is never read in vain for another's sake."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db.models import Exists, Max, Model, OuterRef, QuerySet

from common.scoping import CentreOwned
from ledger.models import Leaf
from ledger.registry import SealedTable
from ledger.rules.records import record

REASON = "sealing and checking the rows of all centres"


def rows_of(table: SealedTable) -> QuerySet[Model]:
    """Return every row of a sealed table, of all centres."""
    model: Any = apps.get_model(table.model)
    if issubclass(model, CentreOwned):
        found: QuerySet[Model] = model.objects.across_centres(reason=REASON)
        return found.order_by()
    everything: QuerySet[Model] = model.objects.order_by()
    return everything


def last_row(table: SealedTable) -> int:
    """Return the highest key in a table; 0 of an empty one."""
    return rows_of(table).aggregate(last=Max("pk"))["last"] or 0


def unsealed(table: SealedTable, above: int, limit: int) -> list[int]:
    """Return the lowest keys above one that have no leaf, at most so many."""
    leaf = Leaf.objects.filter(table=table.name, row=OuterRef("pk"), row__gt=above)
    found = rows_of(table).filter(~Exists(leaf), pk__gt=above).order_by("pk")
    return list(found.values_list("pk", flat=True)[:limit])


def records(table: SealedTable, form: int, salts: dict[int, bytes]) -> dict[int, bytes | Exception]:
    """Return the record of each row, by key, with its salt; what went wrong for one that cannot be read.

    Rows that are not there are not in the answer.
    """
    names = table.form(form).names
    words = frozenset(table.form(form).words)
    found: dict[int, bytes | Exception] = {}
    for pk, values in _values(table, table.form(form).columns, list(salts)):
        if isinstance(values, Exception):
            found[pk] = values
            continue
        try:
            row = dict(zip(names, values, strict=True))
            found[pk] = record(table=table.name, form=form, row=row, words=words, salt=salts[pk])
        except (TypeError, ValueError) as fault:
            found[pk] = fault
    return found


def _values(
    table: SealedTable, columns: Sequence[str], keys: list[int]
) -> Iterator[tuple[int, tuple[Any, ...] | Exception]]:
    """Yield each row's values; when one breaks the reading, halves, so that the others are read all the same."""
    try:
        rows = list(rows_of(table).filter(pk__in=keys).values_list("pk", *columns))
    except Exception as fault:  # noqa: BLE001 - a column may hold anything, and every driver has its own words for that
        if len(keys) == 1:
            if rows_of(table).filter(pk=keys[0]).exists():  # raises when it is the database that is away
                yield keys[0], fault
            return
        middle = len(keys) // 2
        yield from _values(table, columns, keys[:middle])
        yield from _values(table, columns, keys[middle:])
        return
    for key, *values in rows:
        yield key, tuple(values)
