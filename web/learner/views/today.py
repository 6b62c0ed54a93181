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
from web.learner import learner_words as words
from web.shared.http import ActorRequest, allow
from web.shared.nav import takes_work

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


@dataclass(frozen=True, slots=True)
class _Pieces:
    """What waits for the learner, the first of each kind first."""

    returned: list[Unfinished]
    signed: list[ToConfirm]
    drafts: list[Unfinished]


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
    if takes_work(request):
        card = _next(actor, helper, _Pieces(returned, waiting, drafts), plans)
    else:
        card = _at_rest(actor, plans)
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
            "awards": [] if card.kind == "award" else [plan for plan in plans if plan.award.complete],
            "given_name": request.user.given_name,
            "today": actor.on,
        },
    )


def _on_card(returned: list[Unfinished]) -> list[str]:
    """Return what the card speaks of already: the same piece is not news as well."""
    return [returned[0].public_id] if returned else []


def _next(actor: Actor, helper: Helper, pieces: _Pieces, plans: list[Programme]) -> Next:
    """Choose what comes first of what can be done in a registration that runs."""
    running = [plan for plan in plans if plan.active]
    if pieces.returned:
        return _mend(actor, helper, pieces.returned[0])
    if pieces.signed:
        return _confirm(actor, pieces.signed[0])
    if running and all(plan.award.complete for plan in running):
        return _complete(actor, running[-1])
    return _to_bring(actor, helper, pieces, running)


def _to_bring(actor: Actor, helper: Helper, pieces: _Pieces, running: list[Programme]) -> Next:
    if pieces.drafts:
        return _go_on(actor, pieces.drafts[0])
    if running and not any(plan.to_do for plan in running):
        return _all_shown(actor, helper)
    return _add(actor, helper)


def _add(actor: Actor, helper: Helper) -> Next:
    note = _("For %(name)s. A photo is enough to start.") % {"name": helper.name}
    return Next(
        kind="add",
        label=_("Today"),
        title=_("Show something you did today"),
        note=note if helper.name else _("A photo is enough to start."),
        action=_("Add evidence"),
        url=reverse("learner:add", args=[actor.centre_number]),
    )


def _complete(actor: Actor, plan: Programme) -> Next:
    return Next(
        kind="award",
        label=plan.title,
        title=_("Your award is complete"),
        note=plan.award.learner,
        action=_("What could come next"),
        url=reverse("learner:next", args=[actor.centre_number]),
    )


def _at_rest(actor: Actor, plans: list[Programme]) -> Next:
    """Say why nothing can be done now: it is complete, on a break, ended. Nothing is asked of the learner."""
    whole = [plan for plan in plans if plan.award.complete]
    if whole:
        return _complete(actor, whole[-1])
    first = next(iter(plans), None)
    title, note = words.at_rest(first.state if first else "", ended=bool(first and first.end))
    return Next(
        kind="rest",
        label=first.title if first else _("Today"),
        title=title,
        note=note,
        action=_("See what you did"),
        url=reverse("learner:units", args=[actor.centre_number]),
    )


def _all_shown(actor: Actor, helper: Helper) -> Next:
    """Say that every criterion is met: the assessor signs next."""
    note = _("%(name)s looks at your units next and signs them. You see it here.") % {"name": helper.name}
    return Next(
        kind="shown",
        label=_("Today"),
        title=_("You have shown everything"),
        note=note if helper.name else _("Your assessor looks at your units next and signs them. You see it here."),
        action=_("See your units"),
        url=reverse("learner:units", args=[actor.centre_number]),
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
    """Pick the unit to show: the next one where there are target dates (R45), else the furthest begun, or the first.

    One in which something is left for the learner: what is finished, or waits for others, is not offered.
    """
    units = [unit for plan in plans for unit in plan.to_do]
    if not units:
        return None
    dated = [plan.next_unit for plan in plans if any(unit.target_on for unit in plan.to_do)]
    planned = next((unit for unit in dated if unit), None)
    best = planned or max(units, key=_nearness)
    return {"card": best, "label": words.progress(best), "next": planned is not None}


def _nearness(unit: UnitCard) -> float:
    return (unit.met + 0.5 * unit.count("sent")) / max(1, unit.total)
