"""Putting rows into the log, behind the backs of those who write them.

Rows are read and hashed without a lock. A batch then takes the next indexes in one transaction with its tiles and its
head: of two sealers at once the slower one fails on an index that is taken, and nothing of its batch stays. No sealed
table is locked or written.
"""

import datetime as dt
import logging
import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from ledger import registry
from ledger.models import Head, Leaf, Mark, Tile
from ledger.queries import rows, tree
from ledger.registry import SealedTable
from ledger.rules import merkle
from ledger.rules.records import SALT_BYTES

logger = logging.getLogger(__name__)

#: Leaves of one transaction: on SQLite nobody else writes for these few milliseconds.
BATCH = 500
#: No transaction that writes a row takes longer. Up to the mark of so long ago nothing new is looked for.
LAG = dt.timedelta(hours=1)


class OvertakenError(RuntimeError):
    """Another sealer took the indexes first."""


@dataclass(frozen=True, slots=True)
class _New:
    """A leaf that has no index yet."""

    row: int
    salt: bytes
    hash: bytes


def seal(*, at: dt.datetime) -> int:
    """Seal every row that has no leaf, table by table in alphabetical order, by key; return how many were sealed.

    Safe to run twice, also at once, and to be killed anywhere. A row that cannot be read is left for the check to name.
    Refuses to go on with a log that lacks hashes (`BrokenLogError`).
    """
    sealed = 0
    try:
        for table in registry.tables():
            sealed += _seal_table(table, at)
    except OvertakenError:
        logger.info("another sealer is at it")
    return sealed


def _seal_table(table: SealedTable, at: dt.datetime) -> int:
    mark, _made = Mark.objects.get_or_create(table=table.name, defaults={"seen_at": at})
    last = rows.last_row(table)  # before anything is looked for: all up to here is looked at in this round
    sealed, above = 0, mark.below
    while keys := rows.unsealed(table, above, BATCH):
        sealed += _append(table, keys, at)
        above = keys[-1]
    _move_on(mark, last, at)
    return sealed


def _move_on(mark: Mark, last: int, at: dt.datetime) -> None:
    """Let the mark follow after an hour; what commits later than that below it is no longer sealed, but named."""
    due = not mark.seen or at - mark.seen_at >= LAG
    if not due or mark.below == last:
        return
    moved = Mark.objects.filter(pk=mark.pk, seen_at=mark.seen_at)  # of two sealers one moves it
    moved.update(below=max(mark.below, mark.seen), seen=last, seen_at=at)


def _append(table: SealedTable, keys: list[int], at: dt.datetime) -> int:
    fresh = _hashed(table, keys)
    if not fresh:
        return 0
    size, _root = tree.newest()
    try:
        with transaction.atomic():
            _write(table, fresh, size, at)
    except IntegrityError:
        if tree.newest()[0] == size:
            raise  # nobody was faster: the log holds what its head does not count
        raise OvertakenError from None
    return len(fresh)


def _hashed(table: SealedTable, keys: list[int]) -> list[_New]:
    salts = {key: secrets.token_bytes(SALT_BYTES) for key in keys}
    records = rows.records(table, table.newest, salts)
    fresh = []
    for key in keys:
        record = records.get(key)
        if isinstance(record, bytes):
            fresh.append(_New(key, salts[key], merkle.leaf_hash(record)))
        else:
            logger.error("%s %d cannot be sealed: %s", table.name, key, type(record).__name__)
    return fresh


def _write(table: SealedTable, fresh: list[_New], size: int, at: dt.datetime) -> None:
    grown = tree.tree_of(0, size)
    tiles: list[Tile] = []
    for one in fresh:
        completed = grown.add(one.hash)
        tiles += [Tile(level=level, index=n, hash=node) for level, n, node in merkle.tiles(completed, grown.size)]
    Leaf.objects.bulk_create(
        Leaf(index=index, table=table.name, row=one.row, form=table.newest, salt=one.salt, hash=one.hash)
        for index, one in enumerate(fresh, start=size)
    )
    Tile.objects.bulk_create(tiles)
    Head.objects.create(size=grown.size, root=grown.root(), sealed_at=at)
