"""What does not hold in the chains: of the links, of what an entry rests on, of the states of units (R85, R121).

Nothing here stops at the first fault, and nothing that somebody wrote into a row ends the run: what cannot be read is
a fault itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from assessments.enums import Act, ExemptionState, Verdict
from assessments.models import Judgement, LedgerEntry
from assessments.queries.chain import FORM, REASON, bound_to, chains
from assessments.queries.rests_on import RestsOn, named_by, rests_on
from assessments.queries.transferring import text_of
from assessments.rules.carrying import same_text
from assessments.rules.digests import genesis, link, words
from centres.enums import FROZEN_UNITS, Standing, UnitState
from centres.models import LearnerUnit, Registration
from common.digests import instant
from common.readable import ODD, readable
from common.text import say

#: The acts that a unit's stored state may rest on.
LAST_ACT = {
    UnitState.ASSESSOR_SIGNED: (Act.ASSESSOR_SIGNED,),
    UnitState.COUNTERSIGNED: (Act.COUNTERSIGNED,),
    UnitState.ACHIEVED: (Act.LEARNER_CONFIRMED, Act.CONFIRMED_ABSENT, Act.CARRIED_OVER),
    UnitState.EXEMPT: (Act.EXEMPTED, Act.CARRIED_OVER),
}
#: Acts after which a unit is signed: its state may not say less unless a later act opened it again.
SIGNING = frozenset(act for acts in LAST_ACT.values() for act in acts)
#: States of a certificate that was approved once.
DECIDED_FOR = (ExemptionState.APPROVED, ExemptionState.REVOKED)
SETTLING = frozenset({Act.LEARNER_CONFIRMED, Act.CONFIRMED_ABSENT, Act.CARRIED_OVER, Act.EXEMPTED})


@dataclass(frozen=True, slots=True)
class Broken:
    """A link that does not hold: where, and what is wrong, for an operator."""

    registration: str
    sequence: int
    what: str

    def __str__(self) -> str:
        return f"registration {self.registration}, entry {self.sequence}: {self.what}"


def broken_links(counts: Counter[str] | None = None) -> Iterator[Broken]:
    """Yield every fault: of the chains, of the judgements and versions they name, of the units' states.

    Adds to `counts` how many "chains" and "entries" were looked at.
    """
    looked = Counter() if counts is None else counts
    for registration, entries in chains():
        looked.update(chains=1, entries=len(entries))
        yield from faults_of(registration, entries, named_by(entries))
    yield from _states()


def faults_of(registration: Registration, entries: Sequence[LedgerEntry], found: RestsOn | None) -> Iterator[Broken]:
    """Yield every fault of one chain and of what it rests on, but not the states of units. No query.

    `registration` comes with its qualification, learner and person; the entries as `chain.entries_of` gives them;
    `found` is what `named_by` gives for them.
    """
    yield from _guarded(registration.public_id, 0, _chain(registration, entries))
    for entry in entries:
        yield from _guarded(registration.public_id, entry.sequence, _entry(registration, entry, found))


def _guarded(registration: str, sequence: int, faults: Iterator[str] | Iterator[Broken]) -> Iterator[Broken]:
    """Yield faults; one that cannot be looked for, because a value is not what it should be, is a fault by name."""
    try:
        for fault in faults:
            yield fault if isinstance(fault, Broken) else Broken(registration, sequence, fault)
    except ODD as error:
        yield Broken(registration, sequence, say("it cannot be read (%(error)s)") % {"error": type(error).__name__})


def _chain(registration: Registration, entries: Sequence[LedgerEntry]) -> Iterator[Broken]:
    """Yield what is wrong with the links; after a broken one the next is held against what is there."""
    previous, expected = genesis(registration.public_id), 1
    for entry in entries:
        for number in range(expected, min(entry.sequence, expected + len(entries) + 1)):
            yield Broken(registration.public_id, number, say("entry %(number)d is missing") % {"number": number})
        if entry.previous != previous and entry.sequence == expected:
            yield Broken(registration.public_id, entry.sequence, say("it does not follow the entry before"))
        if entry.digest != link(entry.previous, entry.payload):
            yield Broken(registration.public_id, entry.sequence, say("its payload was altered"))
        previous, expected = entry.digest, entry.sequence + 1
    if registration.ledger_length != len(entries):
        what = say("the registration counts %(counted)d entries, %(there)d are there") % {
            "counted": registration.ledger_length,
            "there": len(entries),
        }
        yield Broken(registration.public_id, len(entries), what)
    elif entries and registration.ledger_head != previous:
        yield Broken(registration.public_id, len(entries), say("the registration names another last digest"))


def _entry(registration: Registration, entry: LedgerEntry, found: RestsOn | None) -> Iterator[str]:
    """Yield what is wrong with one entry: its columns, and everything that it rests on."""
    found = rests_on([entry]) if found is None else found
    payload = found.payloads.get(entry.pk)
    if payload is None or payload.get("v") != FORM:
        odd = say("its payload cannot be read"), say("its payload is not of the form that is written now")
        yield odd[0] if payload is None else odd[1]
        return
    yield from _columns(registration, entry, payload)
    said = entry.note.text if hasattr(entry, "note") else ""
    if words(said) != payload.get("note"):
        yield say("the words that go with it were altered or are gone")
    if entry.act in {Act.CARRIED_OVER, Act.CARRY_DECLINED} and not _origin_holds(entry, payload["from"], found):
        yield say("it does not rest on the earlier unit that it names")
    if entry.act == Act.EXEMPTED and not _certificate_holds(entry, payload, found):
        yield say("the certificate it names was altered or is gone")
    if entry.act == Act.ASSESSOR_SIGNED:
        yield from _missing(payload["decisions"], found.criteria[entry.learner_unit.unit_id])
    yield from _decisions(entry, payload.get("decisions", []), found)
    yield from _versions(entry, payload.get("evidence", []), found)


def _columns(registration: Registration, entry: LedgerEntry, payload: dict[str, Any]) -> Iterator[str]:
    """Compare the row, and the rows it points at, with what the payload says of them."""
    row = {
        **bound_to(registration, entry.learner_unit),
        "sequence": entry.sequence,
        "act": entry.act,
        "person": entry.person.public_id,
        "standing": entry.standing,
        "roles": entry.roles,
        "at": instant(entry.at),
    }
    differing = [name for name, value in row.items() if payload.get(name) != value]
    if differing:
        yield say("the row differs from its payload in %(names)s") % {"names": ", ".join(differing)}
    unit = entry.learner_unit
    if (unit.registration_id, unit.learner_id) != (registration.pk, registration.learner_id):
        yield say("unit %(id)s belongs to another registration or learner by now") % {"id": unit.public_id}


def _missing(decisions: Iterable[list[str]], asked: set[str]) -> Iterator[str]:
    """A signature names a decision for each criterion of the unit, or it is none (R82)."""
    without = asked - {number for number, *_rest in decisions}
    if not asked:
        yield say("the unit that it signs asks for nothing")
    elif without:
        yield say("it names no decision for %(numbers)s") % {"numbers": ", ".join(sorted(without))}


def _decisions(entry: LedgerEntry, claimed: list[list[str]], found: RestsOn) -> Iterator[str]:
    for number, public_id, digest_then, agreed in claimed:
        row = found.judgements.get(public_id)
        if row is None or not row.digest == row.computed_digest == digest_then:
            yield say("judgement %(id)s was altered or is gone") % {"id": public_id}
            continue
        met = (row.learner_unit_id, row.criterion.number, row.verdict) == (entry.learner_unit_id, number, Verdict.MET)
        if not met:
            named = {"id": public_id, "number": number}
            yield say("judgement %(id)s is not a “met” for %(number)s of this unit") % named
        yield from _countersigned(row, agreed)


def _countersigned(row: Judgement, agreed: str) -> Iterator[str]:
    """A trainee's decision counts by a countersignature that agrees, the same as then (R6)."""
    found = getattr(row, "countersignature", None)
    if agreed and (found is None or found.digest != agreed or not found.agrees):
        yield say("the countersignature of judgement %(id)s was altered or is gone") % {"id": row.public_id}
    if not agreed and row.standing == Standing.TRAINEE:
        yield say("judgement %(id)s is a trainee’s, and no countersignature is named") % {"id": row.public_id}


def _versions(entry: LedgerEntry, claimed: list[list[str]], found: RestsOn) -> Iterator[str]:
    for public_id, digest_then in claimed:
        row = found.versions.get(public_id)
        if row is None or not row.digest == row.computed_digest == digest_then:
            yield say("evidence version %(id)s was altered or is gone") % {"id": public_id}
        elif row.evidence.learner_id != entry.learner_unit.learner_id:
            yield say("evidence version %(id)s is another learner’s") % {"id": public_id}


def _origin_holds(entry: LedgerEntry, origin: dict[str, Any], found: RestsOn) -> bool:
    """Say whether a carried unit rests on a signature of the same learner for the same text in another registration."""
    source = found.origins.get(origin.get("digest", ""))
    return (
        source is not None
        and source.act in SETTLING
        and source.registration_id != entry.registration_id
        and source.registration.public_id == origin.get("registration")
        and source.learner_unit.public_id == origin.get("unit")
        and source.learner_unit.learner_id == entry.learner_unit.learner_id
        and same_text(text_of(source.learner_unit.unit), text_of(entry.learner_unit.unit))
    )


def _certificate_holds(entry: LedgerEntry, payload: dict[str, Any], found: RestsOn) -> bool:
    """Say whether the certificate still says what two people looked at, and whether it counts as the chain says."""
    row = found.certificates.get(payload.get("exemption", ""))
    if row is None or row.state not in DECIDED_FOR or row.learner_unit_id != entry.learner_unit_id:
        return False
    if row.digest != payload.get("certificate") or row.decided_by_id != entry.person_id:
        return False
    return (row.state == ExemptionState.REVOKED) == (entry.digest in found.voided)


def _states() -> Iterator[Broken]:
    """A unit that counts as signed rests on the act that made it so, as its latest; so does one that does not."""
    acts = LedgerEntry.objects.across_centres(reason=REASON).filter(learner_unit=OuterRef("pk")).order_by("-sequence")
    units: QuerySet[Any] = LearnerUnit.objects.across_centres(reason=REASON).select_related("registration")
    told = units.annotate(latest=Subquery(acts.values("act")[:1]), at_number=Subquery(acts.values("sequence")[:1]))
    for key, unit in readable(told):
        if unit is None:
            yield Broken("?", 0, f"the row {key} of a learner's unit cannot be read")
        elif what := _state_fault(unit.state, unit.latest or ""):
            yield Broken(unit.registration.public_id, unit.at_number or 0, f"unit {unit.public_id} is {what}")


def _state_fault(state: str, latest: str) -> str:
    if state in FROZEN_UNITS and latest not in LAST_ACT[UnitState(state)]:
        return f"“{state}” without the act “{LAST_ACT[UnitState(state)][0]}”"
    if state not in FROZEN_UNITS and latest in SIGNING:
        return f"“{state}” although its latest act is “{latest}”"
    return ""
