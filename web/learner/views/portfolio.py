"""The shelf of evidence: chips, search, pages."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_safe

from assessments.queries.learner import to_confirm
from assessments.queries.sufficiency import short_for
from portfolio.queries.learner import Card, library, programmes, sent_back
from web.learner import learner_words as words
from web.learner.views.units import LEGEND, programme
from web.shared.http import ActorRequest, allow, page_number
from web.shared.nav import with_count

LONGEST_SEARCH = 100
MOST_UNITS = 5
#: Always there; the others show when there is something behind them.
ALWAYS = {"all", "unlinked", "drafts", "waiting", "back", "done"}


@require_safe
@allow(lambda actor: actor.is_learner)
def portfolio(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - every view in a centre gets its number
    """Show everything the learner has brought, narrowed by chips and words, and where they stand."""
    asked = {
        "where": _known(request.GET.get("where", ""), words.WHERE, "all"),
        "kind": _known(request.GET.get("kind", ""), words.KINDS, ""),
        "q": request.GET.get("q", "")[:LONGEST_SEARCH].strip(),
    }
    found = library(
        request.actor, where=asked["where"], kind=asked["kind"], words=asked["q"], page=page_number(request)
    )
    context = {
        "asked": asked,
        "library": found,
        "cards": [_shown(card) for card in found.cards],
        "chips": _chips(asked, "where", words.WHERE, found.counts),
        "kinds": _chips(asked, "kind", words.KINDS, found.kinds),
        "query": urlencode({name: value for name, value in asked.items() if value and value != "all"}),
        "nothing_at_all": not any(found.counts.values()),
        **with_count(request, "learner:feedback", found.counts["back"]),
    }
    if request.headers.get("HX-Target") == "shelf":
        return render(request, "web_learner/_shelf.html", context)
    if not request.GET:
        context |= _overview(request)
    return render(request, "web_learner/portfolio.html", context)


def _overview(request: ActorRequest) -> dict[str, object]:
    """Return where the learner stands: it opens the page, and makes way as soon as something is looked for."""
    return {
        "programmes": [
            programme(plan, most=MOST_UNITS)
            for plan in programmes(request.actor, short_for(request.actor))
            if not plan.moved_to
        ],
        "legend": LEGEND,
        "returned": sent_back(request.actor),
        "waiting": to_confirm(request.actor),
    }


def _known(value: str, choices: dict[str, str | Promise], otherwise: str) -> str:
    return value if value in choices else otherwise


def _chips(
    asked: dict[str, str], name: str, choices: dict[str, str | Promise], counts: dict[str, int]
) -> list[dict[str, object]]:
    """Return the chips of one row, each a link that keeps the rest; a chosen kind is taken off by its own chip."""
    found: list[dict[str, object]] = []
    for value, label in choices.items():
        current = asked[name] == value
        if not (counts[value] or current or value in ALWAYS):
            continue
        target = {**asked, name: "" if current and name == "kind" else value}
        link = urlencode({key: text for key, text in target.items() if text})
        found.append({"label": label, "count": counts[value], "current": current, "query": link})
    return found


def _shown(card: Card) -> dict[str, object]:
    title = card.title or words.suggested_title(card.kind, card.family, card.day)
    return {
        "card": card,
        "title": title,
        "icon": words.icon_of(card.family, card.kind),
        "word": words.piece_word(card),
        "things": words.things(card.things),
    }
