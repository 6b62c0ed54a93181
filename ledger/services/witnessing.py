"""Seeing another installation's heads, and remembering: for an awarding organisation, or a second machine.

A witness keeps, for each log, the last head it signed. It signs the next one only with the proof that nothing before
changed. Two heads that cannot both be true are kept side by side: signed by the log itself, they are evidence.
"""

import datetime as dt
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ledger.rules import merkle
from ledger.rules.notes import COSIGNATURE, Checkpoint, Malformed, Signer, Verifier, checkpoint, note, signers_of
from ledger.rules.proofs import Proof, growth_proof
from ledger.services import key_files


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What came of it: the signature line of the witness, or why there is none, and the evidence if there is some."""

    line: str
    refusal: str
    evidence: Path | None = None


def witness(name: str, folder: Path) -> Signer:
    """Return a witness of that name with its own key, which is made in `folder` at first use."""
    return Signer(name, key_files.read_or_make(folder / "witness-key.pem"), COSIGNATURE)


def cosign(request: str, *, own: Signer, logs: Sequence[Verifier], folder: Path, at: dt.datetime) -> Witnessed:
    """Sign a head of a known log, when it begins with the last one signed here; remember it in `folder`.

    Refuses a log whose key is not among `logs`, an older head, a proof that does not fit the head remembered here (the
    refusal names the size to ask with), and a fork, which is kept as evidence.
    """
    try:
        asked = growth_proof(request)
        head = asked.head
        known = [one.name for one in signers_of(note(asked.note), logs)]
    except Malformed as fault:
        return Witnessed("", str(fault))
    if head.origin not in known:
        return Witnessed("", f"{head.origin} is signed by no key that is known here")
    refusal, evidence = _compare(asked, head, folder)
    if refusal:
        return Witnessed("", refusal, evidence)
    _remember(folder, head, asked.note)
    return Witnessed(own.line(head.body, seconds=int(at.timestamp())), "")


def _compare(asked: Proof, head: Checkpoint, folder: Path) -> tuple[str, Path | None]:
    """Return why a head is not signed, and the evidence of a fork."""
    text = _last(folder, head.origin)
    if text is None:
        return ("" if asked.number == 0 else "nothing of this log was seen before: ask with 0"), None
    last = checkpoint(note(text).body)
    if head.size < last.size:
        return f"{last.size} leaves were seen before, and this head has {head.size}: ask with a newer one", None
    if head.size == last.size and head.root != last.root:
        return f"two heads of {head.size} leaves: the log forked", _keep(folder, text, asked)
    if asked.number != last.size:
        return f"{last.size} leaves were seen before: ask with {last.size}", None
    if not merkle.extends(old=last.size, old_root=last.root, size=head.size, root=head.root, proof=asked.hashes):
        return "the proof does not lead from the head seen before to this one", _keep(folder, text, asked)
    return "", None


def _place(folder: Path, origin: str) -> Path:
    return folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:16]}.json"


def _last(folder: Path, origin: str) -> str | None:
    try:
        found: str = json.loads(_place(folder, origin).read_text(encoding="utf-8"))["checkpoint"]
    except FileNotFoundError:
        return None
    return found


def _remember(folder: Path, head: Checkpoint, text: str) -> None:
    """Write the head down so that a crash leaves the old or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    path = _place(folder, head.origin)
    beside = path.with_suffix(f".{os.getpid()}")
    with beside.open("w", encoding="utf-8") as file:
        json.dump({"origin": head.origin, "size": head.size, "checkpoint": text}, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _keep(folder: Path, last: str, asked: Proof) -> Path:
    """Keep both heads with the proof that does not fit: the log's own signatures are under them."""
    name = hashlib.sha256(asked.note.encode()).hexdigest()[:16]
    path = folder / f"fork-{name}.json"
    said = {"seen": last, "shown": asked.note, "old": asked.number, "proof": [one.hex() for one in asked.hashes]}
    path.write_text(json.dumps(said, indent=1), encoding="utf-8")
    return path
