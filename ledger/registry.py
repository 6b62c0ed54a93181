"""Which tables are sealed, and what of a row its record holds. Apps say it in their own `sealing.py`, read at start.

    sealed("assessments.SignOffNote", Form(plain=("id", "centre_id", "entry_id"), words=("text",)))

A leaf keeps the number of the form it was made with. When a later migration adds a column, the table gets a second form
that names it: new rows are sealed with that one, and leaves of before are still checked with the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.module_loading import autodiscover_modules


class UnknownTableError(LookupError):
    """No installed app seals a table of that name, or never had that form."""


@dataclass(frozen=True, slots=True)
class Form:
    """The columns of a record: `plain` ones as they are, `words` of people hidden behind a salted hash.

    A column is named as in a query, so a row can also vouch for facts of what it names (`file__sha256`). `now` says
    what a column of an old form is called today, after it was renamed.
    """

    plain: tuple[str, ...]
    words: tuple[str, ...] = ()
    now: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """What the record calls its columns."""
        return (*self.plain, *self.words)

    @property
    def columns(self) -> tuple[str, ...]:
        """Where they are read today, in the same order."""
        return tuple(self.now.get(name, name) for name in self.names)


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table whose rows never change: `name` is what records call it, `model` its label, forms count from 1.

    `left_out` names columns that no record holds, each with its reason.
    """

    name: str
    model: str
    forms: tuple[Form, ...]
    left_out: Mapping[str, str]

    @property
    def newest(self) -> int:
        """The number of the form that new leaves are made with."""
        return len(self.forms)

    def form(self, number: int) -> Form:
        """Return a form by its number. Refuses one that the table never had (`UnknownTableError`)."""
        if not 1 <= number <= len(self.forms):
            raise UnknownTableError(f"{self.name}, form {number}")
        return self.forms[number - 1]


_tables: dict[str, SealedTable] = {}


def sealed(model: str, *forms: Form, name: str = "", left_out: Mapping[str, str] | None = None) -> SealedTable:
    """Register a table. `name` stays when the model gets another label. Refuses a name taken by another model."""
    name = name or model.lower()
    known = _tables.get(name)
    if known and known.model != model:
        raise ValueError(f"two tables are sealed as {name}")
    _tables[name] = SealedTable(name, model, forms, dict(left_out or {}))
    return _tables[name]


def find(name: str) -> SealedTable:
    """Return the table of that name. Refuses one that nobody registered (`UnknownTableError`)."""
    try:
        return _tables[name]
    except KeyError:
        raise UnknownTableError(name) from None


def tables() -> list[SealedTable]:
    """Return every sealed table in alphabetical order of names: the order in which rows are sealed."""
    return [_tables[name] for name in sorted(_tables)]


def autodiscover() -> None:
    """Import `sealing.py` of every installed app."""
    autodiscover_modules("sealing")
