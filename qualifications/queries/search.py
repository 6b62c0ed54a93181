"""Finding units by the words of their titles and of what they ask, among any number of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet

from common.fulltext import Holds
from qualifications.models import Criterion, Unit, UnitWords
from qualifications.queries.current import visible
from qualifications.queries.units import UnitSummary, summaries
from qualifications.rules.words import Forms, looked_for, marked

UNITS_A_PAGE = 25
LONGEST_SEARCH = 200
MOST_WORDS = 8
MOST_FOUND = 500  # nobody turns twenty pages; to look further would read the whole index
MOST_SHOWN = 3  # criteria of one unit, below its title


@dataclass(frozen=True, slots=True)
class Hit:
    """A criterion that holds words of the search. `parts` make its text: True for a word that was looked for."""

    number: str
    parts: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class FoundUnit:
    """A unit of a page of results, and at most three of its criteria that show why it is there."""

    unit: UnitSummary
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A page of units found. `page` is what the pager reads; its paginator counts all pages together."""

    rows: tuple[FoundUnit, ...]
    page: Page[int]
    more: bool  # there are more than are counted

    @property
    def units(self) -> list[UnitSummary]:
        """Return the units of this page."""
        return [row.unit for row in self.rows]

    @property
    def total(self) -> int:
        """Return how many units were found in all, at most 500."""
        return self.page.paginator.count


def search_units(text: str, centre_id: int | None, page: int = 1) -> UnitPage:
    """Return units that count now with every word of `text` in title, reference, key or criteria.

    Words are found by their beginnings and by their stems, small words are left out; units with all of them in
    their title come first, then by level and title. No text finds every unit. A page outside the range gives the
    nearest one; at most 500 are counted. At most eight words of 200 letters in all are looked for. Five
    queries, three without text.
    """
    wanted = looked_for(text[:LONGEST_SEARCH])[:MOST_WORDS]
    ids = _found(_in_order(centre_id), wanted) if wanted or not text.strip() else []
    shown = Paginator(ids[:MOST_FOUND], UNITS_A_PAGE).get_page(page)
    rows = Unit.objects.in_bulk(list(shown.object_list))
    units = [rows[pk] for pk in shown.object_list]
    counted = summaries(units)
    hits = _hits(units, wanted)
    found = tuple(FoundUnit(counted[u.pk], hits.get(u.pk, ())) for u in units)
    return UnitPage(found, shown, len(ids) > MOST_FOUND)


def _in_order(centre_id: int | None) -> QuerySet[UnitWords]:
    rows = UnitWords.objects.order_by("level", "title", "key")
    mine = visible(rows, centre_id)
    if centre_id is None:
        return mine
    own = UnitWords.objects.filter(centre_id=centre_id).values("key")
    return mine.exclude(Q(centre=None) & Q(key__in=own))


def _found(rows: QuerySet[UnitWords], wanted: Sequence[Forms]) -> list[int]:
    """Return ids of units, those with all words in their titles first; one more than 500 says that there are more."""
    ids = rows.values_list("unit_id", flat=True)
    if not wanted:
        return list(ids[: MOST_FOUND + 1])
    in_title = list(ids.filter(Holds(F("title_words"), wanted))[: MOST_FOUND + 1])
    anywhere = ids.filter(Holds(F("words"), wanted))[: MOST_FOUND + 1] if len(in_title) <= MOST_FOUND else ()
    return list(dict.fromkeys([*in_title, *anywhere]))


def _hits(units: Sequence[Unit], wanted: Sequence[Forms]) -> dict[int, tuple[Hit, ...]]:
    """Return the criteria of each unit that hold most of the words, in their order. One query, none without words."""
    if not wanted or not units:
        return {}
    scored: dict[int, list[tuple[int, int, Hit]]] = {}
    rows = Criterion.objects.filter(unit__in=units).order_by("unit", "position")
    for unit_id, position, number, text in rows.values_list("unit_id", "position", "number", "text"):
        score, parts = marked(text, wanted)
        if score:
            scored.setdefault(unit_id, []).append((score, position, Hit(number, parts)))
    return {pk: _best(found) for pk, found in scored.items()}


def _best(found: Sequence[tuple[int, int, Hit]]) -> tuple[Hit, ...]:
    best = sorted(found, key=lambda one: (-one[0], one[1]))[:MOST_SHOWN]
    return tuple(hit for _score, _position, hit in sorted(best, key=lambda one: one[1]))
