"""What can be done to the catalogue: publish it."""

from qualifications.services.guidance import tag_criterion, write_note
from qualifications.services.publishing import PublishedCounts, publish_catalogue
from qualifications.services.reading import BrokenCatalogue, Catalogue, read_catalogue

__all__ = [
    "BrokenCatalogue",
    "Catalogue",
    "PublishedCounts",
    "publish_catalogue",
    "read_catalogue",
    "tag_criterion",
    "write_note",
]
