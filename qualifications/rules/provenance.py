"""How far a catalogue entry can be trusted, said honestly: what was read, what was recalled, and where."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from common.text import _
from qualifications.rules.known import Detail, details_in_words

#: The awarding body's own sentences, brought in by a centre; everything else is ours in other words.
OFFICIAL = "official"
#: How the rule of combination itself may be known, where a file says it.
RULES_KNOWN = ("read", "second_body", "mixed", "recalled")
_LINKED = re.compile(r"(?P<title>.+): (?P<url>https?://\S+)", re.DOTALL)

SENTENCES = {
    ("facts", "read"): _("Title, level, credits and hours were read in a published source."),
    ("facts", "recalled"): _("Title, level, credits and hours are recalled, not read in a source."),
    ("facts", "mixed"): _("Some facts were read in a published source, others are recalled."),
    ("rule", "read"): _("The rule of combination was read in a published source."),
    ("rule", "second_body"): _("The rule of combination is as another awarding body or a provider prints it."),
    ("rule", "mixed"): _("Part of the rule of combination was read in a published source, part of it is recalled."),
    ("rule", "recalled"): _("The rule of combination is recalled, not read in a source."),
    ("criteria", "read"): _("The criteria were read in a published source."),
    ("criteria", "recalled"): _("The criteria are recalled, not read in a source."),
    ("criteria", "official"): _("The criteria are the awarding body’s own wording."),
    ("criteria", "mixed"): _("Some criteria were read in a published source, others are recalled."),
}


@dataclass(frozen=True, slots=True)
class Source:
    """Something that was read. `url` is empty where there is no address."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an entry comes from, in words."""

    sentences: tuple[str, ...]
    sources: tuple[Source, ...]
    notes: str
    details: tuple[Detail, ...] = ()


def provenance_in_words(facts: Mapping[str, Any]) -> Provenance:
    """Return what the stored provenance says, a whole sentence for each part of it.

    A part that the entry does not mention gives no sentence; only http and https addresses become links.
    """
    parts = ((part, str(facts[part])) for part in ("facts", "rule", "criteria") if part in facts)
    return Provenance(
        sentences=tuple(str(SENTENCES[key]) for key in parts if key in SENTENCES),
        sources=tuple(_source(str(text)) for text in facts.get("sources", ())),
        notes=str(facts.get("notes", "")),
        details=details_in_words(facts),
    )


@dataclass(frozen=True, slots=True)
class WordedBy:
    """Whose sentences a unit's criteria are. `body` may be unknown, `by` is the centre that brought them in."""

    official: bool
    body: str
    by: str
    on: dt.date | None


def wording_of(facts: Mapping[str, Any], *, body: str = "", by: str = "", on: dt.date | None = None) -> WordedBy:
    """Return whose words these are: only what is marked as the awarding body's own is called that (R22)."""
    return WordedBy(official=facts.get("criteria") == OFFICIAL, body=body, by=by, on=on)


def _source(text: str) -> Source:
    linked = _LINKED.fullmatch(text)
    return Source(linked["title"], linked["url"]) if linked else Source(text, "")
