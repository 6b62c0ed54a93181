"""Moving a learner to another qualification, and what their units count towards elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.queries.moving import Preview, move_preview
from assessments.services import transfer_registration
from centres import access
from centres.queries import learners as learner_queries
from centres.queries.learners import ChoicePlace
from centres.queries.progression import progression_of
from common import clock
from common.refusals import Refused
from web.centre.choosing import Choice, Group, Tick, choice_of, place_ids_of
from web.centre.forms import TransferForm, add_refusals
from web.shared.http import ActorRequest, allow, see_other
from web.shared.idempotency import new_key, once


@dataclass(frozen=True, slots=True)
class Row:
    """A unit of the new qualification: its box, and what would come along for it."""

    tick: Tick
    carries: bool
    pieces: int


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin)
@once
def move(request: ActorRequest, centre: str, learner: str, registration: str) -> HttpResponse:
    """Show old and new side by side; a post moves the learner, and decides nothing (R34)."""
    actor = request.actor
    who = access.learner_for(actor, learner)
    row = learner_queries.registration_of(actor, who, registration)
    open_to = [
        q for q in learner_queries.open_qualifications(actor.centre_id, actor.on) if q.pk != row.qualification_id
    ]
    typed = request.POST if request.method == "POST" else request.GET
    target = next((q for q in open_to if q.public_id == typed.get("qualification")), None)
    places = learner_queries.places_of_qualification(target.pk) if target else []
    preview = move_preview(actor, row, target.pk) if target else None
    form = TransferForm(
        request.POST if request.method == "POST" else None,
        qualifications=[(q.public_id, f"{q.title} ({q.entry_code})") for q in open_to],
        units=[(p.unit_public_id, p.title) for p in places],
        initial={"qualification": typed.get("qualification", "")},
    )
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid() and target:
        try:
            transfer_registration(
                actor=actor,
                registration=row,
                qualification_id=target.pk,
                place_ids=place_ids_of(places, form.cleaned_data["units"]),
                reason=form.cleaned_data["reason"],
                at=clock.now(),
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            said = _("%(name)s is moved to %(title)s. Nothing is decided there yet.")
            messages.success(request, said % {"name": who.full_name, "title": target.title})
            return see_other(reverse("centre:learner", args=[centre, learner]))
    picked = request.POST.getlist("units") if form.is_bound else _suggested(places, preview)
    choice = choice_of(target.pk, places, picked) if target else Choice()
    context = {
        "form": form,
        "learner": who,
        "registration": row,
        "target": target,
        "preview": preview,
        "groups": _rows(choice.groups, preview),
        "meter": choice.meter,
        "idempotency_key": new_key(),
    }
    return render(request, "web_centre/move.html", context, status=status)


def _suggested(places: Sequence[ChoicePlace], preview: Preview | None) -> list[str]:
    """Tick what can be carried over, and units of the same title as those chosen now: the rest is a person's choice."""
    if preview is None:
        return []
    now = {unit.title for unit in preview.old}
    return [p.unit_public_id for p in places if p.place_id in preview.carries or p.title in now]


def _rows(groups: Sequence[Group], preview: Preview | None) -> list[tuple[Group, list[Row]]]:
    if preview is None:
        return []
    return [
        (
            group,
            [
                Row(tick, tick.place.place_id in preview.carries, preview.pieces.get(tick.place.place_id, 0))
                for tick in group.ticks
            ],
        )
        for group in groups
    ]


@require_safe
@allow(lambda actor: actor.is_admin)
def progression(request: ActorRequest, centre: str, learner: str) -> HttpResponse:  # noqa: ARG001 - the walls read it
    """Show towards which other qualifications a learner's units count already, and how far (R38)."""
    who = access.learner_for(request.actor, learner)
    context = {"learner": who, "found": progression_of(request.actor, who)}
    return render(request, "web_centre/progression.html", context)
