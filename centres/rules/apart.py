"""Duties that one person does not hold together (section 4). Pure: facts in, reasons out."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from centres.enums import Role
from common.refusals import Refusal
from common.text import say

SHORTEST_EXCEPTION: Final = 10
LONGEST_EXCEPTION: Final = 300


@dataclass(frozen=True, slots=True)
class EnteringFacts:
    """Who enters whom: the learner's person is the admin themselves, and what else that person is in this centre."""

    own: bool
    held: frozenset[Role] = frozenset()
    looks_after: bool = False  # the admin assesses this learner, in whichever registration
    assurers: frozenset[str] = frozenset()  # names of those who would assess here what they quality-assure
    looks_in: bool = False  # is an external quality assurer elsewhere, for the same awarding body
    ours: frozenset[str] = frozenset()  # names of those here who are, for a body that the centre comes under by it


def why_not_enter(facts: EnteringFacts) -> list[Refusal]:
    """Say why this admin cannot register this person: themselves, their own learner, an external assurer (R99).

    Nor for what whoever looks after the learner then quality-assures (R8).
    """
    found = why_not_own(own=facts.own)
    if facts.looks_after:
        words = say("You look after this learner, so another admin has to register or move them.")
        found.append(Refusal("registrar-apart", words))
    if Role.EQA in facts.held:
        sentence = say("An external quality assurer holds no other role in the centre.")
        found.append(Refusal("external-apart", sentence, "email"))
    if facts.looks_in:
        sentence = say("This person looks into other centres for the same awarding body. Nobody is registered.")
        found.append(Refusal("external-elsewhere", sentence, "email"))
    found += why_not_come_under(facts.ours, "qualification")
    if facts.assurers:
        sentence = say(
            "%(name)s looks after this learner and quality-assures this qualification. "
            "Give the learner to somebody else first."
        )
        found.append(Refusal("assurer-apart", sentence % {"name": min(facts.assurers)}, "qualification"))
    return found


def why_not_come_under(names: Collection[str], field: str = "") -> list[Refusal]:
    """Say that a centre does not come under a body for which somebody of it looks into other centres (R99).

    `names` are those of the people; `field` is where somebody chose what brings the centre there.
    """
    if not names:
        return []
    words = say(
        "%(names)s: looks into other centres for this awarding body, so nobody of this centre works under it meanwhile."
        " End the role here first, under People, or do this when the visit elsewhere is over. Nothing is changed."
    )
    return [Refusal("external-of-ours", words % {"names": ", ".join(sorted(names))}, field)]


def why_not_own(*, own: bool) -> list[Refusal]:
    """Say that an admin does not act on their own registration, assessor or units (section 4)."""
    if not own:
        return []
    words = say("This is about yourself as a learner. Another admin has to do it; nothing is changed.")
    return [Refusal("own-registration", words)]


def why_not_change_for(*, own: bool, looks_after: bool) -> list[Refusal]:
    """Say that units and states of a registration are changed by an admin who is apart from it (section 4).

    Neither the learner themselves nor whoever looks after them: what is asked of a learner, and for how long, is not
    decided by the person who judges it.
    """
    found = why_not_own(own=own)
    if looks_after:
        words = say("You look after this learner, so another admin has to do this; nothing is changed.")
        found.append(Refusal("changes-apart", words))
    return found


def why_not_registrar(
    assessor_id: int,
    registered_by: Collection[int],
    name: str,
    learner: str,
    *,
    exception: str = "",
    by_another: bool = False,
) -> list[Refusal]:
    """Say that whoever registered a learner does not assess them: two people see to it (section 4).

    In a small centre a third person may let it be, and says why; that stays on record.
    """
    if assessor_id not in registered_by:
        return []
    if not by_another:
        words = say("%(name)s registered %(learner)s, so somebody else has to look after them.")
        return [Refusal("registrar-apart", words % {"name": name, "learner": learner}, "assessor")]
    if SHORTEST_EXCEPTION <= len(exception) <= LONGEST_EXCEPTION:
        return []
    words = say(
        "%(name)s registered %(learner)s. Choose somebody else, or say on the learner’s own page why it has to be them."
    )
    return [Refusal("registrar-exception", words % {"name": name, "learner": learner}, "exception")]


def why_not_assurer(name: str, titles: Collection[str]) -> list[Refusal]:
    """Say that whoever quality-assures the work of a learner does not assess it (R8, section 4)."""
    if not titles:
        return []
    words = say("%(name)s quality-assures %(title)s, so somebody else has to assess it.")
    return [Refusal("assurer-apart", words % {"name": name, "title": min(titles)}, "assessor")]


def why_not_countersign_assured(titles: Collection[str]) -> list[Refusal]:
    """Say that whoever quality-assures a qualification does not countersign decisions in it (R8, section 4)."""
    if not titles:
        return []
    words = say(
        "You quality-assure %(title)s, so somebody else has to countersign. Ask your centre to name another person."
    )
    return [Refusal("assurer-apart", words % {"title": min(titles)})]


def why_not_assure(titles: Collection[str]) -> list[Refusal]:
    """Say that whoever assesses learners of a qualification does not quality-assure it (R8, section 4)."""
    if not titles:
        return []
    words = say("This person looks after learners of %(title)s. Give those to somebody else first.")
    return [Refusal("assessor-apart", words % {"title": min(titles)}, "entry_codes")]
