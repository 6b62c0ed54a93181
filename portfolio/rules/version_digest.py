"""What a frozen version is made of, and the hash that names it (R53)."""

from collections.abc import Mapping, Sequence
from typing import Any

from common.digests import canonical, digest

#: The version of the declaration a learner agrees to when sending (R57). New words, new name.
DECLARATION = "own-work-1"


def version_digest(
    fields: Mapping[str, Any], files: Sequence[Mapping[str, Any]], mappings: Sequence[Mapping[str, Any]]
) -> str:
    """Return the SHA-256 of what was sent: the fields, the files with their own hashes, the criteria, in order."""
    return digest(canonical({"fields": dict(fields), "files": list(files), "claims": list(mappings)}))
