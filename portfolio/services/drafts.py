"""Starting a piece and writing on it (R49, R146: nothing typed is lost)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from audit.services import record
from centres.actor import Actor
from centres.models import LearnerUnit
from centres.services.holding import hold_work
from common.refusals import Forbidden, refuse_if
from portfolio import rules
from portfolio.enums import EvidenceKind, EvidenceState, MappingOrigin
from portfolio.models import Evidence
from portfolio.queries.state_facts import is_active
from portfolio.services.mapping import Chosen, write_mappings
from portfolio.services.preconditions import fresh, require_writing, swap


@transaction.atomic
def start_evidence(
    *,
    actor: Actor,
    kind: str = EvidenceKind.MEDIA,
    learner_unit: LearnerUnit | None = None,
    criterion_ids: Sequence[str] = (),
    at: dt.datetime,
) -> Evidence:
    """Begin a draft of the learner's own, aimed at criteria of one of their units where `learner_unit` is given.

    `criterion_ids` are public ids. Refuses everybody but a learner (403), a learner without a running registration, an
    unknown kind, and criteria outside their units (A13). Emits "evidence.started".
    """
    if not actor.is_learner or actor.learner_id is None:
        raise Forbidden("evidence.start")
    refuse_if([*rules.why_not_write(active=is_active(actor)), *rules.why_not_save({"kind": kind})])
    if learner_unit:
        hold_work(actor.centre_id, [actor.learner_id])
    evidence = Evidence.objects.create(
        centre_id=actor.centre_id,
        learner_id=actor.learner_id,
        kind=kind,
        created_by_id=actor.person_id,
        created_at=at,
        saved_at=at,
    )
    if learner_unit:
        aimed = [Chosen(learner_unit.public_id, c, MappingOrigin.UNIT) for c in criterion_ids]
        write_mappings(actor=actor, evidence=evidence, chosen=aimed, at=at)
    record("evidence.started", actor=actor, obj=evidence, at=at, facts={"kind": kind})
    return fresh(evidence)


@transaction.atomic
def save_draft(
    *, actor: Actor, evidence: Evidence, revision: int, fields: Mapping[str, Any], at: dt.datetime
) -> Evidence:
    """Keep what a learner typed so far; a draft may be unfinished in every way. Returns it with its new revision.

    `fields` holds any of `rules.DRAFT_FIELDS`, with dates as dates. Refuses other keys and texts that are too long;
    raises `Stale` when another tab saved since `revision`, or the piece was sent meanwhile. Saving what is already
    there changes nothing, so that autosave is free. Emits "evidence.saved" with the names of what changed.
    """
    require_writing(actor, evidence, "evidence.edit")
    refuse_if(rules.why_not_save(fields))
    before = fresh(evidence)
    changed = {name: value for name, value in fields.items() if getattr(before, name) != value}
    if not changed and before.state == EvidenceState.DRAFT and before.revision == revision:
        return before
    after = swap(before, expected=EvidenceState.DRAFT, revision=revision, saved_at=at, **changed)
    record("evidence.saved", actor=actor, obj=evidence, at=at, facts={"fields": sorted(changed)})
    return after
