"""Pure functions of the catalogue: facts in, answers out."""

from qualifications.rules.combination import GroupRule, group_in_words, total_in_words
from qualifications.rules.lifecycle import LifecycleFacts, why_not_registrable
from qualifications.rules.matching import CriterionText, Match, rank_criteria
from qualifications.rules.provenance import Provenance, Source, Wording, provenance_in_words, wording_of
from qualifications.rules.themes import THEME_HINTS

__all__ = [
    "THEME_HINTS",
    "CriterionText",
    "GroupRule",
    "LifecycleFacts",
    "Match",
    "Provenance",
    "Source",
    "Wording",
    "group_in_words",
    "provenance_in_words",
    "rank_criteria",
    "total_in_words",
    "why_not_registrable",
    "wording_of",
]
