"""What can be done to the catalogue: bring in, let through, publish, hand out."""

from common.plain import for_every_caller
from qualifications.services.drafting import (
    approve_draft,
    reject_draft,
    reopen_draft,
    submit_draft,
    withdraw_draft,
)
from qualifications.services.exporting import FORMS, Exported, export_code, export_qualification
from qualifications.services.guidance import tag_criterion, write_note
from qualifications.services.importing import (
    PASTED_NAME,
    Matching,
    match_import,
    mend_import,
    stage_import,
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
    "approve_draft",
    "export_code",
    "export_qualification",
    "match_import",
    "mend_import",
    "publish_catalogue",
    "read_catalogue",
    "reject_draft",
    "reopen_draft",
    "stage_import",
    "submit_draft",
    "tag_criterion",
    "withdraw_draft",
    "write_note",
]

for_every_caller(__name__)
