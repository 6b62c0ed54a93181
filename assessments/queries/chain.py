"""The chains as they are stored: what an entry is bound to, walking through them, taking them out."""

import json
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q

from assessments.models import LedgerEntry
from centres.models import LearnerUnit, Registration
from common.readable import readable

REASON = "verifying the chains of all centres"
#: The form of a payload that is written now. Whoever verifies refuses to guess at another one.
FORM = 2


def bound_to(registration: Registration, unit: LearnerUnit) -> dict[str, str]:
    """Return what every entry names of its registration and unit: whose they are, and which published texts.

    Ids are public ones; texts are named by the digest of what was published.
    """
    qualification, learner = registration.qualification, registration.learner
    return {
        "registration": registration.public_id,
        "learner": learner.public_id,
        "learner_person": learner.person.public_id,
        "qualification": f"{qualification.entry_code}/{qualification.version}",
        "qualification_text": qualification.content_digest,
        "unit": unit.public_id,
        "unit_key": f"{unit.unit.key}/{unit.unit.version}",
        "unit_text": unit.unit.content_digest,
    }


def chains() -> Iterator[tuple[Registration, list[LedgerEntry]]]:
    """Yield every registration that has, or says it has, a chain, with those of its entries that can be read.

    An entry that cannot be read is missing in the list, as one that was removed is.
    """
    entries = LedgerEntry.objects.across_centres(reason=REASON).filter(registration=OuterRef("pk"))
    chained = Q(ledger_length__gt=0) | Exists(entries)
    registrations = Registration.objects.across_centres(reason=REASON).filter(chained)
    for _key, registration in readable(registrations.select_related("qualification", "learner__person")):
        if registration is not None:
            yield registration, entries_of(registration)


def entries_of(registration: Registration) -> list[LedgerEntry]:
    """Return the entries of one chain in their order, with unit, person and words; without those nobody can read."""
    rows = LedgerEntry.objects.across_centres(reason=REASON).filter(registration=registration)
    related = rows.select_related("learner_unit__unit", "person", "note").order_by()
    return sorted((row for _key, row in readable(related) if row is not None), key=lambda row: row.sequence)


def export_lines() -> Iterator[str]:
    """Yield the chains as JSON lines: registration, sequence, previous, digest, payload (the exact text hashed)."""
    for registration, entries in chains():
        for entry in entries:
            yield line_of(registration, entry)


def line_of(registration: Registration, entry: LedgerEntry) -> str:
    """Return one entry as a line of JSON, without the end of line."""
    row = {
        "registration": registration.public_id,
        "sequence": entry.sequence,
        "previous": entry.previous,
        "digest": entry.digest,
        "payload": entry.payload,
    }
    return json.dumps(row, ensure_ascii=True)
