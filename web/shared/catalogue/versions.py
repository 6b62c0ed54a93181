"""The versions of a qualification side by side: who let them through, who learns on them, what differs (R23)."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from centres.queries.people_names import names_of
from centres.queries.versions import learners_on
from qualifications.queries.versions import comparison, versions_of
from web.shared.http import ActorRequest, page_number

UNITS_A_PAGE = 10


@require_safe
def versions(request: ActorRequest, centre: str, public_id: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """List the versions of a qualification, the newest first; staff see who learns on which one."""
    actor = request.actor
    staff = actor.is_admin or actor.assesses or actor.assures
    found = versions_of(public_id, actor.centre_id, page_number(request, "versions"))
    people = {pk for row in found.rows if row.passed for pk in (row.passed.author_id, row.passed.second_id)}
    names = names_of(actor, people) if staff and people else {}
    context = {
        "found": found,
        "rows": [
            (row, names.get(row.passed.author_id), names.get(row.passed.second_id)) if row.passed else (row, "", "")
            for row in found.rows
        ],
        "staff": staff,
        "learners": learners_on(actor, found.asked, found.current_public_id, page_number(request)) if staff else None,
    }
    return render(request, "web_shared/catalogue/versions.html", context)


@require_safe
def compare(request: ActorRequest, centre: str, public_id: str, other: str) -> HttpResponse:  # noqa: ARG001 - see versions
    """Show what differs between two versions: rules in sentences, units criterion by criterion."""
    found = comparison(public_id, other, request.actor.centre_id)
    context = {"found": found, "units": Paginator(found.units, UNITS_A_PAGE).get_page(page_number(request))}
    return render(request, "web_shared/catalogue/compare.html", context)
