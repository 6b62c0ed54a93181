"""Pure functions of the catalogue: facts in, answers out."""

from qualifications.rules.combination import (
    Choice,
    Evaluation,
    GroupRule,
    Rule,
    evaluate,
    group_in_words,
    takes_everything,
    total_in_words,
)
from qualifications.rules.equivalence import Likeness, Wording, likenesses
from qualifications.rules.guidance import (
    LONGEST_EXAMPLES,
    LONGEST_WORDS,
    themes_in_order,
    themes_in_words,
    why_not_note,
    why_not_tag,
)
from qualifications.rules.lifecycle import (
    LONGEST_CONFIRMATION,
    ClaimFacts,
    LifecycleFacts,
    Warned,
    asks_for_confirmation,
    kind_words,
    life_on,
    warnings_for,
    why_not_claim,
    why_not_confirmed,
    why_not_registrable,
)
from qualifications.rules.matching import CriterionText, Match, rank_criteria
from qualifications.rules.provenance import Provenance, Source, WordedBy, provenance_in_words, wording_of
from qualifications.rules.settings import allowed_settings, counts_for_competence, not_counting, settings_in_words
from qualifications.rules.themes import THEME_HINTS

__all__ = [
    "LONGEST_CONFIRMATION",
    "LONGEST_EXAMPLES",
    "LONGEST_WORDS",
    "THEME_HINTS",
    "Choice",
    "ClaimFacts",
    "CriterionText",
    "Evaluation",
    "GroupRule",
    "LifecycleFacts",
    "Likeness",
    "Match",
    "Provenance",
    "Rule",
    "Source",
    "Warned",
    "WordedBy",
    "Wording",
    "allowed_settings",
    "asks_for_confirmation",
    "counts_for_competence",
    "evaluate",
    "group_in_words",
    "kind_words",
    "life_on",
    "likenesses",
    "not_counting",
    "provenance_in_words",
    "rank_criteria",
    "settings_in_words",
    "takes_everything",
    "themes_in_order",
    "themes_in_words",
    "total_in_words",
    "warnings_for",
    "why_not_claim",
    "why_not_confirmed",
    "why_not_note",
    "why_not_registrable",
    "why_not_tag",
    "wording_of",
]
