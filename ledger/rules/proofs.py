"""Proofs as texts: that a record is in the log (c2sp.org/tlog-proof), and that a head begins with an older one.

The second has the form in which a witness is asked (c2sp.org/tlog-witness): `old` and the size, hashes, the checkpoint.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ledger.rules import merkle
from ledger.rules.notes import (
    HASH_BYTES,
    Checkpoint,
    Malformed,
    Verifier,
    checkpoint,
    decoded,
    encoded,
    note,
    signers_of,
)

HEADER = "c2sp.org/tlog-proof@v1"
#: 63 hashes are enough for any tree that there can be.
MOST_HASHES = 63
_NUMBERED = re.compile(r"(index|old) (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True, slots=True)
class Proof:
    """A number (the leaf's index, or the older size), hashes, and the signed note of the head they lead to."""

    number: int
    hashes: tuple[bytes, ...]
    note: str

    @property
    def head(self) -> Checkpoint:
        """The head, its signatures not checked."""
        return checkpoint(note(self.note).body)


def inclusion_text(index: int, hashes: Sequence[bytes], signed: str) -> str:
    """Return the proof that a record stands at `index`."""
    return f"{HEADER}\n{_lines('index', index, hashes)}\n{signed}"


def growth_text(old: int, hashes: Sequence[bytes], signed: str) -> str:
    """Return the proof that a head begins with the log's first `old` leaves."""
    return f"{_lines('old', old, hashes)}\n{signed}"


def _lines(word: str, number: int, hashes: Sequence[bytes]) -> str:
    return f"{word} {number}\n" + "".join(f"{encoded(one)}\n" for one in hashes)


def inclusion_proof(text: str) -> Proof:
    """Return what an inclusion proof says. Refuses what is none."""
    first, _, rest = text.partition("\n")
    if first != HEADER:
        raise Malformed("no proof of a receipt")
    if rest.startswith("extra "):
        rest = rest.partition("\n")[2]
    return _proof("index", rest)


def growth_proof(text: str) -> Proof:
    """Return what a request to a witness says. Refuses what is none."""
    return _proof("old", text)


def _proof(word: str, text: str) -> Proof:
    said, gap, signed = text.partition("\n\n")
    first, *lines = said.split("\n")
    number = _NUMBERED.fullmatch(first)
    if not gap or number is None or number[1] != word or len(lines) > MOST_HASHES:
        raise Malformed("no proof")
    hashes = tuple(decoded(line) for line in lines)
    if any(len(one) != HASH_BYTES for one in hashes):
        raise Malformed("a hash in the proof is too short or too long")
    return Proof(int(number[2]), hashes, signed)


def receipt_faults(record: str, text: str, known: Sequence[Verifier]) -> list[str]:
    """Return why a receipt proves nothing; an empty list: a known key signed a head whose log has this record."""
    try:
        proof = inclusion_proof(text)
        head = proof.head
        who = signers_of(note(proof.note), known)
    except Malformed as fault:
        return [str(fault)]
    faults = [] if any(one.name == head.origin for one in who) else ["none of the known keys signed this head"]
    leaf = merkle.leaf_hash(record.encode())
    if not merkle.includes(index=proof.number, size=head.size, leaf=leaf, proof=proof.hashes, root=head.root):
        faults.append("the record is not in the log of this head")
    return faults
