"""The learner's units, and one of them."""

from collections.abc import Mapping

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.queries.learner import reasons, signatures, waits_for_learner
from assessments.queries.sufficiency import Measure, measures, short_for
from portfolio.queries.learner import Programme, UnitPage, my_assessor, my_unit, programmes, unit_page
from qualifications.queries import unit_wording
from web.learner import ring, words
from web.shared.http import ActorRequest, allow
from web.shared.statuses import STATUSES

LEGEND = [STATUSES[key] for key in ("met", "part", "sent", "notyet", "back", "todo")]


@require_safe
@allow(lambda actor: actor.is_learner)
def units(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - every view in a centre gets its number
    """Show every chosen unit with its cells, and the credits."""
    shown = [programme(plan) for plan in programmes(request.actor, short_for(request.actor))]
    return render(request, "web_learner/units.html", {"programmes": shown, "legend": LEGEND})


def programme(plan: Programme, *, most: int = 0) -> dict[str, object]:
    """Return a qualification for its panel: units with their words, and the ring of credits.

    `most`: show so many units only, those that are begun before the others, each in its place.
    """
    first = sorted(plan.units, key=lambda unit: not unit.started)[: most or len(plan.units)]
    return {
        "title": plan.title,
        "units": [
            {"card": unit, "label": words.progress(unit), "status": words.unit_status(unit)}
            for unit in plan.units
            if unit in first
        ],
        "more": len(plan.units) if len(first) < len(plan.units) else 0,
        "ring": ring.ring(needed=plan.needed, signed_off=plan.signed_off, started=plan.started),
    }


@require_safe
@allow(lambda actor: actor.is_learner)
def unit(request: ActorRequest, centre: str, unit: str) -> HttpResponse:  # noqa: ARG001 - every view in a centre gets its number
    """Show what is left in a unit, by who has to move."""
    actor = request.actor
    row = my_unit(actor, unit)
    measured = {one.criterion_id: one for one in measures(row, actor.on)}
    page = unit_page(row, lambda _units: {(row.pk, key) for key, one in measured.items() if one.so_far})
    acts = signatures(actor, row) if page.card.frozen else []
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
            "helper": my_assessor(actor),
            "signatures": acts,
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
        "done": page.with_status("met", "seal", "provisional"),
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
