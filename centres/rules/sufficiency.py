"""Who may ask for more evidence or less, and who lets it through (R71)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from common.refusals import Refusal
from common.text import say

SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class ProposeFacts:
    """A rule somebody wants. `in_force`: what the same scope asks now, None where no rule of it counts."""

    asked: Mapping[str, Any]
    eases: bool
    starts_on: dt.date
    today: dt.date
    reason: str
    waiting: bool
    in_force: tuple[Mapping[str, Any], bool] | None
    for_learner: bool = False
    own_work: bool = False
    frozen: bool = False
    criterion_known: bool = True
    unit_known: bool = True


def why_not_propose(facts: ProposeFacts) -> list[Refusal]:
    """Return every reason against proposing this rule (R8, R71)."""
    return [*_about(facts), *_what(facts), *_when(facts)]


def _about(facts: ProposeFacts) -> Iterable[Refusal]:
    if facts.own_work:
        yield Refusal("own-work", say("This is your own unit. Somebody else has to ask for an exception."))
    if facts.frozen:
        text = say("This unit is signed, and a signature stands. An exception changes nothing in it.")
        yield Refusal("unit-signed", text)
    if not facts.criterion_known:
        yield Refusal("criterion", say("Choose a criterion of this unit."), "criterion")
    if not facts.unit_known:
        yield Refusal("unit", say("Choose a unit from the list."), "unit")
    if facts.waiting:
        text = say("A change of the same rule already waits for a second person. Decide about it first.")
        yield Refusal("waiting", text)


def _what(facts: ProposeFacts) -> Iterable[Refusal]:
    asked = (dict(facts.asked), facts.eases)
    if facts.in_force is not None and asked == (dict(facts.in_force[0]), facts.in_force[1]):
        yield Refusal("same", say("This is what counts already. Change something, or leave it as it is."), "pieces")
    if facts.in_force is None and not facts.asked and not facts.eases:
        text = say("This asks for nothing beyond one accepted piece. Ask for something.")
        yield Refusal("nothing-asked", text, "pieces")
    if facts.eases and not facts.for_learner:
        yield Refusal(
            "eased-for-all", say("A centre can only ask for more. Less is asked of one learner, with a reason.")
        )


def _when(facts: ProposeFacts) -> Iterable[Refusal]:
    if facts.starts_on < facts.today:
        yield Refusal("back-dated", say("A rule counts from today on at the earliest."), "starts_on")
    yield from _reason(facts.reason, say("Say why, in a sentence. Quality assurers read it."), "reason")


@dataclass(frozen=True, slots=True)
class DecideFacts:
    """A second person at a rule that waits."""

    is_author: bool
    decided: bool
    agrees: bool
    note: str
    own_work: bool = False
    own_learner: bool = False
    eases: bool = False


def why_not_decide(facts: DecideFacts) -> list[Refusal]:
    """Return every reason against this person deciding about this rule (R8, R71: four eyes)."""
    checks = [
        (facts.decided, "decided", say("This is decided already. Look at it again.")),
        (facts.is_author, "own-rule", say("You proposed this. Another admin or lead quality assurer has to decide.")),
        (facts.own_work, "own-work", say("This is about your own work. Somebody else has to decide.")),
        (
            facts.own_learner and facts.eases,
            "own-learner",
            say("You assess this learner, or did. Somebody else has to decide whether less is asked of them."),
        ),
    ]
    found = [Refusal(code, sentence) for holds, code, sentence in checks if holds]
    if not facts.agrees and not facts.decided:
        found += _reason(facts.note, say("Say why not, in a sentence."), "note")
    return found


def _reason(text: str, sentence: str, where: str) -> list[Refusal]:
    length = len(text.strip())
    if length < SHORTEST_REASON:
        return [Refusal("no-reason", sentence, where)]
    if length > LONGEST_REASON:
        return [Refusal("long-reason", say("Keep it under 500 characters."), where)]
    return []
