"""The key that signs heads: made at first use, kept outside the database, changed by a person.

It lies in the file that LEDGER_KEY_FILE names, readable by its owner only, or is made from LEDGER_KEY (a
random text) where several machines sign. The database knows the public halves, each with the size from which it signs.
"""

import datetime as dt
import hashlib
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction

from ledger.models import SigningKey
from ledger.queries import tree
from ledger.queries.keys import known_keys, newest_key
from ledger.rules.notes import Signer, is_name
from ledger.services import key_files
from ledger.services.key_files import KeyRefused

SHORTEST_SECRET = 40


def origin() -> str:
    """Return the name of this installation's log: as set, else the host of its address with `/attest`.

    Refuses one that cannot stand in a signature line (`KeyRefused`).
    """
    name: str = settings.LEDGER_ORIGIN or f"{urlsplit(settings.SITE_ORIGIN).netloc}/attest"
    if not is_name(name):
        raise KeyRefused("LEDGER_ORIGIN holds a space or a plus sign")
    return name


def signer(*, at: dt.datetime) -> Signer:
    """Return the key that signs now. Makes the first one, when the log knows none. Refuses another than the newest."""
    newest = newest_key()
    private = _stored()
    if private is None:
        if newest is not None:
            raise KeyRefused(f"the key {newest} signs, and this machine does not have it")
        private = key_files.read_or_make(_file())
    found = Signer(newest.name if newest else origin(), private)
    if newest is None:
        _know(found, at)
    elif found.verifier != newest:
        raise KeyRefused(f"the key {newest} signs, and this machine has another: new_key makes one known")
    return found


def new_key(*, at: dt.datetime) -> tuple[Signer, Signer | None]:
    """Let another key sign from now on; return it and, where this machine still has it, the one before.

    With LEDGER_KEY the one set there becomes known. Else a new one takes the place of the file. Refuses a key that the
    log knows already, and to be the first.
    """
    newest = newest_key()
    if newest is None:
        raise KeyRefused("no key has signed yet: the first one is made by itself")
    before = _stored()
    fresh = Signer(origin(), before if settings.LEDGER_KEY and before else Ed25519PrivateKey.generate())
    if fresh.verifier in known_keys():
        raise KeyRefused("the log knows this key already: set another LEDGER_KEY first")
    with transaction.atomic():
        _know(fresh, at)
        if not settings.LEDGER_KEY:
            key_files.replace(_file(), fresh.private)
    old = Signer(newest.name, before) if before else None
    return fresh, old if old and old.verifier == newest else None


def _know(found: Signer, at: dt.datetime) -> None:
    size, _root = tree.newest()
    SigningKey.objects.get_or_create(verifier=str(found.verifier), defaults={"from_size": size, "at": at})


def _file() -> Path:
    return Path(settings.LEDGER_KEY_FILE)


def _stored() -> Ed25519PrivateKey | None:
    if not settings.LEDGER_KEY:
        return key_files.read(_file())
    if len(settings.LEDGER_KEY) < SHORTEST_SECRET:
        raise KeyRefused(f"LEDGER_KEY has fewer than {SHORTEST_SECRET} characters")
    seed = hashlib.sha256(b"attest ledger key\n" + settings.LEDGER_KEY.encode()).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)
