"""Reads of a centre's drafts. People are ids here: what a centre calls them, `centres` knows."""

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from qualifications.enums import DraftState
from qualifications.models import Draft, Qualification, Unit

DRAFTS_A_PAGE = 25
#: Which states a list shows: those on their way, those published, those given up.
LISTS: dict[str, frozenset[DraftState]] = {
    "open": frozenset(DraftState) - {DraftState.PUBLISHED, DraftState.WITHDRAWN},
    "published": frozenset({DraftState.PUBLISHED}),
    "withdrawn": frozenset({DraftState.WITHDRAWN}),
}


@dataclass(frozen=True, slots=True)
class DraftsPage:
    """A page of drafts, the newest first; the counts are of the whole centre, by list. `waiting` are those sent."""

    rows: tuple[Draft, ...]
    page: Page[Draft]
    counts: dict[str, int]
    waiting: int


@dataclass(frozen=True, slots=True)
class Passed:
    """Who brought a published version in and who let it through, as ids of people."""

    author_id: int
    second_id: int
    at: dt.datetime


def drafts_page(centre_id: int, shown: str, page: int) -> DraftsPage:
    """Return a centre's drafts of one list ("open", "published" or "withdrawn"), 25 a page. Three queries."""
    rows = Draft.objects.for_centre(centre_id)
    wanted = {name: Count("pk", filter=Q(state__in=states)) for name, states in LISTS.items()}
    counts = rows.aggregate(waiting=Count("pk", filter=Q(state=DraftState.SUBMITTED)), **wanted)
    found = rows.filter(state__in=LISTS[shown]).defer("content", "columns", "base", "problems")
    pages = Paginator(found, DRAFTS_A_PAGE).get_page(page)
    waiting = counts.pop("waiting")
    return DraftsPage(tuple(pages.object_list), pages, counts, waiting)


def waiting_drafts(centre_id: int) -> int:
    """Return how many drafts wait for a second person. One query."""
    return Draft.objects.for_centre(centre_id).filter(state=DraftState.SUBMITTED).count()


def published_by(draft: Draft) -> tuple[list[Qualification], list[Unit]]:
    """Return the versions that came of a draft. Two queries."""
    qualifications = Qualification.objects.filter(draft=draft).order_by("entry_code")
    return list(qualifications), list(Unit.objects.filter(draft=draft).order_by("key"))


def passed(draft: Draft | None) -> Passed | None:
    """Return who let a draft through; None for what the installation published, and for what waits."""
    if draft is None or draft.decided_by_id is None or draft.decided_at is None:
        return None
    return Passed(draft.author_id, draft.decided_by_id, draft.decided_at)
