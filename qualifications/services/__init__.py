"""What can be done to the catalogue: publish it, and bring a centre's drafts through."""

from qualifications.services.drafting import (
    approve_draft,
    reject_draft,
    reopen_draft,
    submit_draft,
    withdraw_draft,
)
from qualifications.services.publishing import PublishedCounts, publish_catalogue
from qualifications.services.reading import BrokenCatalogue, Catalogue, read_catalogue

__all__ = [
    "BrokenCatalogue",
    "Catalogue",
    "PublishedCounts",
    "approve_draft",
    "publish_catalogue",
    "read_catalogue",
    "reject_draft",
    "reopen_draft",
    "submit_draft",
    "withdraw_draft",
]
