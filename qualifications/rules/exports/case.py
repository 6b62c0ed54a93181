"""A published qualification as a 1EdTech CASE package, with identifiers that are the same for ever.

A document's identifier is the UUID of version 5 of its awarding body, entry code and version. An item's is that of its
path in the document, with the first 48 bits of the document's in front: so whoever has an item's identifier can find
its document without a table of a million identifiers. An association's is the item's with its last 62 bits turned over.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from qualifications.rules.files import GroupFile, OutcomeFile, PlaceFile, QualificationFile, UnitFile
from qualifications.rules.imports.case_words import EXTENSION, FACTS
from qualifications.rules.known import PRINTED, READ
from qualifications.rules.writing import criterion_words, group_words, qualification_words

NAMESPACE = uuid.UUID("5b0a6f52-8d0e-5c53-9f0b-6a2f0d5f7c11")
BASE = "/ims/case/v1p0"
_PREFIX_BITS = 80  # what is left of 128 behind the document's 48
_TURNED = (1 << 62) - 1
ADOPTED, DEPRECATED = "Adopted", "Deprecated"


@dataclass(frozen=True, slots=True)
class CaseSource:
    """A version to be written: its files, when it was published, where addresses begin, and whether it counts now."""

    qualification: QualificationFile
    units: Mapping[str, UnitFile]
    version: int
    published_at: dt.datetime
    origin: str
    current: bool = True


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The identifiers of one document and its parts."""

    document: uuid.UUID

    @classmethod
    def of(cls, awarding_body: str, entry_code: str, version: int) -> "Identifiers":
        """Return those of a version of a qualification."""
        return cls(uuid.uuid5(NAMESPACE, f"{awarding_body}\n{entry_code}\n{version}"))

    def item(self, path: str) -> uuid.UUID:
        """Return the identifier of a part of the document, named by its path."""
        own = uuid.uuid5(self.document, path).int & ((1 << _PREFIX_BITS) - 1)
        return uuid.UUID(int=(self.document.int >> _PREFIX_BITS << _PREFIX_BITS) | own)

    def holds(self, identifier: uuid.UUID) -> bool:
        """Say whether an item or association with this identifier could be of this document."""
        return self.document.int >> _PREFIX_BITS == identifier.int >> _PREFIX_BITS

    @staticmethod
    def association(item: uuid.UUID) -> uuid.UUID:
        """Return the identifier of the association that hangs an item under its parent."""
        return uuid.UUID(int=item.int ^ _TURNED)


@dataclass(frozen=True, slots=True)
class _Item:
    identifier: uuid.UUID
    parent: uuid.UUID
    number: int  # among its siblings
    words: Mapping[str, Any]


def case_package(source: CaseSource) -> dict[str, Any]:
    """Return the whole package: document, items in order, and an isChildOf association for each of them."""
    ids = identifiers_of(source)
    items = list(_items(source, ids))
    document = document_only(source)
    names = {ids.document: (document["title"], f"{source.origin}{BASE}/CFDocuments/{ids.document}")}
    names |= {i.identifier: (i.words["fullStatement"], f"{source.origin}{BASE}/CFItems/{i.identifier}") for i in items}
    return {
        "CFDocument": document,
        "CFItems": [_item(i, source, names) for i in items],
        "CFAssociations": [_association(i, source, names) for i in items],
    }


def identifiers_of(source: CaseSource) -> Identifiers:
    """Return the identifiers of a version."""
    q = source.qualification
    return Identifiers.of(q.awarding_body, q.entry_code, source.version)


def document_only(source: CaseSource) -> dict[str, Any]:
    """Return the CFDocument of a version."""
    q, identifier = source.qualification, str(identifiers_of(source).document)
    words = qualification_words(q)
    return {
        "identifier": identifier,
        "uri": f"{source.origin}{BASE}/CFDocuments/{identifier}",
        "creator": q.awarding_body,
        "title": q.title,
        "lastChangeDateTime": _moment(source.published_at),
        "version": str(source.version),
        "adoptionStatus": ADOPTED if source.current else DEPRECATED,
        "language": "en",
        "publisher": q.awarding_body,
        "CFPackageURI": _link(q.title, identifier, f"{source.origin}{BASE}/CFPackages/{identifier}"),
        "extensions": {EXTENSION: {key: words[key] for key in FACTS if words.get(key) not in (None, [])}},
    }


def _moment(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _link(title: str, identifier: str, uri: str) -> dict[str, str]:
    return {"title": title, "identifier": identifier, "uri": uri}


def _items(source: CaseSource, ids: Identifiers) -> Iterator[_Item]:
    for n, group in enumerate(source.qualification.groups, 1):
        identifier = ids.item(f"group {group.code}")
        yield _Item(identifier, ids.document, n, _group(group))
        for m, place in enumerate(group.places, 1):
            yield from _unit(source.units[place.unit], place, ids, (identifier, m))


def _group(group: GroupFile) -> dict[str, Any]:
    facts = {key: value for key, value in group_words(group).items() if key not in {"title", "units"}}
    return {"fullStatement": group.title, "humanCodingScheme": group.code, "CFItemType": "Group", "facts": facts}


def _unit(unit: UnitFile, place: PlaceFile, ids: Identifiers, under: tuple[uuid.UUID, int]) -> Iterator[_Item]:
    path = f"unit {unit.key}"
    facts = {
        "key": unit.key, "reference": unit.reference, "level": unit.level, "credit": unit.credit, "glh": unit.glh,
        "generation": unit.generation, "sector": unit.sector, "kind": unit.kind, "number": place.number,
        "sufficiency": unit.sufficiency or None, "equivalents": list(unit.equivalents) or None,
        "membership": None if place.membership == READ else place.membership,
        "numbered": None if place.numbered == PRINTED else place.numbered,
    }  # fmt: skip
    words = {"fullStatement": unit.title, "CFItemType": "Unit", "educationLevel": [str(unit.level)]}
    code = {"humanCodingScheme": unit.reference} if unit.reference else {}
    identifier = ids.item(path)
    yield _Item(identifier, *under, {**words, **code, "facts": {k: v for k, v in facts.items() if v is not None}})
    for outcome in unit.outcomes:
        yield from _outcome(outcome, path, ids, identifier)


def _outcome(outcome: OutcomeFile, path: str, ids: Identifiers, unit: uuid.UUID) -> Iterator[_Item]:
    identifier = ids.item(f"{path} outcome {outcome.number}")
    words = {"fullStatement": outcome.title, "CFItemType": "Learning outcome", "humanCodingScheme": str(outcome.number)}
    yield _Item(identifier, unit, outcome.number, {**words, "facts": {"kind": outcome.kind}})
    for n, criterion in enumerate(outcome.criteria, 1):
        said = criterion_words(criterion, outcome.kind)
        words = {
            "fullStatement": criterion.text,
            "CFItemType": "Assessment criterion",
            "humanCodingScheme": criterion.number,
        }
        facts = {"kind": criterion.kind, **{k: v for k, v in said.items() if k not in {"number", "text", "kind"}}}
        yield _Item(ids.item(f"{path} criterion {criterion.number}"), identifier, n, {**words, "facts": facts})


def _item(item: _Item, source: CaseSource, names: Mapping[uuid.UUID, tuple[str, str]]) -> dict[str, Any]:
    document = identifiers_of(source).document
    title, uri = names[document]
    words = {key: value for key, value in item.words.items() if key != "facts"}
    return {
        "identifier": str(item.identifier),
        "uri": names[item.identifier][1],
        **words,
        "language": "en",
        "lastChangeDateTime": _moment(source.published_at),
        "CFDocumentURI": _link(title, str(document), uri),
        "extensions": {EXTENSION: item.words["facts"]},
    }


def _association(item: _Item, source: CaseSource, names: Mapping[uuid.UUID, tuple[str, str]]) -> dict[str, Any]:
    identifier = str(Identifiers.association(item.identifier))
    document = identifiers_of(source).document
    ends = (item.identifier, item.parent)
    origin, destination = (_link(names[end][0], str(end), names[end][1]) for end in ends)
    return {
        "identifier": identifier,
        "uri": f"{source.origin}{BASE}/CFAssociations/{identifier}",
        "associationType": "isChildOf",
        "originNodeURI": origin,
        "destinationNodeURI": destination,
        "sequenceNumber": item.number,
        "lastChangeDateTime": _moment(source.published_at),
        "CFDocumentURI": _link(names[document][0], str(document), names[document][1]),
    }


def found_in(package: Mapping[str, Any], part: str, identifier: str) -> dict[str, Any] | None:
    """Return one item or association of a package, or None."""
    rows: Iterable[dict[str, Any]] = package[part]
    return next((row for row in rows if row["identifier"] == identifier), None)
