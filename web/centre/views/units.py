"""Another choice of units for a registration that runs (R43)."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assessments.queries.sufficiency import short_for
from assessments.rules.signing import progress_words
from centres import access
from centres.enums import UnitState
from centres.queries import changes
from centres.queries import learners as learner_queries
from common import clock
from common.refusals import Refused
from portfolio.queries.choice import ChosenUnit, chosen_units
from portfolio.services import change_choice
from web.centre.choosing import ASKS, Choice, Work, choice_of, place_ids_of
from web.centre.forms import ChangeForm, add_refusals
from web.shared.http import ActorRequest, allow, page_number
from web.shared.idempotency import done, new_key, once

STALE = 409


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin)
@once
def units(request: ActorRequest, centre: str, learner: str, registration: str) -> HttpResponse:
    """Show the chosen units of a registration and whether they add up; a post makes another choice."""
    page = _Page(request, learner, registration)
    if page.asked == "check" and request.headers.get("HX-Request"):
        return render(request, "web_shared/meter/answer.html", {"meter": page.choice().meter, "suggests": True})
    form = page.form()
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            change_choice(
                actor=request.actor,
                registration=page.row,
                place_ids=place_ids_of(page.places, form.cleaned_data["units"]),
                reason=form.cleaned_data["reason"],
                confirmed=form.cleaned_data["confirmed"],
                seen=form.cleaned_data["seen"],
                at=clock.now(),
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            return done(request, reverse("centre:learner", args=[centre, learner]), _("The units are saved."))
    return render(request, "web_centre/units.html", page.context(form, stale=status == STALE), status=status)


class _Page:
    """What the page of one registration's choice needs."""

    def __init__(self, request: ActorRequest, learner: str, registration: str) -> None:
        self.request = request
        self.asked = request.POST.get("action", "")
        self.learner = access.learner_for(request.actor, learner)
        self.row = learner_queries.registration_of(request.actor, self.learner, registration)
        self.places = learner_queries.places_of_qualification(self.row.qualification_id)
        self.chosen = chosen_units(self.row, short_for(request.actor))

    @property
    def picked(self) -> list[str]:
        """Return the units that are ticked: those that were sent, else those that are chosen."""
        if self.request.method == "POST":
            return self.request.POST.getlist("units")
        return [unit.unit_public_id for unit in self.chosen.values()]

    def form(self) -> ChangeForm:
        """Return the form: bound when it is to be saved, else with what was typed and no complaints."""
        options = [(p.unit_public_id, p.title) for p in self.places]
        if self.request.method == "POST" and self.asked not in ASKS:
            return ChangeForm(self.request.POST, units=options)
        return ChangeForm(None, units=options, initial={k: self.request.POST.get(k) for k in self.request.POST})

    def choice(self) -> Choice:
        """Return the units to tick with the work in them, and whether they add up."""
        return choice_of(
            self.row.qualification_id,
            self.places,
            self.picked,
            suggest=self.asked == "suggest",
            work=_work(self.chosen),
            whose=_("%(name)s’s choice") % {"name": self.learner.full_name},
        )

    def context(self, form: ChangeForm, *, stale: bool) -> dict[str, Any]:
        """Return what the page shows. Whoever is told that somebody was faster may save again after it."""
        choice, trail = self.choice(), changes.changes_of(self.request.actor, self.row, page_number(self.request))
        return {
            "form": form,
            "learner": self.learner,
            "registration": self.row,
            "choice": choice,
            "meter": choice.meter,
            "losing": self._losing() if form.errors.get("confirmed") or form["confirmed"].value() else [],
            "trail": trail,
            "seen": form["seen"].value() if form.is_bound and not stale else trail.newest,
            "idempotency_key": new_key(),
        }

    def _losing(self) -> list[str]:
        """Return the units with accepted evidence that the choice takes out, in words."""
        kept = set(self.picked)
        titles = {p.place_id: p.title for p in self.places}
        out = [u for u in self.chosen.values() if u.accepted and u.unit_public_id not in kept and not u.frozen]
        return [_lost(titles[u.place_id], u.accepted) for u in out]


def _lost(title: str, accepted: int) -> str:
    """Return what goes with a unit. Not "met": what was accepted may be too little for that (R71)."""
    words = ngettext(
        "%(unit)s: evidence accepted for %(n)d criterion", "%(unit)s: evidence accepted for %(n)d criteria", accepted
    )
    return words % {"unit": title, "n": accepted}


def _work(chosen: Mapping[int, ChosenUnit]) -> dict[int, Work]:
    return {place: _how_far(unit) for place, unit in chosen.items()}


def _how_far(unit: ChosenUnit) -> Work:
    label = progress_words(unit.progress.met, unit.progress.total, exempt=unit.state == UnitState.EXEMPT)
    cells = tuple((key, outcome) for key, outcome, _number in unit.progress.cells)
    return Work(unit.state, label, cells, unit.frozen)
