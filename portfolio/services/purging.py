"""Removing the bytes of a version for good, and leaving what says so (R60, 3.1)."""

import datetime as dt

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.formats import date_format

from common import clock
from common.storing import let_go
from common.text import say
from portfolio.enums import FILE_TRANSITIONS, EvidenceState, FileState
from portfolio.models import (
    Evidence,
    EvidenceFile,
    EvidenceMapping,
    EvidenceVersion,
    Preview,
    PurgeDecision,
    Tombstone,
)
from portfolio.queries.purges import WORDS, copies_left, is_withheld
from portfolio.services.files import drop_file


def bury(version: EvidenceVersion, decision: PurgeDecision, *, words: bool, at: dt.datetime) -> list[Tombstone]:
    """Remove the files of a version, and where `words` says so withhold what it says; return the tombstones.

    The same bytes in other versions or in the draft of the piece go with them. Originals, previews and extracted text
    go: the rows here and now, the objects once this transaction is committed. What the version's row says stays,
    because its digest rests on it, and is shown to nobody. Call inside the act's transaction, holding the piece, once
    the rules have been asked.
    """
    sent, unsent = copies_left(version)
    stones = [_bury_file(file, version, decision, at) for file in sent]
    for file in unsent:
        drop_file(file, at_once=True)
    if words and not is_withheld(version):
        stones.append(_withhold(version, decision, at))
    return stones


def _bury_file(file: EvidenceFile, version: EvidenceVersion, decision: PurgeDecision, at: dt.datetime) -> Tombstone:
    if FileState.PURGED not in FILE_TRANSITIONS[FileState(file.state)]:
        raise ValueError(f"file: {file.state} is not followed by {FileState.PURGED}")
    stone: Tombstone = Tombstone.objects.create(
        centre_id=file.centre_id,
        decision=decision,
        version=version,
        file=file,
        sha256=file.sha256,
        size=file.size,
        content_type=file.content_type,
        storage_key=file.storage_key,
        at=at,
    )
    EvidenceFile.objects.for_centre(file.centre_id).filter(pk=file.pk).update(
        state=FileState.PURGED,
        removed_at=file.removed_at or at,
        storage_key=f"purged/{stone.public_id}",
        name=say("Removed file"),
        preview_note=_words(decision, at),
        previews_made_at=Coalesce(F("previews_made_at"), at),
        device="",
        has_location=False,
        captured_at=None,
    )
    # Only now: a worker that was faster has written its previews by then, and a slower one finds them made.
    previews = Preview.objects.for_centre(file.centre_id).filter(file=file)
    keys = [file.storage_key, *previews.exclude(storage_key="").values_list("storage_key", flat=True)]
    previews.delete()
    let_go(keys, at_once=True)
    return stone


def _words(decision: PurgeDecision, at: dt.datetime) -> str:
    """Return what stands where the file was."""
    words = say(
        "Removed on %(day)s, because it shows personal data of somebody else. "
        "Asked for by %(asked)s, confirmed by %(decided)s."
    )
    facts = {
        "day": date_format(clock.london_date(at), "j F Y"),
        "asked": decision.request.asked_by_name,
        "decided": decision.decided_by_name,
    }
    return words % facts


def _withhold(version: EvidenceVersion, decision: PurgeDecision, at: dt.datetime) -> Tombstone:
    """Withhold the words of a version; the live copies of them go where nothing newer was written over them."""
    rows = Evidence.objects.for_centre(version.centre_id).filter(pk=version.evidence_id)
    later = EvidenceVersion.objects.for_centre(version.centre_id).filter(evidence_id=version.evidence_id, recall=None)
    name = say("Words removed")
    if not later.filter(number__gt=version.number).exists():
        rows.update(sent_title=name)
    if _is_copy(rows.get(), version):
        # A form that is open on the old words is stale: it would write them back.
        rows.update(**dict.fromkeys(WORDS, "") | {"title": name, "saved_at": at, "revision": F("revision") + 1})
    _remove_notes(version, at)
    stone: Tombstone = Tombstone.objects.create(
        centre_id=version.centre_id, decision=decision, version=version, sha256=version.digest, size=0, at=at
    )
    return stone


def _is_copy(piece: Evidence, version: EvidenceVersion) -> bool:
    """Say whether a piece says what this version says: it is at it, or its next draft repeats every word."""
    if piece.version_number == version.number:
        return True
    same = all(getattr(piece, name) == version.fields.get(name, "") for name in WORDS)
    return piece.state == EvidenceState.DRAFT and same


def _remove_notes(version: EvidenceVersion, at: dt.datetime) -> None:
    """Remove what was sent beside the criteria, where it still stands as it was sent."""
    notes = {entry.get("note", "") for entry in version.mappings} - {""}
    rows = EvidenceMapping.objects.for_centre(version.centre_id).filter(evidence_id=version.evidence_id)
    rows.filter(note__in=notes).update(note="", changed_at=at)
