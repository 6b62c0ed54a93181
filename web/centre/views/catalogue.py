"""The centre's drafts of its catalogue: what they would change, and the two people it takes (R23)."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from centres.queries.people import editors
from centres.queries.people_names import names_of
from common import clock
from common.refusals import Refused, Stale
from qualifications import services
from qualifications.access import draft_for, draft_to_decide
from qualifications.enums import COMING_IN, DraftState
from qualifications.permissions import may_edit
from qualifications.queries.drafts import LISTS, drafts_page, published_by
from qualifications.queries.proposal import facts_of, proposal_of
from qualifications.rules import drafting as rules
from web.centre.forms import DraftForm, SendBackForm, add_refusals
from web.shared.http import ActorRequest, allow, page_number, see_other
from web.shared.idempotency import done, new_key, once

CHANGES_A_PAGE = 10
#: States in which a draft has been read and is not published yet: its differences are shown.
READ = frozenset({DraftState.DRAFT, DraftState.SUBMITTED, DraftState.REJECTED})
SENTENCES_SHOWN = 50


@require_safe
@allow(may_edit)
def drafts(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """List the centre's drafts: those on their way, those published, those withdrawn."""
    shown = request.GET.get("list", "")
    shown = shown if shown in LISTS else "open"
    found = drafts_page(request.actor.centre_id, shown, page_number(request))
    names = names_of(request.actor, {row.author_id for row in found.rows})
    labels = {"open": _("On their way"), "published": _("Published"), "withdrawn": _("Withdrawn")}
    context = {
        "found": found,
        "rows": [(row, names[row.author_id], row.author_id == request.actor.person_id) for row in found.rows],
        "shown": shown,
        "chips": [(name, label, found.counts[name]) for name, label in labels.items()],
        "query": f"list={shown}",
    }
    return render(request, "web_centre/drafts.html", context)


@require_safe
@allow(may_edit)
def draft(request: ActorRequest, centre: str, draft: str) -> HttpResponse:
    """Show what a draft would change, and what this person may do with it; one coming in has a page of its own."""
    if draft_for(request.actor, draft).state in COMING_IN:
        return see_other(reverse("centre:import_preview", args=[centre, draft]))
    return _page(request, draft)


def _page(
    request: ActorRequest,
    public_id: str,
    *,
    form: DraftForm | None = None,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    row, actor = draft_for(request.actor, public_id), request.actor
    names = names_of(actor, {pk for pk in (row.author_id, row.decided_by_id, row.changed_by_id) if pk})
    others = [name for pk, name in editors(actor).items() if pk != row.author_id]
    context = {
        "draft": row,
        "mine": row.author_id == actor.person_id,
        "author": names[row.author_id],
        "decided_by": names.get(row.decided_by_id or 0, ""),
        "faster": names.get(row.changed_by_id or row.author_id, "") if stale else "",
        "others": others,
        "form": form,
        "back": form if isinstance(form, SendBackForm) else SendBackForm(),
        "stale": stale,
        "idempotency_key": new_key(),
        **(_differences(request, row) if row.state in READ else {}),
        **(_published(row) if row.state == DraftState.PUBLISHED else {}),
    }
    return render(request, "web_centre/draft.html", context, status=status)


def _differences(request: ActorRequest, row: Any) -> dict[str, Any]:
    proposal = proposal_of(row.content, row.centre_id)
    facts = facts_of(row, request.actor.person_id, proposal)
    units, qualifications = proposal.unit_diffs(), proposal.qualification_diffs()
    losses = [said for q in qualifications for said in q.losses]
    losses += [f"{u.title}: {said}" for u in units for said in u.losses]
    return {
        "problems": [*_said(row.problems), *proposal.problems][:SENTENCES_SHOWN],
        "more_problems": max(0, len(row.problems) + len(proposal.problems) - SENTENCES_SHOWN),
        "losses": losses,
        "counts": (len(proposal.new_qualifications), len(proposal.new_units)),
        "changes": Paginator([*qualifications, *units], CHANGES_A_PAGE).get_page(page_number(request)),
        "why_not_submit": [r.sentence for r in rules.why_not_submit(facts)],
        "why_not_approve": [r.sentence for r in rules.why_not_approve(facts)],
    }


def _said(problems: list[dict[str, Any]]) -> list[str]:
    """Return the problems an import found as sentences with their place."""
    words = _("Row %(row)s, column %(column)s: %(sentence)s")
    return [words % p if p.get("row") and p.get("column") else str(p.get("sentence", "")) for p in problems]


def _published(row: Any) -> dict[str, Any]:
    qualifications, units = published_by(row)
    return {"qualifications": qualifications, "units": units}


@require_POST
@allow(may_edit)
@once
def submit(request: ActorRequest, centre: str, draft: str) -> HttpResponse:  # noqa: ARG001 - see drafts
    """Send one's own draft to a second person."""
    row = draft_for(request.actor, draft)
    return _act(request, row, services.submit_draft, _("Sent. A second person has to look at it now."))


@require_POST
@allow(may_edit)
@once
def approve(request: ActorRequest, centre: str, draft: str) -> HttpResponse:  # noqa: ARG001 - see drafts
    """Let somebody else's draft through: it is published for this centre."""
    row = draft_to_decide(request.actor, draft)
    return _act(request, row, services.approve_draft, _("Published. It counts for new learners from now on."))


@require_POST
@allow(may_edit)
@once
def reject(request: ActorRequest, centre: str, draft: str) -> HttpResponse:  # noqa: ARG001 - see drafts
    """Send somebody else's draft back, with a reason."""
    row = draft_to_decide(request.actor, draft)
    said = _("Sent back with your reason.")
    return _act(request, row, services.reject_draft, said, form=SendBackForm(request.POST))


@require_POST
@allow(may_edit)
@once
def reopen(request: ActorRequest, centre: str, draft: str) -> HttpResponse:  # noqa: ARG001 - see drafts
    """Take one's own draft back to work on it."""
    row = draft_for(request.actor, draft)
    return _act(request, row, services.reopen_draft, _("It is yours to work on again."))


@require_POST
@allow(may_edit)
@once
def withdraw(request: ActorRequest, centre: str, draft: str) -> HttpResponse:  # noqa: ARG001 - see drafts
    """Take a draft out for good."""
    row = draft_for(request.actor, draft)
    return _act(request, row, services.withdraw_draft, _("Withdrawn. Nothing was published."))


def _act(
    request: ActorRequest,
    row: Any,
    service: Callable[..., object],
    said: str,
    form: DraftForm | None = None,
) -> HttpResponse:
    form = form or DraftForm(request.POST)
    if not form.is_valid():
        return _page(request, row.public_id, form=form, status=422)
    try:
        service(actor=request.actor, draft=row, at=clock.now(), **form.cleaned_data)
    except Stale as stale:
        return _page(request, row.public_id, form=form, stale=stale, status=409)
    except Refused as refused:
        return _page(request, row.public_id, form=form, status=add_refusals(form, refused))
    return done(request, reverse("centre:draft", args=[request.actor.centre_number, row.public_id]), said)
