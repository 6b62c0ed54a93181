"""Is everything that was sent and decided still what it was, down to the bytes of the files? (architecture, idea 3)

The chain vouches for what a signature rests on; this looks at the rest too, signed or not.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.core.files.storage import default_storage
from django.db.models import Exists, Model, OuterRef

from assessments.models import Judgement
from assessments.queries.rests_on import JUDGED
from common import clock
from common.readable import ODD, readable
from portfolio.enums import FileState
from portfolio.models import EvidenceFile, EvidenceVersion, Preview, Tombstone, VersionFile
from portfolio.services.integrity import is_intact
from qualifications.queries.soundness import altered_texts

REASON = "verifying the records of all centres"
A_TIME = 200
M = TypeVar("M", bound=Model)
#: The worker has removed the bytes by then; from there on they are a fault.
DROPPED_BY = dt.timedelta(hours=1)


def altered_records(counts: Counter[str], *, files: bool = True) -> Iterator[str]:
    """Yield a sentence for each version, judgement and (unless told not to) stored file that was altered or is gone.

    Adds to `counts` how many of each were looked at, under "texts", "versions", "judgements", "files" and
    "tombstones". Reads every byte once, in constant memory; writes nothing. A row that cannot be read is named too.
    """
    yield from altered_texts(counts)
    yield from _versions(counts)
    yield from _withheld()
    yield from _judgements(counts)
    if files:
        yield from _files(counts)


def _versions(counts: Counter[str]) -> Iterator[str]:
    rows = EvidenceVersion.objects.across_centres(reason=REASON).select_related("evidence__learner", "submitted_by")
    for key, version in readable(rows.prefetch_related("version_files__file")):
        counts["versions"] += 1
        yield from _guarded("evidence version", key, version, _version)


def _version(version: EvidenceVersion) -> Iterator[str]:
    if version.digest != version.computed_digest:
        yield f"evidence version {version.public_id} was altered"
    said = {(entry["id"], entry["sha256"], entry["size"]) for entry in version.files}
    kept = {(row.file.public_id, row.file.sha256, row.file.size) for row in version.version_files.all()}
    if said != kept:
        yield f"the files of evidence version {version.public_id} are not those that were sent"


def _guarded(what: str, key: int, row: M | None, faults: Callable[[M], Iterator[str]]) -> Iterator[str]:
    """Yield the faults of a row; one that cannot be read, or looked at, is a fault by its kind and key."""
    if row is None:
        yield f"{what} in row {key} cannot be read"
        return
    try:
        yield from faults(row)
    except ODD as error:
        yield f"{what} {getattr(row, 'public_id', key)} cannot be read ({type(error).__name__})"


def _withheld() -> Iterator[str]:
    """Words are withheld where two people agreed that they are, of the version as it was sent."""
    rows = Tombstone.objects.across_centres(reason=REASON).filter(file=None)
    for key, stone in readable(rows.select_related("decision__request", "version")):
        yield from _guarded("tombstone", key, stone, _words)


def _words(stone: Tombstone) -> Iterator[str]:
    if not (stone.decision.agrees and stone.decision.request.words):
        yield f"the words of evidence version {stone.version.public_id} are withheld although nobody agreed"
    elif stone.sha256 != stone.version.digest:
        yield f"the words of evidence version {stone.version.public_id} are not those that were withheld"


def _judgements(counts: Counter[str]) -> Iterator[str]:
    rows = Judgement.objects.across_centres(reason=REASON).select_related(*JUDGED)
    for key, judgement in readable(rows):
        counts["judgements"] += 1
        yield from _guarded("judgement", key, judgement, _judgement)


def _judgement(judgement: Judgement) -> Iterator[str]:
    said = (judgement.criterion.kind, judgement.version.fields.get("setting", ""))
    whose = (judgement.version.evidence_id, judgement.learner_unit_id, judgement.criterion_id)
    offered = (judgement.mapping.evidence_id, judgement.mapping.learner_unit_id, judgement.mapping.criterion_id)
    if judgement.digest != judgement.computed_digest or (judgement.kind, judgement.learner_setting) != said:
        yield f"judgement {judgement.public_id} was altered"
    elif whose != offered or judgement.version_digest != judgement.version.digest:
        yield f"judgement {judgement.public_id} is not about what was offered"


def _files(counts: Counter[str]) -> Iterator[str]:
    rows = EvidenceFile.objects.across_centres(reason=REASON)
    left = Preview.objects.across_centres(reason=REASON).filter(file_id=OuterRef("pk"))
    sent = rows.filter(Exists(VersionFile.objects.across_centres(reason=REASON).filter(file_id=OuterRef("pk"))))
    for key, file in readable(sent.select_related("tombstone__decision").annotate(pictured=Exists(left))):
        purged = file is not None and file.state == FileState.PURGED
        counts["tombstones" if purged else "files"] += 1
        yield from _guarded("file", key, file, _purged if purged else _stored)


def _stored(file: EvidenceFile) -> Iterator[str]:
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
