"""Adding files to a draft and taking them out (R54, R55, R1 of the promises)."""

import datetime as dt
from functools import partial

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet, Sum

from audit.services import record, record_person
from centres.actor import Actor
from common.beating import beating
from common.enqueue import enqueue, postpone
from common.refusals import NotFound, Refusal, Refused, Stale, refuse_if
from common.storing import drop_unnamed, fingerprint, hash_of, keep, let_go, named_anywhere
from media.names import clean_name
from media.names import storage_key as new_key
from media.policy import admit
from media.sentences import sentence_for
from portfolio import rules
from portfolio.enums import EvidenceState, FileState
from portfolio.models import Evidence, EvidenceFile
from portfolio.queries.purges import removed_before
from portfolio.services.preconditions import fresh, require_writing, touch_draft

#: How long a row waits for its bytes after the last sign of the process that brings them, and how often it gives one.
GIVE_UP_RECEIVING = dt.timedelta(seconds=60)
BEAT = dt.timedelta(seconds=15)


def receive_file(
    *, actor: Actor, evidence: Evidence, name: str, content: "File[bytes]", at: dt.datetime
) -> EvidenceFile:
    """Take a file into a draft: check, hash, store, and only then call it received.

    Once this returns, bytes and row survive a crash. It is deliberately not one transaction: a film would hold every
    other writer up. A row in state RECEIVING comes first, the bytes follow outside of any transaction, and a second
    short one makes it RECEIVED and enqueues its checks; a process that dies between leaves a row that
    `finish_partial` finishes or clears, and that the same file, sent again, takes over at once. Refuses what the policy
    and `rules.why_not_receive` refuse, and bytes that do not have the length announced; nothing is left behind then.
    Emits "file.received".
    """
    require_writing(actor, evidence, "evidence.edit")
    shown = clean_name(name)
    size = content.size or 0
    refuse_if(rules.why_not_receive(_facts(evidence, shown, size)))
    sha256, length = hash_of(content)
    if length != size:
        raise _incomplete()
    row = _announce(actor=actor, evidence=evidence, shown=shown, size=size, sha256=sha256, at=at)
    try:
        with beating(BEAT, partial(postpone, _partial(row), GIVE_UP_RECEIVING), f"file {row.public_id}"):
            _store(row, content)
        return _received(row, at, actor)
    except BaseException:
        _undo(row)
        raise


def _facts(
    evidence: Evidence, shown: str, size: int, same_in_item: str = "", *, removed_before: bool = False
) -> rules.ReceiveFacts:
    admission = admit(shown, size)
    return rules.ReceiveFacts(
        size=size,
        not_admitted=admission.sentence,
        not_admitted_code="" if admission.ok else admission.code,
        is_draft=fresh(evidence).state == EvidenceState.DRAFT,
        files_in_item=_live(evidence).filter(evidence=evidence).count(),
        stored=stored_bytes(evidence.centre_id, evidence.learner_id),
        same_in_item=same_in_item,
        removed_before=removed_before,
    )


def _live(evidence: Evidence) -> QuerySet[EvidenceFile]:
    return EvidenceFile.objects.for_centre(evidence.centre_id).filter(removed_at=None)


def stored_bytes(centre_id: int, learner_id: int) -> int:
    """Return how many bytes a learner's files take up: those that a version names too, not those that are gone."""
    rows = EvidenceFile.objects.for_centre(centre_id).filter(evidence__learner_id=learner_id)
    rows = rows.exclude(state=FileState.PURGED)
    found: int | None = rows.aggregate(total=Sum("size"))["total"]
    return found or 0


def _incomplete() -> Refused:
    return Refused(Refusal("incomplete", sentence_for("incomplete", {}), "files"))


@transaction.atomic
def _announce(*, actor: Actor, evidence: Evidence, shown: str, size: int, sha256: str, at: dt.datetime) -> EvidenceFile:
    """Write the row before the bytes. The draft's row is held, so that limits hold for files that come side by side."""
    touch_draft(evidence, at)
    _take_over(evidence, sha256)
    same = _live(evidence).filter(evidence=evidence, sha256=sha256).first()
    removed = bool(removed_before(evidence, {sha256}))
    refuse_if(rules.why_not_receive(_facts(evidence, shown, size, same.name if same else "", removed_before=removed)))
    row = EvidenceFile.objects.create(
        centre_id=evidence.centre_id,
        evidence=evidence,
        position=EvidenceFile.objects.for_centre(evidence.centre_id).filter(evidence=evidence).count(),
        name=shown,
        storage_key=new_key(evidence.centre_id, at),
        size=size,
        sha256=sha256,
        family=admit(shown, size).family,
        uploaded_by_id=actor.person_id,
        received_at=at,
    )
    ask = {"of_centre": row.centre_id, "key": _partial(row), "delay": GIVE_UP_RECEIVING}
    enqueue("portfolio.forget_partial", file_id=row.pk, **ask)
    return row


def _partial(row: EvidenceFile) -> str:
    """Return the key of the job that looks after a row whose bytes do not come."""
    return f"receiving {row.pk}"


def _take_over(evidence: Evidence, sha256: str) -> None:
    """Clear the rows of the same bytes that still wait for them: they are here now (F4).

    Whoever brings them at this very moment finds the row gone, and takes back what they have stored.
    """
    rows = EvidenceFile.objects.for_centre(evidence.centre_id)
    waiting = list(rows.filter(evidence=evidence, sha256=sha256, state=FileState.RECEIVING))
    for row in waiting:
        rows.filter(pk=row.pk).delete()
    let_go((row.storage_key for row in waiting), at_once=True)


def _store(row: EvidenceFile, content: "File[bytes]") -> None:
    if keep(row.storage_key, content) != row.size:
        raise _incomplete()


@transaction.atomic
def _received(row: EvidenceFile, at: dt.datetime, actor: Actor | None = None) -> EvidenceFile:
    """Call a row received whose bytes are stored. One that is received already stays as it is (T13)."""
    touch_draft(row.evidence, at)
    rows = EvidenceFile.objects.for_centre(row.centre_id).filter(pk=row.pk)
    if not rows.filter(state=FileState.RECEIVING).update(state=FileState.RECEIVED):
        return _already(row, rows.first())
    row.state = FileState.RECEIVED
    facts = {"sha256": row.sha256, "size": row.size}
    if actor:
        record("file.received", actor=actor, obj=row, at=at, facts=facts)
    else:
        record_person("file.received", person_id=row.uploaded_by_id, obj=row, at=at, facts=facts)
    enqueue("portfolio.prepare_file", of_centre=row.centre_id, file_id=row.pk)
    return row


def _already(row: EvidenceFile, now: EvidenceFile | None) -> EvidenceFile:
    """Return a row that the worker finished meanwhile. One that was cleared is not received.

    Where the same bytes came once more meanwhile and took its place, the learner is told that the file is here.
    """
    if now is not None:
        return now
    same = _live(row.evidence).filter(evidence=row.evidence, sha256=row.sha256).first()
    if same is not None:
        refuse_if(rules.why_not_receive(_facts(row.evidence, row.name, row.size, same.name)))
    raise _incomplete()


def _undo(row: EvidenceFile) -> None:
    """Take back a row that was announced, and its bytes with it. What was received by now keeps both.

    Whoever stopped us may have come after the second transaction was committed, or may have hidden its answer.
    """
    EvidenceFile.objects.for_centre(row.centre_id).filter(pk=row.pk, state=FileState.RECEIVING).delete()
    drop_object(storage_key=row.storage_key)


@transaction.atomic
def remove_file(*, actor: Actor, evidence: Evidence, file: EvidenceFile, at: dt.datetime) -> None:
    """Take a file out of a draft. What no sent version names is deleted, bytes and all; the rest is only hidden.

    Refuses a file of another piece (not found); raises `Stale` once the piece is sent. Emits "file.removed".
    """
    require_writing(actor, evidence, "evidence.edit")
    if file.evidence_id != evidence.pk:
        raise NotFound("file.remove", file.public_id)
    touch_draft(evidence, at)
    record("file.removed", actor=actor, obj=file, at=at, facts={"sha256": file.sha256})
    if file.in_versions.exists():
        EvidenceFile.objects.for_centre(actor.centre_id).filter(pk=file.pk).update(removed_at=at)
        return
    drop_file(file)


def drop_unsent_files(evidence: Evidence) -> int:
    """Delete the files that no sent version names, bytes and all, and return how many they were.

    For a draft that is put away before it was ever sent: nobody relies on them, and they would take up space for ever.
    """
    files = list(EvidenceFile.objects.for_centre(evidence.centre_id).filter(evidence=evidence, in_versions=None))
    for file in files:
        drop_file(file)
    return len(files)


def drop_file(file: EvidenceFile, *, at_once: bool = False) -> None:
    """Delete a file that no sent version names; its bytes follow. Call inside the act's transaction.

    They wait so long that a backup which is being made holds them with their row, unless they are to go `at_once`.
    """
    keys = [file.storage_key, *file.previews.exclude(storage_key="").values_list("storage_key", flat=True)]
    EvidenceFile.objects.for_centre(file.centre_id).filter(pk=file.pk).delete()
    let_go(keys, at_once=at_once)


def finish_partial(*, file_id: int, at: dt.datetime) -> None:
    """Finish a row whose process is gone: received when all its bytes are there, else cleared with what came of them.

    Does nothing for a file that was received. Raises `OSError` while the store is away: nobody knows what is there.
    Emits "file.received".
    """
    row = EvidenceFile.objects.across_centres(reason="background work on one file").filter(pk=file_id).first()
    if row is None or row.state != FileState.RECEIVING:
        return
    if _has_arrived(row):
        try:
            _received(row, at)
        except Stale:  # the piece is no draft any more
            _undo(row)
        return
    _undo(row)


def _has_arrived(row: EvidenceFile) -> bool:
    try:
        return fingerprint(row.storage_key) == (row.sha256, row.size)
    except FileNotFoundError:
        return False


def drop_object(*, storage_key: str) -> None:
    """Delete the bytes of a file or a preview, unless a row names them."""
    drop_unnamed([storage_key], named_anywhere)
