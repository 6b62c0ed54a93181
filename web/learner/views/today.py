"""Today: the one next thing, what is new, one unit."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.queries.learner import ToConfirm, newest_feedback, to_confirm
from assessments.queries.sufficiency import short_for
from centres.actor import Actor
from centres.queries.records import news_of_record
from common import clock
from portfolio.queries.learner import (
    Helper,
    Programme,
    Unfinished,
    UnitCard,
    my_assessor,
    programmes,
    sent_back,
    unfinished,
)
from web.learner import words
from web.shared.http import ActorRequest, allow

#: Rows under the card, so that Today fits one screen of a phone. What waits for the learner's word comes before drafts.
MOST_NEWS = 2


@dataclass(frozen=True, slots=True)
class Next:
    """The card: what to do now. `kind` picks its icon."""

    kind: str
    label: str
    title: str
    note: str
    action: str
    url: str


@require_safe
@allow(lambda actor: actor.is_learner)
def today(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - every view in a centre gets its number
    """Show the learner one thing to do."""
    actor = request.actor
    helper = my_assessor(actor)
    drafts = unfinished(actor)
    plans = programmes(actor, short_for(actor))
    waiting = to_confirm(actor)
    returned = sent_back(actor)
    card = _next(actor, helper, returned, waiting, drafts)
    others = drafts[1:] if card.kind == "draft" else drafts
    signed = waiting[1:] if card.kind == "confirm" else waiting
    news = [row for row in newest_feedback(actor) if row.new and row.evidence_id not in _on_card(returned)]
    room = MOST_NEWS - len(news) - len(signed)
    return render(
        request,
        "web_learner/today.html",
        {
            "next": card,
            "helper": helper,
            "corrected": news_of_record(actor, clock.now()),
            "signed": signed,
            "news": news,
            "drafts": [{"piece": piece, "title": _title(piece)} for piece in others[: max(0, room)]],
            "unit": _one_unit(plans),
            "given_name": request.user.given_name,
            "today": actor.on,
        },
    )


def _on_card(returned: list[Unfinished]) -> list[str]:
    """Return what the card speaks of already: the same piece is not news as well."""
    return [returned[0].public_id] if returned else []


def _next(
    actor: Actor, helper: Helper, returned: list[Unfinished], waiting: list[ToConfirm], drafts: list[Unfinished]
) -> Next:
    if returned:
        return _mend(actor, helper, returned[0])
    if waiting:
        return _confirm(actor, waiting[0])
    if drafts:
        return _go_on(actor, drafts[0])
    note = _("For %(name)s. A photo is enough to start.") % {"name": helper.name}
    return Next(
        kind="add",
        label=_("Today"),
        title=_("Show something you did today"),
        note=note if helper.name else _("A photo is enough to start."),
        action=_("Add evidence"),
        url=reverse("learner:add", args=[actor.centre_number]),
    )


def _mend(actor: Actor, helper: Helper, piece: Unfinished) -> Next:
    label = _("Sent back by %(name)s") % {"name": helper.name}
    return Next(
        kind="back",
        label=label if helper.name else _("Sent back"),
        title=_title(piece),
        note=_("See what is missing. Then send it again."),
        action=_("See what to do"),
        url=reverse("learner:feedback_item", args=[actor.centre_number, piece.public_id]),
    )


def _title(piece: Unfinished) -> str:
    return piece.title or words.suggested_title(piece.kind, "", piece.saved_at)


def _confirm(actor: Actor, unit: ToConfirm) -> Next:
    label = _("Signed by %(name)s") % {"name": unit.name}
    return Next(
        kind="confirm",
        label=label if unit.name else _("Signed"),
        title=unit.title,
        note=_("Look at it and say if it is right."),
        action=_("Check and confirm"),
        url=reverse("learner:confirm", args=[actor.centre_number, unit.public_id]),
    )


def _go_on(actor: Actor, piece: Unfinished) -> Next:
    return Next(
        kind="draft",
        label=_("Not sent yet"),
        title=_title(piece),
        note=_("Everything you added is safe."),
        action=_("Go on"),
        url=reverse("learner:evidence", args=[actor.centre_number, piece.public_id]),
    )


def _one_unit(plans: list[Programme]) -> dict[str, object] | None:
    """Pick the unit to show: the next one where there are target dates (R45), else the furthest begun, or the first."""
    units = [unit for plan in plans if not plan.moved_to for unit in plan.units if not unit.frozen]
    if not units:
        return None
    dated = [plan.next_unit for plan in plans if any(unit.target_on and unit.to_do for unit in plan.units)]
    planned = next((unit for unit in dated if unit), None)
    best = planned or max(units, key=_nearness)
    return {"card": best, "label": words.progress(best), "next": planned is not None}


def _nearness(unit: UnitCard) -> float:
    return (unit.met + 0.5 * unit.count("sent")) / max(1, unit.total)
