"""Adding files to a draft and taking them out (R54, R55, R1 of the promises)."""

import datetime as dt
from collections.abc import Collection, Iterable

from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet, Sum

from audit.services import record
from centres.actor import Actor
from common.enqueue import enqueue
from common.refusals import NotFound, Refusal, Refused, refuse_if
from common.storing import drop_unnamed, hash_of, keep
from media.names import clean_name
from media.names import storage_key as new_key
from media.policy import admit
from media.sentences import sentence_for
from portfolio import rules
from portfolio.enums import EvidenceState, FileState
from portfolio.models import Evidence, EvidenceFile
from portfolio.queries.purges import removed_before
from portfolio.services.preconditions import fresh, require_writing, touch_draft

#: A row that waits for bytes longer than this waits for a process that is gone.
GIVE_UP_RECEIVING = dt.timedelta(days=1)


def receive_file(
    *, actor: Actor, evidence: Evidence, name: str, content: "File[bytes]", at: dt.datetime
) -> EvidenceFile:
    """Take a file into a draft: check, hash, store, and only then call it received.

    Once this returns, bytes and row survive a crash. It is deliberately not one transaction: a film would hold every
    other writer up. A row in state RECEIVING comes first, the bytes follow outside of any transaction, and a second
    short one makes it RECEIVED and enqueues its checks; a process that dies between leaves a row that
    `forget_partial` clears. Refuses what the policy and `rules.why_not_receive` refuse, and bytes that do not have the
    length announced; nothing is left behind then. Emits "file.received".
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
        _store(row, content)
        return _received(actor, row, at)
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
    enqueue("portfolio.forget_partial", file_id=row.pk, delay=GIVE_UP_RECEIVING)
    return row


def _store(row: EvidenceFile, content: "File[bytes]") -> None:
    if keep(row.storage_key, content) != row.size:
        raise _incomplete()


@transaction.atomic
def _received(actor: Actor, row: EvidenceFile, at: dt.datetime) -> EvidenceFile:
    touch_draft(row.evidence, at)
    rows = EvidenceFile.objects.for_centre(row.centre_id).filter(pk=row.pk, state=FileState.RECEIVING)
    if not rows.update(state=FileState.RECEIVED):
        raise _incomplete()
    row.state = FileState.RECEIVED
    record("file.received", actor=actor, obj=row, at=at, facts={"sha256": row.sha256, "size": row.size})
    enqueue("portfolio.prepare_file", file_id=row.pk)
    return row


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


def drop_file(file: EvidenceFile) -> None:
    """Delete a file that no sent version names, bytes and all. Call inside the act's transaction."""
    keys = [file.storage_key, *file.previews.exclude(storage_key="").values_list("storage_key", flat=True)]
    EvidenceFile.objects.for_centre(file.centre_id).filter(pk=file.pk).delete()
    for storage_key in keys:
        enqueue("portfolio.drop_object", storage_key=storage_key)


def forget_partial(*, file_id: int) -> None:
    """Clear a row whose bytes never came, and what of them did. Does nothing for a file that was received."""
    row = EvidenceFile.objects.across_centres(reason="background work on one file").filter(pk=file_id).first()
    if row is not None and row.state == FileState.RECEIVING:
        _undo(row)


def drop_object(*, storage_key: str) -> None:
    """Delete the bytes of a file or a preview, unless a file's row names them."""
    drop_unnamed([storage_key], _named)


def _named(storage_keys: Collection[str]) -> Iterable[str]:
    rows = EvidenceFile.objects.across_centres(reason="is this object named anywhere")
    return rows.filter(storage_key__in=storage_keys).values_list("storage_key", flat=True)
