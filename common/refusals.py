"""How the product says no: a stable code, a plain sentence, the field it belongs to."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from common.text import _, say


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why something cannot be done. `sentence` is shown as it stands; `field` names a form field.

    `params` are what the sentence was made of, so that a screen, a script or a translation can say it in its own way
    and never has to take a finished sentence apart. A criterion's `code` is the one people see on its chip: 8.2.2.
    """

    code: str
    sentence: str
    field: str = ""
    #: What a screen needs to link to the thing that mends it: ("evidence", public id) and the like.
    target: tuple[str, str] = ("", "")
    params: Mapping[str, str] = dataclasses.field(default_factory=dict, hash=False)

    @classmethod
    def of(cls, code: str, text: str, field: str = "", target: tuple[str, str] = ("", ""), /, **params: str) -> Self:
        """Return a reason whose sentence is `text` with its parameters put in, by name and not by place."""
        return cls(code, text % params, field, target, params)


class Refused(Exception):  # noqa: N818 - it is an answer to a person, not a fault
    """The act was refused; nothing was written."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(r.code for r in refusals))
        self.refusals: tuple[Refusal, ...] = refusals


class Stale(Refused):
    """Somebody was faster. `who` and `at` say who and when, so that the page can tell."""

    def __init__(self, *, who: str = "", at: dt.datetime | None = None, sentence: str = "") -> None:
        words = sentence or str(_("This changed while you were working. Your text is kept: look, then save again."))
        super().__init__(Refusal("stale", words))
        self.who = who
        self.at = at


class NotFound(Exception):  # noqa: N818 - see Refused
    """Outside this person's world, or not there at all: both look the same (404)."""

    def __init__(self, action: str = "", object_id: str = "") -> None:
        super().__init__(action)
        self.action = action
        self.object_id = object_id


class Forbidden(NotFound):
    """In this person's world, but not their act (403)."""


def refuse_if(refusals: Sequence[Refusal]) -> None:
    """Raise `Refused` with all of them when there is at least one."""
    if refusals:
        raise Refused(*refusals)


def too_long(text: str, field: str, most: int, *, said: int = 0) -> list[Refusal]:
    """Say that a text has more than `most` characters, and how many it has; nothing where it fits.

    `said` is the limit that the sentence names, where less is meant than may be kept.
    """
    if len(text) <= most:
        return []
    words = say("This is %(length)s characters long. Keep it to %(most)s.")
    return [Refusal("too-long", words % {"length": f"{len(text):,}", "most": f"{said or most:,}"}, field)]
