"""May a unit signed off in one registration of a learner count in another one of theirs? (R19, R34)"""

from dataclasses import dataclass

from centres.enums import DONE_UNITS, OPEN_UNITS
from common.refusals import Refusal
from common.text import say

SHORTEST_REASON = 10
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Text:
    """Which text a unit is: its row in the catalogue, its Ofqual reference ("" for none), the digest of its content."""

    id: int
    reference: str
    digest: str


@dataclass(frozen=True, slots=True)
class CarryFacts:
    """What decides about carrying a unit over. `source_state` is "" where no other registration in sight has it.

    `same_text`: it reads the same there, word for word; else it has the same reference and other words.
    """

    state: str
    source_state: str
    same_text: bool
    qualified: bool
    own_unit: bool
    allocated: bool
    registration_active: bool
    reauthenticated: bool
    declined: bool = False
    disputed: bool = False  # the learner did not agree with the last signature here, and nobody has answered
    few: tuple[Refusal, ...] = ()  # too little of the award would be assessed, were an exempt unit carried over (R79)


def same_text(one: Text, other: Text) -> bool:
    """Say whether two unit versions are one and the same to a learner: one row, or one reference and one wording."""
    if one.id == other.id:
        return True
    return bool(one.reference) and one.reference == other.reference and one.digest == other.digest


def why_not_carry(facts: CarryFacts) -> list[Refusal]:
    """Return everything that keeps a unit from being carried over: other wording, not signed off, not yours (R34).

    Nor while nobody has answered a learner who did not agree (R83).
    """
    found = [*_why_not_decide(facts), *facts.few]
    if facts.disputed:
        words = say("The learner did not agree with the last signature on this unit. Answer first; then let it count.")
        found.append(Refusal("disputed", words))
    if not facts.reauthenticated:
        found.append(Refusal("prove-again", say("Confirm that it is you before you approve."), "reauthenticate"))
    return found


def why_not_decline(facts: CarryFacts, reason: str) -> list[Refusal]:
    """Return why this person cannot say that a unit is not carried over: as for approving it, and a reason (R34)."""
    found = _why_not_decide(facts)
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        words = say("Say in a sentence why the unit does not count here. The learner will read it.")
        found.append(Refusal("no-reason", words, "reason"))
    return found


def _why_not_decide(facts: CarryFacts) -> list[Refusal]:
    found = []
    if facts.state not in OPEN_UNITS:
        found.append(Refusal("already-signed", say("This unit is already signed, exempt or no longer chosen.")))
    if not facts.source_state:
        words = say("No other registration of this learner that you look after has this unit. It is judged again.")
        found.append(Refusal("no-source", words))
    elif not facts.same_text:
        words = say(
            "The unit has the same reference there and other words. Decisions never come along with other words: it is"
            " judged again, or a certificate of the unit makes it exempt."
        )
        found.append(Refusal("other-words", words))
    elif facts.source_state not in DONE_UNITS:
        found.append(Refusal("source-open", say("The unit is not signed off in the other registration.")))
    if facts.own_unit:
        found.append(Refusal("own-unit", say("This is your own unit. Another assessor has to approve it.")))
    if not facts.allocated:
        found.append(Refusal("not-allocated", say("This learner is not in your caseload today.")))
    elif not facts.qualified:
        words = say("A trainee cannot carry a unit over. Ask a qualified assessor.")
        found.append(Refusal("trainee", words))
    if not facts.registration_active:
        found.append(Refusal("registration-ended", say("The learner's registration is not active.")))
    if facts.declined:
        found.append(Refusal("declined", say("It was decided that this unit is judged again. That stands.")))
    return found
