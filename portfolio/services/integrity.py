"""Are the stored bytes still those that came in? (D25, invariant I1)"""

import datetime as dt
import hashlib

from django.core.files.storage import default_storage

from audit.services import record
from centres.actor import Actor
from common.storing import read
from portfolio.models import EvidenceFile

#: Bytes. Up to here a whole download is read and compared before its first byte leaves; longer ones by their length.
VERIFIED = 50 * 1024 * 1024


def is_intact(file: EvidenceFile) -> bool:
    """Say whether the object behind a file has its length and SHA-256. Reads all of it."""
    found, length = hashlib.sha256(), 0
    try:
        for piece in read(file.storage_key):
            found.update(piece)
            length += len(piece)
    except OSError:
        return False
    return (found.hexdigest(), length) == (file.sha256, file.size)


def is_whole(file: EvidenceFile) -> bool:
    """Say whether the object behind a file is there with its length; reads nothing of it."""
    try:
        return default_storage.size(file.storage_key) == file.size
    except OSError:
        return False


def check_bytes(*, actor: Actor, file: EvidenceFile, at: dt.datetime) -> bool:
    """Compare the stored bytes with what was received, before a whole file is handed out.

    Files up to 50 MB by their hash, longer ones by their length. Emits "file.altered" and returns False when they
    differ or are gone.
    """
    good = is_intact(file) if file.size <= VERIFIED else is_whole(file)
    if not good:
        record("file.altered", actor=actor, obj=file, at=at, facts={"sha256": file.sha256})
    return good
