"""Who opened what when (R69, R127): a judgement needs it, and an audit asks for it."""

import datetime as dt

from django.db import transaction

from audit.services import record
from centres.actor import Actor
from common.refusals import NotFound
from portfolio.access import may_assess_piece
from portfolio.enums import EvidenceState
from portfolio.models import Evidence, EvidenceFile, EvidenceVersion, Opening, Recall

#: A page that is looked at again within the hour is the same opening.
SAME_OPENING = dt.timedelta(hours=1)


@transaction.atomic
def open_version(*, actor: Actor, version: EvidenceVersion, at: dt.datetime) -> None:
    """Note that this person has opened this version, at most once an hour.

    When an assessor who may judge it opens the latest version, a sent piece is IN_REVIEW from now on and cannot be
    recalled. Loads nothing for anybody: `access.version_for` has let the person in. Of an opening and a recall at the
    same moment one wins: what was taken back is not found. Emits "evidence.opened".
    """
    if version.centre_id != actor.centre_id or _taken_back(actor, version):
        raise NotFound("evidence.open", version.public_id)
    _start_review(actor, version, at)
    seen = Opening.objects.for_centre(actor.centre_id).filter(
        version=version, person_id=actor.person_id, at__gt=at - SAME_OPENING
    )
    if not seen.exists():
        Opening.objects.create(centre_id=actor.centre_id, version=version, person_id=actor.person_id, at=at)
        record("evidence.opened", actor=actor, obj=version.evidence, at=at, facts={"version": version.number})


def _taken_back(actor: Actor, version: EvidenceVersion) -> bool:
    """Hold a sent piece that may still be recalled, and say whether it was, meanwhile. One query while it was not."""
    evidence = version.evidence
    if evidence.state != EvidenceState.SUBMITTED or evidence.learner_id == actor.learner_id:
        return False
    rows = Evidence.objects.for_centre(actor.centre_id).select_for_update(no_key=True)
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
