"""What is wrong with a file that somebody brings in: where, what, what to do. Nothing is ever half brought in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from common.text import _
from media import wire

_SENTENCES: Final = {
    "formula": _(
        "This cell holds a formula, and its result cannot be trusted. Paste the value itself (paste "
        "special, values)."
    ),
    "error-value": _("This cell holds an error of the spreadsheet such as #REF!. Type what it should say."),
    "merged": _(
        "The cells %(cells)s are merged, so it is not clear which row they belong to. Unmerge them and "
        "write the value in every row it is for."
    ),
    "too-long": _("This cell is longer than 2,000 letters. Shorten it, or split it into several criteria."),
    "too-many-rows": _(
        "There are more than %(limit)s rows here. Save it in parts of whole units and bring in one "
        "after the other."
    ),
    "too-much-text": _(
        "There is more text up to here than one file may hold. Save it in parts of whole units and "
        "bring in one after the other."
    ),
    "too-many-columns": _("There are more than %(limit)s columns. Delete those that are not needed."),
    "too-many-sheets": _("There are more than %(limit)s sheets. Delete those that are not needed."),
    "encoding": _("This row holds signs in no encoding that we know. Save the file again as “CSV UTF-8”."),
    "lost-letter": _("A letter was lost here when the file was saved (�). Type it again and save as “CSV UTF-8”."),
    "control": _("This cell holds signs that cannot be seen and are no letters. Type the text again."),
    "csv-broken": _("The quotation marks around here do not close. Put a closing mark, or save the file again as CSV."),
    "yaml": _("This cannot be read as YAML: %(why)s."),
    "alias": _("This file uses an anchor or alias (& or *). Write the text out where it is meant."),
    "json": _("This cannot be read as JSON: %(why)s."),
    "too-deep": _("The parts of this file stand too deep inside each other to be a catalogue."),
    "no-files": _(
        "There is no catalogue file in this folder: put them into qualifications/ and units/, ending in "
        ".yaml."
    ),
    "astray": _("“%(name)s” stands in neither qualifications/ nor units/. Move it there or take it out."),
    "too-many-files": _("There are more than %(limit)s files in this folder. Bring it in in parts."),
    "empty": _("There is nothing in this file. Check it on your device, then bring it in again."),
    "too-big": _("This file is larger than %(limit)s. Bring it in in parts."),
    "unpacks-too-big": _(
        "This file unpacks to far more than its size, so it was not opened. Copy the rows into a new "
        "file."
    ),
    "unsafe-inside": _("This file is put together in a way that is not safe to open. Copy the rows into a new file."),
    "reaches-out": _(
        "This file asks the computer that opens it to fetch other things, so it was not opened. Copy "
        "the rows into a new file."
    ),
    "macro": _("This file has macros (small programs) in it, so it was not opened. Save it as .xlsx without macros."),
    "password": _("This file has a password or is of before 2007. Save it as .xlsx without a password."),
    "renamed": _(
        "What is inside this file is not what its name says. Open it in the program that made it and "
        "save it again."
    ),
    "too-slow": _("This file took too long to open. Bring it in in parts."),
    "too-heavy": _("This file needs more memory to open than we allow. Bring it in in parts."),
    "damaged": _("This file is damaged or incomplete, so it could not be opened. Save it again and bring that in."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong. `row` counts from 1 as the program that made the file shows it; 0: the whole file."""

    row: int
    column: str
    code: str
    detail: Mapping[str, str] = field(default_factory=dict)
    place: str = ""  # the sheet, or the file inside a folder

    @property
    def sentence(self) -> str:
        """What is wrong and what to do, in the reader's language."""
        words = str(_SENTENCES.get(self.code, _SENTENCES["damaged"]))
        gaps = dict.fromkeys(("cells", "limit", "why", "name"), "…") | dict(self.detail)
        return words % gaps if "%(" in words else words

    def as_json(self) -> dict[str, Any]:
        """The flaw as plain JSON values."""
        return {name: getattr(self, name) for name in self.__slots__} | {"detail": dict(self.detail)}


def flaw_from_json(data: Mapping[str, Any]) -> Flaw:
    """A flaw from what a child process wrote, which is not trusted: wrong shapes raise ValueError or TypeError."""
    return Flaw(
        row=wire.count(data["row"]) or 0,
        column=wire.line(data["column"], 60),
        code=wire.line(data["code"], 40),
        detail={wire.line(key, 40): wire.line(value, 300) for key, value in dict(data["detail"]).items()},
        place=wire.line(data["place"], 120),
    )
