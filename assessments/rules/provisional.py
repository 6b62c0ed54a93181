"""Does a decision count at once, or only once it is countersigned? Pure (R6, R7)."""

from dataclasses import dataclass

from assessments.enums import VERDICT_STATES, Verdict
from centres.enums import Standing
from portfolio.enums import MappingState


@dataclass(frozen=True, slots=True)
class Before:
    """What stood when somebody decided about a mapping."""

    state: str  # of the mapping
    verdict: str = ""  # of the decision in force, "" where none is
    counts: bool = False  # that decision is a qualified person's, or countersigned
    own_waits: bool = False  # a decision of this very person waits for a countersignature, or a "met" of theirs did

    @property
    def answer(self) -> str:
        """The verdict that answers what is offered now; nothing once it is offered again."""
        return self.verdict if self.verdict and VERDICT_STATES[Verdict(self.verdict)] == self.state else ""


def is_provisional(*, standing: str, verdict: str, before: Before) -> bool:
    """Say whether a decision waits for a countersignature before it counts.

    A trainee's "met" does, and so does whatever of theirs would overturn an answer that counts (R6). Who is qualified
    by now does not lift their own decision of before by deciding "met" again: that still wants another person (R7).
    """
    if standing == Standing.QUALIFIED:
        return before.own_waits and verdict == Verdict.MET
    overturns = before.counts and before.answer not in {"", verdict}
    return verdict == Verdict.MET or overturns


def state_after_decision(*, verdict: str, provisional: bool, before: Before) -> MappingState:
    """Return the state of the mapping after a decision; a provisional one leaves an answer that stands as it is."""
    if not provisional:
        return VERDICT_STATES[Verdict(verdict)]
    if verdict == Verdict.MET and before.state != MappingState.MET:
        return MappingState.MET_PROVISIONAL
    return MappingState(before.state)


def state_after_refusal(state: str) -> MappingState:
    """Return the state of the mapping when a countersigner does not agree: asked again, or as it was before (3.2)."""
    return MappingState.OFFERED if state == MappingState.MET_PROVISIONAL else MappingState(state)
