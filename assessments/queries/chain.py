"""Verifying and exporting the sign-off chains (architecture, idea 3)."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessments.enums import Act, ExemptionState
from assessments.models import Exemption, Judgement, LedgerEntry, SignOffNote
from assessments.queries.transferring import text_of
from assessments.rules.carrying import same_text
from assessments.rules.digests import genesis, link
from centres.enums import FROZEN_UNITS, UnitState
from centres.models import LearnerUnit, Registration
from common.digests import digest
from portfolio.models import EvidenceVersion
from qualifications.models import Unit

REASON = "verifying the chains of all centres"
#: The acts that a unit's stored state may rest on.
LAST_ACT = {
    UnitState.ASSESSOR_SIGNED: (Act.ASSESSOR_SIGNED,),
    UnitState.COUNTERSIGNED: (Act.COUNTERSIGNED,),
    UnitState.ACHIEVED: (Act.LEARNER_CONFIRMED, Act.CONFIRMED_ABSENT, Act.CARRIED_OVER),
    UnitState.EXEMPT: (Act.EXEMPTED, Act.CARRIED_OVER),
}
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


def chains() -> Iterator[tuple[Registration, list[LedgerEntry]]]:
    """Yield every registration that has, or says it has, a chain, with its entries in order."""
    entries = LedgerEntry.objects.across_centres(reason=REASON).filter(registration=OuterRef("pk"))
    chained = Q(ledger_length__gt=0) | Exists(entries)
    registrations = Registration.objects.across_centres(reason=REASON).filter(chained).order_by("pk")
    for registration in registrations.iterator(chunk_size=500):
        entries = LedgerEntry.objects.across_centres(reason=REASON).filter(registration=registration)
        yield registration, list(entries.select_related("learner_unit", "person").order_by("sequence"))


def broken_links() -> Iterator[Broken]:
    """Yield every broken link: of the chains, of the judgements and versions they name, of the units' states."""
    for registration, entries in chains():
        yield from _chain(registration, entries)
        for entry in entries:
            yield from _relied_on(registration, entry)
    yield from _states()


def _chain(registration: Registration, entries: list[LedgerEntry]) -> Iterator[Broken]:
    previous = genesis(registration.public_id)
    for expected, entry in enumerate(entries, start=1):
        wrong = _entry_fault(registration, entry, expected, previous)
        if wrong:
            yield Broken(registration.public_id, expected, wrong)
            return  # everything after a broken link hangs in the air
        previous = entry.digest
    if registration.ledger_length != len(entries):
        what = f"the registration counts {registration.ledger_length} entries, {len(entries)} are there"
        yield Broken(registration.public_id, len(entries), what)
    elif entries and registration.ledger_head != previous:
        yield Broken(registration.public_id, len(entries), "the registration names another last digest")


def _entry_fault(registration: Registration, entry: LedgerEntry, expected: int, previous: str) -> str:
    """Return what is wrong with one entry, or an empty text."""
    if entry.sequence != expected:
        return f"entry {expected} is missing"
    if entry.previous != previous:
        return "it does not follow the entry before"
    if entry.digest != link(entry.previous, entry.payload):
        return "its payload was altered"
    payload = json.loads(entry.payload)
    row = {
        "registration": registration.public_id,
        "sequence": entry.sequence,
        "act": entry.act,
        "unit": entry.learner_unit.public_id,
        "person": entry.person.public_id,
    }
    differing = [name for name, value in row.items() if payload.get(name) != value]
    return f"the row differs from its payload in {', '.join(differing)}" if differing else ""


def _relied_on(registration: Registration, entry: LedgerEntry) -> Iterator[Broken]:
    payload: dict[str, Any] = json.loads(entry.payload)
    yield from _note(registration, entry, payload.get("note", ""))
    if entry.act in {Act.CARRIED_OVER, Act.CARRY_DECLINED} and not _origin_holds(
        registration, entry, payload.get("from", {})
    ):
        yield Broken(registration.public_id, entry.sequence, "it does not rest on the earlier unit that it names")
    if entry.act == Act.EXEMPTED and not _certificate_holds(entry, payload):
        yield Broken(registration.public_id, entry.sequence, "the certificate it names was altered or is gone")
    decisions = [(public_id, claimed) for _code, public_id, claimed in payload.get("decisions", [])]
    made = Judgement.objects.across_centres(reason=REASON).select_related("mapping", "criterion", "learner_unit")
    for public_id in _altered(made.select_related("version", "assessor"), decisions):
        yield Broken(registration.public_id, entry.sequence, f"judgement {public_id} was altered or is gone")
    sent = EvidenceVersion.objects.across_centres(reason=REASON)
    for public_id in _altered(sent, payload.get("evidence", [])):
        yield Broken(registration.public_id, entry.sequence, f"evidence version {public_id} was altered or is gone")


def _altered(rows: QuerySet[Any], claimed: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the public ids of those that do not have the digest an entry claims for them. One query, however many."""
    found = {row.public_id: row for row in rows.filter(public_id__in=[public_id for public_id, _digest in claimed])}
    for public_id, digest_then in claimed:
        row = found.get(public_id)
        if row is None or not row.digest == row.computed_digest == digest_then:
            yield public_id


def _origin_holds(registration: Registration, entry: LedgerEntry, origin: dict[str, Any]) -> bool:
    """Say whether a carried unit rests on a signature of the same learner for the same text in another registration."""
    rows = LedgerEntry.objects.across_centres(reason=REASON).select_related("learner_unit__unit", "registration")
    found = rows.filter(digest=origin.get("digest", ""), act__in=SETTLING).first()
    if found is None:
        return False
    unit = Unit.objects.get(pk=entry.learner_unit.unit_id)
    return (
        found.registration_id != registration.pk
        and found.registration.public_id == origin.get("registration")
        and found.learner_unit.public_id == origin.get("unit")
        and found.learner_unit.learner_id == entry.learner_unit.learner_id
        and same_text(text_of(found.learner_unit.unit), text_of(unit))
    )


def _certificate_holds(entry: LedgerEntry, payload: dict[str, Any]) -> bool:
    """Say whether the certificate still says what two people looked at, and whether it counts as the chain says."""
    rows = Exemption.objects.across_centres(reason=REASON).filter(learner_unit_id=entry.learner_unit_id)
    row = rows.filter(public_id=payload.get("exemption", ""), state__in=DECIDED_FOR).first()
    if row is None or row.digest != payload.get("certificate") or row.decided_by_id != entry.person_id:
        return False
    return (row.state == ExemptionState.REVOKED) == _voided(entry)


def _voided(entry: LedgerEntry) -> bool:
    """Say whether a later act takes this one back by its digest."""
    rows = LedgerEntry.objects.across_centres(reason=REASON).filter(
        learner_unit_id=entry.learner_unit_id, act=Act.REOPENED, sequence__gt=entry.sequence
    )
    return any(json.loads(payload).get("voids") == entry.digest for payload in rows.values_list("payload", flat=True))


def _note(registration: Registration, entry: LedgerEntry, claimed: str) -> Iterator[Broken]:
    note = SignOffNote.objects.across_centres(reason=REASON).filter(entry=entry).first()
    now = digest(note.text) if note else ""
    if now != claimed:
        yield Broken(registration.public_id, entry.sequence, "the words that go with it were altered or are gone")


def _states() -> Iterator[Broken]:
    """A unit that counts as signed must rest on the act that made it so, as its latest act."""
    units = LearnerUnit.objects.across_centres(reason=REASON).filter(state__in=FROZEN_UNITS)
    for unit in units.select_related("registration").iterator(chunk_size=500):
        latest = (
            LedgerEntry.objects.across_centres(reason=REASON).filter(learner_unit=unit).order_by("-sequence").first()
        )
        wanted = LAST_ACT[UnitState(unit.state)]
        if latest is None or latest.act not in wanted:
            what = f"unit {unit.public_id} is “{unit.state}” without the act “{wanted[0]}”"
            yield Broken(unit.registration.public_id, latest.sequence if latest else 0, what)


def export_lines() -> Iterator[str]:
    """Yield the chains as JSON lines: registration, sequence, previous, digest, payload (the exact text hashed)."""
    for registration, entries in chains():
        for entry in entries:
            row = {
                "registration": registration.public_id,
                "sequence": entry.sequence,
                "previous": entry.previous,
                "digest": entry.digest,
                "payload": entry.payload,
            }
            yield json.dumps(row, ensure_ascii=True)
