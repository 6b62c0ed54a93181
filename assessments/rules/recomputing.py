"""What must stand now, worked out again from what was decided and signed: stored states are compared with it (I3, I4).

Stored beside their history are the current decision and the state of a mapping, the state of a piece, the state of a
unit and what its signature rests on. Each follows from rows that are never changed.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assessments.enums import VERDICT_STATES, Act, ReviewKind, Verdict
from assessments.rules.judging import state_after
from assessments.rules.provisional import Before, is_provisional, state_after_decision, state_after_refusal
from centres.enums import FROZEN_UNITS, Standing, UnitState
from portfolio.enums import DECIDED_MET, SENT, EvidenceState, MappingState

# --- one mapping ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """One decision about a mapping, and what its countersigner said (None: nobody has)."""

    key: int
    version: int
    round: int
    verdict: str
    standing: str
    assessor: int
    agrees: bool | None = None

    @property
    def in_training(self) -> bool:
        """It is a trainee's "met" that nobody answered."""
        return self.standing == Standing.TRAINEE and self.verdict == Verdict.MET and self.agrees is None


@dataclass(frozen=True, slots=True)
class Current:
    """What counts and what waits after some decisions, the state they lead to, and how many rounds they took."""

    in_force: Judged | None = None
    countersigned: bool = False
    proposed: Judged | None = None
    state: str = MappingState.OFFERED
    rounds: int = 0
    fault: str = ""  # of the rounds themselves

    @property
    def counts(self) -> bool:
        """What is in force is a qualified person's, or countersigned."""
        return self.in_force is not None and (self.in_force.standing == Standing.QUALIFIED or self.countersigned)


def current_after(judged: Sequence[Judged]) -> Current:
    """Return what stands after these decisions about one mapping, in the order of their rounds (decision 10)."""
    now = Current()
    for place, one in enumerate(judged):
        now = _decided(now, judged[:place], one)
        if one.agrees is not None:
            now = _countersigned(now, one, agrees=one.agrees)
    return now


def _decided(now: Current, before: Sequence[Judged], one: Judged) -> Current:
    was = Before(
        state=_offered_again(now.state, before, one),
        verdict=now.in_force.verdict if now.in_force else "",
        counts=now.counts,
        own_waits=_own_waits(now, before, one),
    )
    waits = is_provisional(standing=one.standing, verdict=one.verdict, before=was)
    state = state_after_decision(verdict=one.verdict, provisional=waits, before=was)
    rounds = now.rounds + 1
    fault = now.fault or ("" if one.round == rounds else f"round {rounds} is missing")
    if waits:
        return replace(now, proposed=one, state=state, rounds=rounds, fault=fault)
    return Current(in_force=one, state=state, rounds=rounds, fault=fault)


def _offered_again(state: str, before: Sequence[Judged], one: Judged) -> str:
    """Return the state in which this decision found the mapping: with a new version it asks again what was not met."""
    again = bool(before) and before[-1].version != one.version
    return MappingState.OFFERED if again and state not in DECIDED_MET else state


def _own_waits(now: Current, before: Sequence[Judged], one: Judged) -> bool:
    own = [earlier for earlier in before if (earlier.assessor, earlier.version) == (one.assessor, one.version)]
    trained = any(earlier.in_training for earlier in own) and not any(earlier.agrees for earlier in own)
    return trained or (now.proposed is not None and now.proposed.assessor == one.assessor)


def _countersigned(now: Current, one: Judged, *, agrees: bool) -> Current:
    rounds = now.rounds + 1
    if now.proposed != one:
        return replace(now, rounds=rounds, fault=now.fault or f"what was decided in round {one.round} did not wait")
    if agrees:
        state = VERDICT_STATES[Verdict(one.verdict)]
        return Current(in_force=one, countersigned=True, state=state, rounds=rounds, fault=now.fault)
    return replace(now, proposed=None, state=state_after_refusal(now.state), rounds=rounds)


def states_allowed(now: Current, *, sent_again: bool) -> frozenset[str]:
    """Return in which states a mapping may be after these decisions; `sent_again`: a version came after the last one.

    What was not met is asked again with a version that follows, and whatever nobody will decide is closed.
    """
    open_again = {MappingState.OFFERED, MappingState.PROPOSED}
    if now.state == MappingState.OFFERED or (sent_again and now.state not in DECIDED_MET):
        return frozenset({now.state, MappingState.CLOSED, *open_again})
    return frozenset({now.state, MappingState.CLOSED})


# --- one piece --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PieceFacts:
    """A piece as it is stored, and the rows that its state follows from."""

    state: str
    version_number: int
    versions: tuple[int, ...]  # numbers that were sent, in order
    recalled: frozenset[int] = frozenset()
    reviewed: tuple[tuple[int, str], ...] = ()  # (number of the version, kind), in order
    mappings: tuple[str, ...] = ()  # their states
    moved: bool = False  # one of them is in a registration that is, or was, over


def wrong_in_piece(facts: PieceFacts) -> list[str]:
    """Return what does not follow from the versions, reviews and mappings of a piece (3.1)."""
    found = []
    last = len(facts.versions)
    if facts.versions != tuple(range(1, last + 1)):
        found.append(f"its versions are {', '.join(map(str, facts.versions))}: one is missing")
    if last not in _numbers(facts):
        found.append(f"it is {facts.state} in version {facts.version_number}, and {last} were sent")
    if facts.state in SENT and facts.version_number in facts.recalled:
        found.append(f"it is {facts.state}, and its learner took that version back")
    return found + _wrong_answer(facts)


def _numbers(facts: PieceFacts) -> set[int]:
    """Return how many versions may have been sent of a piece in this state."""
    at, before = facts.version_number, facts.version_number - 1
    if facts.state == EvidenceState.WITHDRAWN:
        return {at, before}
    return {before if facts.state == EvidenceState.DRAFT else at}


def _wrong_answer(facts: PieceFacts) -> list[str]:
    kinds = [kind for number, kind in facts.reviewed if number == facts.version_number]
    after = state_after(facts.mappings, sending_back=False)
    if facts.state == EvidenceState.SUBMITTED and kinds:
        return ["it is submitted, and was answered already"]
    if facts.state == EvidenceState.RETURNED:
        answered = ReviewKind.RETURNED in kinds or (kinds and after == EvidenceState.RETURNED)
        return [] if answered else ["it is returned, and nobody sent that version back"]
    if facts.state == EvidenceState.ACCEPTED and after != EvidenceState.ACCEPTED:
        return [f"it is accepted, and its criteria say {after}"]
    decided = ReviewKind.DECIDED in kinds and not facts.moved
    if facts.state == EvidenceState.IN_REVIEW and decided and after != EvidenceState.IN_REVIEW:
        return [f"it is in_review, and its criteria say {after}"]
    return []


# --- one unit ---------------------------------------------------------------------------------------------------------

_OPEN: Final = frozenset({UnitState.SELECTED, UnitState.IN_PROGRESS, UnitState.DROPPED})
#: In which states an act leaves a unit; one that is not here changes none. An open one may be dropped and chosen again.
AFTER_ACT: Final[dict[Act, frozenset[UnitState]]] = {
    Act.ASSESSOR_SIGNED: frozenset({UnitState.ASSESSOR_SIGNED}),
    Act.COUNTERSIGNED: frozenset({UnitState.COUNTERSIGNED}),
    Act.COUNTERSIGN_REFUSED: _OPEN,
    Act.LEARNER_CONFIRMED: frozenset({UnitState.ACHIEVED}),
    Act.LEARNER_DISPUTED: _OPEN,
    Act.CONFIRMED_ABSENT: frozenset({UnitState.ACHIEVED}),
    Act.REOPENED: _OPEN,
    Act.CARRIED_OVER: frozenset({UnitState.ACHIEVED, UnitState.EXEMPT}),
    Act.EXEMPTED: frozenset({UnitState.EXEMPT}),
}
#: These end what a signature began.
_UNSIGNING: Final = frozenset({Act.COUNTERSIGN_REFUSED, Act.LEARNER_DISPUTED, Act.REOPENED})


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit as it is stored, its acts in order, and the last decision in it."""

    state: str
    disputed: bool
    acts: tuple[str, ...] = ()
    begun: bool = False  # something in it was decided, at some time
    decided_since: bool = False  # something in it was decided after it got this state


def wrong_in_unit(facts: UnitFacts) -> list[str]:
    """Return what does not follow from the acts and decisions of a unit (3.3)."""
    found = []
    allowed = _OPEN
    for act in facts.acts:
        allowed = AFTER_ACT.get(Act(act), allowed)
    last = next((act for act in reversed(facts.acts) if Act(act) in AFTER_ACT), "")
    if facts.state not in allowed:
        found.append(f"it is {facts.state}, and its last act is {last or 'none'}")
    if facts.disputed != is_disputed(facts.acts):
        found.append("it says that it is disputed" if facts.disputed else "it does not say that it is disputed")
    if facts.state == UnitState.IN_PROGRESS and not (facts.begun or facts.acts):
        found.append("it is in_progress, and nothing was decided in it")
    if facts.state == UnitState.SELECTED and facts.decided_since:
        found.append("it is selected, and something was decided in it")
    return found


def is_disputed(acts: Iterable[str]) -> bool:
    """Say whether a learner did not agree and nobody has answered, after these acts (R83)."""
    disputed = False
    for act in acts:
        if act in {Act.LEARNER_DISPUTED, Act.DISPUTE_ANSWERED, Act.LEARNER_CONFIRMED}:
            disputed = act == Act.LEARNER_DISPUTED
    return disputed


def signature_of(acts: Sequence[str]) -> int | None:
    """Return the place of the assessor's signature on which a unit stands after these acts; None: on no signature."""
    place = None
    for number, act in enumerate(acts):
        if act == Act.ASSESSOR_SIGNED:
            place = number
        elif act in _UNSIGNING or act in {Act.CARRIED_OVER, Act.EXEMPTED}:
            place = None
    return place


def rests_on(*, state: str, signer: int, standing: str, decided_by: Collection[tuple[int, str]]) -> int | None:
    """Return the trainee on whom a signed unit rests (R6): its signer, or who decided most of what counts in it.

    `decided_by` holds who made each decision that counts, and their standing.
    """
    if state not in FROZEN_UNITS:
        return None
    if standing == Standing.TRAINEE:
        return signer
    trainees = [person for person, was in decided_by if was == Standing.TRAINEE]
    return min(set(trainees), key=lambda person: (-trainees.count(person), person), default=None)
