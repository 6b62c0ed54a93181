"""Looking at qualifications and units. Reading only: the catalogue is published by a command."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qualifications import queries
from web.shared.http import ActorRequest, page_number


@require_safe
def index(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """Show the current qualifications, and the units that a search finds."""
    text = request.GET.get("q", "").strip()[: queries.LONGEST_SEARCH]
    context = {
        "qualifications": queries.current_qualifications(request.actor.centre_id),
        "found": queries.search_units(text, request.actor.centre_id, page_number(request)),
        "text": text,
        "query": urlencode({"q": text}) if text else "",
    }
    return render(request, "web_shared/catalogue/index.html", context)


@require_safe
def qualification(request: ActorRequest, centre: str, public_id: str) -> HttpResponse:  # noqa: ARG001 - see index
    """Show the groups of a qualification, their rules and their units (R18, R20)."""
    context = {"structure": queries.qualification_structure(public_id, request.actor.centre_id)}
    return render(request, "web_shared/catalogue/qualification.html", context)


@require_safe
def unit(request: ActorRequest, centre: str, public_id: str) -> HttpResponse:  # noqa: ARG001 - see index
    """Show a unit with its outcomes and criteria, and say where its words come from (R21, R22)."""
    detail = queries.unit_detail(public_id, request.actor.centre_id)
    wording = queries.unit_wording(detail.unit, body=detail.bodies, centre=request.actor.centre_name)
    return render(request, "web_shared/catalogue/unit.html", {"detail": detail, "wording": wording})
