"""A small file for the person whose act it was: proof, without this installation, that it is in the log."""

import datetime as dt
from dataclasses import dataclass

from ledger import registry
from ledger.models import Leaf
from ledger.queries import rows, tree
from ledger.rules.proofs import inclusion_text
from ledger.services.anchoring import checkpoint


class NotSealed(LookupError):  # noqa: N818 - it says how things are
    """The row has no leaf yet: the next minute brings one."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The record as it was sealed, and the proof (c2sp.org/tlog-proof) with the head it leads to.

    `salt` opens the hidden words for somebody who knows them: give it only to a person who may read the row.
    """

    record: str
    proof: str
    salt: str


def receipt(table: str, row: int, *, at: dt.datetime) -> Receipt:
    """Return the receipt of a row, leading to the newest head. Refuses one not sealed, or gone (`NotSealed`)."""
    leaf = Leaf.objects.filter(table=table, row=row).first()
    size, _root = tree.newest()
    if leaf is None or leaf.index >= size:
        raise NotSealed(f"{table} {row}")
    salt = bytes(leaf.salt)
    record = rows.records(registry.find(table), leaf.form, {row: salt}).get(row)
    if not isinstance(record, bytes):
        raise NotSealed(f"{table} {row}")
    signed_size, text = checkpoint(at=at)
    proof = inclusion_text(leaf.index, tree.inclusion(leaf.index, signed_size), text)
    return Receipt(record.decode(), proof, salt.hex())
