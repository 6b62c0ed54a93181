"""Learners of the centre: the list, one of them, who looks after them."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.queries.transferring import text_of
from assessments.rules.carrying import same_text
from centres import access, rules, services
from centres.enums import DONE_UNITS, OPEN_UNITS, RegistrationState
from centres.queries import learners as learner_queries
from centres.queries import people as people_queries
from centres.queries.learner_detail import LearnerDetail, learner_detail
from centres.queries.learners import RegistrationRow
from centres.queries.records import newest_corrections
from centres.queries.sufficiency import exceptions_of
from common import clock
from common.refusals import Refused, Stale
from web.centre.caseload_forms import AllocateForm
from web.centre.forms import add_refusals, asked, first_day
from web.shared.combination_meter import meter
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once

#: Corrections that the page of a learner shows; the page of the record has them all.
FEW = 3
FILTERS = ("q", "qualification", "assessor", "state", "award")
COMPLETE = "complete"
ONE_DAY = dt.timedelta(days=1)


@require_safe
@allow(lambda actor: actor.is_admin)
def learners(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """List learners with qualification, assessor and units signed off."""
    given = {name: asked(request, name) for name in FILTERS}
    if given["state"] not in {*RegistrationState.values, learner_queries.LAPSED}:
        given["state"] = ""
    if given["award"] != COMPLETE:
        given["award"] = ""
    found = learner_queries.learners_page(
        request.actor,
        text=given["q"],
        entry_code=given["qualification"],
        assessor=given["assessor"],
        state=given["state"],
        complete=given["award"] == COMPLETE,
        page=page_number(request),
    )
    context = {
        "found": found,
        "given": given,
        "filtered": any(given.values()),
        "nobody": learner_queries.NOBODY,
        "qualifications": people_queries.assurable(request.actor),
        "assessors": people_queries.assessors(request.actor),
        "states": [*RegistrationState.choices, (learner_queries.LAPSED, _("Lapsed"))],
        "query": urlencode({key: value for key, value in given.items() if value}),
    }
    return render(request, "web_centre/learners.html", context)


@require_safe
@allow(lambda actor: actor.is_admin)
def learner(request: ActorRequest, centre: str, learner: str) -> HttpResponse:  # noqa: ARG001 - see learners
    """Show a learner's identity, registrations with units, and who looked after them. No evidence."""
    return _page(request, learner)


def _page(
    request: ActorRequest,
    public_id: str,
    *,
    form: AllocateForm | None = None,
    refused: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    who, settled = access.learner_and_settled(request.actor, public_id)
    detail = learner_detail(request.actor, who)
    seen = " ".join(row.public_id for row in detail.current)
    people = _people(request)
    context = {
        "detail": detail,
        "learner": who,
        "done_in": _done_elsewhere(detail),
        "exceptions": exceptions_of(request.actor, who),
        "corrections": newest_corrections(request.actor, who, FEW),
        "meters": [meter(row.award.plan, row.title) for row in detail.at_work if row.award.units],
        "settled": settled,
        "notes": rules.name_notes(who.given_names, who.family_name),
        "form": form
        or AllocateForm(
            people=people, registrations=_choices(detail.at_work), initial={**first_day(request.actor.on), "seen": seen}
        ),
        "today": request.actor.on,
        "several": len(detail.at_work) > 1,
        "seen": seen,
        "refusals": [r.sentence for r in refused.refusals] if refused else [],
        "idempotency_key": new_key(),
    }
    return render(request, "web_centre/learner.html", context, status=status)


def _done_elsewhere(detail: LearnerDetail) -> dict[int, str]:
    """Return for open units, by id, the entry code of what the learner has the same unit signed off for."""
    rows = [(row, unit) for row, units, _changes in detail.registrations for unit in units]
    done = [(row, text_of(unit.unit)) for row, unit in rows if unit.state in DONE_UNITS]
    return {
        unit.pk: other.entry_code
        for row, unit in rows
        if row.state == RegistrationState.ACTIVE and unit.state in OPEN_UNITS
        for other, text in reversed(done)
        if other.public_id != row.public_id and same_text(text, text_of(unit.unit))
    }


def _people(request: ActorRequest) -> list[tuple[str, str]]:
    return people_queries.assessor_names(request.actor)


def _choices(registrations: Iterable[RegistrationRow]) -> list[tuple[str, str]]:
    return [(row.public_id, f"{row.entry_code} {row.title}") for row in registrations]


@require_http_methods(["POST"])
@allow(lambda actor: actor.is_admin)
@once
def allocate(request: ActorRequest, centre: str, learner: str) -> HttpResponse:
    """Give the learner to an assessor; the work that waits goes with them."""
    who = access.learner_for(request.actor, learner)
    registered = learner_queries.registrations_of(request.actor, [who]).get(who.pk, ())
    form = AllocateForm(request.POST, people=_people(request), registrations=_choices(registered))
    status = 422
    if form.is_valid():
        assessor = people_queries.person_of_centre(request.actor, form.cleaned_data["assessor"])
        named = form.cleaned_data["registration"]
        try:
            services.allocate(
                actor=request.actor,
                learner=who,
                assessor_id=assessor.pk,
                starts_on=form.cleaned_data["starts_on"],
                ends_on=form.cleaned_data["ends_on"],
                registration=learner_queries.registration_of(request.actor, who, named) if named else None,
                reason=form.cleaned_data["reason"],
                exception=form.cleaned_data["exception"],
                alongside=form.cleaned_data["alongside"],
                seen=form.cleaned_data["seen"].split(),
                at=clock.now(),
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            return done(request, reverse("centre:learner", args=[centre, learner]), _("The assessor is set."))
    return _page(request, learner, form=form, status=status)


@require_http_methods(["POST"])
@allow(lambda actor: actor.is_admin)
@once
def end_allocation(request: ActorRequest, centre: str, learner: str, allocation: str) -> HttpResponse:
    """Let an assessor stop at once; the learner may be left without one."""
    who = access.learner_for(request.actor, learner)
    row = learner_queries.allocation_of(request.actor, who, allocation)
    last = max(request.actor.on, row.starts_on) - ONE_DAY
    try:
        services.end_allocation(actor=request.actor, allocation=row, on=last, seen=seen_of(request), at=clock.now())
    except Refused as refused:
        return _page(request, learner, refused=refused, status=409 if isinstance(refused, Stale) else 422)
    return done(
        request,
        reverse("centre:learner", args=[centre, learner]),
        _("This assessor no longer looks after the learner."),
    )
