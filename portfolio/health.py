"""What `manage.py doctor` asks of evidence and files, and which objects of the store they name (I1, I9)."""

from collections.abc import Iterator

from django.db.models import OuterRef, QuerySet, Subquery

from audit.enums import Outcome
from audit.models import Event
from centres.enums import OVER
from common.health import Stored, called, check, each, objects
from portfolio.enums import SENT, WHOLE, EvidenceState, FileState, MappingState
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping, EvidenceVersion, Preview, Tombstone
from portfolio.queries.purges import is_withheld

REASON = "the doctor looks at all centres"
#: After which record of a file it may be in which state.
AFTER_RECORD: dict[str, frozenset[FileState]] = {
    "": frozenset({FileState.RECEIVING}),
    "file.received": frozenset({FileState.RECEIVED, FileState.CHECKING}),
    "file.not_scanned": frozenset({FileState.NOT_SCANNED, FileState.CHECKING}),
    "file.ready": frozenset({FileState.READY}),
    "file.refused": frozenset({FileState.REFUSED}),
    "file.infected": frozenset({FileState.INFECTED}),
}
#: The same for one that nobody could check. Of a file that may be opened they are about its pictures alone.
AFTER_TRYING: dict[str, frozenset[FileState]] = {
    "file.put_aside": frozenset({FileState.REFUSED}),
    "file.check_again": AFTER_RECORD["file.received"],
}
CHECKED = frozenset({"file.ready", "file.not_scanned"})
#: There are bytes of ours: also of what cannot be used, until its learner takes it out.
HAS_BYTES = WHOLE | {FileState.REFUSED, FileState.INFECTED}


# --- which objects are named ------------------------------------------------------------------------------------------
def _files() -> QuerySet[EvidenceFile]:
    return EvidenceFile.objects.across_centres(reason=REASON).filter(state__in=sorted(HAS_BYTES))


def _file(row: EvidenceFile) -> Stored:
    return Stored(row.storage_key, row.size, row.sha256, f"file {row.public_id}")


def _previews() -> QuerySet[Preview]:
    return Preview.objects.across_centres(reason=REASON)


def _preview(row: Preview) -> Stored:
    return Stored(row.storage_key, row.size, "", f"preview {row.public_id}")


objects("files", _files, _file)
objects("previews", _previews, _preview)


# --- what is asked ----------------------------------------------------------------------------------------------------
@check("files", "The state, hash and length of each file are those that were recorded when it came and was checked.")
def files() -> Iterator[str]:
    told = Event.objects.filter(object_type=EvidenceFile._meta.label, object_id=OuterRef("public_id"))
    done = told.filter(outcome=Outcome.DONE).order_by("-pk")
    said = done.filter(action__in=[action for action in AFTER_RECORD if action])
    last = done.filter(action__in=[*AFTER_RECORD, *AFTER_TRYING])
    came = done.filter(action="file.received").order_by("pk")
    rows = (
        EvidenceFile.objects.across_centres(reason=REASON)
        .select_related("tombstone")
        .annotate(
            told=Subquery(said.values("action")[:1]),
            last=Subquery(last.values("action")[:1]),
            came=Subquery(came.values("facts")[:1]),
        )
    )
    yield from each(rows, _told_of_file)


def _told_of_file(file: EvidenceFile) -> Iterator[str]:
    told: str = file.told or ""  # type: ignore[attr-defined]  # annotated above, as the next ones
    last: str = file.last or ""  # type: ignore[attr-defined]
    allowed = AFTER_TRYING[last] if last in AFTER_TRYING and told not in CHECKED else AFTER_RECORD[told]
    if file.state == FileState.PURGED:
        if not hasattr(file, "tombstone"):
            yield f"{called(file)} is purged, and no tombstone says so"
    elif file.state not in allowed:
        yield f"{called(file)} is {file.state}; its last record is {last or 'none'}"
    came = file.came  # type: ignore[attr-defined]  # annotated above
    if came and (came["sha256"], came["size"]) != (file.sha256, file.size):
        yield f"{called(file)} has another hash or length than what was received"


@check("versions", "Each version was sent by the learner of its piece, and the piece says when its latest one was.")
def versions() -> Iterator[str]:
    rows = EvidenceVersion.objects.across_centres(reason=REASON).select_related("evidence__learner")
    yield from each(rows, _version)
    yield from each(Evidence.objects.across_centres(reason=REASON).filter(state__in=sorted(SENT)), _sent)


def _version(version: EvidenceVersion) -> Iterator[str]:
    if version.submitted_by_id != version.evidence.learner.person_id:
        yield f"{called(version)} was not sent by the learner of its piece"


def _sent(evidence: Evidence) -> Iterator[str]:
    version = evidence.versions.filter(number=evidence.version_number).first()
    if version is None:
        return  # said by the check of pieces
    if evidence.submitted_at != version.submitted_at:
        yield f"{called(evidence)} says that it was sent at another time than its version"
    if evidence.sent_title != version.fields["title"] and not is_withheld(version):
        yield f"{called(evidence)} shows another title than what was sent"


@check("mappings", "What a learner offers is open as long as the piece is, and waits for nobody once it is put away.")
def mappings() -> Iterator[str]:
    rows = EvidenceMapping.objects.across_centres(reason=REASON).exclude(state=MappingState.CLOSED)
    related = rows.select_related("evidence", "learner_unit__registration")
    yield from each(related.filter(evidence__state=EvidenceState.WITHDRAWN), _of_withdrawn)
    yield from each(related.filter(evidence__state__in=sorted(SENT), state=MappingState.PROPOSED), _unsent)


def _of_withdrawn(mapping: EvidenceMapping) -> Iterator[str]:
    registration = mapping.learner_unit.registration
    # In a registration that is over, or was when the piece was withdrawn, it is history.
    if registration.state not in OVER and not registration.state_changes.filter(to__in=sorted(OVER)).exists():
        yield f"{called(mapping)} is {mapping.state}, and its piece is withdrawn"


def _unsent(mapping: EvidenceMapping) -> Iterator[str]:
    if mapping.learner_unit.registration.state not in OVER:
        yield f"{called(mapping)} is not sent, and its piece is {mapping.evidence.state}"


@check("tombstones", "What was removed for good names two people who agreed, and is the piece's own.")
def tombstones() -> Iterator[str]:
    rows = Tombstone.objects.across_centres(reason=REASON).select_related("decision", "file")
    yield from each(rows, _tombstone)


def _tombstone(stone: Tombstone) -> Iterator[str]:
    if not stone.decision.agrees:
        yield f"{called(stone)} removed something although nobody agreed"
    if stone.file is not None and stone.file.state != FileState.PURGED:
        yield f"{called(stone)} says that a file is removed which is {stone.file.state}"
