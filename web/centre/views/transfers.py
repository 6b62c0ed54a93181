"""Moving a learner to another qualification, and what their units count towards elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.queries.transferring import Preview, move_preview
from assessments.services import transfer_registration
from centres import access
from centres.queries import learners as learner_queries
from centres.queries.award import awards_of
from centres.queries.entry import entry_asked, offered_as
from centres.queries.learners import ChoicePlace
from centres.queries.progression import progression_of
from centres.queries.seen import choice_mark
from common import clock
from common.refusals import Refused
from web.centre.choosing import ASKS, Choice, Group, Tick, choice_of, place_ids_of
from web.centre.forms import TransferForm, add_refusals
from web.shared.http import ActorRequest, allow, seen_of
from web.shared.idempotency import done, new_key, once


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
    page = _Page(request, learner, registration)
    if page.asked == "check" and request.headers.get("HX-Request"):
        return render(request, "web_shared/meter/answer.html", {"meter": page.choice().meter, "suggests": True})
    form = page.form()
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid() and page.target:
        try:
            transfer_registration(
                actor=request.actor,
                registration=page.row,
                qualification_id=page.target.pk,
                place_ids=place_ids_of(page.places, form.cleaned_data["units"]),
                reason=form.cleaned_data["reason"],
                entry_confirmed=form.cleaned_data["entry_confirmed"],
                confirmed=form.cleaned_data["confirmed"],
                seen=seen_of(request),
                at=clock.now(),
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            said = _("%(name)s is moved to %(title)s. Nothing is decided there yet.")
            return done(
                request,
                reverse("centre:learner", args=[centre, learner]),
                said % {"name": page.learner.full_name, "title": page.target.title},
            )
    return render(request, "web_centre/move.html", page.context(form), status=status)


class _Page:
    """What the page of a move needs: old and new side by side, once it is said where to."""

    def __init__(self, request: ActorRequest, learner: str, registration: str) -> None:
        actor = request.actor
        self.posted = request.POST if request.method == "POST" else None
        self.typed = request.POST if request.method == "POST" else request.GET
        self.asked = request.POST.get("action", "")
        self.today = actor.on
        self.learner = access.learner_for(actor, learner)
        self.row = learner_queries.registration_of(actor, self.learner, registration)
        found = learner_queries.open_qualifications(actor.centre_id, actor.on)
        self.open_to = [q for q in found if q.pk != self.row.qualification_id]
        self.target = next((q for q in self.open_to if q.public_id == self.typed.get("qualification")), None)
        self.places = learner_queries.places_of_qualification(self.target.pk) if self.target else []
        self.preview = move_preview(actor, self.row, self.target.pk) if self.target else None

    def form(self) -> TransferForm:
        """Return the form: bound when the learner is to be moved, else with what was typed and no complaints."""
        return TransferForm(
            None if self.asked in ASKS else self.posted,
            qualifications=[(q.public_id, offered_as(q, self.today)) for q in self.open_to],
            units=[(p.unit_public_id, p.title) for p in self.places],
            initial={key: self.typed.get(key, "") for key in ("qualification", "reason", "entry_confirmed")},
        )

    def choice(self) -> Choice:
        """Return the units to tick, and whether they add up there."""
        if self.target is None:
            return Choice()
        picked = _suggested(self.places, self.preview) if self.posted is None else self.posted.getlist("units")
        title = self.target.title
        return choice_of(self.target.pk, self.places, picked, suggest=self.asked == "suggest", whose=title)

    def context(self, form: TransferForm) -> dict[str, Any]:
        """Return what the page shows."""
        choice = self.choice()
        return {
            "form": form,
            "learner": self.learner,
            "registration": self.row,
            "target": self.target,
            "asks": entry_asked(self.target, self.today) if self.target else None,
            "preview": self.preview,
            "award": awards_of([self.row], self.today)[self.row.pk],
            "groups": _rows(choice.groups, self.preview),
            "meter": choice.meter,
            "idempotency_key": new_key(),
            "seen": choice_mark(self.row),
        }


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
