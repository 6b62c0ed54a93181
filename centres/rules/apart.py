"""Duties that one person does not hold together (section 4). Pure: facts in, reasons out."""

from collections.abc import Collection
from dataclasses import dataclass

from centres.enums import Role
from common.refusals import Refusal
from common.text import say


@dataclass(frozen=True, slots=True)
class EnteringFacts:
    """Who enters whom: the learner's person is the admin themselves, and what else that person is in this centre."""

    own: bool
    held: frozenset[Role] = frozenset()


def why_not_enter(facts: EnteringFacts) -> list[Refusal]:
    """Say why this admin cannot register this person: themselves, or somebody who assures from outside (R99, R100)."""
    found = why_not_own(own=facts.own)
    if Role.EQA in facts.held:
        sentence = say("An external quality assurer holds no other role in the centre.")
        found.append(Refusal("external-apart", sentence, "email"))
    return found


def why_not_own(*, own: bool) -> list[Refusal]:
    """Say that an admin does not act on their own registration, assessor or units (section 4)."""
    if not own:
        return []
    words = say("This is about yourself as a learner. Another admin has to do it; nothing is changed.")
    return [Refusal("own-registration", words)]


def why_not_registrar(assessor_id: int, registered_by: Collection[int], name: str) -> list[Refusal]:
    """Say that whoever registered a learner does not assess them: two people see to it (section 4)."""
    if assessor_id not in registered_by:
        return []
    words = say("%(name)s registered this learner, so somebody else has to look after them.")
    return [Refusal("registrar-apart", words % {"name": name}, "assessor")]
