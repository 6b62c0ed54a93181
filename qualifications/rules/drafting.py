"""Who may move a draft where, and what has to be in order before it is published (R23)."""

from collections.abc import Iterator
from dataclasses import dataclass

from common.refusals import Refusal
from common.text import say
from qualifications.enums import DRAFT_TRANSITIONS, DraftState

SHORTEST_REASON = 10
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A draft as it stands, seen by somebody who wants to move it.

    `changes` is how many versions it would publish; `moved_on` names what was published again since it was sent.
    """

    state: DraftState
    mine: bool
    problems: int = 0
    changes: int = 1
    moved_on: tuple[str, ...] = ()
    reason: str = ""


def why_not_submit(facts: DraftFacts) -> list[Refusal]:
    """Say why a draft cannot be sent to a second person: only its author sends it, whole and with something new."""
    return [*_move(facts, DraftState.SUBMITTED), *_author(facts), *_in_order(facts)]


def why_not_approve(facts: DraftFacts) -> list[Refusal]:
    """Say why a draft cannot be let through now: never by its author, never unseen against what counts today (R23)."""
    return [*_move(facts, DraftState.PUBLISHED), *_second(facts), *_in_order(facts), *_moved_on(facts)]


def why_not_reject(facts: DraftFacts) -> list[Refusal]:
    """Say why a draft cannot be sent back: by a second person, with a reason the author can work with."""
    found = [*_move(facts, DraftState.REJECTED), *_second(facts)]
    if len(facts.reason.strip()) < SHORTEST_REASON:
        found.append(Refusal("no-reason", say("Say in a sentence what has to be different."), "reason"))
    if len(facts.reason) > LONGEST_REASON:
        words = say("Use at most %(longest)d characters.") % {"longest": LONGEST_REASON}
        found.append(Refusal("long-reason", words, "reason"))
    return found


def why_not_reopen(facts: DraftFacts) -> list[Refusal]:
    """Say why a draft cannot be taken back to be worked on: only by its author, never once it is published."""
    return [*_move(facts, DraftState.DRAFT), *_author(facts)]


def why_not_withdraw(facts: DraftFacts) -> list[Refusal]:
    """Say why a draft cannot be withdrawn. Any editor may: its author may have left."""
    return list(_move(facts, DraftState.WITHDRAWN))


def _move(facts: DraftFacts, to: DraftState) -> Iterator[Refusal]:
    if to not in DRAFT_TRANSITIONS[facts.state]:
        words = say("This draft stands at “%(state)s” now, so this cannot be done. Nothing was changed.")
        yield Refusal("not-open", words % {"state": facts.state.label})


def _author(facts: DraftFacts) -> Iterator[Refusal]:
    if not facts.mine:
        yield Refusal("not-author", say("Only the person who brought this in can do that."))


def _second(facts: DraftFacts) -> Iterator[Refusal]:
    if facts.mine:
        yield Refusal("own-draft", say("You brought this in yourself. A second person has to look at it."))


def _in_order(facts: DraftFacts) -> Iterator[Refusal]:
    if facts.problems:
        yield Refusal("problems", say("Some of it cannot be published yet. What is wrong is listed on this page."))
    elif not facts.changes:
        yield Refusal("nothing-new", say("This is what counts already, word for word. There is nothing to publish."))


def _moved_on(facts: DraftFacts) -> Iterator[Refusal]:
    if facts.moved_on:
        words = say(
            "Meanwhile there is something newer than what this was compared with: %(names)s. Its author takes it back,"
            " looks at the differences and sends it again."
        )
        yield Refusal("moved-on", words % {"names": ", ".join(facts.moved_on)})
