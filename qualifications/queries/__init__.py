"""What is read of the catalogue."""

from qualifications.queries.current import current_units, current_versions, visible
from qualifications.queries.structure import (
    GroupRow,
    PlaceRow,
    QualificationRow,
    Structure,
    current_qualifications,
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
    unit_wording,
)

__all__ = [
    "LONGEST_SEARCH",
    "UNITS_A_PAGE",
    "CriterionRow",
    "GroupRow",
    "OutcomeRow",
    "PlaceRow",
    "QualificationRow",
    "Structure",
    "UnitDetail",
    "UnitPage",
    "UnitSummary",
    "UsedIn",
    "current_qualifications",
    "current_units",
    "current_versions",
    "mandatory_unit_ids",
    "qualification_structure",
    "search_units",
    "summaries",
    "unit_detail",
    "unit_wording",
    "visible",
]
