"""What is hashed of a judgement and of the chain: ids, hashes and times, never free text."""

import datetime as dt
from collections.abc import Mapping

from common.digests import canonical, digest, instant


def judgement_digest(facts: Mapping[str, object], *, reason: str, at: dt.datetime) -> str:
    """Return the SHA-256 over the facts of a judgement; the reason enters as its own hash only."""
    return digest(canonical({**facts, "reason": digest(reason), "at": instant(at)}))


def words(text: str) -> str:
    """Return what of a person's words enters a digest: their own hash, or nothing where nothing was written."""
    return digest(text) if text else ""


def genesis(registration_id: str) -> str:
    """Return what the first entry of a registration's chain (its public id) has as `previous`."""
    return digest(f"attest:{registration_id}")


def link(previous: str, payload: str) -> str:
    """Return the digest of an entry: SHA-256 of the previous digest's 64 letters followed by the payload."""
    return digest(previous + payload)
