"""May this registration be moved to another version, qualification or level? (R34)"""

from collections.abc import Iterator
from dataclasses import dataclass

from centres.enums import REGISTRATION_TRANSITIONS, RegistrationState
from common.refusals import Refusal
from common.text import say

SHORTEST_REASON = 5
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class MoveFacts:
    """What decides about a move besides what decides about any registration. `same`: the target is where it is now.

    `complete`: its award is, and `confirmed`: whoever moves it knows that. `signed` are the titles of units that are
    signed and not yet confirmed, `disputed` of those with which the learner did not agree and nobody has answered.
    """

    state: str
    same: bool
    reason: str
    complete: bool = False
    confirmed: bool = False
    signed: tuple[str, ...] = ()
    disputed: tuple[str, ...] = ()


def why_not_move(facts: MoveFacts) -> list[Refusal]:
    """Say why a registration cannot be moved: not active, to where it is, complete and not said so, without a reason.

    Nor while a unit is half signed or disputed: nobody could finish it afterwards. R34, R83, 3.5.
    """
    found = []
    if RegistrationState.TRANSFERRED not in REGISTRATION_TRANSITIONS[RegistrationState(facts.state)]:
        found.append(Refusal("not-active", _not_active(facts.state)))
    if facts.same:
        words = say("The learner is registered for this version already. Choose another one to move to.")
        found.append(Refusal("same-version", words, "qualification"))
    if facts.complete and not facts.confirmed:
        words = say(
            "The award of this registration is complete. Tick that you know this before you move the learner: it stays"
            " complete there, and its certificate can still be claimed."
        )
        found.append(Refusal("award-complete", words, "confirmed"))
    found += _unfinished(facts)
    if not SHORTEST_REASON <= len(facts.reason.strip()) <= LONGEST_REASON:
        words = say("Say in a sentence of at most 300 characters why the learner moves.")
        found.append(Refusal("no-reason", words, "reason"))
    return found


def _unfinished(facts: MoveFacts) -> Iterator[Refusal]:
    """Nothing is signed, confirmed, reopened or answered in a registration that was moved; each can be done before."""
    if facts.signed:
        words = say(
            "Signed, and not confirmed yet: %(units)s. The learner confirms it, or you do for one who left; or it is"
            " reopened, so that it is judged again after the move. Then move the learner; nothing is changed now."
        )
        yield Refusal("waits-confirmation", words % {"units": "; ".join(facts.signed)})
    if facts.disputed:
        words = say(
            "The learner did not agree in: %(units)s. Their assessor or the lead quality assurer has to answer first."
        )
        yield Refusal("open-dispute", words % {"units": "; ".join(facts.disputed)})


def _not_active(state: str) -> str:
    if state == RegistrationState.TRANSFERRED:
        return say("This registration was moved before. Move the one it led to.")
    if state == RegistrationState.ON_BREAK:
        return say("This registration is on a break. End the break, then move it.")
    return say("This registration is not active, so it cannot be moved. It stays readable as it is.")
