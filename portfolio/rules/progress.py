"""How far a criterion is, from the mappings on it: derived, never stored (3.2, axiom 1)."""

from collections.abc import Iterable

from centres.enums import UnitState
from portfolio.enums import EvidenceState, MappingState

#: From the best to "nothing yet". Each is a shape and a word of the progress strip.
STATUS_KEYS = ("seal", "exempt", "met", "provisional", "part", "sent", "back", "notyet", "draft", "todo")
_OF_MAPPING = {
    MappingState.MET: "met",
    MappingState.MET_PROVISIONAL: "provisional",
    MappingState.OFFERED: "sent",
    MappingState.NOT_YET: "notyet",
    MappingState.NOT_RELEVANT: "todo",
    MappingState.PROPOSED: "draft",
    MappingState.CLOSED: "todo",
}


def criterion_status(mappings: Iterable[tuple[str, str]], unit_state: str, *, short: bool = False) -> str:
    """Return the key of a criterion from (state of the mapping, state of its evidence) of every mapping on it.

    The best mapping counts. What was offered on a piece that came back undecided is "back". In an achieved unit
    everything met is "seal". No mapping: "todo", unless the unit counts as a whole: carried over (R34), exempt (R79).
    `short`: what is met is not enough evidence yet (R71), which is "part".
    """
    if unit_state == UnitState.EXEMPT:
        return "exempt"
    keys = {_key(MappingState(mapping), evidence) for mapping, evidence in mappings}
    best = next((key for key in STATUS_KEYS if key in keys), "todo")
    if best == "met" and short:
        return "part"
    return "seal" if best in {"met", "todo"} and unit_state == UnitState.ACHIEVED else best


def _key(mapping: MappingState, evidence: str) -> str:
    if mapping == MappingState.OFFERED and evidence == EvidenceState.RETURNED:
        return "back"
    return _OF_MAPPING[mapping]
