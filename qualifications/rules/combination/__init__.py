"""Rules of combination (R20): in words, and as an engine that weighs a choice of units."""

from qualifications.rules.combination.assessing import assessed_in_words
from qualifications.rules.combination.completed import Award, award_of
from qualifications.rules.combination.evaluating import evaluate
from qualifications.rules.combination.facts import (
    Assessed,
    AtLevel,
    Choice,
    Evaluation,
    GroupCount,
    Member,
    Rule,
    RuleGroup,
    Surplus,
)
from qualifications.rules.combination.words import GroupRule, group_in_words, takes_everything, total_in_words

__all__ = [
    "Assessed",
    "AtLevel",
    "Award",
    "Choice",
    "Evaluation",
    "GroupCount",
    "GroupRule",
    "Member",
    "Rule",
    "RuleGroup",
    "Surplus",
    "assessed_in_words",
    "award_of",
    "evaluate",
    "group_in_words",
    "takes_everything",
    "total_in_words",
]
