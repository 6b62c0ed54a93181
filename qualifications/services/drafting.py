"""A draft's way to being published: sent, let through by a second person, sent back, taken back, withdrawn (R23).

Each act locks the centre's drafts that wait, so that two publications follow one another and the second is compared
with what the first one made. Doing again what one has just done oneself changes nothing.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from audit.services import record
from common.refusals import Stale, refuse_if
from common.text import say
from qualifications.enums import COMING_IN, DraftState
from qualifications.models import Draft
from qualifications.permissions import Editor, require_editor, require_second
from qualifications.queries.proposal import facts_of, proposal_of
from qualifications.rules import drafting as rules
from qualifications.services.publishing import publish_catalogue
from qualifications.services.reading import Catalogue


@transaction.atomic
def submit_draft(*, actor: Editor, draft: Draft, revision: int, at: dt.datetime) -> None:
    """Send a draft to a second person, compared with what counts now. Emits draft.submitted.

    Refuses what `why_not_submit` says; Stale when somebody changed it since `revision`.
    """
    require_editor(actor, "draft.submit")
    held = _hold(actor, draft)
    if _done(held, actor, revision, DraftState.SUBMITTED):
        return
    _compare(held, revision)
    proposal = proposal_of(held.content, held.centre_id)
    refuse_if(rules.why_not_submit(facts_of(held, actor.person_id, proposal)))
    fields = {"submitted_at": at, "base": dict(proposal.base), "decided_by": None, "decided_at": None, "note": ""}
    _advance(held, actor, DraftState.SUBMITTED, at, **fields)
    record("draft.submitted", actor=actor, obj=held, at=at, facts={"changes": proposal.changes})


@transaction.atomic
def approve_draft(*, actor: Editor, draft: Draft, revision: int, at: dt.datetime) -> None:
    """Let somebody else's draft through: it is published for the centre, all or nothing. Emits draft.published.

    Everything is checked again against what counts at this moment. Refuses what `why_not_approve` says; the author is
    forbidden; Stale when somebody changed it since `revision`.
    """
    require_second(actor, draft.author_id, "draft.approve")
    held = _hold(actor, draft)
    if _done(held, actor, revision, DraftState.PUBLISHED):
        return
    _compare(held, revision)
    proposal = proposal_of(held.content, held.centre_id)
    refuse_if(rules.why_not_approve(facts_of(held, actor.person_id, proposal)))
    _advance(held, actor, DraftState.PUBLISHED, at, decided_by=actor.person_id, decided_at=at)
    catalogue = Catalogue(dict(proposal.units), proposal.qualifications)
    made = publish_catalogue(catalogue, at=at, centre_id=held.centre_id, draft_id=held.pk)
    facts = {"units": made.new_units, "qualifications": made.new_qualifications, "sha256": held.sha256}
    record("draft.published", actor=actor, obj=held, at=at, facts=facts)


@transaction.atomic
def reject_draft(*, actor: Editor, draft: Draft, revision: int, reason: str, at: dt.datetime) -> None:
    """Send a draft of somebody else back with a reason. Emits draft.rejected.

    Refuses what `why_not_reject` says; the author is forbidden; Stale when somebody changed it since `revision`.
    """
    require_second(actor, draft.author_id, "draft.reject")
    held = _hold(actor, draft)
    if _done(held, actor, revision, DraftState.REJECTED):
        return
    _compare(held, revision)
    refuse_if(rules.why_not_reject(facts_of(held, actor.person_id, reason=reason)))
    fields = {"decided_by": actor.person_id, "decided_at": at, "note": reason.strip()}
    _advance(held, actor, DraftState.REJECTED, at, **fields)
    record("draft.rejected", actor=actor, obj=held, at=at)


@transaction.atomic
def reopen_draft(*, actor: Editor, draft: Draft, revision: int, at: dt.datetime) -> None:
    """Take one's own draft back to work on it, after it was sent or sent back. Emits draft.reopened.

    Refuses what `why_not_reopen` says; Stale when somebody changed it since `revision`.
    """
    require_editor(actor, "draft.reopen")
    held = _hold(actor, draft)
    if _done(held, actor, revision, DraftState.DRAFT):
        return
    _compare(held, revision)
    refuse_if(rules.why_not_reopen(facts_of(held, actor.person_id)))
    _advance(held, actor, DraftState.DRAFT, at, submitted_at=None)
    record("draft.reopened", actor=actor, obj=held, at=at)


@transaction.atomic
def withdraw_draft(*, actor: Editor, draft: Draft, revision: int, at: dt.datetime) -> Draft:
    """Take a draft out for good, read or still coming in; it stays to be read. Any editor of the centre may.

    Whoever withdrew it may ask again from any page. Refuses what `why_not_withdraw` says; Stale when somebody changed
    it since `revision`. Emits draft.withdrawn, or import.withdrawn for one that is still coming in.
    """
    held = _hold(actor, draft)
    what = "import" if held.state in COMING_IN else "draft"
    require_editor(actor, f"{what}.withdraw")
    if held.state == DraftState.WITHDRAWN and held.changed_by_id == actor.person_id:
        return held
    _compare(held, revision)
    refuse_if(rules.why_not_withdraw(facts_of(held, actor.person_id)))
    _advance(held, actor, DraftState.WITHDRAWN, at)
    record(f"{what}.withdrawn", actor=actor, obj=held, at=at)
    held.refresh_from_db(from_queryset=Draft.objects.for_centre(held.centre_id))
    return held


def _hold(actor: Editor, draft: Draft) -> Draft:
    """Return the draft as it is, locked with all that wait in this centre: one act there follows another."""
    drafts = Draft.objects.for_centre(actor.centre_id)
    waiting = (
        drafts.filter(Q(state=DraftState.SUBMITTED) | Q(pk=draft.pk))
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    list(waiting.values_list("pk", flat=True))
    held: Draft = drafts.get(pk=draft.pk)
    return held


def _done(held: Draft, actor: Editor, revision: int, to: DraftState) -> bool:
    """Say whether this very act was done already, by the same person from the same page."""
    return held.state == to and held.revision == revision + 1 and held.changed_by_id == actor.person_id


def _compare(held: Draft, revision: int) -> None:
    if held.revision != revision:
        words = say("Somebody was faster: this draft stands at “%(state)s” now. Nothing of yours was done.")
        raise Stale(at=held.changed_at, sentence=words % {"state": held.get_state_display()})


def _advance(held: Draft, actor: Editor, to: DraftState, at: dt.datetime, **fields: Any) -> None:
    """Move by compare-and-swap: from the state and revision that were read, or not at all."""
    same = Draft.objects.for_centre(held.centre_id).filter(pk=held.pk, state=held.state, revision=held.revision)
    changed = {"state": to, "revision": F("revision") + 1, "changed_by": actor.person_id, "changed_at": at}
    if not same.update(**changed, **fields):
        raise Stale(at=at)
