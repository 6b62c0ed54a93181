"""Pure functions of the catalogue: facts in, answers out."""

from qualifications.rules.combination import GroupRule, group_in_words, total_in_words
from qualifications.rules.lifecycle import (
    ClaimFacts,
    LifecycleFacts,
    Warned,
    kind_words,
    life_on,
    warnings_for,
    why_not_claim,
    why_not_registrable,
)
from qualifications.rules.matching import CriterionText, Match, rank_criteria
from qualifications.rules.provenance import Provenance, Source, provenance_in_words
from qualifications.rules.themes import THEME_HINTS

__all__ = [
    "THEME_HINTS",
    "ClaimFacts",
    "CriterionText",
    "GroupRule",
    "LifecycleFacts",
    "Match",
    "Provenance",
    "Source",
    "Warned",
    "group_in_words",
    "kind_words",
    "life_on",
    "provenance_in_words",
    "rank_criteria",
    "total_in_words",
    "warnings_for",
    "why_not_claim",
    "why_not_registrable",
]
