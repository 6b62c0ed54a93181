"""Reading rows that somebody may have tampered with: one that cannot be read is named, and the next one is read."""

from collections.abc import Iterator
from typing import Any, Final, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)

#: What Python and Django raise over a value that is not what its column holds: text for a time, JSON cut short, a
#: number for a list, a row it points at that is gone.
ODD: Final = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, ObjectDoesNotExist)
A_TIME: Final = 200


def readable(rows: QuerySet[M], *, at_a_time: int = A_TIME) -> Iterator[tuple[Any, M | None]]:
    """Yield (key, row) by key, some at a time; (key, None) for a row that cannot be read.

    Related rows that the query names are read along. Memory is that of `at_a_time` rows; one query each time, and one
    for each row of a batch that holds an unreadable one.
    """
    last: Any = None
    while True:
        page = rows.order_by("pk") if last is None else rows.filter(pk__gt=last).order_by("pk")
        keys = list(page.values_list("pk", flat=True)[:at_a_time])
        if not keys:
            return
        yield from _batch(rows, keys)
        last = keys[-1]


def _batch(rows: QuerySet[M], keys: list[Any]) -> Iterator[tuple[Any, M | None]]:
    try:
        found = {row.pk: row for row in rows.filter(pk__in=keys)}
    except ODD:
        for key in keys:
            yield key, _one(rows, key)
        return
    for key in keys:
        yield key, found.get(key)  # gone meanwhile, or what it points at is: an inner join leaves it out


def _one(rows: QuerySet[M], key: Any) -> M | None:
    try:
        return rows.filter(pk=key).first()
    except ODD:
        return None
