"""What waits, oldest first (S8)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.queries.sign_off import ready_units
from assessments.queries.work import Narrowed, Tally, oldest, work_page
from common import clock
from web.assessor.piece_words import KINDS, work_line
from web.shared.http import ActorRequest, allow, page_number
from web.shared.nav import with_count

READY = 5


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as a link, with how many pieces it holds."""

    label: str | Promise
    count: int
    href: str
    current: bool


@require_safe
@allow(lambda actor: actor.assesses)
def work(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls have read it
    """Show a page of the queue."""
    narrowed = _narrowed(request)
    found = work_page(request.actor, narrowed, page_number(request), clock.now())
    context = with_count(request, "assessor:work", found.tally.pieces) | {
        "lines": [work_line(row, found.feedback_days) for row in found.rows],
        "page": found.page,
        "tally": found.tally,
        "days": found.feedback_days,
        "chips": _chips(found.tally, narrowed),
        "narrowed": narrowed,
        "query": urlencode(_parts(narrowed)),
        "ready": ready_units(request.actor, READY),
    }
    return render(request, "web_assessor/work.html", context)


@require_safe
@allow(lambda actor: actor.assesses)
def next_piece(request: ActorRequest, centre: str) -> HttpResponse:
    """Go to the piece that has waited longest, or back to an empty queue."""
    public_id = oldest(request.actor)
    if public_id:
        return redirect("assessor:assess", centre, public_id)
    messages.info(request, _("Nothing is waiting for you."))
    return redirect("assessor:work", centre)


def _narrowed(request: ActorRequest) -> Narrowed:
    asked = request.GET
    kind = asked.get("kind", "")
    return Narrowed(
        late=asked.get("late") == "1",
        newer=asked.get("newer") == "1",
        kind=kind if kind in KINDS else "",
        learner=asked.get("learner", "")[:26],
    )


def _parts(narrowed: Narrowed) -> dict[str, Any]:
    parts = {
        "late": "1" if narrowed.late else "",
        "newer": "1" if narrowed.newer else "",
        "kind": narrowed.kind,
        "learner": narrowed.learner,
    }
    return {name: value for name, value in parts.items() if value}


def _chips(tally: Tally, narrowed: Narrowed) -> list[Chip]:
    """One chip at a time is on; the learner chosen under "More filters" stays."""
    learner = {"learner": narrowed.learner} if narrowed.learner else {}
    plain = not (narrowed.late or narrowed.newer or narrowed.kind)

    def chip(label: str | Promise, count: int, parts: dict[str, str], *, current: bool) -> Chip:
        return Chip(label, count, f"?{urlencode(parts | learner)}", current)

    chips = [chip(_("All"), tally.pieces, {}, current=plain)]
    if tally.late or narrowed.late:
        chips.append(chip(_("Past their day"), tally.late, {"late": "1"}, current=narrowed.late))
    if tally.newer or narrowed.newer:
        chips.append(chip(_("Sent again"), tally.newer, {"newer": "1"}, current=narrowed.newer))
    return chips + [
        chip(KINDS[kind], count, {"kind": kind}, current=narrowed.kind == kind) for kind, count in tally.kinds
    ]
