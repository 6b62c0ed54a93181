"""What the worker does with received bytes: look into them apart, scan, draw previews. Safe to run twice (T17–T19)."""

import datetime as dt
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from audit.services import record_person
from common import clock
from common.enqueue import enqueue
from common.faults import Away
from common.storing import drop_unnamed, keep, on_disk
from common.temporary import own_folder
from common.text import say
from media import sandbox, scan
from media.finding import Finding
from media.names import storage_key as new_key
from media.policy import Family
from media.preview_kinds import Made
from media.sandbox import Prepared
from portfolio.enums import FILE_TRANSITIONS, OPENABLE, FileState
from portfolio.models import EvidenceFile, Preview

logger = logging.getLogger(__name__)

#: A scanner that is away is asked again after this; the file waits, seen by its learner only (T31).
ASK_SCANNER_AGAIN = dt.timedelta(minutes=5)
#: What the scanner says when there is nothing to wait for: none is set up, or the file is longer than it takes.
WILL_NOT_SCAN = frozenset({"no scanner", "too long for the scanner"})
#: Sound and film take long to encode again: they are ready to send before that, and it waits in a lane of its own.
SLOW = frozenset({Family.AUDIO, Family.VIDEO})


@dataclass(frozen=True, slots=True)
class _Work:
    """A file in hand: its row, where its bytes are readable, an empty folder for what is made."""

    row: EvidenceFile
    path: Path
    folder: Path

    @property
    def name(self) -> str:
        return self.row.name


def prepare_file(*, file_id: int, at: dt.datetime) -> None:
    """Bring a received file to READY, NOT_SCANNED, REFUSED or INFECTED, then make its previews.

    Previews of recordings are asked for and made later (`make_copy`). Each step is a compare-and-swap on the row, so
    that a second delivery or a worker that comes back from the dead changes nothing. A file that was removed or is done
    is left alone. Raises what is the machine's fault and not the file's: a store that is away, an object that is not
    there or not as it was received, a child process that was ended (`ChildLost`). The file waits then.
    """
    row = _take(file_id)
    if row is None:
        return
    with own_folder() as folder, on_disk(row.storage_key) as path:
        work = _Work(row, path, Path(folder))
        prepared = _check(work, at) if row.state == FileState.CHECKING else None
        if row.state not in OPENABLE or row.previews_made_at is not None:
            return
        if row.family in SLOW:
            enqueue("portfolio.make_copy", key=f"copy {row.pk}", of_centre=row.centre_id, file_id=row.pk)
        else:
            _keep_previews(work, prepared or _prepared(work), at)


def make_copy(*, file_id: int, at: dt.datetime) -> None:
    """Make the previews of a recording that was found good. Raises as `prepare_file` does; safe to run twice."""
    row = _take(file_id)
    if row is None or row.state not in OPENABLE:
        return
    with own_folder() as folder, on_disk(row.storage_key) as path:
        work = _Work(row, path, Path(folder))
        _keep_previews(work, _prepared(work), at)


def _take(file_id: int) -> EvidenceFile | None:
    rows = EvidenceFile.objects.across_centres(reason="background work on one file").filter(pk=file_id)
    rows.filter(state=FileState.RECEIVED).update(state=FileState.CHECKING)
    row = rows.first()
    waiting = {FileState.CHECKING, *OPENABLE}
    return row if row is not None and row.state in waiting and row.previews_made_at is None else None


def _check(work: _Work, at: dt.datetime) -> Prepared | None:
    """Decide about a file; return what was made on the way, None when previews are still to be made."""
    prepared = None if work.row.family in SLOW else _prepared(work)
    finding = prepared.finding if prepared else _inspected(work)
    if not finding.ok:
        _settle(work.row, FileState.REFUSED, at, refusal=finding.sentence)
        return prepared
    with work.path.open("rb") as stream:
        verdict = scan.scan(stream, settings.CLAMD_ADDRESS)
    _conclude(work.row, finding, verdict, at)
    return prepared


def _inspected(work: _Work) -> Finding:
    finding = sandbox.inspect_apart(work.path, declared_name=work.name, size=work.row.size)
    return _believed(work, finding)


def _prepared(work: _Work) -> Prepared:
    prepared = sandbox.prepare_file(work.path, declared_name=work.name, size=work.row.size, out_dir=work.folder)
    _believed(work, prepared.finding)
    return prepared


def _believed(work: _Work, finding: Finding) -> Finding:
    """Return what was found. Where something is wrong, only if these are the bytes that were received (F3b)."""
    if not finding.ok:
        with work.path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != work.row.sha256:
                raise Away("the stored bytes are not those that were received")
    return finding


def _conclude(row: EvidenceFile, finding: Finding, verdict: scan.Verdict, at: dt.datetime) -> None:
    if verdict.state == "infected":
        words = say(
            "Our virus check found “%(name)s” in this file, so nobody can open it. Remove it; the rest is safe."
        )
        _settle(row, FileState.INFECTED, at, refusal=words % {"name": verdict.name})
    elif verdict.state == "clean":
        _settle(row, FileState.READY, at, **_facts(finding))
    elif verdict.reason in WILL_NOT_SCAN:
        _settle(row, FileState.NOT_SCANNED, at, **_facts(finding))
    else:
        logger.warning("scanner: %s; file %s is asked about again", verdict.reason, row.public_id)
        _wait_for_scanner(row)


def _facts(finding: Finding) -> dict[str, object]:
    """Return what is kept of a finding. A clock without a zone is the learner's own: London (R50)."""
    moment = finding.captured_at
    if moment is not None and moment.tzinfo is None:
        moment = moment.replace(tzinfo=clock.LONDON)
    return {
        "family": finding.family,
        "content_type": finding.content_type,
        "pages": finding.pages,
        "width": finding.width,
        "height": finding.height,
        "duration_seconds": finding.duration_seconds,
        "captured_at": moment,
        "device": finding.device,
        "has_location": finding.has_location,
    }


@transaction.atomic
def _settle(row: EvidenceFile, to: FileState, at: dt.datetime, **facts: object) -> None:
    """Leave CHECKING, once. Of two workers with the same file the slower one finds it done."""
    if to not in FILE_TRANSITIONS[FileState.CHECKING]:
        raise ValueError(f"file: checking is not followed by {to}")
    rows = EvidenceFile.objects.for_centre(row.centre_id).filter(pk=row.pk, state=FileState.CHECKING)
    if rows.update(state=to, **facts):
        record_person(f"file.{to}", person_id=None, obj=row, at=at, facts={"sha256": row.sha256})
    row.refresh_from_db(from_queryset=EvidenceFile.objects.for_centre(row.centre_id))


@transaction.atomic
def _wait_for_scanner(row: EvidenceFile) -> None:
    rows = EvidenceFile.objects.for_centre(row.centre_id).filter(pk=row.pk, state=FileState.CHECKING)
    if rows.update(state=FileState.RECEIVED):
        row.state = FileState.RECEIVED
        ask = {"of_centre": row.centre_id, "delay": ASK_SCANNER_AGAIN}
        enqueue("portfolio.prepare_file", file_id=row.pk, **ask)


def _keep_previews(work: _Work, prepared: Prepared, at: dt.datetime) -> None:
    """Store what was made under keys of its own, then write all rows at once, unless another worker did."""
    made = [(one, new_key(work.row.centre_id, at) if one.filename else "") for one in prepared.made]
    try:
        for one, storage_key in made:
            if storage_key:
                with (work.folder / one.filename).open("rb") as stream:
                    keep(storage_key, File(stream))
        _write_previews(work, made, prepared.finding.sentence, at)
    finally:  # another worker was faster, or this one was stopped: before its rows were committed, or after
        drop_unnamed((storage_key for _one, storage_key in made), lambda _keys: _named(work.row))


def _named(row: EvidenceFile) -> list[str]:
    rows = Preview.objects.for_centre(row.centre_id).filter(file_id=row.pk)
    return list(rows.values_list("storage_key", flat=True))


@transaction.atomic
def _write_previews(work: _Work, made: Sequence[tuple[Made, str]], note: str, at: dt.datetime) -> None:
    rows = EvidenceFile.objects.for_centre(work.row.centre_id).filter(pk=work.row.pk, previews_made_at=None)
    if rows.update(previews_made_at=at, preview_note=note):
        Preview.objects.bulk_create(_preview(work, one, storage_key) for one, storage_key in made)


def _preview(work: _Work, one: Made, storage_key: str) -> Preview:
    return Preview(
        centre_id=work.row.centre_id,
        file=work.row,
        kind=str(one.kind),
        position=one.position,
        storage_key=storage_key,
        content_type=one.content_type,
        size=default_storage.size(storage_key) if storage_key else 0,
        width=one.width,
        height=one.height,
        text=one.text,
    )


@transaction.atomic
def give_up(*, file_id: int, at: dt.datetime) -> None:
    """Say so when a file broke the checker off again and again: it cannot be used, or it stays without a picture.

    Emits "file.put_aside". An admin may have it checked again (`check_again`).
    """
    row = EvidenceFile.objects.across_centres(reason="background work on one file").filter(pk=file_id).first()
    if row is None:
        return
    rows = EvidenceFile.objects.for_centre(row.centre_id).filter(pk=row.pk, state=row.state)
    if row.state in {FileState.RECEIVED, FileState.CHECKING}:
        words = say(
            "We could not check this file, and your centre has been told. The rest is safe: remove it, then add it "
            "again or as a PDF."
        )
        rows.update(state=FileState.REFUSED, refusal=words)
    elif row.state in OPENABLE and row.previews_made_at is None:
        words = say("There is no picture of this file. It can still be opened.")
        rows.filter(previews_made_at=None).update(previews_made_at=at, preview_note=words)
    else:
        return
    record_person("file.put_aside", person_id=None, obj=row, at=at, facts={"sha256": row.sha256})


@transaction.atomic
def check_again(*, file_id: int, at: dt.datetime) -> None:
    """Undo what `give_up` said, so that the job which comes again finds the file waiting. Emits "file.check_again"."""
    row = EvidenceFile.objects.across_centres(reason="background work on one file").filter(pk=file_id).first()
    if row is None:
        return
    rows = EvidenceFile.objects.for_centre(row.centre_id).filter(pk=row.pk, state=row.state)
    if row.state == FileState.REFUSED:
        rows.update(state=FileState.RECEIVED, refusal="")
    elif row.state in OPENABLE and not row.previews.exists():
        rows.update(previews_made_at=None, preview_note="")
    else:
        return
    record_person("file.check_again", person_id=None, obj=row, at=at, facts={"sha256": row.sha256})
