"""How far a criterion is, from the claims on it: derived, never stored (3.2, axiom 1)."""

from collections.abc import Iterable

from centres.enums import UnitState
from portfolio.enums import ClaimState, EvidenceState

#: From the best to "nothing yet". Each is a shape and a word of the progress strip.
STATUS_KEYS = ("seal", "exempt", "met", "provisional", "part", "sent", "back", "notyet", "draft", "todo")
_OF_CLAIM = {
    ClaimState.MET: "met",
    ClaimState.MET_PROVISIONAL: "provisional",
    ClaimState.CLAIMED: "sent",
    ClaimState.NOT_YET: "notyet",
    ClaimState.NOT_RELEVANT: "todo",
    ClaimState.PROPOSED: "draft",
    ClaimState.CLOSED: "todo",
}


def criterion_status(claims: Iterable[tuple[str, str]], unit_state: str, *, short: bool = False) -> str:
    """Return the key of a criterion from (state of the claim, state of its evidence) of every claim on it.

    The best claim counts. What was offered on a piece that came back undecided is "back". In an achieved unit
    everything met is "seal". No claim: "todo", unless the unit counts as a whole: carried over (R34), exempt (R79).
    `short`: what is met is not enough evidence yet (R71), which is "part".
    """
    if unit_state == UnitState.EXEMPT:
        return "exempt"
    keys = {_key(ClaimState(claim), evidence) for claim, evidence in claims}
    best = next((key for key in STATUS_KEYS if key in keys), "todo")
    if best == "met" and short:
        return "part"
    return "seal" if best in {"met", "todo"} and unit_state == UnitState.ACHIEVED else best


def _key(claim: ClaimState, evidence: str) -> str:
    if claim == ClaimState.CLAIMED and evidence == EvidenceState.RETURNED:
        return "back"
    return _OF_CLAIM[claim]
