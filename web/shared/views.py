"""The front door: everybody is sent to where their work is."""

from django.contrib.auth.decorators import login_required
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from common.outages import Outage, outage_of
from common.refusals import NotFound
from web.shared import nav, outages
from web.shared.http import ActorRequest, PersonRequest


@require_safe
@login_required
def front_door(request: PersonRequest) -> HttpResponse:
    """Send a person to their first place, or say that they have none today."""
    url = nav.home_url(request.places)
    return redirect(url) if url else render(request, "web_shared/no_place.html")


@require_safe
def centre_home(request: ActorRequest, centre: str) -> HttpResponse:
    """Send a member to their area of this centre."""
    for area in nav.areas_of(request.actor.roles):
        return redirect(nav.area_url(area, centre))
    raise NotFound("centre.home")


@require_safe
def healthy(request: HttpRequest) -> HttpResponse:
    """Answer "ok" when this server can work: when the database answers. Whether all parts do, `/readyz` says."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return outages.to_probe(request, outage_of(error) or Outage.DATABASE, error)
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")
