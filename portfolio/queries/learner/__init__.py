"""Typed reads for the learner's own screens: always the actor's own rows, a few queries a page."""

from portfolio.queries.learner.activities import Serves, generations, served_by
from portfolio.queries.learner.item import (
    FileView,
    Item,
    MappingView,
    VersionView,
    captured_day,
    item,
    item_files,
    item_version,
)
from portfolio.queries.learner.library import CHOICES, KINDS, Card, Library, library
from portfolio.queries.learner.linking import Linking, Thing, Ticked, linking
from portfolio.queries.learner.own import learner_of, own_evidence, plain
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
    "FileView",
    "Helper",
    "Item",
    "Library",
    "Linking",
    "MappingView",
    "Programme",
    "Serves",
    "Thing",
    "Ticked",
    "Unfinished",
    "UnitCard",
    "UnitPage",
    "UnitThing",
    "VersionView",
    "aim",
    "captured_day",
    "generations",
    "item",
    "item_files",
    "item_version",
    "latest_setting",
    "learner_of",
    "library",
    "linking",
    "my_assessor",
    "my_unit",
    "own_evidence",
    "plain",
    "programmes",
    "sent_back",
    "served_by",
    "unfinished",
    "unit_page",
]
