"""External quality assurers: two people let them in, for a visit, and they are independent (R99, R100)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from centres.rules.people import why_not_dates
from common.refusals import Refusal
from common.text import say

#: The longest time for which somebody is let in at once: a visit with its preparation, not a post.
LONGEST_VISIT: Final = dt.timedelta(days=92)
SHORTEST_PROOF: Final = 10
LONGEST_PROOF: Final = 500


def _apart() -> str:
    return say("An external quality assurer has no role and no registration in the centre they look into.")


@dataclass(frozen=True, slots=True)
class ExternalFacts:
    """Who is to come when, and what decides about it. `here`: has a role here on these days, or a registration.

    `elsewhere`: holds a role in a centre that works under the same awarding body, whichever it is.
    """

    starts_on: dt.date
    ends_on: dt.date | None
    today: dt.date
    own: bool
    entry_codes: frozenset[str]
    known_codes: frozenset[str]
    proof: str
    here: bool = False
    elsewhere: bool = False
    waiting: bool = False


def why_not_propose_external(facts: ExternalFacts) -> list[Refusal]:
    """Say why this person cannot be proposed: oneself, no end or too long, no proof, not independent (R99, R100)."""
    return [*_person(facts), *_days(facts), *_what(facts), *_independent(facts)]


def _person(facts: ExternalFacts) -> Iterable[Refusal]:
    if facts.own:
        yield Refusal("own-role", say("You cannot give this role to yourself. The awarding body names somebody."))
    if facts.waiting:
        words = say("This person is proposed already. It waits for a second person.")
        yield Refusal("external-waiting", words, "email")


def _days(facts: ExternalFacts) -> Iterable[Refusal]:
    yield from why_not_dates(facts.starts_on, facts.ends_on, facts.today)
    if facts.ends_on is None:
        yield Refusal("external-undated", say("Choose the last day of the visit."), "ends_on")
    elif facts.ends_on - facts.starts_on > LONGEST_VISIT:
        words = say("A visit is at most %(days)d days long. Propose it again for the next one.")
        yield Refusal("external-too-long", words % {"days": LONGEST_VISIT.days}, "ends_on")


def _what(facts: ExternalFacts) -> Iterable[Refusal]:
    if not facts.entry_codes:
        yield Refusal(
            "assurance-missing", say("Choose the qualifications that this person looks after."), "entry_codes"
        )
    elif facts.entry_codes - facts.known_codes:
        yield Refusal("assurance-unknown", say("Choose qualifications from the list."), "entry_codes")
    if not SHORTEST_PROOF <= len(facts.proof) <= LONGEST_PROOF:
        words = say("Say in at most 500 characters how the awarding body confirmed who comes: who wrote, and when.")
        yield Refusal("proof-missing", words, "proof")


def _independent(facts: ExternalFacts) -> Iterable[Refusal]:
    if facts.here:
        yield Refusal("external-apart", _apart(), "email")
    if facts.elsewhere:
        words = say(
            "This person is not independent of the centres of this awarding body. Nobody is let in. "
            "Ask the awarding body for somebody else."
        )
        yield Refusal("external-elsewhere", words, "email")


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """What decides about a second person's answer. `visit` is as it would be proposed today, without the proof."""

    asked_by_self: bool
    about_self: bool
    decided: bool
    agrees: bool
    note: str
    over: bool = False  # the last day has passed
    here: bool = False
    elsewhere: bool = False


def why_not_decide_external(facts: AnswerFacts) -> list[Refusal]:
    """Say why this person cannot answer like this: answered, proposed by them, about them, over, no note (R100)."""
    if facts.decided:
        return [Refusal("external-decided", say("Somebody has answered this already. Nothing changes."))]
    if facts.asked_by_self:
        return [Refusal("own-proposal", say("You proposed this. A second person has to look at it."))]
    if facts.about_self:
        return [Refusal("own-role", say("You cannot give this role to yourself. Another person can."))]
    if not facts.agrees:
        return _note(facts.note)
    if facts.over:
        words = say("The last day of this visit has passed. Propose it again with new days.")
        return [Refusal("external-over", words)]
    return _still(facts)


def _note(note: str) -> list[Refusal]:
    if SHORTEST_PROOF <= len(note) <= LONGEST_PROOF:
        return []
    return [Refusal("note-missing", say("Say in a sentence of at most 500 characters why not."), "note")]


def _still(facts: AnswerFacts) -> list[Refusal]:
    found = []
    if facts.here:
        found.append(Refusal("external-apart", say("This person has a role or a registration in the centre by now.")))
    if facts.elsewhere:
        words = say("This person is not independent of the centres of this awarding body by now. Nobody is let in.")
        found.append(Refusal("external-elsewhere", words))
    return found
