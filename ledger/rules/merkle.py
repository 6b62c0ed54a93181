"""The tree over a log's leaves: hashing of RFC 6962 (2.1), proofs and their verification as in RFC 9162 (2.1.3, 2.1.4).

A leaf is the hash of its record's bytes. `Tree` takes the hashes of complete subtrees from the left and keeps one for
each bit of its size, so a log of any length is read once, in constant memory.
"""

import hashlib
from collections.abc import Iterator, Sequence

EMPTY = hashlib.sha256(b"").digest()
#: A tile is a complete subtree of 256 nodes: its root is kept, so that few hashes have to be read.
TILE_BITS = 8
TILE = 1 << TILE_BITS

Range = tuple[int, int]


def leaf_hash(record: bytes) -> bytes:
    """Return the hash of a leaf's bytes."""
    return hashlib.sha256(b"\x00" + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node above two others."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The left edge of a growing tree: complete subtrees, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[tuple[int, bytes]] = []

    def add(self, node: bytes, height: int = 0) -> list[tuple[int, bytes]]:
        """Take the next complete subtree of 2^height leaves; return the (height, hash) of all that it completes.

        What comes from the left is never smaller than what follows, or completes it.
        """
        completed = [(height, node)]
        while self._parts and self._parts[-1][0] == height:
            node = node_hash(self._parts.pop()[1], node)
            height += 1
            completed.append((height, node))
        self._parts.append((height, node))
        self.size += 1 << completed[0][0]
        return completed

    def root(self) -> bytes:
        """Return the hash over everything taken so far; of nothing, the hash of nothing."""
        if not self._parts:
            return EMPTY
        result = self._parts[-1][1]
        for _height, node in reversed(self._parts[:-1]):
            result = node_hash(node, result)
        return result


def tiles(completed: Sequence[tuple[int, bytes]], size: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield (level, index, hash) of the full tiles among what the last leaf of `size` completed; level 1: of leaves."""
    for height, node in completed:
        if height and height % TILE_BITS == 0:
            yield height // TILE_BITS, (size >> height) - 1, node


def blocks(start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yield (level, first, last + 1): the fewest tiles, and leaves at level 0, that make up the range, from the left.

    The range begins where a subtree does that is at least as large, as every range of a proof.
    """
    level = max((end - start).bit_length() - 1, 0) // TILE_BITS
    for each in range(level, -1, -1):
        width = TILE**each
        count = (end - start) // width
        if count:
            yield each, start // width, start // width + count
            start += count * width


def _split(size: int) -> int:
    """Return the largest power of two that is smaller than `size` (at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion(index: int, size: int) -> list[Range]:
    """Return the ranges whose roots prove that leaf `index` is in a tree of `size` leaves, its own sibling first."""
    found, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return found[::-1]


def consistency(old: int, size: int) -> list[Range]:
    """Return the ranges whose roots prove that a tree of `size` leaves begins with one of `old`; both above 0."""
    found, start, end = [], 0, size
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((start, middle))
            start = middle
    return ([(start, end)] if start else []) + found[::-1]


def includes(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether the proof leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            node = node_hash(sibling, node)
            here, last = _up_to_a_right_one(here, last)
        else:
            node = node_hash(node, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and node == root


def extends(*, old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether the proof shows that the larger tree begins with the smaller one (RFC 9162, 2.1.4.2)."""
    if old in (0, size):
        return not proof and (old_root == root if old == size else old_root == EMPTY)
    if not 0 < old < size or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            here, last = _up_to_a_right_one(here, last)
        else:
            after = node_hash(after, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and before == old_root and after == root


def _up_to_a_right_one(here: int, last: int) -> tuple[int, int]:
    """Go up while the node is a left one that has no sibling yet."""
    while here and not here & 1:
        here, last = here >> 1, last >> 1
    return here, last
