"""May this evidence be offered for this criterion? (R67)"""

from collections.abc import Iterable
from dataclasses import dataclass

from common.refusals import Refusal
from common.text import count, say

#: R67: more than so many criteria on one item looks like offering everything for everything.
MANY_CRITERIA = 40
LAST_PAGE = 100_000
LAST_SECOND = 24 * 60 * 60
LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """One link asked for. `known`: the criterion is one of the learner's chosen units, and the registration runs."""

    known: bool
    frozen: bool = False
    unit: str = ""
    page: int | None = None
    seconds: int | None = None
    note: str = ""


def why_not_link(facts: LinkFacts) -> list[Refusal]:
    """Return why this link cannot be made: not a chosen unit (A13), a signed-off unit (R83), an impossible place."""
    return [*_unit(facts), *_place(facts)]


def _unit(facts: LinkFacts) -> Iterable[Refusal]:
    if not facts.known:
        yield Refusal("not-your-unit", say("One of these things is not in the units you are doing."), "criteria")
    elif facts.frozen:
        words = say("“%(unit)s” is signed off, so nothing can be added to it or taken from it.")
        yield Refusal("unit-frozen", words % {"unit": facts.unit}, "criteria")


def _place(facts: LinkFacts) -> Iterable[Refusal]:
    if facts.page is not None and not 1 <= facts.page <= LAST_PAGE:
        yield Refusal("no-such-page", say("A page is a number from 1 on."), "criteria")
    if facts.seconds is not None and not 0 <= facts.seconds <= LAST_SECOND:
        yield Refusal("no-such-time", say("Write the time as minutes and seconds, like 1:30."), "criteria")
    if len(facts.note) > LONGEST_NOTE:
        words = say("A note is %(length)d characters long. Keep it to %(most)d.")
        yield Refusal("note-too-long", words % {"length": len(facts.note), "most": LONGEST_NOTE}, "criteria")


def link_warnings(criteria: int) -> list[Refusal]:
    """Return a warning, never a refusal, when one item is offered for more than 40 criteria (R67)."""
    if criteria <= MANY_CRITERIA:
        return []
    words = count(
        "This piece is offered for %(n)d criterion. Choose those it shows best; your assessor has to look at each.",
        "This piece is offered for %(n)d criteria. Choose those it shows best; your assessor has to look at each.",
        criteria,
    )
    return [Refusal("many-criteria", words % {"n": criteria}, "criteria")]
