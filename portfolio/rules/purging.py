"""May personal data of others be removed for good? One person asks, another agrees (R60)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from common.refusals import Refusal
from common.text import say

SHORTEST_REASON: Final = 10
LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class AskFacts:
    """What decides about asking. `files`: how many files of the version are still here; `words`: they are meant too.

    `rests_on` are the titles of signed units that rest on the piece.
    """

    own: bool
    files: int
    words: bool
    withheld: bool  # the words are removed already
    waiting: bool
    reason: str
    rests_on: Sequence[str] = ()


def why_not_ask_purge(facts: AskFacts) -> list[Refusal]:
    """Say why nobody can be asked to remove this: one's own, asked already, nothing there, signed, no reason (R60)."""
    if facts.own:
        words = say("This is your own piece. Withdraw it, or take it out of the next version; nothing is removed here.")
        return [Refusal("purge-own-piece", words)]
    if facts.waiting:
        words = say("Somebody has asked for this already. It waits for a second person.")
        return [Refusal("purge-waiting", words)]
    return [*_nothing(facts), *_signed(facts.rests_on), *_reason(facts.reason)]


def _nothing(facts: AskFacts) -> Iterable[Refusal]:
    if not facts.files and not (facts.words and not facts.withheld):
        words = say("There is nothing left in this version to remove. Say if its words are meant.")
        yield Refusal("purge-nothing", words, "words")


def _signed(titles: Sequence[str]) -> Iterable[Refusal]:
    if titles:
        words = say("“%(unit)s” is signed and rests on this piece. Nothing is removed. Reopen the unit first.")
        yield Refusal.of("purge-signed", words, unit=titles[0])


def _reason(reason: str) -> Iterable[Refusal]:
    if len(reason) < SHORTEST_REASON:
        words = say("Say what kind of data it is and where, without repeating it. The learner reads it.")
        yield Refusal("reason-missing", words, "reason")
    elif len(reason) > LONGEST_REASON:
        words = say("Use at most %(limit)d characters.") % {"limit": LONGEST_REASON}
        yield Refusal("too-long", words, "reason")


@dataclass(frozen=True, slots=True)
class PurgeFacts:
    """What decides about a second person's answer."""

    asked_by_self: bool
    own_piece: bool
    decided: bool
    agrees: bool
    note: str
    rests_on: Sequence[str] = ()


def why_not_decide_purge(facts: PurgeFacts) -> list[Refusal]:
    """Say why this person cannot answer like this: they asked, it is theirs, answered, signed meanwhile, no note."""
    if facts.decided:
        return [Refusal("purge-decided", say("Somebody has answered this already. Nothing changes."))]
    if facts.asked_by_self:
        return [Refusal("purge-asked-by-self", say("You asked for this. Another person has to look at it."))]
    if facts.own_piece:
        return [Refusal("purge-own-piece", say("This is about your own piece. Another person has to look at it."))]
    if facts.agrees:
        return list(_signed(facts.rests_on))
    if not SHORTEST_REASON <= len(facts.note) <= LONGEST_REASON:
        words = say("Say in a sentence of at most 500 characters why it stays. Whoever asked reads it.")
        return [Refusal("note-missing", words, "note")]
    return []
