"""Signed notes, checkpoints and cosignatures (c2sp.org: signed-note, tlog-checkpoint, tlog-cosignature), with Ed25519.

A note is a text, an empty line and lines of signatures. A checkpoint is a note that says whose log it is, how many
leaves it has and its root. A witness signs the same text with the time at which it saw nothing else.
"""

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

#: What a key signs: the note itself, or that a witness saw it at a time.
NOTE, COSIGNATURE = 0x01, 0x04
LONGEST_NOTE = 64 * 1024
MOST_SIGNATURES = 64
HASH_BYTES = 32
_ID_BYTES = 4
_TIME_BYTES = 8
_NAME = re.compile(r"[^\s+]+")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_DASH = "\N{EM DASH} "


class Malformed(ValueError):  # noqa: N818 - it says what the text is
    """A text is no note, no checkpoint, no key or no proof of this form."""


def is_name(text: str) -> bool:
    """Say whether a key may be called that."""
    return _NAME.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under a name. Its text, name+id+key, is what others keep to check signatures."""

    name: str
    public: bytes
    kind: int = NOTE

    @property
    def key_id(self) -> bytes:
        """The first four bytes of the hash over name, kind and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:_ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{encoded(bytes([self.kind]) + self.public)}"

    def signed(self, body: str, signature: bytes) -> bool:
        """Say whether this key made the signature of a note's text (of a witness: with its time before it)."""
        message = body.encode()
        if self.kind == COSIGNATURE:
            if len(signature) <= _TIME_BYTES:
                return False
            message = _seen(body, struct.unpack(">Q", signature[:_TIME_BYTES])[0])
            signature = signature[_TIME_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


def _seen(body: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{body}".encode()


def verifier(text: str) -> Verifier:
    """Return the key that a verifier's text names. Refuses another form, another kind, an id that is not its own."""
    name, _, rest = text.strip().partition("+")
    key_id, _, key = rest.partition("+")
    raw = decoded(key)
    if not is_name(name) or len(raw) != HASH_BYTES + 1 or raw[0] not in (NOTE, COSIGNATURE):
        raise Malformed("no verifier key of Ed25519")
    found = Verifier(name, raw[1:], raw[0])
    if found.key_id.hex() != key_id:
        raise Malformed("the id of the verifier key is not its own")
    return found


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under a name."""

    name: str
    private: Ed25519PrivateKey
    kind: int = NOTE

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        raw = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return Verifier(self.name, raw, self.kind)

    def line(self, body: str, *, seconds: int = 0) -> str:
        """Return the line that signs a note's text; of a witness, with the second at which it saw it."""
        if self.kind == COSIGNATURE:
            signature = struct.pack(">Q", seconds) + self.private.sign(_seen(body, seconds))
        else:
            signature = self.private.sign(body.encode())
        return f"{_DASH}{self.name} {encoded(self.verifier.key_id + signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text with its signatures: (name, key id, signature)."""

    body: str
    signatures: tuple[tuple[str, bytes, bytes], ...]


def signed(body: str, signers: Iterable[Signer]) -> str:
    """Return a text with the signatures of some keys, as a note."""
    return body + "\n" + "".join(signer.line(body) for signer in signers)


def note(text: str) -> Note:
    """Return a note's text and signatures, none of them checked. Refuses what is no note."""
    body, gap, lines = text.rpartition("\n\n")
    if len(text) > LONGEST_NOTE or not gap or not lines.endswith("\n"):
        raise Malformed("no signed note")
    if any(ord(sign) < ord(" ") and sign != "\n" for sign in text):
        raise Malformed("a signed note holds no control characters")
    signatures = tuple(_signature(line) for line in lines.removesuffix("\n").split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        raise Malformed("too many signatures")
    return Note(body + "\n", signatures)


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, _, value = line.removeprefix(_DASH).partition(" ")
    raw = decoded(value)
    if not line.startswith(_DASH) or not is_name(name) or len(raw) <= _ID_BYTES:
        raise Malformed("no signature line")
    return name, raw[:_ID_BYTES], raw[_ID_BYTES:]


def signers_of(found: Note, known: Sequence[Verifier]) -> list[Verifier]:
    """Return which of the known keys signed a note. Refuses one that a known key is said to have signed and did not."""
    by_name = {(one.name, one.key_id): one for one in known}
    who = []
    for name, key_id, signature in found.signatures:
        key = by_name.get((name, key_id))
        if key is None:
            continue
        if not key.signed(found.body, signature):
            raise Malformed(f"the signature of {name} is not right")
        who.append(key)
    return who


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: whose, how many leaves, the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"


def checkpoint(body: str) -> Checkpoint:
    """Return the head that a note's text says. Refuses what is none. Lines that others added are left alone."""
    lines = body.split("\n")
    if len(lines) < 4 or not lines[0] or not _NUMBER.fullmatch(lines[1]):  # noqa: PLR2004 - three lines and the last end
        raise Malformed("no checkpoint")
    root = decoded(lines[2])
    if len(root) != HASH_BYTES:
        raise Malformed("no root of a checkpoint")
    return Checkpoint(lines[0], int(lines[1]), root)


def encoded(raw: bytes) -> str:
    """Return bytes as base64."""
    return base64.b64encode(raw).decode("ascii")


def decoded(text: str) -> bytes:
    """Return the bytes that base64 says. Refuses every other spelling of them."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("no base64") from None
    if encoded(raw) != text:
        raise Malformed("no base64 as it is written here")
    return raw
