"""Who was shown what when (R69, R127): a judgement needs it, and an audit asks for it."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from audit.services import record
from centres.actor import Actor
from common.refusals import NotFound
from portfolio.access import may_assess_piece
from portfolio.enums import OPENABLE, EvidenceState
from portfolio.models import Evidence, EvidenceFile, EvidenceVersion, Opening, Recall

#: What is looked at again within the hour is the same opening.
SAME_OPENING = dt.timedelta(hours=1)


@transaction.atomic
def show(*, actor: Actor, version: EvidenceVersion, file_id: str = "", at: dt.datetime) -> None:
    """Note that a file of this version (a public id), or without one its words, was shown to this person.

    Shown is what a person could see: a picture or page drawn, a recording played, a file opened, words on the screen.
    The page of a piece and a look ahead by a browser show nothing by themselves. When it is an assessor who may judge
    the piece and the version is the latest, a sent piece is IN_REVIEW from now on and cannot be recalled. Refuses
    (not found) another centre's version, and a file that is not in it or not open. At most one row an hour for each
    file; lets nobody in: `access.version_for` has. Of a showing and a recall at the same
    moment one wins: what was taken back is not found. Emits "evidence.opened".
    """
    file = _file(actor, version, file_id) if file_id else None
    _show(actor, version, [file], at)


@transaction.atomic
def open_version(*, actor: Actor, version: EvidenceVersion, at: dt.datetime) -> None:
    """Note that all of a version was shown to this person: every file that is open, or its words. As `show` does."""
    files = EvidenceFile.objects.for_centre(version.centre_id).filter(in_versions__version=version, state__in=OPENABLE)
    _show(actor, version, list(files) or [None], at)


def _show(actor: Actor, version: EvidenceVersion, files: Iterable[EvidenceFile | None], at: dt.datetime) -> None:
    if version.centre_id != actor.centre_id or _taken_back(actor, version):
        raise NotFound("evidence.open", version.public_id)
    _start_review(actor, version, at)
    for file in files:
        note_shown(actor, version, file, at)


def note_shown(
    actor: Actor, version: EvidenceVersion, file: EvidenceFile | None, at: dt.datetime, since: dt.datetime | None = None
) -> None:
    """Write that this was shown, unless it was within the hour and after `since`. Inside the act's transaction."""
    after = max(at - SAME_OPENING, since) if since else at - SAME_OPENING
    seen = Opening.objects.for_centre(actor.centre_id).filter(
        version=version, file=file, person_id=actor.person_id, at__gt=after
    )
    if not seen.exists():
        Opening.objects.create(centre_id=actor.centre_id, version=version, file=file, person_id=actor.person_id, at=at)
        shown = {"file": file.public_id} if file else {}
        record("evidence.opened", actor=actor, obj=version.evidence, at=at, facts={"version": version.number, **shown})


def _file(actor: Actor, version: EvidenceVersion, file_id: str) -> EvidenceFile:
    rows = EvidenceFile.objects.for_centre(actor.centre_id).filter(in_versions__version=version, state__in=OPENABLE)
    file = rows.filter(public_id=file_id).first()
    if file is None:
        raise NotFound("file.show", file_id)
    return file


def _taken_back(actor: Actor, version: EvidenceVersion) -> bool:
    """Hold a sent piece that may still be recalled, and say whether it was, meanwhile. One query while it was not."""
    evidence = version.evidence
    if evidence.state != EvidenceState.SUBMITTED or evidence.learner_id == actor.learner_id:
        return False
    rows = Evidence.objects.for_centre(actor.centre_id).select_for_update(of=("self",), no_key=True)
    now = rows.values_list("version_number", flat=True).get(pk=evidence.pk)
    return now != version.number and Recall.objects.for_centre(actor.centre_id).filter(version=version).exists()


def _start_review(actor: Actor, version: EvidenceVersion, at: dt.datetime) -> None:
    if version.evidence.state != EvidenceState.SUBMITTED or not may_assess_piece(actor, version.evidence):
        return
    rows = Evidence.objects.for_centre(actor.centre_id).filter(
        pk=version.evidence_id, state=EvidenceState.SUBMITTED, version_number=version.number
    )
    rows.update(state=EvidenceState.IN_REVIEW, saved_at=at)


@transaction.atomic
def open_file(*, actor: Actor, file: EvidenceFile, at: dt.datetime) -> None:
    """Note that somebody other than its learner took the bytes of a file away. Emits "file.opened" (R127)."""
    if file.evidence.learner_id != actor.learner_id:
        record("file.opened", actor=actor, obj=file, at=at, facts={"sha256": file.sha256})
