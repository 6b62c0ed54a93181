"""What can be done to the catalogue: publish it, bring in what may be published, hand it out."""

from qualifications.services.exporting import FORMS, Exported, export_code, export_qualification
from qualifications.services.importing import (
    PASTED_NAME,
    Matching,
    match_import,
    mend_import,
    stage_import,
    withdraw_import,
)
from qualifications.services.publishing import PublishedCounts, publish_catalogue
from qualifications.services.reading import BrokenCatalogue, Catalogue, read_catalogue

__all__ = [
    "FORMS",
    "PASTED_NAME",
    "BrokenCatalogue",
    "Catalogue",
    "Exported",
    "Matching",
    "PublishedCounts",
    "export_code",
    "export_qualification",
    "match_import",
    "mend_import",
    "publish_catalogue",
    "read_catalogue",
    "stage_import",
    "withdraw_import",
]
