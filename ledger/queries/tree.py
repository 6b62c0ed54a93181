"""The stored tree: hashes of leaves and tiles, and the roots of any range of them."""

import datetime as dt

from ledger.models import Head, Leaf, Tile
from ledger.rules import merkle


class BrokenLogError(RuntimeError):
    """The log lacks hashes that its head counts: nothing can be proved or added until a person has looked."""


def newest() -> tuple[int, bytes]:
    """Return size and root of the newest head; of an empty log 0 and the hash of nothing."""
    head = Head.objects.order_by("-size").first()
    return (head.size, bytes(head.root)) if head else (0, merkle.EMPTY)


def size_before(instant: dt.datetime) -> int:
    """Return how many leaves there were at an instant."""
    head = Head.objects.filter(sealed_at__lte=instant).order_by("-size").first()
    return head.size if head else 0


def sealed_at(index: int) -> dt.datetime | None:
    """Return when the leaf at an index was sealed; None when no head counts it."""
    head = Head.objects.filter(size__gt=index).order_by("size").first()
    return head.sealed_at if head else None


def _hashes(level: int, first: int, last: int) -> list[bytes]:
    """Return the hashes of tiles (level 0: leaves) from `first` up to before `last`. Refuses when one is missing."""
    if level:
        rows = Tile.objects.filter(level=level, index__gte=first, index__lt=last).order_by("index")
        found = [bytes(one) for one in rows.values_list("hash", flat=True)]
    else:
        leaves = Leaf.objects.filter(index__gte=first, index__lt=last).order_by("index")
        found = [bytes(one) for one in leaves.values_list("hash", flat=True)]
    if len(found) != last - first:
        raise BrokenLogError(f"of the nodes {first} to {last - 1} at level {level} {len(found)} are there")
    return found


def tree_of(start: int, end: int) -> merkle.Tree:
    """Return the tree over a range of leaves that begins where a subtree as large does; few hashes are read."""
    tree = merkle.Tree()
    for level, first, last in merkle.blocks(start, end):
        for node in _hashes(level, first, last):
            tree.add(node, level * merkle.TILE_BITS)
    return tree


def inclusion(index: int, size: int) -> list[bytes]:
    """Return the proof that leaf `index` is in the log of `size` leaves."""
    return [tree_of(*one).root() for one in merkle.inclusion(index, size)]


def growth(old: int, size: int) -> list[bytes]:
    """Return the proof that the log of `size` leaves begins with the one of `old`; 0 and itself need none."""
    if old in (0, size):
        return []
    return [tree_of(*one).root() for one in merkle.consistency(old, size)]
