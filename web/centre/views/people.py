"""People of the centre: the list, one of them, inviting, ending access."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres import services
from centres.enums import STAFF, Role
from centres.queries import people as people_queries
from centres.queries.attention import attention_count
from common import clock
from common.refusals import Refused, Stale
from web.centre.forms import InviteForm, add_refusals, asked, first_day, posted
from web.centre.views.roles import person_page
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once


@require_safe
@allow(lambda actor: actor.is_admin)
def people(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """List staff with their roles: those who are here, or those who left."""
    text = asked(request, "q")
    role = asked(request, "role")
    role = role if role in STAFF else ""
    left = request.GET.get("left") == "1"
    found = people_queries.people_page(request.actor, text=text, role=role, left=left, page=page_number(request))
    given = {"q": text, "role": role, "left": "1" if left else ""}
    context = {
        "found": found,
        "attention": attention_count(request.actor),
        "text": text,
        "role": role,
        "left": left,
        "roles": [(str(r), r.label) for r in Role if r in STAFF],
        "query": urlencode({key: value for key, value in given.items() if value}),
    }
    return render(request, "web_centre/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin)
@once
def invite(request: ActorRequest, centre: str) -> HttpResponse:
    """Ask who is to come as what; a post gives the roles and sends the link."""
    form = InviteForm(
        posted(request), qualifications=people_queries.assurable(request.actor), initial=first_day(request.actor.on)
    )
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            invited = services.invite_person(
                actor=request.actor,
                email=form.cleaned_data["email"],
                given_name=form.cleaned_data["given_name"],
                family_name=form.cleaned_data["family_name"],
                roles=[Role(role) for role in form.cleaned_data["roles"]],
                starts_on=form.cleaned_data["starts_on"],
                ends_on=form.cleaned_data["ends_on"],
                entry_codes=form.cleaned_data["entry_codes"],
                at=clock.now(),
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            return done(
                request,
                reverse("centre:person", args=[centre, invited.person.public_id]),
                _("The link is on its way to %(email)s.") % {"email": invited.person.email},
            )
    context = {"form": form, "idempotency_key": new_key()}
    return render(request, "web_centre/invite.html", context, status=status)


@require_safe
@allow(lambda actor: actor.is_admin)
def person(request: ActorRequest, centre: str, person: str) -> HttpResponse:  # noqa: ARG001 - see people
    """Show somebody's roles with their days, and what can be done about them."""
    return person_page(request, people_queries.person_of_centre(request.actor, person))


@require_http_methods(["POST"])
@allow(lambda actor: actor.is_admin)
@once
def send_link(request: ActorRequest, centre: str, person: str) -> HttpResponse:
    """Send a new one-time link; the earlier one stops working."""
    who = people_queries.person_of_centre(request.actor, person)
    try:
        services.send_link_again(actor=request.actor, person=who, seen=seen_of(request), at=clock.now())
    except Refused as refused:
        return person_page(request, who, refused=refused)
    return done(
        request,
        reverse("centre:person", args=[centre, person]),
        _("A new link is on its way to %(email)s.") % {"email": who.email},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin)
@once
def end_access(request: ActorRequest, centre: str, person: str) -> HttpResponse:
    """Say what ending somebody's access means; a post does it at once."""
    who = people_queries.person_of_centre(request.actor, person)
    refusals: tuple[str, ...] = ()
    status = 200
    if request.method == "POST":
        try:
            services.end_access(actor=request.actor, person=who, seen=seen_of(request), at=clock.now())
        except Refused as refused:
            refusals = tuple(r.sentence for r in refused.refusals)
            status = 409 if isinstance(refused, Stale) else 422
        else:
            if who.pk == request.actor.person_id:
                return done(request, "/")
            return done(request, reverse("centre:person", args=[centre, person]), _("Their access has ended."))
    detail = people_queries.person_detail(request.actor, who)
    context = {
        "detail": detail,
        "refusals": refusals,
        "idempotency_key": new_key(),
        "seen": detail.seen,
    }
    return render(request, "web_centre/end_access.html", context, status=status)
