"""What is read of the catalogue."""

from qualifications.queries.combination import StoredRule, rule_of, rules_of
from qualifications.queries.current import current_units, current_versions, life_facts, visible
from qualifications.queries.guidance import (
    Guidance,
    Note,
    Tag,
    criterion_of,
    guidance_on,
    notes_on,
    own_themes,
)
from qualifications.queries.search import LONGEST_SEARCH, UNITS_A_PAGE, UnitPage, search_units
from qualifications.queries.settings import allowed_settings_by, allowed_settings_of
from qualifications.queries.structure import (
    GroupRow,
    PlaceRow,
    QualificationRow,
    Structure,
    current_qualifications,
    find_qualifications,
    group_rule,
    mandatory_unit_ids,
    place_doubts,
    qualification_structure,
)
from qualifications.queries.units import (
    CriterionRow,
    OutcomeRow,
    UnitDetail,
    UnitSummary,
    UsedIn,
    summaries,
    unit_detail,
    unit_wording,
)

__all__ = [
    "LONGEST_SEARCH",
    "UNITS_A_PAGE",
    "CriterionRow",
    "GroupRow",
    "Guidance",
    "Note",
    "OutcomeRow",
    "PlaceRow",
    "QualificationRow",
    "StoredRule",
    "Structure",
    "Tag",
    "UnitDetail",
    "UnitPage",
    "UnitSummary",
    "UsedIn",
    "allowed_settings_by",
    "allowed_settings_of",
    "criterion_of",
    "current_qualifications",
    "current_units",
    "current_versions",
    "find_qualifications",
    "group_rule",
    "guidance_on",
    "life_facts",
    "mandatory_unit_ids",
    "notes_on",
    "own_themes",
    "place_doubts",
    "qualification_structure",
    "rule_of",
    "rules_of",
    "search_units",
    "summaries",
    "unit_detail",
    "unit_wording",
    "visible",
]
