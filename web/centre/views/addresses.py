"""The address of somebody who never joined: a slip when they were registered or invited is put right."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centres import services
from centres.queries import people as people_queries
from centres.queries.seen import address_mark
from common import clock
from common.refusals import Refused, Stale
from web.centre.forms import AddressForm, add_refusals, posted
from web.shared.http import ActorRequest, allow, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin)
@once
def address(request: ActorRequest, centre: str, person: str) -> HttpResponse:
    """Ask for the right address of somebody who never joined; a post keeps it and sends a new link there."""
    who = people_queries.person_of_centre(request.actor, person)
    form, here = AddressForm(posted(request)), reverse("centre:person", args=[centre, person])
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            row = services.correct_address(
                actor=request.actor,
                person=who,
                address=form.cleaned_data["email"],
                reason=form.cleaned_data["reason"],
                seen=seen_of(request),
                at=clock.now(),
            )
        except Stale as stale:
            return overtaken(request, here, stale=stale)
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            return done(request, here, _("Corrected. A new link is on its way to %(email)s.") % {"email": row.email})
    context = {
        "form": form,
        "detail": people_queries.person_detail(request.actor, who),
        "idempotency_key": new_key(),
        "seen": address_mark(who),
    }
    return render(request, "web_centre/address.html", context, status=status)
