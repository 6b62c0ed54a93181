"""What every act of a learner asks first: is it theirs, does their registration run, is it still as they saw it?"""

import datetime as dt
from typing import Any

from django.db.models import F

from centres.actor import Actor
from common.refusals import Forbidden, NotFound, Stale, refuse_if
from common.text import say
from portfolio import rules
from portfolio.enums import EvidenceState
from portfolio.models import Evidence
from portfolio.queries.seen import piece_mark
from portfolio.queries.state_facts import first_opening, is_active


def require_own(actor: Actor, evidence: Evidence, action: str) -> None:
    """Let only the learner's own login through (R8, R57). Another centre's is not found, another's is forbidden."""
    if evidence.centre_id != actor.centre_id:
        raise NotFound(action, evidence.public_id)
    if not actor.is_learner or evidence.learner_id != actor.learner_id:
        raise Forbidden(action, evidence.public_id)


def require_writing(actor: Actor, evidence: Evidence, action: str) -> None:
    """Let a learner change their own piece while a registration of theirs runs."""
    require_own(actor, evidence, action)
    refuse_if(rules.why_not_write(active=is_active(actor)))


def touch_draft(evidence: Evidence, at: dt.datetime, **changes: Any) -> None:
    """Hold the draft's row for this transaction, so that nothing is added to a piece that is being sent.

    Raises `Stale` when it is no longer a draft. The revision stays: it counts what is typed, not files and criteria.
    """
    rows = Evidence.objects.for_centre(evidence.centre_id).filter(pk=evidence.pk, state=EvidenceState.DRAFT)
    if not rows.update(saved_at=at, **changes):
        raise faster(evidence)


def swap(evidence: Evidence, *, expected: str, revision: int | None = None, **changes: Any) -> Evidence:
    """Change a piece only if it is still in the state (and at the revision) that the person saw; return it again.

    Raises `Stale`, saying who and when as far as rows tell. The revision counts on, so that other tabs notice.
    """
    rows = Evidence.objects.for_centre(evidence.centre_id).filter(pk=evidence.pk, state=expected)
    if revision is not None:
        rows = rows.filter(revision=revision)
    if not rows.update(revision=F("revision") + 1, **changes):
        raise faster(evidence)
    return fresh(evidence)


def fresh(evidence: Evidence) -> Evidence:
    """Return the piece as it is now, with its learner."""
    return Evidence.objects.for_centre(evidence.centre_id).select_related("learner").get(pk=evidence.pk)


def refuse_other(evidence: Evidence, seen: str | None) -> None:
    """Raise `Stale` when a form was made from another state of a piece (`piece_mark`), saying what it is by now."""
    if seen is not None and seen != piece_mark(evidence):
        raise faster(evidence)


def faster(evidence: Evidence) -> Stale:
    """Return what to raise when a piece is no longer as the person saw it."""
    now = fresh(evidence)
    opening = first_opening(now) if now.state == EvidenceState.IN_REVIEW else None
    if opening:
        words = say("%(name)s opened it while you had this page open. What you typed is kept on this page.")
        name = opening.person.full_name
        return Stale(who=name, at=opening.at, sentence=words % {"name": name})
    who = now.learner.full_name
    if now.state == EvidenceState.DRAFT:
        words = say("This was changed in another tab or on another device. What you typed is kept on this page.")
        return Stale(who=who, at=now.saved_at, sentence=words)
    if now.state == EvidenceState.SUBMITTED:
        return Stale(who=who, at=now.submitted_at, sentence=say("You have already sent this. Nothing was sent twice."))
    words = say("This is “%(state)s” by now. What you typed is kept on this page.")
    return Stale(at=now.saved_at, sentence=words % {"state": EvidenceState(now.state).label})
