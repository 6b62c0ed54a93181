"""Are the stored bytes still those that came in? (D25, invariant I1)"""

import datetime as dt
from enum import StrEnum

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.db import transaction

from audit.services import record
from centres.actor import Actor
from common.enqueue import enqueue
from common.faults import Away
from common.storing import fingerprint, let_go, local_path, size_of, written
from common.text import say
from portfolio.enums import OPENABLE
from portfolio.models import EvidenceFile, Preview
from portfolio.services.telling_altered import tell_soon

#: Bytes. Up to here a file is read and compared before its first byte leaves; longer ones by their length.
VERIFIED = 50 * 1024 * 1024
#: Seconds for which a file that was read and found good is not read again for each of its parts, unless it changed.
KNOWN_GOOD = 600


class Shown(StrEnum):
    """What became of a preview that was asked for."""

    THERE = "there"
    MADE_AGAIN = "made again"
    LOST = "lost"


def is_intact(file: EvidenceFile) -> bool:
    """Say whether the object behind a file has its length and SHA-256. Reads all of it. Raises `Away`."""
    try:
        return fingerprint(file.storage_key) == (file.sha256, file.size)
    except FileNotFoundError as fault:
        _raise_if_unmounted(fault)
        return False


def is_whole(file: EvidenceFile | Preview) -> bool:
    """Say whether the object behind it is there with its length; reads nothing of it. Raises `Away`."""
    try:
        return size_of(file.storage_key) == file.size
    except FileNotFoundError as fault:
        _raise_if_unmounted(fault)
        return False


def _raise_if_unmounted(fault: FileNotFoundError) -> None:
    """Tell a folder that lost this object from one that is not there, or has nothing in it: a disk not mounted."""
    root = local_path(default_storage, "")
    if root is not None and not (root.is_dir() and next(root.iterdir(), None)):
        raise Away("the folder of files is empty") from fault


def check_bytes(*, actor: Actor, file: EvidenceFile, at: dt.datetime, part: bool = False) -> bool:
    """Compare the stored bytes with what was received, before a file is handed out: whole, a `part` or its headers.

    Files up to 50 MB by their hash, longer ones by their length. For a part the hash may have been found good within
    ten minutes, if nothing was written there since. Emits "file.altered", tells the centre's admins by letter once a
    day, and returns False when they differ or are gone. Raises `Away`: nothing is known then.
    """
    good = _is_good(file, part=part) if file.size <= VERIFIED else is_whole(file)
    if not good:
        _note_altered(actor, file, at)
    return good


def _is_good(file: EvidenceFile, *, part: bool) -> bool:
    key, written = f"portfolio.intact:{file.pk}:{file.sha256}", _written(file)
    if part and written and cache.get(key) == written:
        return True
    good = is_intact(file)
    if good and written:
        cache.set(key, written, KNOWN_GOOD)
    return good


def _written(file: EvidenceFile) -> str:
    """Return what changes with every writing of the object; "" where there is none."""
    try:
        return written(file.storage_key)
    except FileNotFoundError as fault:
        _raise_if_unmounted(fault)
        return ""


@transaction.atomic
def _note_altered(actor: Actor, file: EvidenceFile, at: dt.datetime) -> None:
    record("file.altered", actor=actor, obj=file, at=at, facts={"sha256": file.sha256})
    tell_soon(file.centre_id, at)


def look_after_preview(*, actor: Actor, preview: Preview, at: dt.datetime) -> Shown:
    """Say whether a preview can be shown. One that is gone is made again from its file, where that is still there.

    All previews of the file are made again then, and its page says so until they are. Emits "file.altered" when the
    file is gone as well. Raises `Away`.
    """
    if is_whole(preview):
        return Shown.THERE
    if not is_whole(preview.file):
        _note_altered(actor, preview.file, at)
        return Shown.LOST
    make_previews_again(preview.file)
    return Shown.MADE_AGAIN


@transaction.atomic
def make_previews_again(file: EvidenceFile) -> None:
    """Take the previews of an open file away and ask for new ones. Of two who ask at once one does it."""
    rows = EvidenceFile.objects.for_centre(file.centre_id).filter(pk=file.pk, state__in=OPENABLE)
    note = say("The pictures of this file are being made again. Look again in a minute.")
    if not rows.exclude(previews_made_at=None).update(previews_made_at=None, preview_note=note):
        return
    previews = Preview.objects.for_centre(file.centre_id).filter(file=file)
    keys = list(previews.exclude(storage_key="").values_list("storage_key", flat=True))
    previews.delete()
    let_go(keys)
    enqueue("portfolio.prepare_file", of_centre=file.centre_id, file_id=file.pk)
