"""One act of a person, one call: beginning a piece with words, keeping them, sending them.

What a page, a phone that was offline and a program of somebody else's all do. Each calls the services beside this one.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from centres.actor import Actor
from centres.models import LearnerUnit
from portfolio.enums import EvidenceKind
from portfolio.models import Evidence, EvidenceFile, EvidenceVersion
from portfolio.services.drafts import save_draft, start_evidence
from portfolio.services.files import remove_file
from portfolio.services.sending import Declaration, submit_evidence


@transaction.atomic
def begin_item(
    *,
    actor: Actor,
    fields: Mapping[str, Any],
    learner_unit: LearnerUnit | None = None,
    criterion_ids: Sequence[str] = (),
    at: dt.datetime,
) -> Evidence:
    """Begin a draft with the words it has already, aimed at criteria where a unit is given: all of it or nothing.

    Refuses what `start_evidence` and `save_draft` refuse. Emits "evidence.started" and "evidence.saved".
    """
    kind = fields.get("kind", EvidenceKind.MEDIA)
    begun = start_evidence(actor=actor, kind=kind, learner_unit=learner_unit, criterion_ids=criterion_ids, at=at)
    return save_draft(actor=actor, evidence=begun, revision=begun.revision, fields=fields, at=at)


@transaction.atomic
def keep_draft(
    *,
    actor: Actor,
    evidence: Evidence,
    revision: int,
    fields: Mapping[str, Any],
    without: EvidenceFile | None = None,
    at: dt.datetime,
) -> Evidence:
    """Keep what was typed and take a file out, where one is given: both or neither.

    Refuses what `save_draft` and `remove_file` refuse. Emits "evidence.saved" and "file.removed".
    """
    kept = save_draft(actor=actor, evidence=evidence, revision=revision, fields=fields, at=at)
    if without is not None:
        remove_file(actor=actor, evidence=kept, file=without, at=at)
    return kept


def send_draft(
    *,
    actor: Actor,
    evidence: Evidence,
    revision: int,
    fields: Mapping[str, Any],
    answers: Declaration,
    at: dt.datetime,
) -> EvidenceVersion:
    """Keep the last words of a draft and send it (R57, R146).

    Two transactions, because words are kept also where sending is refused. Refuses what `save_draft` and
    `submit_evidence` refuse. Emits "evidence.saved" and "evidence.submitted".
    """
    kept = save_draft(actor=actor, evidence=evidence, revision=revision, fields=fields, at=at)
    return submit_evidence(actor=actor, evidence=kept, revision=kept.revision, answers=answers, at=at)
