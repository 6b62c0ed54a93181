"""Is everything as the rows behind it say? What `manage.py doctor` asks, registered by the apps that own the rows.

An app says what it knows in its `health.py`, imported at start as `tasks.py` is:

    @check("registrations", "States of registrations follow from their changes.")
    def registrations() -> Iterator[str]:
        yield from each(Registration.objects.across_centres(reason=…), _state)

A check yields a line for each fault and never stops at the first. A row that cannot be read is a fault with its name.
`objects` says which objects of the private store an app's rows name: `doctor` and `backup` ask it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.module_loading import autodiscover_modules

from common.readable import readable

M = TypeVar("M", bound=Model)
Look = Callable[[], Iterable[str]]

#: Rows read at a time.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Check:
    """One question to the rows: its name, what holds where nothing is named, and who answers."""

    name: str
    says: str
    look: Look


@dataclass(frozen=True, slots=True)
class Stored:
    """What a row says of an object in the store. `size` and `sha256` are None and "" where the row does not know."""

    key: str
    size: int | None
    sha256: str
    what: str


@dataclass(frozen=True, slots=True)
class Objects:
    """The objects that one kind of row names.

    `every` yields all of them, read a few at a time; `of` those among some keys, as the rows are at this moment.
    """

    name: str
    every: Callable[[], Iterator[Stored]]
    of: Callable[[Collection[str]], Iterable[Stored]]


_checks: dict[str, Check] = {}
_objects: dict[str, Objects] = {}
_leaving: list[Callable[[Collection[str]], set[str]]] = []
_owners: dict[tuple[str, str], str] = {}


def check(name: str, says: str) -> Callable[[Look], Look]:
    """Register a function that yields a line for each fault. Refuses a name already taken."""

    def register(look: Look) -> Look:
        _own("check", name, look)
        _checks[name] = Check(name, says, look)
        return look

    return register


def objects(name: str, rows: Callable[[], QuerySet[Any]], stored: Callable[[Any], Stored]) -> None:
    """Register the rows of one kind that name objects in their column `storage_key`, and what each says of its own."""
    _own("objects", name, stored)

    def every() -> Iterator[Stored]:
        for row in rows().exclude(storage_key="").order_by("pk").iterator(chunk_size=BATCH):
            yield stored(row)

    def of(keys: Collection[str]) -> list[Stored]:
        return [stored(row) for row in rows().filter(storage_key__in=list(keys)).exclude(storage_key="")]

    _objects[name] = Objects(name, every, of)


def leaving(known: Callable[[Collection[str]], set[str]]) -> Callable[[Collection[str]], set[str]]:
    """Register a function that says which of some objects no row names any more and something waits to remove."""
    if known not in _leaving:
        _leaving.append(known)
    return known


def _own(kind: str, name: str, function: Callable[..., Any]) -> None:
    if _owners.setdefault((kind, name), function.__module__) != function.__module__:
        raise ValueError(f"{kind} of two apps are called {name}")


def checks() -> list[Check]:
    """Return all checks in alphabetical order of their names."""
    return [_checks[name] for name in sorted(_checks)]


def named_objects() -> Iterator[Stored]:
    """Yield what rows of all kinds say of the objects they name; nothing is kept in memory."""
    for name in sorted(_objects):
        yield from _objects[name].every()


def who_names(keys: Collection[str]) -> dict[str, Stored]:
    """Return of these objects what the rows that name them say now, by key; one that no row names is not in it."""
    return {one.key: one for name in sorted(_objects) for one in _objects[name].of(keys)}


def on_their_way_out(keys: Collection[str]) -> set[str]:
    """Return which of these objects wait to be removed."""
    return {key for known in _leaving for key in known(keys)}


def autodiscover() -> None:
    """Import `health.py` of every installed app."""
    autodiscover_modules("health")


# --- reading rows that may be odd -------------------------------------------------------------------------------------
def each(rows: QuerySet[M], look: Callable[[M], Iterable[str]]) -> Iterator[str]:
    """Yield what `look` says of every row, in order of their keys, some at a time.

    A row that cannot be read, or makes `look` raise, is a fault with its name; the next one follows.
    """
    for key, row in readable(rows, at_a_time=BATCH):
        yield from [f"{rows.model.__name__} number {key} cannot be read"] if row is None else _looked_at(row, look)


def _looked_at(row: M, look: Callable[[M], Iterable[str]]) -> list[str]:
    try:
        return list(look(row))
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one row, the others are looked at
        return [f"{called(row)} cannot be looked at ({type(error).__name__})"]


def called(row: Model) -> str:
    """Return what a row is called in a fault: its kind and the name that addresses show, or its number."""
    return f"{type(row).__name__} {getattr(row, 'public_id', '') or row.pk}"
