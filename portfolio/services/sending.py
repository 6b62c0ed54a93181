"""Sending to the assessor and taking back (3.1, R53, R57): a version is frozen by the learner's own declaration.

Version numbers never repeat. A piece that is taken back keeps the row of the version it was sent as, because what was
sent is never removed (axiom 2), with a row that says so: nobody else reads it any more. Sent again it is the next one.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from accounts.models import User
from audit.services import record
from centres.actor import Actor
from common.refusals import refuse_if
from portfolio import rules
from portfolio.enums import UNSETTLED, EvidenceState, MappingState
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping, EvidenceVersion, Recall, VersionFile
from portfolio.queries.state_facts import live, send_facts, standing_mappings, state_facts
from portfolio.services.files import drop_unsent_files
from portfolio.services.holding import hold_piece
from portfolio.services.preconditions import faster, refuse_other, require_own, require_writing, swap
from portfolio.services.state_steps import close_mappings_of, move_mappings


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the learner answers when sending (R57, R58, R60). None: not answered."""

    declared: bool = False
    no_customer_named: bool | None = None
    ai_use: str = ""
    ai_note: str = ""


@transaction.atomic
def submit_evidence(
    *, actor: Actor, evidence: Evidence, revision: int, answers: Declaration, at: dt.datetime
) -> EvidenceVersion:
    """Freeze the draft as the next version and send it; only by the learner's own login (R57).

    Refuses with every reason of `rules.why_not_send`; nothing is written then. Raises `Stale` when another tab changed
    or sent it since `revision`. Criteria not yet met become OFFERED. Emits "evidence.submitted" with the digest.
    """
    require_writing(actor, evidence, "evidence.submit")
    hold_piece(evidence)
    refuse_if(rules.why_not_save({"ai_use": answers.ai_use, "ai_note": answers.ai_note}))
    sent = swap(
        evidence,
        expected=EvidenceState.DRAFT,
        revision=revision,
        state=EvidenceState.SUBMITTED,
        submitted_at=at,
        sent_title=F("title"),
        saved_at=at,
        no_customer_named=answers.no_customer_named,
        ai_use=answers.ai_use,
        ai_note=answers.ai_note,
    )
    files = list(sent.files.filter(removed_at=None))
    mappings = live(standing_mappings(sent))
    refuse_if(rules.why_not_send(send_facts(sent, files, mappings, today=actor.on, declared=answers.declared)))
    move_mappings(evidence=sent, expected=UNSETTLED, to=MappingState.OFFERED, at=at)
    version = _freeze(actor, sent, files, mappings, at)
    facts = {"version": version.number, "digest": version.digest, "declaration": version.declaration}
    record("evidence.submitted", actor=actor, obj=sent, at=at, facts=facts)
    return version


def _freeze(
    actor: Actor, sent: Evidence, files: Sequence[EvidenceFile], mappings: Sequence[EvidenceMapping], at: dt.datetime
) -> EvidenceVersion:
    fields = {name: _plain(getattr(sent, name)) for name in (*rules.DRAFT_FIELDS, "unsure")}
    listed = [{"id": f.public_id, "name": f.name, "sha256": f.sha256, "size": f.size} for f in files]
    offered = [_offered(mapping) for mapping in mappings]
    version = EvidenceVersion(
        centre_id=sent.centre_id,
        evidence=sent,
        number=sent.version_number,
        fields=fields,
        files=listed,
        mappings=offered,
        declaration=rules.DECLARATION,
        submitted_by=User.objects.only("public_id").get(pk=actor.person_id),
        submitted_at=at,
    )
    version.digest = version.computed_digest
    version.save(force_insert=True)
    VersionFile.objects.bulk_create(VersionFile(centre_id=sent.centre_id, version=version, file=f) for f in files)
    return version


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _offered(mapping: EvidenceMapping) -> dict[str, Any]:
    return {
        "unit": mapping.learner_unit.public_id,
        "criterion": mapping.criterion.public_id,
        "number": mapping.criterion.number,
        "page": mapping.page,
        "seconds": mapping.seconds,
        "note": mapping.note,
    }


@transaction.atomic
def recall_evidence(*, actor: Actor, evidence: Evidence, seen: str | None = None, at: dt.datetime) -> Evidence:
    """Take a sent piece back before its assessor opened it (3.1), and return the draft.

    Refuses once it is opened, naming who did; of a recall and an opening at the same moment exactly one wins. Stale
    when it is no longer the piece the page showed (`seen`, of `piece_mark`). Its criteria are unsent again, and an old
    link to it leads nowhere. Emits "evidence.recalled".
    """
    require_own(actor, evidence, "evidence.recall")
    now = hold_piece(evidence).evidence
    refuse_other(now, seen)
    refuse_if(rules.why_not_recall(state_facts(actor, now)))
    draft = swap(
        now,
        expected=EvidenceState.SUBMITTED,
        state=EvidenceState.DRAFT,
        version_number=F("version_number") + 1,
        saved_at=at,
    )
    move_mappings(evidence=draft, expected={MappingState.OFFERED}, to=MappingState.PROPOSED, at=at)
    version = EvidenceVersion.objects.for_centre(now.centre_id).get(evidence=now, number=now.version_number)
    Recall.objects.create(centre_id=now.centre_id, version=version, at=at)
    record("evidence.recalled", actor=actor, obj=draft, at=at, facts={"version": now.version_number})
    return draft


@transaction.atomic
def revise_evidence(*, actor: Actor, evidence: Evidence, seen: str | None = None, at: dt.datetime) -> Evidence:
    """Begin version n+1 of a piece that came back, or of one that is assessed with criteria still not met (R53).

    Fields and files are kept and can be changed; the sent version stays as it is. Answers to "not yet" stay readable
    until the new version is sent. Refuses while it waits, when all is met and when a signed-off unit rests on it.
    Stale as `recall_evidence` is. Emits "evidence.revised".
    """
    require_own(actor, evidence, "evidence.revise")
    now = hold_piece(evidence).evidence
    refuse_other(now, seen)
    refuse_if(rules.why_not_revise(state_facts(actor, now)))
    draft = swap(
        now,
        expected=now.state,
        state=EvidenceState.DRAFT,
        version_number=F("version_number") + 1,
        no_customer_named=None,  # R60 is answered again for what is sent again, and so is R58
        ai_use="",
        saved_at=at,
    )
    move_mappings(evidence=draft, expected={MappingState.OFFERED}, to=MappingState.PROPOSED, at=at)
    record("evidence.revised", actor=actor, obj=draft, at=at, facts={"version": draft.version_number})
    return draft


@transaction.atomic
def withdraw_evidence(*, actor: Actor, evidence: Evidence, seen: str | None = None, at: dt.datetime) -> Evidence:
    """Withdraw a piece: what was sent stays readable, its mappings close (3.1).

    Files that were never sent go, so that they take up no space. A draft never sent is put away the same way. Refuses a
    piece that a signed-off unit rests on. Raises `Stale` when it changed its state since the page was made (`seen`, or
    `evidence` as loaded then): of a withdrawal and a decision at the same moment one wins. Emits "evidence.withdrawn".
    """
    require_own(actor, evidence, "evidence.withdraw")
    now = hold_piece(evidence).evidence
    refuse_other(now, seen)
    if now.state != evidence.state:
        raise faster(evidence)
    refuse_if(rules.why_not_withdraw(state_facts(actor, now)))
    gone = swap(now, expected=now.state, state=EvidenceState.WITHDRAWN, saved_at=at)
    facts = {
        "from": str(evidence.state),
        "mappings": close_mappings_of(evidence=gone, at=at),
        "files": drop_unsent_files(gone),
    }
    record("evidence.withdrawn", actor=actor, obj=gone, at=at, facts=facts)
    return gone
