"""A head that left the house, against the rows of today: what an owner of the database cannot rewrite."""

from collections.abc import Iterator, Sequence

from ledger.queries import checking, tree
from ledger.queries.keys import known_keys
from ledger.rules import merkle
from ledger.rules.notes import Checkpoint, Malformed, Verifier, checkpoint, note, signers_of


def check_anchor(text: str, *, trusted: Sequence[Verifier] = ()) -> Iterator[str]:
    """Yield why the log of today does not begin with the head of a checkpoint; nothing when it does.

    Everything is recomputed from the rows: stored hashes, tiles and heads prove nothing here. With `trusted` keys, as
    they were kept outside, only those count; without, the keys that the database knows. Never stops at a row.
    """
    try:
        head, unsigned = _read(text, list(trusted) or known_keys())
    except Malformed as fault:
        yield f"not a checkpoint that can be checked: {fault}"
        return
    yield from unsigned
    size, _root = tree.newest()
    if head.size > size:
        yield f"the log has {size} leaves and the checkpoint {head.size}: it was cut, or an older copy was restored"
        return
    if not unsigned:
        yield from _rebuilt(head)


def _read(text: str, known: Sequence[Verifier]) -> tuple[Checkpoint, list[str]]:
    """Return the head and why its signatures are not enough."""
    found = note(text)
    head = checkpoint(found.body)
    who = signers_of(found, known)
    if any(key.name == head.origin for key in who):
        return head, []
    if not any(key.name == head.origin for key in known):
        return head, [f"it is of another installation: {head.origin}"]
    return head, ["none of the known keys signed it"]


def _rebuilt(head: Checkpoint) -> Iterator[str]:
    grown = merkle.Tree()
    whole = True
    for one in checking.looked_at(head.size):
        if one.fault:
            yield one.fault
        if one.now is None or one.index != grown.size:
            whole = False
        else:
            grown.add(one.now)
    if not whole or grown.size != head.size:
        yield f"the rows behind the checkpoint of {head.size} leaves are not all there to be read"
    elif grown.root() != head.root:
        yield f"the rows of today do not make the checkpoint of {head.size} leaves: the history was rewritten"
