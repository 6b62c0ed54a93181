"""What a draft may hold. A draft may be unfinished in every way; it may only not be too long or unknown.

How long a text may be stands here and nowhere else: columns, forms and pages take it from here.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from common.refusals import Refusal, too_long
from common.text import say
from portfolio.enums import AiUse, EvidenceKind, Setting

#: Characters of what is sent.
LENGTHS = {
    "title": 120,
    "place": 120,
    "description": 20_000,
    "body": 60_000,
    "organisation": 160,
    "people": 300,
    "ai_note": 300,
    "location": 200,
    "custodian": 120,
}
#: The two that are writing. A draft keeps more of them than may be sent, so that nothing pasted is lost (R146).
WRITING = frozenset({"description", "body"})
LONGEST_DRAFT = 200_000
#: Characters of what is kept while it is written: what the columns hold.
KEPT = {name: LONGEST_DRAFT if name in WRITING else most for name, most in LENGTHS.items()}
CHOICES: dict[str, frozenset[str]] = {
    "kind": frozenset(EvidenceKind.values),
    "setting": frozenset({*Setting.values, ""}),
    "ai_use": frozenset({*AiUse.values, ""}),
}
#: What a learner may write into a draft. State, owner, version and times are not among them (B01).
DRAFT_FIELDS = (*CHOICES, *LENGTHS, "activity_date", "no_customer_named")


def why_not_save(fields: Mapping[str, Any]) -> list[Refusal]:
    """Return what cannot be kept: unknown fields, texts beyond their length, choices that are none, wrong types."""
    return [refusal for name, value in fields.items() for refusal in _field(name, value)]


def _field(name: str, value: Any) -> Iterable[Refusal]:
    if name in LENGTHS:
        yield from _text(name, value)
    elif name in CHOICES:
        if value not in CHOICES[name]:
            yield Refusal("unknown-choice", say("Choose one of the answers shown."), name)
    elif name == "activity_date":
        if value is not None and (not isinstance(value, dt.date) or isinstance(value, dt.datetime)):
            yield Refusal("not-a-date", say("Write the date as day, month and year."), name)
    elif name == "no_customer_named":
        if value is not None and not isinstance(value, bool):
            yield Refusal("unknown-choice", say("Choose one of the answers shown."), name)
    else:
        yield Refusal("unknown-field", say("This page has a field we do not know. Reload it and try again."))


def _text(name: str, value: Any) -> Iterable[Refusal]:
    if not isinstance(value, str):
        yield Refusal("not-text", say("Write this in words."), name)
    else:
        yield from too_long(value, name, KEPT[name], said=LENGTHS[name])
