"""Typed reads for the learner's own screens: always the actor's own rows, a few queries a page whatever their number."""

from portfolio.queries.learner.item import (
    ClaimView,
    FileView,
    Item,
    VersionView,
    item,
    item_files,
    item_version,
)
from portfolio.queries.learner.library import CHOICES, KINDS, Card, Library, library
from portfolio.queries.learner.linking import Linking, Thing, Ticked, linking, summary_of
from portfolio.queries.learner.people import Helper, latest_setting, my_assessor
from portfolio.queries.learner.today import Unfinished, sent_back, unfinished
from portfolio.queries.learner.units import (
    Programme,
    UnitCard,
    UnitPage,
    UnitThing,
    aim,
    my_unit,
    programmes,
    unit_page,
)

__all__ = [
    "CHOICES",
    "KINDS",
    "Card",
    "ClaimView",
    "FileView",
    "Helper",
    "Item",
    "Library",
    "Linking",
    "Programme",
    "Thing",
    "Ticked",
    "Unfinished",
    "UnitCard",
    "UnitPage",
    "UnitThing",
    "VersionView",
    "aim",
    "item",
    "item_files",
    "item_version",
    "latest_setting",
    "library",
    "linking",
    "my_assessor",
    "my_unit",
    "programmes",
    "sent_back",
    "summary_of",
    "unfinished",
    "unit_page",
]
