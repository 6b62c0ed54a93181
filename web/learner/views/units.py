"""The learner's units, and one of them."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import services
from accounts.enums import PortfolioView
from assessments.queries.learner import reasons, unit_log, waits_for_learner
from assessments.queries.sufficiency import Measure, measures, short_for
from centres.queries import takes_work
from common import clock
from common.refusals import Refused
from portfolio.queries.learner import Programme, UnitPage, generations, my_assessor, my_unit, programmes, unit_page
from portfolio.rules import first_view, pace_notice
from qualifications.queries import unit_wording
from web.learner import credit_ring
from web.learner import learner_words as words
from web.learner.views.activities import VIEWS, activities
from web.shared.http import ActorRequest, allow, see_other
from web.shared.statuses import STATUSES

LEGEND = [STATUSES[key] for key in ("met", "part", "sent", "notyet", "back", "todo")]


@require_safe
@allow(lambda actor: actor.is_learner)
def units(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - every view in a centre gets its number
    """Show the learner's work: unit by unit, or activities first, as they like it or as their qualification suggests.

    Nothing but the order differs: what one shows can be reached from the other (R45).
    """
    if _first(request) == PortfolioView.ACTIVITIES:
        return activities(request)
    plans = programmes(request.actor, short_for(request.actor))
    pace = pace_notice([unit.pace for plan in plans if not plan.moved_to for unit in plan.units], request.actor.on)
    shown = [programme(plan, among=len(plans)) for plan in plans]
    done = any(plan["done"] for plan in shown)
    context = {"programmes": shown, "legend": LEGEND, "pace": pace, "done": done}
    return render(request, "web_learner/units.html", context | {"views": VIEWS, "view": PortfolioView.UNITS})


def _first(request: ActorRequest) -> str:
    """Return what comes first: what the person chose, else what their qualifications suggest."""
    chosen = request.user.portfolio_view
    return chosen if chosen != PortfolioView.AUTO else first_view(generations(request.actor))


@require_POST
@allow(lambda actor: actor.is_learner)
def keep_view(request: ActorRequest, centre: str) -> HttpResponse:
    """Remember what comes first for this person."""
    try:
        services.keep_view(person=request.user, view=request.POST.get("view", ""), at=clock.now())
    except Refused as refused:
        messages.warning(request, words.sentence(refused.refusals[0]))
    return see_other(reverse("learner:units", args=[centre]))


def programme(plan: Programme, *, most: int = 0, among: int = 1) -> dict[str, object]:
    """Return a qualification for its panel: units with their words, and the ring of credits.

    `among`: of so many; what was done in another one may count here. `most`: show so many units only, those that are
    begun before the others, each in its place.
    """
    first = sorted(plan.units, key=lambda unit: not unit.started)[: most or len(plan.units)]
    return {
        "title": plan.title,
        "end": plan.end,
        "public_id": plan.public_id,
        "moved_to": plan.moved_to,
        "brings": plan.active and not plan.award.complete and (plan.follows or among > 1),
        "state": "" if plan.active or plan.moved_to else words.state(plan.state, ended=bool(plan.end)),
        "exempt": plan.exempt,
        "done": plan.signed_off > 0,
        "units": [
            {
                "card": unit,
                "label": words.progress(unit),
                "status": words.unit_status(unit),
                "next": unit == plan.next_unit,
            }
            for unit in plan.units
            if unit in first
        ],
        "more": len(plan.units) if len(first) < len(plan.units) else 0,
        "plan": plan,
        "ring": credit_ring.ring(needed=plan.needed, signed_off=plan.signed_off, started=plan.started),
    }


@require_safe
@allow(lambda actor: actor.is_learner)
def unit(request: ActorRequest, centre: str, unit: str) -> HttpResponse:  # noqa: ARG001 - every view in a centre gets its number
    """Show what is left in a unit, by who has to move."""
    actor = request.actor
    row = my_unit(actor, unit)
    measured = {one.criterion_id: one for one in measures(row, actor.on)}
    page = unit_page(row, lambda _units: {(row.pk, key) for key, one in measured.items() if one.so_far})
    acts, objection = unit_log(actor, row)
    return render(
        request,
        "web_learner/unit.html",
        {
            "page": page,
            "card": page.card,
            "groups": _groups(page, reasons(actor, row), measured),
            "wording": unit_wording(
                row.unit, body=row.registration.qualification.awarding_body, centre=actor.centre_name
            ),
            "history": any(words.history(row.registration.state)),
            "history_words": words.history(row.registration.state),
            "aims": takes_work(row.registration, actor.on) and not page.card.frozen,
            "unit": row.unit,
            "helper": my_assessor(actor),
            "signatures": acts if page.card.frozen else [],
            "dispute": objection,
            "confirm_now": waits_for_learner(row),
            "rows": [_cells("know", page), _cells("do", page)],
        },
    )


def _cells(name: str, page: UnitPage) -> dict[str, object]:
    found = page.know if name == "know" else page.do
    counts = {thing.key: sum(1 for other in found if other.key == thing.key) for thing in found}
    return {"name": name, "things": found, "counted": words.counted(counts)}


def _groups(
    page: UnitPage, said: dict[int, str], measured: Mapping[int, Measure]
) -> dict[str, list[dict[str, object]]]:
    """Sort the things by who has to move: the learner, nobody yet, the assessor, nobody any more."""
    groups = {
        "needs": page.with_status("back", "notyet"),
        "todo": page.with_status("part", "todo", "draft"),
        "sent": page.with_status("sent"),
        "done": page.with_status("met", "seal", "exempt", "provisional"),
    }
    return {
        name: [
            {
                "thing": one,
                "word": STATUSES[one.key].learner,
                "said": said.get(one.id, ""),
                "measure": measured[one.id],
            }
            for one in found
        ]
        for name, found in groups.items()
    }
