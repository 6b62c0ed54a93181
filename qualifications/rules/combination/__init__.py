"""Rules of combination (R20): in words, and as an engine that weighs a choice of units."""

from qualifications.rules.combination.evaluating import evaluate
from qualifications.rules.combination.facts import (
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
    "AtLevel",
    "Choice",
    "Evaluation",
    "GroupCount",
    "GroupRule",
    "Member",
    "Rule",
    "RuleGroup",
    "Surplus",
    "evaluate",
    "group_in_words",
    "takes_everything",
    "total_in_words",
]
