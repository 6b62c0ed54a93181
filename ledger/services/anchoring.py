"""Heads that leave the house: signed, as files, for whoever keeps them or witnesses them."""

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from ledger.queries import tree
from ledger.rules import notes, proofs
from ledger.rules.notes import Checkpoint, Malformed, Signer, signed
from ledger.services.keys import signer


class ForkedError(RuntimeError):
    """A head went out that the log of today does not have."""


def checkpoint(*, at: dt.datetime, also: Sequence[Signer] = ()) -> tuple[int, str]:
    """Return the newest head's size and its checkpoint, signed by the key that signs now, and by others where asked."""
    own = signer(at=at)
    size, root = tree.newest()
    return size, signed(Checkpoint(own.name, size, root).body, [own, *also])


def write_anchor(folder: Path, *, at: dt.datetime, also: Sequence[Signer] = ()) -> Path:
    """Write the newest head as a checkpoint into a folder, its size in its name; return the file.

    A file that is there already stays. Refuses when it says another root: a size has one (`ForkedError`).
    """
    size, text = checkpoint(at=at, also=also)
    path = folder / f"checkpoint-{size:012d}.txt"
    if path.exists():
        if _root_of(path.read_text(encoding="utf-8", errors="replace")) != _root_of(text):
            raise ForkedError(f"{path} is a head of the same size with another root, or no head")
        if not also:
            return path
    folder.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
    return path


def _root_of(text: str) -> bytes | None:
    try:
        return notes.checkpoint(notes.note(text).body).root
    except Malformed:
        return None


def write_daily(*, at: dt.datetime) -> Path | None:
    """Write the newest head into the folder that LEDGER_ANCHOR_FOLDER names; None where none is named."""
    folder = settings.LEDGER_ANCHOR_FOLDER
    return write_anchor(Path(folder), at=at) if folder else None


def growth_request(old: int, *, at: dt.datetime) -> str:
    """Return what a witness needs who saw `old` leaves: the proof that nothing before changed, and the newest head.

    Refuses a size that the log does not have (`ValueError`).
    """
    size, text = checkpoint(at=at)
    if not 0 <= old <= size:
        raise ValueError(f"the log has {size} leaves")
    return proofs.growth_text(old, tree.growth(old, size), text)
