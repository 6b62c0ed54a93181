"""The learner's work by activity: what they did first, then what it serves (R45)."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.enums import PortfolioView
from portfolio.queries.learner import library, served_by
from web.learner import learner_words as words
from web.shared.http import ActorRequest, page_number

#: The two ways to sort one's work, as the switch shows them.
VIEWS = [(view, view.label) for view in (PortfolioView.UNITS, PortfolioView.ACTIVITIES)]


def activities(request: ActorRequest) -> HttpResponse:
    """Show a page of the learner's pieces, each with the units and criteria it serves; adding one comes first."""
    found = library(request.actor, where="all", kind="", words="", page=page_number(request))
    serves = served_by(request.actor, [card.public_id for card in found.cards])
    cards = [
        {
            "card": card,
            "title": card.title or words.suggested_title(card.kind, card.family, card.day),
            "icon": words.icon_of(card.family, card.kind),
            "word": words.piece_word(card),
            "serves": serves.get(card.public_id, []),
        }
        for card in found.cards
    ]
    context = {"cards": cards, "page": found.page, "views": VIEWS, "view": PortfolioView.ACTIVITIES}
    return render(request, "web_learner/activities.html", context)
