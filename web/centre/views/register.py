"""Registering: a new learner, one more qualification for a learner."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, TypeVar

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from centres import access, rules, services
from centres.queries import learners as learner_queries
from centres.queries import people as people_queries
from centres.queries.entry import entry_asked, offered_as
from centres.queries.learners import ChoicePlace
from centres.queries.seen import registrations_mark
from centres.rules.initial import MANAGING_LEVEL
from common import clock
from common.refusals import Refused
from web.centre.choosing import ASKS, Choice, choice_of, place_ids_of
from web.centre.forms import EntryForm, RegisterForm, add_refusals, first_day
from web.shared.http import ActorRequest, allow, seen_of
from web.shared.idempotency import done, new_key, once

F = TypeVar("F", bound=EntryForm)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin)
@once
def register(request: ActorRequest, centre: str) -> HttpResponse:
    """Ask who somebody is and what they will learn; a post registers and invites them."""
    entry = _Entry(request)
    if entry.answer:
        return entry.answer
    people = [(row.public_id, _option(row)) for row in people_queries.assessors(request.actor)]
    form = entry.form(RegisterForm, people=people)
    extra: dict[str, Any] = {"warnings": (), "known": ()}
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid() and not (extra := _look_again(form))["warnings"]:
            try:
                row = _register(request, form, entry)
            except Refused as refused:
                status = add_refusals(form, refused)
                extra["known"] = known_learners(centre, refused)
            else:
                learner = row.learner
                said = _("%(name)s is registered. The link to join is on its way.") % {"name": learner.full_name}
                return done(request, reverse("centre:learner", args=[centre, learner.public_id]), said)
    return render(request, "web_centre/register.html", entry.context(form) | extra, status=status)


def _option(row: people_queries.AssessorRow) -> str:
    words = {"name": row.name, "n": row.learners}
    return (_("%(name)s, trainee (%(n)d learners)") if row.trainee else _("%(name)s (%(n)d learners)")) % words


def _look_again(form: RegisterForm) -> dict[str, Any]:
    """Return what looks odd, until somebody says that they have looked."""
    odd = [] if form.cleaned_data["looked"] else rules.why_to_look_again(rules.tidied(_identity(form)))
    return {"warnings": [r.sentence for r in odd], "known": ()}


def _identity(form: RegisterForm) -> rules.Identity:
    data = form.cleaned_data
    return rules.Identity(
        given_names=data["given_names"],
        family_name=data["family_name"],
        date_of_birth=data["date_of_birth"],
        gender=data["gender"],
        email=data["email"],
        uln=data["uln"],
        uln_missing_reason=data["uln_missing_reason"],
        workplace=data["workplace"],
        another_person=data["another_person"],
    )


def _register(request: ActorRequest, form: RegisterForm, entry: "_Entry") -> Any:
    chosen = form.cleaned_data["assessor"]
    return services.register_learner(
        actor=request.actor,
        identity=_identity(form),
        qualification_id=entry.qualification_id,
        place_ids=place_ids_of(entry.places, form.cleaned_data["units"]),
        assessor_id=people_queries.person_of_centre(request.actor, chosen).pk if chosen else None,
        starts_on=form.cleaned_data["starts_on"],
        initial=form.found_before(),
        entry_confirmed=form.cleaned_data["entry_confirmed"],
        at=clock.now(),
    )


def known_learners(centre: str, refused: Refused) -> list[tuple[str, str]]:
    """Return where the learners are whom a refusal names."""
    found = [(r.target[1], r.sentence) for r in refused.refusals if r.target[0] == "learner"]
    return [(reverse("centre:learner", args=[centre, public_id]), sentence) for public_id, sentence in found]


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin)
@once
def add(request: ActorRequest, centre: str, learner: str) -> HttpResponse:
    """Register a learner who is here for one more qualification."""
    who = access.learner_for(request.actor, learner)
    entry = _Entry(request)
    if entry.answer:
        return entry.answer
    form = entry.form(EntryForm)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            services.add_registration(
                actor=request.actor,
                learner=who,
                qualification_id=entry.qualification_id,
                place_ids=place_ids_of(entry.places, form.cleaned_data["units"]),
                starts_on=form.cleaned_data["starts_on"],
                initial=form.found_before(),
                entry_confirmed=form.cleaned_data["entry_confirmed"],
                seen=seen_of(request),
                at=clock.now(),
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            return done(request, reverse("centre:learner", args=[centre, learner]), _("The registration is added."))
    context = entry.context(form) | {"learner": who, "seen": registrations_mark(who.centre_id, who.pk)}
    return render(request, "web_centre/add_registration.html", context, status=status)


class _Entry:
    """The part of a form that says what somebody will learn: which qualification, and so which units to tick."""

    def __init__(self, request: ActorRequest) -> None:
        self.request = request
        self.typed: QueryDict = request.POST if request.method == "POST" else request.GET
        self.qualifications = learner_queries.open_qualifications(request.actor.centre_id, request.actor.on)
        picked = [q for q in self.qualifications if q.public_id == self.typed.get("qualification")]
        self.qualification_id: int = picked[0].pk if picked else 0
        self.level: int = picked[0].level if picked else 0
        self.asks = entry_asked(picked[0], request.actor.on) if picked else None
        self.places: Sequence[ChoicePlace] = (
            learner_queries.places_of_qualification(self.qualification_id) if picked else ()
        )

    def form(self, form_class: type[F], **options: Any) -> F:
        """Return the form: bound when it was sent, else with everything that was typed and no complaints."""
        day = self.request.actor.on
        options["qualifications"] = [(q.public_id, offered_as(q, day)) for q in self.qualifications]
        options["units"] = [(p.unit_public_id, p.title) for p in self.places]
        if self.request.method == "POST" and self.asked not in ASKS:
            return form_class(self.request.POST, **options)
        typed = {key: self.typed.get(key) for key in self.typed}
        return form_class(None, initial={**first_day(self.request.actor.on), **typed}, **options)

    @property
    def asked(self) -> str:
        """Return what the pressed button asks for beside saving, empty for none."""
        return self.request.POST.get("action", "")

    @cached_property
    def choice(self) -> Choice:
        """Return the units to tick, and whether those that are ticked add up."""
        if not self.qualification_id:
            return Choice()
        picked, suggest = self.typed.getlist("units"), self.asked == "suggest"
        return choice_of(self.qualification_id, self.places, picked, suggest=suggest)

    @property
    def answer(self) -> HttpResponse | None:
        """Return the meter alone when a script asks for it."""
        if self.asked == "check" and self.choice.meter and self.request.headers.get("HX-Request"):
            return render(self.request, "web_shared/meter/answer.html", {"meter": self.choice.meter, "suggests": True})
        return None

    def context(self, form: forms.Form) -> dict[str, Any]:
        """Return what both templates show."""
        asked = (
            "initial_on",
            "outcome_level",
            "prior_learning",
            "role_fit",
            "level_reason",
            "manages_people",
            "purpose",
        )
        return {
            "form": form,
            "choice": self.choice,
            "meter": self.choice.meter,
            "asks": self.asks,
            "managing": self.level >= MANAGING_LEVEL,
            "initial_open": any(self.typed.get(name) or form[name].errors for name in asked),
            "idempotency_key": new_key(),
        }
