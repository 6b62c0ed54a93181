"""May the learner take this back, write a new version, withdraw it? (3.1, R8, R53)"""

from collections.abc import Iterable
from dataclasses import dataclass

from common.refusals import Refusal
from common.text import say
from portfolio.enums import EVIDENCE_TRANSITIONS, EvidenceState


@dataclass(frozen=True, slots=True)
class StateFacts:
    """A piece as it is now. `rests_on`: titles of signed-off units that a decision on this piece carries.

    `undecided`: criteria on it that are not met. `active`: a registration of the learner runs today. `opened_by`: who
    opened the sent version first, where somebody did.
    """

    state: str
    active: bool = True
    rests_on: tuple[str, ...] = ()
    undecided: int = 0
    opened_by: str = ""


def why_not_write(*, active: bool) -> list[Refusal]:
    """Return why a learner's pages only read: no registration of theirs runs today."""
    if active:
        return []
    words = say("Your registration is not running now, so you can read everything but change nothing. Ask your centre.")
    return [Refusal("registration-ended", words)]


def why_not_recall(facts: StateFacts) -> list[Refusal]:
    """Return why a sent piece cannot be taken back: only until an assessor opens it (3.1)."""
    return [*why_not_write(active=facts.active), *_recall(facts)]


def _recall(facts: StateFacts) -> Iterable[Refusal]:
    if facts.state == EvidenceState.SUBMITTED:
        return
    if facts.state == EvidenceState.DRAFT:
        yield Refusal("not-sent", say("This is not sent, so you can just go on writing."))
    elif facts.state == EvidenceState.IN_REVIEW and facts.opened_by:
        words = say("%(name)s has opened it, so it cannot be taken back. You can write to them in the feedback.")
        yield Refusal("opened", words % {"name": facts.opened_by})
    else:
        yield Refusal("opened", say("Your assessor has opened it, so it cannot be taken back."))


def why_not_revise(facts: StateFacts) -> list[Refusal]:
    """Return why no new version can be written: not decided yet, all met, or a signed-off unit rests on it (R53)."""
    return [*why_not_write(active=facts.active), *_revise(facts), *_rests(facts)]


def _revise(facts: StateFacts) -> Iterable[Refusal]:
    if facts.state == EvidenceState.RETURNED:
        return
    if facts.state != EvidenceState.ACCEPTED:
        yield Refusal("not-decided", say("A new version can be written once your assessor has answered this one."))
    elif not facts.undecided:
        yield Refusal("all-met", say("Everything on this piece is met. Add a new piece for other things."))


def why_not_withdraw(facts: StateFacts) -> list[Refusal]:
    """Return why a piece cannot be withdrawn: it already is, or a signed-off unit rests on it (3.1)."""
    return [*why_not_write(active=facts.active), *_withdraw(facts), *_rests(facts)]


def _withdraw(facts: StateFacts) -> Iterable[Refusal]:
    if EvidenceState.WITHDRAWN not in EVIDENCE_TRANSITIONS[EvidenceState(facts.state)]:
        yield Refusal("withdrawn", say("This is already withdrawn."))


def _rests(facts: StateFacts) -> Iterable[Refusal]:
    for title in facts.rests_on:
        words = say("“%(unit)s” is signed off and rests on this piece, so it stays as it is.")
        yield Refusal("unit-frozen", words % {"unit": title})
