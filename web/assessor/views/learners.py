"""An assessor's learners: the list, the page of one, the order of their units."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assessments.queries.learners import UnitStrip, learner_page, learners_page
from assessments.rules.signing import progress_words
from centres.access import learner_and_mine, learner_for, learner_to_assess
from centres.enums import LEFT
from centres.queries.progression import progression_of
from centres.queries.schedule import schedules_of
from portfolio.rules import pace_notice
from web.assessor.lookups import staff
from web.shared.combination_meter import meter
from web.shared.http import ActorRequest, allow, page_number
from web.shared.idempotency import once
from web.shared.schedule import schedule_page

LONGEST_SEARCH = 100


@require_safe
@allow(lambda actor: actor.assesses or actor.assures)
def learners(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls have read it
    """Show a page of the learners whom this person assesses, countersigns for or assures."""
    words = request.GET.get("q", "")[:LONGEST_SEARCH]
    complete = request.GET.get("award", "") == "complete"
    found = learners_page(staff(request.actor), words, page_number(request), complete=complete)
    query = urlencode(({"q": words} if words else {}) | ({"award": "complete"} if complete else {}))
    context = {"rows": found.rows, "page": found.page, "words": words, "query": query, "complete": complete}
    return render(request, "web_assessor/learners.html", context)


@require_safe
@allow(lambda actor: actor.assesses or actor.assures)
def learner(request: ActorRequest, centre: str, learner: str) -> HttpResponse:  # noqa: ARG001 - the walls have read it
    """Show one learner: units as strips, what waits, what was sent back, where the gaps are."""
    who, mine, settled = learner_and_mine(staff(request.actor), learner)
    found = learner_page(request.actor, who)
    context = {
        "found": found,
        "learner": found.learner,
        "units": _drawn(found.units),
        "earlier": _drawn(found.earlier),
        "meters": [
            meter(award.plan, row.qualification.title)
            for row, _standing, award in reversed(found.registrations)
            if award.units and row.state not in LEFT
        ],
        "mine": mine,
        "settled": settled,
        "pace": pace_notice([unit.pace for unit in found.units], request.actor.on),
    }
    return render(request, "web_assessor/learner.html", context)


def _drawn(units: Sequence[UnitStrip]) -> list[tuple[list[tuple[str, int]], UnitStrip, str]]:
    """Return units with the cells of their strips and how far they are in words."""
    return [
        (
            [cell[:2] for cell in unit.cells],
            unit,
            progress_words(unit.row.met, unit.row.total, exempt=unit.row.exempt),
        )
        for unit in units
    ]


@require_safe
@allow(lambda actor: actor.assesses or actor.assures)
def progression(request: ActorRequest, centre: str, learner: str) -> HttpResponse:  # noqa: ARG001 - the walls have read it
    """Show towards which other qualifications a learner's units count already (R38)."""
    who = learner_for(staff(request.actor), learner)
    context = {"learner": who, "found": progression_of(staff(request.actor), who)}
    return render(request, "web_assessor/progression.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.assesses)
@once
def schedule(request: ActorRequest, centre: str, learner: str) -> HttpResponse:
    """Show the order of a learner's units, with target dates, and change it (R45)."""
    who = learner_to_assess(staff(request.actor), learner)
    back = reverse("assessor:learner", args=[centre, learner])
    return schedule_page(request, schedules_of(staff(request.actor), who), learner_name=who.full_name, back=back)
