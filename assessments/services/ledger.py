"""The sign-off chain of a registration: every act hashes the one before (architecture, idea 3).

    digest = SHA-256(previous digest as 64 hexadecimal letters, followed by the payload's bytes)

The payload is canonical JSON of ids, hashes and times, without free personal data: words of people enter as their own
hash. It names whose registration it is, and the published texts of qualification and unit by their digests.
`previous` is unique, so that a chain cannot fork; the registration keeps length and head, so that an end cut off is
seen; both tables refuse change and deletion in the database.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from assessments.enums import Act
from assessments.models import LedgerEntry, SignOffNote
from assessments.queries.chain import FORM, bound_to
from assessments.rules.digests import genesis, link, words
from centres.actor import Actor
from centres.models import LearnerUnit, Registration
from common.digests import canonical, instant
from common.refusals import Stale


def append(
    *,
    actor: Actor,
    person_public_id: str,
    learner_unit: LearnerUnit,
    act: Act,
    facts: Mapping[str, Any],
    note: str = "",
    at: dt.datetime,
) -> LedgerEntry:
    """Add an act to the chain, inside the act's transaction. Raises `Stale` when the chain moved meanwhile."""
    chain = Registration.objects.for_centre(actor.centre_id).select_for_update(of=("self",), no_key=True)
    registration = chain.select_related("qualification", "learner__person").get(pk=learner_unit.registration_id)
    previous = registration.ledger_head or genesis(registration.public_id)
    sequence = registration.ledger_length + 1
    payload = canonical(
        {
            "v": FORM,
            **bound_to(registration, learner_unit),
            "sequence": sequence,
            "act": str(act),
            "person": person_public_id,
            "roles": actor.role_names,
            "standing": str(actor.standing),
            "at": instant(at),
            "note": words(note),
            **facts,
        }
    )
    entry = LedgerEntry.objects.create(
        centre_id=actor.centre_id,
        registration=registration,
        learner_unit=learner_unit,
        sequence=sequence,
        act=act,
        person_id=actor.person_id,
        standing=actor.standing,
        roles=actor.role_names,
        at=at,
        payload=payload,
        previous=previous,
        digest=link(previous, payload),
    )
    _move_head(registration, entry)
    if note:
        SignOffNote.objects.create(centre_id=actor.centre_id, entry=entry, text=note)
    return entry


def _move_head(registration: Registration, entry: LedgerEntry) -> None:
    moved = (
        Registration.objects.for_centre(entry.centre_id)
        .filter(pk=registration.pk, ledger_length=entry.sequence - 1, ledger_head=registration.ledger_head)
        .update(ledger_length=entry.sequence, ledger_head=entry.digest)
    )
    if not moved:
        raise Stale
