"""Finding criteria for a piece: by search, and by what its words and ticks point at (R67, R68)."""

from collections.abc import Sequence
from dataclasses import dataclass

from centres.models import Learner
from portfolio.enums import ClaimState
from portfolio.models import Claim, Evidence
from portfolio.queries.progress import CriterionRow, criteria_of_learner
from qualifications.rules import CriterionText, rank_criteria
from qualifications.rules.words import fold

MOST_SUGGESTED = 6
MOST_OF_ONE_UNIT = 3  # so that a suggestion leads across units
MOST_FOUND = 30
LONGEST_SEARCH = 100
#: Nothing is suggested that is done already.
DONE = frozenset({"met", "provisional", "seal"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A criterion that may fit, with the reason in a sentence. Nobody ticked it, and nothing counts until they do."""

    row: CriterionRow
    reason: str


def suggestions(
    learner: Learner, evidence: Evidence, *, rows: Sequence[CriterionRow] | None = None
) -> list[Suggestion]:
    """Return at most six criteria across the learner's open units that the piece may show, the best first (R68).

    Words of title, description and writing count, and themes shared with what is ticked. Never one that is ticked
    already, met already or in a signed-off unit. Pass `rows` (of `criteria_of_learner`) when the page has them: then
    it is one query, else four.
    """
    everything = rows if rows is not None else criteria_of_learner(learner)
    ticked = _ticked(evidence)
    themes = {theme for r in everything if (r.learner_unit_id, r.criterion_id) in ticked for theme in r.themes}
    open_rows = [r for r in everything if _is_open(r, ticked)]
    words = f"{evidence.title} {evidence.description} {evidence.body} {evidence.people}"
    texts = [CriterionText(n, r.text, r.themes, f"{r.unit_title} {r.outcome_title}") for n, r in enumerate(open_rows)]
    ranked = rank_criteria(words, texts, chosen_themes=themes)
    return _spread([Suggestion(open_rows[match.criterion_id], match.reason) for match in ranked])


def _ticked(evidence: Evidence) -> set[tuple[str, str]]:
    rows = Claim.objects.for_centre(evidence.centre_id).filter(evidence=evidence)
    return set(rows.exclude(state=ClaimState.CLOSED).values_list("learner_unit__public_id", "criterion__public_id"))


def _is_open(row: CriterionRow, ticked: set[tuple[str, str]]) -> bool:
    return not row.unit_frozen and row.status not in DONE and (row.learner_unit_id, row.criterion_id) not in ticked


def _spread(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Keep the best, but not more than three of one unit."""
    kept: list[Suggestion] = []
    for one in found:
        of_unit = sum(k.row.learner_unit_id == one.row.learner_unit_id for k in kept)
        if of_unit < MOST_OF_ONE_UNIT:
            kept.append(one)
        if len(kept) == MOST_SUGGESTED:
            break
    return kept


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
    if word[0].isdigit():
        return row.number.startswith(word)
    everything = fold(f"{row.text} {row.unit_title} {row.outcome_title}").replace("-", " ")
    return any(part.strip("“”\"'(),.;:").startswith(word) for part in everything.split())
