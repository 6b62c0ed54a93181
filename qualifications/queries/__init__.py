"""What is read of the catalogue."""

from qualifications.queries.combination import StoredRule, rule_of, rules_of
from qualifications.queries.current import current_units, current_versions, life_facts, visible
from qualifications.queries.structure import (
    GroupRow,
    PlaceRow,
    QualificationRow,
    Structure,
    current_qualifications,
    group_rule,
    mandatory_unit_ids,
    qualification_structure,
)
from qualifications.queries.units import (
    LONGEST_SEARCH,
    UNITS_A_PAGE,
    CriterionRow,
    OutcomeRow,
    UnitDetail,
    UnitPage,
    UnitSummary,
    UsedIn,
    search_units,
    summaries,
    unit_detail,
)

__all__ = [
    "LONGEST_SEARCH",
    "UNITS_A_PAGE",
    "CriterionRow",
    "GroupRow",
    "OutcomeRow",
    "PlaceRow",
    "QualificationRow",
    "StoredRule",
    "Structure",
    "UnitDetail",
    "UnitPage",
    "UnitSummary",
    "UsedIn",
    "current_qualifications",
    "current_units",
    "current_versions",
    "group_rule",
    "life_facts",
    "mandatory_unit_ids",
    "qualification_structure",
    "rule_of",
    "rules_of",
    "search_units",
    "summaries",
    "unit_detail",
    "visible",
]
