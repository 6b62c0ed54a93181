"""How a fact of the catalogue is known, and what that means for whoever chooses units (T18, R18, R24).

Read: seen in the source named. Second body: another awarding body prints it. Inferred: worked out. Recalled: from
memory; that is never shipped as a fact, it is only ever said of something that waits to be confirmed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from common.text import _, say
from qualifications.enums import Membership, Numbered

READ: Final = Membership.READ.value
SECOND_BODY: Final = Membership.SECOND_BODY.value
INFERRED: Final = Membership.INFERRED.value
RECALLED: Final = Membership.RECALLED.value
#: How a single fact may be known that a file gives with its source.
SURE_ENOUGH: Final = (READ, SECOND_BODY, INFERRED)
#: How it may be known that a unit belongs where a qualification lists it.
MEMBERSHIPS: Final = tuple(Membership.values)
#: What the number of a unit in a qualification is: printed by the awarding body, only its place in a list, or recalled.
PRINTED: Final = Numbered.PRINTED.value
POSITION: Final = Numbered.POSITION.value
NUMBERED: Final = tuple(Numbered.values)
#: Facts that a file may say more about, and their names on the page.
DETAILS: Final[Mapping[str, Any]] = {
    "reference": _("Ofqual reference"),
    "reference_prefix": _("How the Ofqual reference begins"),
    "title": _("Title"),
    "level": _("Level"),
    "credit": _("Credits"),
    "guided_learning_hours": _("Guided learning hours"),
    "kind": _("Kind of unit"),
    "sector_number": _("Number in the sector’s list"),
    "unit_code": _("Code of the sector’s unit"),
    "national_standard": _("National occupational standard"),
    "structure_reference": _("Reference of the structure"),
    "guided_learning_hours_stated": _("Guided learning hours as one figure"),
    "total_qualification_time": _("Total qualification time"),
    "last_registration": _("Last entry"),
    "last_certification": _("Last certificate"),
    "equivalents": _("Awards of other bodies with the same structure"),
    "rule": _("Rule of combination"),
    "assessment": _("How it is assessed"),
    "assessment_elsewhere": _("How others assess it"),
}
_HOW: Final[Mapping[str, Any]] = {
    READ: _("read in the source named"),
    SECOND_BODY: _("another awarding body prints this"),
    INFERRED: _("worked out, not read"),
}
_DOUBTS: Final[Mapping[str, Any]] = {
    "no-reference": _("Its Ofqual reference is not known."),
    "reference-recalled": _("Its Ofqual reference is recalled, not read."),
    "place-second_body": _("That it belongs here is printed by another awarding body; for this one it was not read."),
    "place-inferred": _("That it belongs here is worked out, not read."),
    "place-recalled": _("That it belongs here is recalled, not read."),
}


@dataclass(frozen=True, slots=True)
class Detail:
    """A fact with where it comes from, in words for the page."""

    name: str
    value: str
    how: str
    source: str
    note: str

    @property
    def urls(self) -> tuple[str, ...]:
        """Return the addresses of its sources: http and https, nothing else becomes a link."""
        return tuple(part for part in self.source.split("; ") if part.startswith(("http://", "https://")))


def details_in_words(stored: Mapping[str, Any]) -> tuple[Detail, ...]:
    """Return what a provenance says of single facts, in the order of `DETAILS`; what it does not know is left out."""
    details = stored.get("details") or {}
    return tuple(
        Detail(
            name=str(name),
            value=str(said.get("value") or ""),
            how=how_in_words(str(said.get("how", ""))),
            source=str(said.get("source") or ""),
            note=str(said.get("note") or ""),
        )
        for key, name in DETAILS.items()
        if (said := details.get(key))
    )


def how_known(stored: Mapping[str, Any], fact: str) -> str:
    """Return how a fact is known: what its detail says, else what the provenance says of all (mixed: recalled)."""
    said = (stored.get("details") or {}).get(fact)
    if said:
        return str(said.get("how", RECALLED))
    return READ if stored.get("facts") == READ else RECALLED


def how_in_words(how: str) -> str:
    """Return how a fact is known in words; "" for a way that has none."""
    return str(_HOW.get(how, ""))


def doubts_about(reference: str | None, reference_known: str, membership: str) -> tuple[str, ...]:
    """Return what nobody has confirmed of a unit in a qualification: codes of `doubts_in_words` (T18)."""
    found = []
    if not reference:
        found.append("no-reference")
    elif reference_known == RECALLED:
        found.append("reference-recalled")
    if membership != READ:
        found.append(f"place-{membership}")
    return tuple(found)


def unconfirmed(doubts: Iterable[str]) -> bool:
    """Say whether a unit is one that no suggestion takes while there is another.

    A place that another awarding body prints for the same structure is said, and still stands before one that nobody
    prints.
    """
    return any(code != f"place-{SECOND_BODY}" for code in doubts)


def doubts_in_words(doubts: Iterable[str]) -> str:
    """Return doubts as sentences one after the other; "" for none."""
    return " ".join(str(_DOUBTS[code]) for code in doubts)


def number_in_words(number: str, numbered: str) -> str:
    """Return in a sentence what a number is where the awarding body does not print it; "" where it does."""
    if not number or numbered == PRINTED:
        return ""
    if numbered == POSITION:
        return say("%(number)s is its place in a list, not the awarding body’s number.") % {"number": number}
    return say("The number %(number)s is recalled, not read.") % {"number": number}
