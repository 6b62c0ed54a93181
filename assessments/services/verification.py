"""Is everything that was sent and decided still what it was, down to the bytes of the files? (architecture, idea 3)

The chain vouches for what a signature rests on; this looks at the rest too, signed or not.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef

from assessments.models import Judgement
from common import clock
from portfolio.enums import FileState
from portfolio.models import EvidenceFile, EvidenceVersion, Preview, Tombstone
from portfolio.services.integrity import is_intact

REASON = "verifying the records of all centres"
A_TIME = 200
#: The worker has removed the bytes by then; from there on they are a fault.
DROPPED_BY = dt.timedelta(hours=1)


def altered_records(counts: Counter[str], *, files: bool = True) -> Iterator[str]:
    """Yield a sentence for each version, judgement and (unless told not to) stored file that was altered or is gone.

    Adds to `counts` how many of each were looked at, under "versions", "judgements", "files" and
    "tombstones". Reads every byte once, in constant memory; writes nothing.
    """
    yield from _versions(counts)
    yield from _withheld()
    yield from _judgements(counts)
    if files:
        yield from _files(counts)


def _versions(counts: Counter[str]) -> Iterator[str]:
    rows = EvidenceVersion.objects.across_centres(reason=REASON).order_by("pk").prefetch_related("version_files__file")
    for version in rows.iterator(chunk_size=A_TIME):
        counts["versions"] += 1
        if version.digest != version.computed_digest:
            yield f"evidence version {version.public_id} was altered"
        said = {(entry["id"], entry["sha256"], entry["size"]) for entry in version.files}
        kept = {(row.file.public_id, row.file.sha256, row.file.size) for row in version.version_files.all()}
        if said != kept:
            yield f"the files of evidence version {version.public_id} are not those that were sent"


def _withheld() -> Iterator[str]:
    """Words are withheld where two people agreed that they are, of the version as it was sent."""
    rows = Tombstone.objects.across_centres(reason=REASON).filter(file=None).order_by("pk")
    for stone in rows.select_related("decision__request", "version").iterator(chunk_size=A_TIME):
        if not (stone.decision.agrees and stone.decision.request.words):
            yield f"the words of evidence version {stone.version.public_id} are withheld although nobody agreed"
        elif stone.sha256 != stone.version.digest:
            yield f"the words of evidence version {stone.version.public_id} are not those that were withheld"


def _judgements(counts: Counter[str]) -> Iterator[str]:
    rows = Judgement.objects.across_centres(reason=REASON).order_by("pk")
    related = rows.select_related("mapping", "criterion", "learner_unit", "version", "assessor")
    for judgement in related.iterator(chunk_size=A_TIME):
        counts["judgements"] += 1
        said = (judgement.criterion.kind, judgement.version.fields.get("setting", ""))
        if judgement.digest != judgement.computed_digest or (judgement.kind, judgement.learner_setting) != said:
            yield f"judgement {judgement.public_id} was altered"


def _files(counts: Counter[str]) -> Iterator[str]:
    rows = EvidenceFile.objects.across_centres(reason=REASON).filter(in_versions__isnull=False)
    left = Preview.objects.across_centres(reason=REASON).filter(file_id=OuterRef("pk"))
    told = rows.select_related("tombstone__decision").annotate(pictured=Exists(left))
    for file in told.order_by("pk").distinct().iterator(chunk_size=A_TIME):
        if file.state == FileState.PURGED:
            counts["tombstones"] += 1
            yield from _purged(file)
        else:
            counts["files"] += 1
            if not is_intact(file):
                yield f"file {file.public_id} (“{file.name}”) was altered or is gone"


def _purged(file: Any) -> Iterator[str]:
    """A file that was removed has a tombstone with its hash and length, on which two people agreed, and no bytes.

    Nor is there anything that was made of it.
    """
    stone = getattr(file, "tombstone", None)
    if stone is None or (stone.sha256, stone.size) != (file.sha256, file.size):
        yield f"file {file.public_id} was removed and no tombstone says so"
    elif not stone.decision.agrees:
        yield f"file {file.public_id} was removed although nobody agreed (tombstone {stone.public_id})"
    elif stone.at < clock.now() - DROPPED_BY and default_storage.exists(stone.storage_key):
        yield f"file {file.public_id} was removed and its bytes are still there (tombstone {stone.public_id})"
    elif file.pictured:
        yield f"file {file.public_id} was removed and its pictures or text are still there"


def tombstones() -> Iterator[str]:
    """Yield a sentence for each thing that was removed for good: what it was, when, and by which tombstone (R60)."""
    rows = Tombstone.objects.across_centres(reason=REASON).select_related("version", "file").order_by("pk")
    for stone in rows.iterator(chunk_size=A_TIME):
        what = (
            f"file {stone.file.public_id}" if stone.file else f"the words of evidence version {stone.version.public_id}"
        )
        yield f"{what}, {stone.size} bytes, SHA-256 {stone.sha256}, on {stone.at:%Y-%m-%d}: tombstone {stone.public_id}"
