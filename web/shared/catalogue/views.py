"""Looking at qualifications and units, and taking them along as files. Nothing is changed here."""

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from media.names import content_disposition
from qualifications import queries, services
from qualifications.permissions import may_edit, may_explain
from qualifications.queries.drafts import waiting_drafts
from qualifications.rules import kind_words, life_on, warnings_for
from web.shared.catalogue.trying import trial
from web.shared.http import ActorRequest, allow, page_number


@require_safe
def index(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """Show the qualifications and the units that a search finds; without one, all that count now."""
    text = request.GET.get("q", "").strip()[: queries.LONGEST_SEARCH]
    actor = request.actor
    offered = queries.find_qualifications(text, actor.centre_id, page_number(request, "qualifications"))
    context = {
        "qualifications": [(row, life_on(row.life, actor.on)) for row in offered.rows],
        "offered": offered,
        "editor": may_edit(actor),
        "waiting": waiting_drafts(actor.centre_id) if may_edit(actor) else 0,
        "found": queries.search_units(text, actor.centre_id, page_number(request)),
        "text": text,
        "query": urlencode({"q": text}) if text else "",
    }
    return render(request, "web_shared/catalogue/index.html", context)


@require_safe
def qualification(request: ActorRequest, centre: str, public_id: str) -> HttpResponse:  # noqa: ARG001 - see index
    """Show the groups of a qualification, their rules and their units, and what ticked units come to (R18, R20)."""
    actor = request.actor
    structure = queries.qualification_structure(public_id, actor.centre_id)
    asked = request.GET.get("action", "")
    tried = trial(structure, request.GET.getlist("units"), suggest=asked == "suggest")
    context = {
        "structure": structure,
        "tried": tried,
        "meter": tried.meter,
        "suggests": True,
        "stage": life_on(structure.life, actor.on),
        "warnings": warnings_for(structure.life, actor.on),
        "may_export": actor.is_staff,
        "end": kind_words(structure.life, actor.on),
    }
    if asked == "meter":  # the script asks for it alone, at an address of its own
        return render(request, "web_shared/meter/answer.html", context)
    return render(request, "web_shared/catalogue/qualification.html", context)


@require_safe
@allow(lambda actor: actor.is_staff)
def export(request: ActorRequest, centre: str, public_id: str, form: str) -> HttpResponse:  # noqa: ARG001 - see index
    """Hand a qualification with its units to somebody of staff, as a file."""
    made = services.export_qualification(
        actor=request.actor, public_id=public_id, form=form, origin=settings.SITE_ORIGIN
    )
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = content_disposition(made.name)
    return response


@require_safe
def unit(request: ActorRequest, centre: str, public_id: str) -> HttpResponse:  # noqa: ARG001 - see index
    """Show a unit with its outcomes and criteria, and say where its words come from (R21, R22)."""
    detail = queries.unit_detail(public_id, request.actor.centre_id)
    wording = queries.unit_wording(detail.unit, body=detail.bodies, centre=request.actor.centre_name)
    context = {"detail": detail, "wording": wording, "may_explain": may_explain(request.actor)}
    return render(request, "web_shared/catalogue/unit.html", context)
