"""Does the log hold, and do the rows of today say what was sealed? Read once, in constant memory, to the end."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Max

from ledger import registry
from ledger.models import Head, Leaf, Mark, Tile
from ledger.queries import rows, tree
from ledger.registry import SealedTable, UnknownTableError
from ledger.rules import merkle

CHUNK = 1000
#: A row that is there, without a leaf, so long after a later one was sealed came in afterwards.
LATE = dt.timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Looked:
    """A leaf and the hash of its row's record as it is now; `fault` says why there is none, or that it differs."""

    index: int
    hash: bytes
    now: bytes | None
    fault: str


def looked_at(size: int) -> Iterator[Looked]:
    """Yield the first `size` leaves of the log in order, each with its row as it is today."""
    after = -1
    while leaves := list(Leaf.objects.filter(index__gt=after, index__lt=size).order_by("index")[:CHUNK]):
        today = _today(leaves)
        yield from (_looked(leaf, today.get((leaf.table, leaf.row))) for leaf in leaves)
        after = leaves[-1].index


def _today(leaves: list[Leaf]) -> dict[tuple[str, int], bytes | Exception]:
    """Return the records of these leaves' rows, read table by table."""
    wanted: dict[tuple[str, int], dict[int, bytes]] = defaultdict(dict)
    for leaf in leaves:
        wanted[leaf.table, leaf.form][leaf.row] = bytes(leaf.salt)
    found: dict[tuple[str, int], bytes | Exception] = {}
    for (name, form), salts in wanted.items():
        try:
            records = rows.records(registry.find(name), form, salts)
        except UnknownTableError as fault:
            records = dict.fromkeys(salts, fault)
        found.update({(name, row): record for row, record in records.items()})
    return found


def _looked(leaf: Leaf, record: bytes | Exception | None) -> Looked:
    stored, where = bytes(leaf.hash), f"{leaf.table} {leaf.row} (leaf {leaf.index})"
    if record is None:
        return Looked(leaf.index, stored, None, f"{where} is gone")
    if isinstance(record, UnknownTableError):
        return Looked(leaf.index, stored, None, f"{where}: nobody seals {record}")
    if isinstance(record, Exception):
        return Looked(leaf.index, stored, None, f"{where} cannot be read ({type(record).__name__})")
    now = merkle.leaf_hash(record)
    return Looked(leaf.index, stored, now, "" if now == stored else f"{where} was altered")


def faults(counts: Counter[str], *, at: dt.datetime) -> Iterator[str]:
    """Yield everything that does not hold: rows altered, gone or put in afterwards, and the log's own leaves and heads.

    `counts` is told how many leaves, heads and tables were looked at, and how many rows wait for their seal.
    """
    size, _root = tree.newest()
    yield from _log(size, counts)
    yield from _beyond()
    for table in registry.tables():
        counts["tables"] += 1
        yield from _without_leaf(table, counts, at)


# --- the log itself ---------------------------------------------------------------------------------------------------
def _log(size: int, counts: Counter[str]) -> Iterator[str]:
    """Yield what is wrong with the rows of the log's leaves, its numbering, tiles and heads."""
    grown: merkle.Tree | None = merkle.Tree()
    heads, tiles = _Heads(), _Tiles()
    expected = 0
    for one in looked_at(size):
        counts["leaves"] += 1
        if one.fault:
            yield one.fault
        if one.index != expected:
            yield _missing(expected, one.index)
            grown = None  # nothing above a gap can be put together
        expected = one.index + 1
        if grown is not None:
            completed = grown.add(one.hash)
            yield from tiles.compare(completed, grown.size)
            yield from heads.compare(grown)
    if expected != size:
        yield _missing(expected, size)
    counts["heads"] += heads.seen
    yield from heads.rest()


def _missing(first: int, end: int) -> str:
    return f"leaf {first} is missing" if end == first + 1 else f"the leaves {first} to {end - 1} are missing"


class _Heads:
    """The stored heads, compared with the tree as it grows."""

    def __init__(self) -> None:
        self.seen = self.wrong = 0
        self._waiting = self._read()
        self._next = next(self._waiting, None)

    def _read(self) -> Iterator[tuple[int, bytes]]:
        after = -1
        while found := list(Head.objects.filter(size__gt=after).order_by("size")[:CHUNK]):
            yield from ((head.size, bytes(head.root)) for head in found)
            after = found[-1].size

    def compare(self, grown: merkle.Tree) -> Iterator[str]:
        """Yield the first head that is not the root over its leaves; later ones are counted: one fault makes many."""
        while self._next and self._next[0] <= grown.size:
            self.seen += 1
            if self._next != (grown.size, grown.root()):
                self.wrong += 1
                if self.wrong == 1:
                    yield f"the head of {self._next[0]} leaves is not what the leaves make: the log was rewritten"
            self._next = next(self._waiting, None)

    def rest(self) -> Iterator[str]:
        """Yield how many heads after the first wrong one are wrong too."""
        if self.wrong > 1:
            yield f"so are {self.wrong - 1} later heads"


class _Tiles:
    """The stored tiles, compared with the tree as it grows."""

    def __init__(self) -> None:
        self._kept: dict[int, dict[int, bytes]] = {}

    def compare(self, completed: list[tuple[int, bytes]], size: int) -> Iterator[str]:
        """Yield each full tile that is not stored as the leaves make it."""
        for level, index, node in merkle.tiles(completed, size):
            if self._stored(level, index) != node:
                width = merkle.TILE**level
                yield f"the tile over the leaves {index * width} to {(index + 1) * width - 1} is not what they make"

    def _stored(self, level: int, index: int) -> bytes | None:
        kept = self._kept.get(level, {})
        if index not in kept:
            found = Tile.objects.filter(level=level, index__gte=index).order_by("index")[:CHUNK]
            kept = self._kept[level] = {tile.index: bytes(tile.hash) for tile in found}
        return kept.get(index)


def _beyond() -> Iterator[str]:
    """Yield leaves and tiles that no head counts: a head was taken away, or somebody wrote past it."""
    last = Leaf.objects.aggregate(last=Max("index"))["last"]
    last = -1 if last is None else last
    levels = dict(Tile.objects.values_list("level").annotate(last=Max("index")))
    size, _root = tree.newest()  # read after them: what was sealed meanwhile has its head by now
    if last >= size:
        yield f"the newest head counts {size} leaves, but there is a leaf {last}"
    for level, index in sorted(levels.items()):
        if (index + 1) * merkle.TILE**level > size:
            yield f"the newest head counts {size} leaves, but there is a tile {index} at level {level}"


# --- rows that came in by another way ---------------------------------------------------------------------------------
def _without_leaf(table: SealedTable, counts: Counter[str], at: dt.datetime) -> Iterator[str]:
    """Yield rows that were put in between older ones, sealed or not. Read from the newest row down.

    Keys are given in order, so a row is sealed about when its neighbours are. One that has no leaf though a higher key
    was sealed hours ago, or was sealed hours after a higher key, was not there.
    """
    old = tree.size_before(at - LATE)
    below = Mark.objects.filter(table=table.name).values_list("below", flat=True).first() or 0
    first_above: int | None = None
    for row, index in _side_by_side(table):
        if index is None and (row <= below or (first_above is not None and first_above < old)):
            yield f"{table.name} {row} has no seal, later rows have: it was put in afterwards, or nobody could read it"
        elif index is None:
            counts["waiting"] += 1
        elif first_above is not None and index > first_above and (hours := _hours_between(first_above, index)):
            yield f"{table.name} {row} (leaf {index}) was put in afterwards: sealed {hours} hours after a later row"
        if index is not None:
            first_above = index if first_above is None else min(first_above, index)


def _hours_between(earlier: int, later: int) -> int:
    """Return how many hours lie between two sealings; 0 while it is not too long."""
    first, second = tree.sealed_at(earlier), tree.sealed_at(later)
    if first is None or second is None or second - first <= LATE:
        return 0
    return int((second - first) / dt.timedelta(hours=1))


def _side_by_side(table: SealedTable) -> Iterator[tuple[int, int | None]]:
    """Yield each row of a table from the newest down, with the index of its leaf. Leaves without a row are left out."""
    leaves = _leaves_down(table)
    row_of, index = next(leaves, (-1, -1))
    for row in _rows_down(table):
        while row_of > row:
            row_of, index = next(leaves, (-1, -1))
        yield row, (index if row_of == row else None)


def _rows_down(table: SealedTable) -> Iterator[int]:
    below: int | None = None
    while True:
        found = rows.rows_of(table).order_by("-pk")
        if below is not None:
            found = found.filter(pk__lt=below)
        keys = list(found.values_list("pk", flat=True)[:CHUNK])
        if not keys:
            return
        yield from keys
        below = keys[-1]


def _leaves_down(table: SealedTable) -> Iterator[tuple[int, int]]:
    below: int | None = None
    while True:
        found = Leaf.objects.filter(table=table.name).order_by("-row")
        if below is not None:
            found = found.filter(row__lt=below)
        pairs = list(found.values_list("row", "index")[:CHUNK])
        if not pairs:
            return
        yield from pairs
        below = pairs[-1][0]
