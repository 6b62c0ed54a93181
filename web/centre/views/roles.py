"""What changes on a person's page: roles and countersigners."""

import datetime as dt
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centres import services
from centres.enums import Role
from centres.queries import people as people_queries
from common import clock
from common.refusals import Refused, Stale
from web.centre.forms import EndForm, PersonChoiceForm, RoleForm, add_refusals, first_day
from web.shared.http import ActorRequest, allow, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken

ONE_DAY = dt.timedelta(days=1)


def person_page(
    request: ActorRequest,
    who: people_queries.Person,
    *,
    grant_form: RoleForm | None = None,
    link_form: PersonChoiceForm | None = None,
    end_form: EndForm | None = None,
    ending: str = "",
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render a person with their forms; a refused one keeps what was typed. `ending` is the role it is about."""
    today = first_day(request.actor.on)
    detail = people_queries.person_detail(request.actor, who)
    context = {
        "detail": detail,
        "grant_form": grant_form or RoleForm(qualifications=people_queries.assurable(request.actor), initial=today),
        "link_form": link_form or PersonChoiceForm(people=_qualified(request, who), initial=today),
        "end_form": end_form or EndForm(initial={"on": request.actor.on}, auto_id=False),
        "ending": ending,
        "refusals": [r.sentence for r in refused.refusals] if refused else [],
        "granting": grant_form is not None,
        "trainee": detail.holds(Role.TRAINEE),
        "own": who.pk == request.actor.person_id,
        "idempotency_key": new_key(),
        "seen": detail.seen,
    }
    if refused:
        status = 409 if isinstance(refused, Stale) else 422
    return render(request, "web_centre/person.html", context, status=status)


def _qualified(request: ActorRequest, who: people_queries.Person) -> list[tuple[str, str]]:
    rows = people_queries.assessors(request.actor)
    return [(row.public_id, row.name) for row in rows if not row.trainee and row.person_id != who.pk]


@require_http_methods(["POST"])
@allow(lambda actor: actor.is_admin)
@once
def grant(request: ActorRequest, centre: str, person: str) -> HttpResponse:
    """Give one more role."""
    who = people_queries.person_of_centre(request.actor, person)
    form = RoleForm(request.POST, qualifications=people_queries.assurable(request.actor))
    status = 422
    if form.is_valid():
        try:
            services.grant_role(
                actor=request.actor,
                person=who,
                role=Role(form.cleaned_data["roles"]),
                starts_on=form.cleaned_data["starts_on"],
                ends_on=form.cleaned_data["ends_on"],
                entry_codes=form.cleaned_data["entry_codes"],
                seen=seen_of(request),
                at=clock.now(),
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            return _back(request, centre, person, _("The role is given."))
    return person_page(request, who, grant_form=form, status=status)


@require_http_methods(["POST"])
@allow(lambda actor: actor.is_admin)
@once
def end_role(request: ActorRequest, centre: str, person: str, role: str) -> HttpResponse:
    """Give a role its last day; the button "now" ends it at once."""
    who = people_queries.person_of_centre(request.actor, person)
    membership = people_queries.membership_of(request.actor, who, role)
    form = EndForm(_last_day(request, membership.starts_on), auto_id=f"end-{role}-%s")
    status = 422
    if form.is_valid():
        try:
            services.end_membership(
                actor=request.actor,
                membership=membership,
                on=form.cleaned_data["on"],
                seen=seen_of(request),
                at=clock.now(),
            )
        except Stale as stale:
            return overtaken(request, reverse("centre:person", args=[centre, person]), stale=stale)
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            if who.pk == request.actor.person_id and membership.role == Role.ADMIN:
                return done(request, "/")
            return _back(request, centre, person, _("The last day is set."))
    return person_page(request, who, end_form=form, ending=role, status=status)


def _last_day(request: ActorRequest, starts_on: dt.date) -> dict[str, Any]:
    """Return the day that was typed, or the day before today (or before a later start) for "now"."""
    if request.POST.get("now"):
        return {"on": max(request.actor.on, starts_on) - ONE_DAY}
    return {"on": request.POST.get("on", "")}


@require_http_methods(["POST"])
@allow(lambda actor: actor.is_admin)
@once
def countersigner(request: ActorRequest, centre: str, person: str) -> HttpResponse:
    """Choose who countersigns for a trainee."""
    who = people_queries.person_of_centre(request.actor, person)
    form = PersonChoiceForm(request.POST, people=_qualified(request, who))
    status = 422
    if form.is_valid():
        other = people_queries.person_of_centre(request.actor, form.cleaned_data["countersigner"])
        try:
            services.set_countersigner(
                actor=request.actor,
                trainee_id=who.pk,
                countersigner_id=other.pk,
                starts_on=form.cleaned_data["starts_on"],
                seen=seen_of(request),
                at=clock.now(),
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            return _back(request, centre, person, _("The countersigner is set."))
    return person_page(request, who, link_form=form, status=status)


@require_http_methods(["POST"])
@allow(lambda actor: actor.is_admin)
@once
def end_countersigner(request: ActorRequest, centre: str, person: str, other: str) -> HttpResponse:
    """Let somebody stop countersigning at once."""
    who = people_queries.person_of_centre(request.actor, person)
    link = people_queries.link_of(request.actor, who, other)
    last = max(request.actor.on, link.starts_on) - ONE_DAY
    try:
        services.end_countersigner(actor=request.actor, link=link, on=last, seen=seen_of(request), at=clock.now())
    except Refused as refused:
        return person_page(request, who, refused=refused)
    return _back(request, centre, person, _("They no longer countersign."))


def _back(request: ActorRequest, centre: str, person: str, said: str) -> HttpResponse:
    return done(request, reverse("centre:person", args=[centre, person]), said)
