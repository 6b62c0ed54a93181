"""Is what was signed in this registration unaltered? For staff and quality assurers: acts, and what holds (R127)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from assessments.enums import Act
from assessments.models import LedgerEntry
from assessments.queries.chain import entries_of, line_of
from assessments.queries.chain_faults import Broken, faults_of
from assessments.queries.rests_on import named_by
from centres.access import registration_for
from centres.actor import Actor
from centres.enums import Role
from centres.models import Registration

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act as people read it. `digest`: all 64 letters; `roles`: of that day, in the order of the record."""

    sequence: int
    act: Act
    unit: str
    who: str
    roles: tuple[str, ...]
    at: dt.datetime
    digest: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at just now, and what of it does not hold. `head`: the last digest; "": nothing is signed."""

    registration: str
    learner: str
    learner_id: str
    entry_code: str
    qualification: str
    page: Page[ActRow]
    faults: tuple[Broken, ...]
    acts: int
    decisions: int
    versions: int
    since: dt.datetime | None
    head: str

    @property
    def holds(self) -> bool:
        """Say whether everything that the acts rest on is what it was when they were made."""
        return not self.faults


def proof_of(actor: Actor, public_id: str, number: int) -> Proof:
    """Return what a registration's acts rest on, verified now; 30 acts a page, the newest first. At most eight queries.

    The bytes of files are not read here: `verify_ledger` does that. Anything out of the actor's world is not found.
    """
    registration = registration_for(actor, public_id)
    entries = entries_of(registration)
    found = named_by(entries)
    return Proof(
        registration=registration.public_id,
        learner=registration.learner.full_name,
        learner_id=registration.learner.public_id,
        entry_code=registration.qualification.entry_code,
        qualification=registration.qualification.title,
        page=Paginator([_row(entry) for entry in reversed(entries)], A_PAGE).get_page(number),
        faults=tuple(faults_of(registration, entries, found)),
        acts=len(entries),
        decisions=len(found.judgements) if found else 0,
        versions=len(found.versions) if found else 0,
        since=entries[0].at if entries else None,
        head=entries[-1].digest if entries else "",
    )


def _row(entry: LedgerEntry) -> ActRow:
    return ActRow(
        sequence=entry.sequence,
        act=Act(entry.act),
        unit=entry.learner_unit.unit.title,
        who=entry.person.full_name,
        roles=tuple(_role(name) for name in entry.roles.split(",")),
        at=entry.at,
        digest=entry.digest,
    )


def _role(name: str) -> str:
    """Return a role in words; a name that is none, because somebody wrote it there, as it stands."""
    return str(Role(name).label) if name in Role.values else name


def chain_lines(actor: Actor, public_id: str) -> Iterator[str]:
    """Yield the chain of one registration as lines of JSON: ids, hashes and times, nothing personal."""
    registration: Registration = registration_for(actor, public_id)
    yield from (f"{line_of(registration, entry)}\n" for entry in entries_of(registration))
