"""Who looks after how many, and moving learners from one assessor to another."""

from collections.abc import Collection

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from centres import services
from centres.queries import learners as learner_queries
from centres.queries import people as people_queries
from common import clock
from common.refusals import Refused
from web.centre.caseload_forms import MoveForm
from web.centre.forms import add_refusals, asked, first_day
from web.shared.http import ActorRequest, allow, page_number
from web.shared.idempotency import done, new_key, once

MOST_SEEN = 100


@require_safe
@allow(lambda actor: actor.is_admin)
def caseload(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """Show the assessors with their learners, and the learners of one of them to tick."""
    return _page(request, asked(request, "assessor"))


def _page(
    request: ActorRequest, picked: str, form: MoveForm | None = None, ticked: Collection[str] = (), status: int = 200
) -> HttpResponse:
    assessors = people_queries.assessors(request.actor)
    found = learner_queries.learners_page(
        request.actor, text="", entry_code="", assessor=picked, state="", page=page_number(request)
    )
    people = [(row.public_id, row.name) for row in assessors if row.public_id != picked]
    chosen = next((row for row in assessors if row.public_id == picked), None)
    context = {
        "assessors": assessors,
        "found": found,
        "picked": picked,
        "chosen": chosen,
        "nobody": learner_queries.NOBODY,
        "most": max((row.learners for row in assessors), default=0),
        "form": form or MoveForm(people=people, initial=first_day(request.actor.on)),
        "ticked": ticked,
        "query": f"assessor={picked}" if picked else "",
        "idempotency_key": new_key(),
    }
    return render(request, "web_centre/caseload.html", context, status=status)


def _seen(request: ActorRequest) -> dict[str, list[str]] | None:
    """Return which allocations the page showed, by learner; None for a form that does not say."""
    said = [text.split()[:MOST_SEEN] for text in request.POST.getlist("seen")]
    return {ids[0]: ids[1:] for ids in said if ids} or None


@require_http_methods(["POST"])
@allow(lambda actor: actor.is_admin)
@once
def reallocate(request: ActorRequest, centre: str) -> HttpResponse:
    """Give the ticked learners to one assessor, all or none."""
    picked = request.POST.get("from", "")[:40]
    ticked = request.POST.getlist("learners")
    people = people_queries.assessor_names(request.actor)
    form = MoveForm(request.POST, people=people, learners=[(x, x) for x in ticked])
    status = 422
    if form.is_valid():
        assessor = people_queries.person_of_centre(request.actor, form.cleaned_data["assessor"])
        try:
            moved = services.move_learners(
                actor=request.actor,
                learners=learner_queries.learners_of(request.actor, form.cleaned_data["learners"]),
                assessor_id=assessor.pk,
                starts_on=form.cleaned_data["starts_on"],
                reason=form.cleaned_data["reason"],
                seen=_seen(request),
                at=clock.now(),
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            said = ngettext("%(n)d learner moved.", "%(n)d learners moved.", moved) % {"n": moved}
            return done(request, f"{reverse('centre:caseload', args=[centre])}?assessor={assessor.public_id}", said)
    return _page(request, picked, form, ticked, status)
