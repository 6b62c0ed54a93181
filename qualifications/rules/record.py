"""Reading one mapping of a catalogue file strictly: every surprise becomes a sentence."""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from common.plain import iso_day
from common.text import _


class Complaint(str):
    """A sentence that remembers where it belongs: the place of a record, and the key in it ("" for the whole)."""

    __slots__ = ("key", "place")
    key: str
    place: str

    @classmethod
    def at(cls, place: str, key: str, sentence: str) -> "Complaint":
        """Return the sentence with its place."""
        made = cls(sentence)
        made.place, made.key = place, key
        return made


class Record:
    """A mapping under examination.

    Each reading method returns a value of its type, or a harmless stand-in after adding a sentence to
    `problems`; the caller looks at `problems` in the end. `place` names the file and the path inside it.
    """

    def __init__(self, place: str, data: object, problems: list[str]) -> None:
        self.place = place
        self.problems = problems
        self._left: dict[Any, Any] = {}
        if isinstance(data, dict):
            self._left = dict(data)
        else:
            self._say(_("%(place)s: here must be keys and values, not %(value)s."), value=_short(data))

    def text(self, key: str, *, longest: int = 250) -> str:
        """Return a non-empty text."""
        return self._text(key, self._take(key), longest) or ""

    def text_or_none(self, key: str, *, longest: int = 250) -> str | None:
        """Return a text, or None where the file says null."""
        value = self._take(key)
        return None if value is None else self._text(key, value, longest)

    def text_if_any(self, key: str, *, longest: int = 250) -> str | None:
        """Return a text, or None where the file says null or leaves the key out."""
        value = self._left.pop(key, None)
        return None if value is None else self._text(key, value, longest)

    def label_or_none(self, key: str) -> str | None:
        """Return a number or a text as text ("6", "F4"), or None where the file says null."""
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        return None if value is None else self._text(key, value, 12)

    def number(self, key: str, *, low: int, high: int) -> int:
        """Return a whole number between `low` and `high`."""
        value = self._number(key, self._take(key), low, high)
        return low if value is None else value

    def number_or_none(self, key: str, *, low: int = 0, high: int = 10_000) -> int | None:
        """Return a whole number, or None where the key is null or left out."""
        value = self._left.pop(key, None)
        return None if value is None else self._number(key, value, low, high)

    def yes(self, key: str) -> bool:
        """Return true or false."""
        value = self._take(key)
        if not isinstance(value, bool):
            self._say(_("%(place)s: “%(key)s” must be true or false, not %(value)s."), key=key, value=_short(value))
        return value is True

    def yes_or_no(self, key: str) -> bool:
        """Return true or false; left out means false."""
        return self.yes(key) if key in self._left else False

    def choice(self, key: str, choices: Sequence[str]) -> str:
        """Return one of the choices."""
        return self._choice(key, str(self._take(key)), choices)

    def choice_or(self, key: str, choices: Sequence[str], default: str) -> str:
        """Return one of the choices, or the default where the key is left out."""
        return self._choice(key, str(self._left.pop(key)), choices) if key in self._left else default

    def date_or_none(self, key: str) -> dt.date | None:
        """Return a day, or None where the file says null."""
        value = self._take(key)
        if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
            return value
        day = iso_day(str(value))
        if day is None:
            words = _("%(place)s: “%(key)s” must be a day like 2018-08-31, not %(value)s.")
            self._say(words, key=key, value=_short(value))
        return day

    def record(self, key: str) -> "Record":
        """Return the mapping under a key."""
        return Record(f"{self.place}, {key}", self._take(key), self.problems)

    def record_or_none(self, key: str) -> "Record | None":
        """Return the mapping under a key, or None where the file says null."""
        value = self._take(key)
        return None if value is None else Record(f"{self.place}, {key}", value, self.problems)

    def record_if_any(self, key: str) -> "Record | None":
        """Return the mapping under a key, or None where the file says null or leaves the key out."""
        return self.record_or_none(key) if key in self._left else None

    def records(self, key: str) -> list["Record"]:
        """Return the mappings of a list with at least one entry."""
        rows = self._list(key, self._take(key))
        if not rows:
            self._say(_("%(place)s: “%(key)s” must have at least one entry."), key=key)
        return [Record(f"{self.place}, {key} {n}", row, self.problems) for n, row in enumerate(rows, 1)]

    def records_if_any(self, key: str) -> list["Record"]:
        """Return the mappings of a list; none where the file says null, leaves the key out or lists nothing."""
        if not self._left.get(key):
            self._left.pop(key, None)
            return []
        return self.records(key)

    def texts(self, key: str, *, choices: Collection[str] | None = None) -> tuple[str, ...]:
        """Return a list of texts, empty where the key is left out; `choices` are all it may hold."""
        rows = self._list(key, self._left.pop(key, []))
        found = tuple(self._text(key, row, 1000) or "" for row in rows)
        for word in found:
            if choices is not None and word not in choices:
                self._say(_("%(place)s: “%(key)s” does not know “%(value)s”."), key=key, value=word)
        if len(set(found)) < len(found):
            self._say(_("%(place)s: “%(key)s” names something twice."), key=key)
        return found

    def lists(self, key: str) -> list[tuple[str, ...]]:
        """Return a list of lists of texts."""
        rows = self._list(key, self._take(key))
        return [
            Record(f"{self.place}, {key} {n}", {key: row}, self.problems).texts(key) for n, row in enumerate(rows, 1)
        ]

    def done(self) -> None:
        """Complain about every key that nobody asked for."""
        for key in self._left:
            self._say(_("%(place)s: “%(key)s” is not a key that belongs here."), key=str(key)[:40])

    def complain(self, sentence: object, **facts: object) -> None:
        """Add a sentence about this place; it may use %(place)s and the facts."""
        self._say(sentence, **facts)

    def _say(self, sentence: object, **facts: object) -> None:
        words = str(sentence) % {"place": self.place, **facts}
        self.problems.append(Complaint.at(self.place, str(facts.get("key", "")), words))

    def _take(self, key: str) -> Any:
        if key not in self._left:
            self._say(_("%(place)s: “%(key)s” is missing."), key=key)
            return None
        return self._left.pop(key)

    def _text(self, key: str, value: object, longest: int) -> str | None:
        if not isinstance(value, str) or not value.strip():
            self._say(_("%(place)s: “%(key)s” must be text, not %(value)s."), key=key, value=_short(value))
            return None
        if len(value) > longest:
            self._say(_("%(place)s: “%(key)s” is longer than %(longest)d letters."), key=key, longest=longest)
        return value.strip()

    def _number(self, key: str, value: object, low: int, high: int) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
            return value
        words = _("%(place)s: “%(key)s” must be a whole number from %(low)d to %(high)d, not %(value)s.")
        self._say(words, key=key, low=low, high=high, value=_short(value))
        return None

    def _choice(self, key: str, value: str, choices: Sequence[str]) -> str:
        if value in choices:
            return value
        words = _("%(place)s: “%(key)s” must be one of %(choices)s, not %(value)s.")
        self._say(words, key=key, choices=", ".join(choices), value=_short(value))
        return choices[0]

    def _list(self, key: str, value: object) -> list[Any]:
        if isinstance(value, list):
            return value
        self._say(_("%(place)s: “%(key)s” must be a list, not %(value)s."), key=key, value=_short(value))
        return []


def _short(value: object) -> str:
    """Return a value as a person can read it in a sentence, cut to 40 letters."""
    if value is None:
        return str(_("nothing"))
    text = str(value)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"  # noqa: PLR2004 - said above
