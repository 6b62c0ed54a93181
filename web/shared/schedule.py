"""The order of a learner's units, with target dates: one page, reached by assessors and by admins (R45)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from centres.queries.schedule import Schedule, ScheduledUnit
from centres.rules import Planned, moved
from centres.services import set_schedule
from common import clock
from common.refusals import NotFound, Refused, Stale
from web.shared.days import day_field
from web.shared.http import ActorRequest
from web.shared.idempotency import done, new_key

STEPS = {"up": -1, "down": 1}


@dataclass(frozen=True, slots=True)
class Line:
    """A unit in the list as it is drawn: its date as typed, and what is wrong with it."""

    unit: ScheduledUnit
    target: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """One registration in the form. `seen` is the order and the dates that this page shows."""

    schedule: Schedule
    lines: tuple[Line, ...]
    problems: tuple[str, ...] = ()

    @property
    def seen(self) -> str:
        """Return what stands now, for the form to carry."""
        return " ".join(f"{p.unit_id}:{p.target_on or ''}" for p in self.schedule.planned)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What came with the form: the order, the dates as text, what they mean, which of them cannot be read."""

    order: tuple[str, ...]
    texts: dict[str, str]
    days: dict[str, dt.date | None]
    wrong: dict[str, str]

    @property
    def planned(self) -> tuple[Planned, ...]:
        """Return it as the rules take it."""
        return tuple(Planned(unit_id, self.days.get(unit_id)) for unit_id in self.order)


def schedule_page(
    request: ActorRequest, schedules: Sequence[Schedule], *, learner_name: str, back: str
) -> HttpResponse:
    """Show the order of units; a post keeps the dates and, with a button, moves one unit a step."""
    if request.method != "POST":
        return _page(request, [_plan(one) for one in schedules], learner_name, back)
    asked = request.POST.get("registration", "")
    if not asked:  # nothing was sent, so nothing is kept
        return _page(request, [_plan(one) for one in schedules], learner_name, back, 422)
    chosen = next((one for one in schedules if one.public_id == asked), None)
    if chosen is None:
        raise NotFound("units.schedule", asked)
    typed = _typed(request)
    problems: tuple[str, ...] = ()
    if not typed.wrong:
        try:
            return _keep(request, chosen, typed)
        except Refused as refused:
            fields = {r.field.removeprefix("target-"): r.sentence for r in refused.refusals if r.field}
            typed.wrong.update(fields)
            problems = tuple(r.sentence for r in refused.refusals if not r.field)
            status = 409 if isinstance(refused, Stale) else 422
    else:
        status = 422
    plans = [_again(one, typed, problems) if one is chosen else _plan(one) for one in schedules]
    return _page(request, plans, learner_name, back, status)


def _keep(request: ActorRequest, chosen: Schedule, typed: _Typed) -> HttpResponse:
    way, _colon, unit_id = request.POST.get("move", "").partition(":")
    wanted = moved(typed.planned, unit_id, STEPS[way]) if way in STEPS else typed.planned
    changed = set_schedule(
        actor=request.actor,
        registration_id=chosen.public_id,
        wanted=wanted,
        seen=_seen(request.POST.get("seen", "")),
        at=clock.now(),
    )
    return done(
        request,
        f"{request.path}#u{unit_id}" if way in STEPS else request.path,
        _("The order is saved.") if changed else _("As it was."),
    )


def _typed(request: ActorRequest) -> _Typed:
    order = tuple(request.POST.getlist("unit")[:200])
    texts = {unit_id: request.POST.get(f"target-{unit_id}", "").strip()[:20] for unit_id in order}
    field, days = day_field("", required=False), dict[str, dt.date | None]()
    wrong: dict[str, str] = {}
    for unit_id, text in texts.items():
        try:
            days[unit_id] = field.clean(text)
        except ValidationError as error:
            wrong[unit_id] = " ".join(error.messages)
    return _Typed(order, texts, days, wrong)


def _seen(text: str) -> tuple[Planned, ...]:
    found = []
    for part in text.split()[:200]:
        unit_id, _colon, day = part.partition(":")
        try:
            found.append(Planned(unit_id, dt.date.fromisoformat(day) if day else None))
        except ValueError:
            return ()
    return tuple(found)


def _plan(schedule: Schedule) -> Plan:
    return Plan(schedule, tuple(Line(unit, str(unit.target_on or "")) for unit in schedule.units))


def _again(schedule: Schedule, typed: _Typed, problems: tuple[str, ...]) -> Plan:
    """Return the form as it was typed, over what stands now."""
    places = {unit_id: n for n, unit_id in enumerate(typed.order)}
    units = sorted(schedule.units, key=lambda unit: places.get(unit.public_id, len(places)))
    lines = [Line(unit, typed.texts.get(unit.public_id, ""), typed.wrong.get(unit.public_id, "")) for unit in units]
    return Plan(schedule, tuple(lines), problems)


def _page(request: ActorRequest, plans: Sequence[Plan], name: str, back: str, status: int = 200) -> HttpResponse:
    lines = [
        {"text": f"{line.unit.title}: {line.error}", "href": f"#target-{line.unit.public_id}"}
        for plan in plans
        for line in plan.lines
        if line.error
    ]
    general = [{"text": text, "href": ""} for plan in plans for text in plan.problems]
    context = {"plans": plans, "learner_name": name, "back": back, "lines": [*general, *lines]}
    return render(request, "web_shared/schedule.html", context | {"idempotency_key": new_key()}, status=status)
