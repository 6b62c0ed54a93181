"""Finding criteria for a piece: by search, and by what its words and ticks point at (R67, R68)."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from centres.models import Learner
from portfolio.models import Evidence
from portfolio.queries.accepted_together import accepted_with
from portfolio.queries.progress import CriterionRow, criteria_of_learner
from portfolio.rules import Met
from qualifications.rules import CriterionText, Match, rank_criteria
from qualifications.rules.words import fold

MOST_SUGGESTED = 8
MOST_OF_ONE_UNIT = 3  # so that a suggestion leads across units
MOST_ELSEWHERE = 5  # places kept for units of which nothing is ticked, one each, so that one call serves several
MOST_FOUND = 30
LONGEST_SEARCH = 100
#: One tick: public ids of the learner's unit and of the criterion.
Tick: TypeAlias = tuple[str, str]
#: Nothing is suggested that is done already.
DONE = frozenset({"met", "provisional", "seal"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A criterion that may fit, with the reason in a sentence. Nobody ticked it, and nothing counts until they do."""

    row: CriterionRow
    match: Match

    @property
    def reason(self) -> str:
        """Return why, to the learner."""
        return self.match.reason

    @property
    def reason_for_staff(self) -> str:
        """Return why, to the assessor."""
        return self.match.reason_for_staff


def suggestions(
    learner: Learner,
    evidence: Evidence,
    *,
    rows: Sequence[CriterionRow] | None = None,
    ticked: Collection[Tick] | None = None,
) -> list[Suggestion]:
    """Return at most eight criteria across the learner's open units that the piece may show, the best first (R68).

    Words of title, description and writing count, themes shared with what is ticked, and what assessors of this centre
    accepted together with it on pieces of others. Never one that is ticked already, met already or in a signed-off
    unit. Pass `rows` (of `criteria_of_learner`) when the page has them: then it is one query, else four; one less where
    nothing is ticked. Pass `ticked` when it is not what the rows say is offered on the piece.
    """
    everything = rows if rows is not None else criteria_of_learner(learner)
    ticks = set(ticked) if ticked is not None else _ticked(evidence, everything)
    chosen = [r for r in everything if (r.learner_unit_id, r.criterion_id) in ticks]
    open_rows = [r for r in everything if _is_open(r, ticks)]
    together = accepted_with(learner, {_key(r) for r in chosen}, _met(learner, everything))
    ranked = rank_criteria(
        f"{evidence.title} {evidence.description} {evidence.body} {evidence.people}",
        [_text(n, row) for n, row in enumerate(open_rows)],
        chosen_themes=_shares(chosen),
        accepted={n: together[_key(row)] for n, row in enumerate(open_rows) if _key(row) in together},
    )
    found = [Suggestion(open_rows[match.criterion_id], match) for match in ranked]
    return _spread(found, {r.learner_unit_id for r in chosen})


def _met(learner: Learner, rows: Sequence[CriterionRow]) -> list[Met]:
    """Return what the learner's own pieces met, in the order of pieces."""
    return sorted((learner.pk, piece, _key(row)) for row in rows for piece in row.met_on)


def _key(row: CriterionRow) -> tuple[str, str]:
    return row.unit_key, row.number


def _text(number: int, row: CriterionRow) -> CriterionText:
    return CriterionText(number, row.text, row.themes, f"{row.unit_title} {row.outcome_title}", row.learner_unit_id)


def _shares(chosen: Sequence[CriterionRow]) -> dict[str, float]:
    """Return the themes of what is ticked with their shares: one that runs through everything says most."""
    counted = Counter(theme for row in chosen for theme in row.themes)
    return {theme: number / len(chosen) for theme, number in counted.items()}


def _ticked(evidence: Evidence, rows: Sequence[CriterionRow]) -> set[Tick]:
    return {(row.learner_unit_id, row.criterion_id) for row in rows if evidence.pk in row.offered_on}


def _is_open(row: CriterionRow, ticked: set[Tick]) -> bool:
    return not row.unit_frozen and row.status not in DONE and (row.learner_unit_id, row.criterion_id) not in ticked


def _spread(found: Sequence[Suggestion], begun: set[str]) -> list[Suggestion]:
    """Keep the best: at most three of one unit, and, once something is ticked, the best of each other unit first."""
    kept = _best_elsewhere(found, begun) if begun else []
    for one in found:
        of_unit = sum(k.row.learner_unit_id == one.row.learner_unit_id for k in kept)
        if len(kept) < MOST_SUGGESTED and of_unit < MOST_OF_ONE_UNIT and one not in kept:
            kept.append(one)
    return [one for one in found if one in kept]


def _best_elsewhere(found: Sequence[Suggestion], begun: set[str]) -> list[Suggestion]:
    firsts: dict[str, Suggestion] = {}
    for one in found:
        if one.row.learner_unit_id not in begun:
            firsts.setdefault(one.row.learner_unit_id, one)
    return list(firsts.values())[:MOST_ELSEWHERE]


def search_criteria(learner: Learner, text: str, *, rows: Sequence[CriterionRow] | None = None) -> list[CriterionRow]:
    """Return at most 30 criteria of the learner's units that hold every word of `text`, beginnings of words included.

    A number ("4.1") finds criteria of that number. No text finds nothing. Three queries, none with `rows`.
    """
    wanted = [fold(word) for word in text[:LONGEST_SEARCH].split()]
    if not wanted:
        return []
    everything = rows if rows is not None else criteria_of_learner(learner)
    return [row for row in everything if all(_holds(row, word) for word in wanted)][:MOST_FOUND]


def _holds(row: CriterionRow, word: str) -> bool:
    if word[0].isascii() and word[0].isdigit():
        return row.number.startswith(word)
    everything = fold(f"{row.text} {row.unit_title} {row.outcome_title}").replace("-", " ")
    return any(part.strip("“”\"'(),.;:").startswith(word) for part in everything.split())
