"""Everything that the entries of a chain name, read at once: so many queries, however many entries there are."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from assessments.enums import Act
from assessments.models import Exemption, Judgement, LedgerEntry
from assessments.queries.chain import REASON
from common.readable import ODD
from portfolio.models import EvidenceVersion
from qualifications.models import Criterion

#: What the digests of a judgement and of its countersignature are made of.
JUDGED = (
    "assessor",
    "countersignature__countersigner",
    "criterion",
    "learner_unit",
    "mapping",
    "review__assessor",
    "review__evidence",
    "review__version",
    "version",
)


@dataclass(frozen=True, slots=True)
class RestsOn:
    """The rows that a chain names, by what it names them by. What is missing here is not there, or cannot be read."""

    payloads: dict[int, dict[str, Any]] = field(default_factory=dict)  # by key of the entry
    judgements: dict[str, Judgement] = field(default_factory=dict)  # by public id
    versions: dict[str, EvidenceVersion] = field(default_factory=dict)  # by public id
    criteria: dict[int, set[str]] = field(default_factory=dict)  # numbers, by key of the unit's text
    certificates: dict[str, Exemption] = field(default_factory=dict)  # by public id
    origins: dict[str, LedgerEntry] = field(default_factory=dict)  # by digest
    voided: frozenset[str] = frozenset()  # digests of entries that a later act took back


def rests_on(entries: Sequence[LedgerEntry]) -> RestsOn:
    """Read what these entries of one chain name. At most five queries."""
    payloads = {entry.pk: payload for entry in entries if (payload := _payload(entry)) is not None}
    return RestsOn(
        payloads=payloads,
        judgements=_judgements(_named(payloads, "decisions", 1)),
        versions=_versions(_named(payloads, "evidence", 0)),
        criteria=_criteria({entry.learner_unit.unit_id for entry in entries if entry.act == Act.ASSESSOR_SIGNED}),
        certificates=_certificates({str(p["exemption"]) for p in payloads.values() if p.get("exemption")}),
        origins=_origins({_origin(payload) for payload in payloads.values() if payload.get("from")}),
        voided=frozenset(str(p["voids"]) for p in payloads.values() if p.get("voids")),
    )


def named_by(entries: Sequence[LedgerEntry]) -> RestsOn | None:
    """Read what they name; None where one of those rows cannot be read: then they are looked at one by one."""
    try:
        return rests_on(entries)
    except ODD:
        return None


def _payload(entry: LedgerEntry) -> dict[str, Any] | None:
    try:
        payload = json.loads(entry.payload)
    except ODD:
        return None
    return payload if isinstance(payload, dict) else None


def _named(payloads: dict[int, dict[str, Any]], key: str, place: int) -> set[str]:
    """Return the public ids that stand at one place of a payload's lists, of those that are lists."""
    found: set[str] = set()
    for payload in payloads.values():
        rows = payload.get(key, [])
        found.update(
            str(row[place])
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, list) and len(row) > place
        )
    return found


def _origin(payload: dict[str, Any]) -> str:
    origin = payload["from"]
    return str(origin.get("digest", "")) if isinstance(origin, dict) else ""


def _judgements(ids: Iterable[str]) -> dict[str, Judgement]:
    if not ids:
        return {}
    rows = Judgement.objects.across_centres(reason=REASON).filter(public_id__in=ids)
    return {row.public_id: row for row in rows.select_related(*JUDGED)}


def _versions(ids: Iterable[str]) -> dict[str, EvidenceVersion]:
    if not ids:
        return {}
    rows = EvidenceVersion.objects.across_centres(reason=REASON).filter(public_id__in=ids)
    return {row.public_id: row for row in rows.select_related("evidence__learner", "submitted_by")}


def _criteria(units: set[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {unit: set() for unit in units}
    if units:
        for unit, number in Criterion.objects.filter(unit_id__in=units).values_list("unit_id", "number"):
            found[unit].add(number)
    return found


def _certificates(ids: Iterable[str]) -> dict[str, Exemption]:
    if not ids:
        return {}
    rows = Exemption.objects.across_centres(reason=REASON).filter(public_id__in=ids)
    return {row.public_id: row for row in rows.select_related("learner_unit", "recorded_by")}


def _origins(digests: set[str]) -> dict[str, LedgerEntry]:
    if not digests:
        return {}
    rows = LedgerEntry.objects.across_centres(reason=REASON).filter(digest__in=digests)
    return {row.digest: row for row in rows.select_related("learner_unit__unit", "registration")}
