"""Pure functions of the catalogue: facts in, answers out."""

from qualifications.rules.combination import GroupRule, group_in_words, total_in_words
from qualifications.rules.guidance import (
    LONGEST_EXAMPLES,
    LONGEST_WORDS,
    themes_in_order,
    themes_in_words,
    why_not_note,
    why_not_tag,
)
from qualifications.rules.lifecycle import LifecycleFacts, why_not_registrable
from qualifications.rules.matching import CriterionText, Match, rank_criteria
from qualifications.rules.provenance import Provenance, Source, provenance_in_words
from qualifications.rules.themes import THEME_HINTS

__all__ = [
    "LONGEST_EXAMPLES",
    "LONGEST_WORDS",
    "THEME_HINTS",
    "CriterionText",
    "GroupRule",
    "LifecycleFacts",
    "Match",
    "Provenance",
    "Source",
    "group_in_words",
    "provenance_in_words",
    "rank_criteria",
    "themes_in_order",
    "themes_in_words",
    "total_in_words",
    "why_not_note",
    "why_not_registrable",
    "why_not_tag",
]
