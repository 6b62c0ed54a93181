"""What a frozen version is made of, and the hash that names it (R53)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from common.digests import canonical, digest, instant

#: The version of the declaration a learner agrees to when sending (R57). New words, new name.
DECLARATION = "own-work-1"


@dataclass(frozen=True, slots=True)
class Sending:
    """Whose piece was sent, as which version, by whom, when, and what they declared. Ids are public ones."""

    evidence: str
    learner: str
    number: int
    by: str
    at: dt.datetime
    declaration: str


def version_digest(
    sending: Sending,
    fields: Mapping[str, Any],
    files: Sequence[Mapping[str, Any]],
    mappings: Sequence[Mapping[str, Any]],
) -> str:
    """Return the SHA-256 of what was sent: whose, by whom, when, the fields, the files' hashes, the criteria."""
    sent = asdict(sending) | {"at": instant(sending.at)}
    whole = {"sent": sent, "fields": dict(fields), "files": list(files), "mappings": list(mappings)}
    return digest(canonical(whole))
