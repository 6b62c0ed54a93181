"""An assessor's learners: the list, the page of one, the order of their units."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assessments.queries.learners import learner_page, learners_page
from assessments.rules.signing import progress_words
from centres.access import learner_for, learner_to_assess, may_assess
from centres.queries.schedule import schedules_of
from portfolio.rules import pace_notice
from web.assessor.loading import staff
from web.shared.http import ActorRequest, allow, page_number
from web.shared.idempotency import once
from web.shared.schedule import schedule_page

LONGEST_SEARCH = 100


@require_safe
@allow(lambda actor: actor.assesses or actor.assures)
def learners(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls have read it
    """Show a page of the learners whom this person assesses, countersigns for or assures."""
    words = request.GET.get("q", "")[:LONGEST_SEARCH]
    found = learners_page(staff(request.actor), words, page_number(request))
    query = urlencode({"q": words}) if words else ""
    context = {"rows": found.rows, "page": found.page, "words": words, "query": query}
    return render(request, "web_assessor/learners.html", context)


@require_safe
@allow(lambda actor: actor.assesses or actor.assures)
def learner(request: ActorRequest, centre: str, learner: str) -> HttpResponse:  # noqa: ARG001 - the walls have read it
    """Show one learner: units as strips, what waits, what was sent back, where the gaps are."""
    found = learner_page(request.actor, learner_for(staff(request.actor), learner))
    context = {
        "found": found,
        "learner": found.learner,
        "units": [
            ([cell[:2] for cell in unit.cells], unit, progress_words(unit.row.met, unit.row.total))
            for unit in found.units
        ],
        "mine": may_assess(request.actor, found.learner),
        "pace": pace_notice([unit.pace for unit in found.units], request.actor.on),
    }
    return render(request, "web_assessor/learner.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.assesses)
@once
def schedule(request: ActorRequest, centre: str, learner: str) -> HttpResponse:
    """Show the order of a learner's units, with target dates, and change it (R45)."""
    who = learner_to_assess(staff(request.actor), learner)
    back = reverse("assessor:learner", args=[centre, learner])
    return schedule_page(request, schedules_of(request.actor, who), learner_name=who.full_name, back=back)
