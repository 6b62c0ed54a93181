"""What a draft would publish, held against what counts for its centre at this moment (R23)."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q

from common.text import say
from qualifications.enums import DraftState
from qualifications.models import Draft, Place, Qualification
from qualifications.queries.current import current_units, current_versions
from qualifications.queries.files import qualification_files, unit_files
from qualifications.rules.diff import UnitDiff, diff_unit
from qualifications.rules.drafting import DraftFacts
from qualifications.rules.files import QualificationFile, UnitFile, read_qualification, read_unit
from qualifications.rules.structure_diff import QualificationDiff, diff_qualification

Identity = tuple[str, str]  # awarding body and entry code (R15)
#: What the column of a criterion's command verb holds.
LONGEST_VERB = 40


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a draft would publish. With `problems` nothing else in it can be relied on.

    `units` and `qualifications` are all that publishing needs: the draft's own, current units they name, and the
    current qualifications whose units it changes. `base` is the digest of what counts now for each of them.
    """

    problems: tuple[str, ...]
    units: Mapping[str, UnitFile] = field(default_factory=dict)
    qualifications: tuple[QualificationFile, ...] = ()
    before_units: Mapping[str, UnitFile] = field(default_factory=dict)
    before_qualifications: Mapping[Identity, QualificationFile] = field(default_factory=dict)
    new_units: tuple[str, ...] = ()  # keys of units that get a version
    new_qualifications: tuple[Identity, ...] = ()
    base: Mapping[str, str] = field(default_factory=dict)

    @property
    def changes(self) -> int:
        """Return how many versions it would publish."""
        return len(self.new_units) + len(self.new_qualifications)

    def unit_diffs(self) -> list[UnitDiff]:
        """Return what is different in each unit that gets a version."""
        return [diff_unit(self.before_units.get(key), self.units[key]) for key in self.new_units]

    def qualification_diffs(self) -> list[QualificationDiff]:
        """Return what is different in each qualification that gets a version."""
        return [
            diff_qualification(self.before_qualifications.get(identity(q)), q, self.before_units, self.units)
            for q in self.qualifications
            if identity(q) in self.new_qualifications
        ]

    def moved_on(self, base: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names of what counts differently now than it did in `base`."""
        names = {key for key in {*base, *self.base} if base.get(key, "") != self.base.get(key, "")}
        return tuple(sorted(names))


def identity(file: QualificationFile | Qualification) -> Identity:
    """Return what a qualification is known by (R15)."""
    return file.awarding_body, file.entry_code


def proposal_of(content: Mapping[str, Any], centre_id: int) -> Proposal:
    """Return what a draft's content would publish in a centre, checked like a file. At most six queries."""
    problems = list(_unwritable(content))
    if problems:
        return Proposal(tuple(problems))
    units = _read_units(content, problems)
    found = _rows(content, "qualifications", problems)
    codes = {str(data.get("entry_code", "")) for data in found}
    rows = _concerned(codes, set(units), centre_id)
    old = {identity(row): file for row, file in rows}
    keys = {*units, *_mentioned(found), *(p.unit for file in old.values() for g in file.groups for p in g.places)}
    current = {row.key: row for row in current_units(centre_id).filter(key__in=keys)}
    files = unit_files(list(current.values()))
    before = {key: files[row.pk] for key, row in current.items()}
    known = {**before, **units}
    own = [read_qualification(f"qualifications/{d.get('entry_code')}.yaml", d, problems, known) for d in found]
    _once(say("qualification"), (" ".join(identity(q)) for q in own), problems)
    if problems:
        return Proposal(tuple(problems))
    new = {key for key, unit in units.items() if key not in current or unit.digest() != current[key].content_digest}
    carried = [f for key, f in old.items() if key not in {identity(q) for q in own} and _names(f, new)]
    wanted = (*own, *carried)
    digests = {key: unit.digest() for key, unit in known.items()}
    published = {identity(row): row.content_digest for row, _file in rows}
    return Proposal(
        problems=(),
        units=known,
        qualifications=wanted,
        before_units=before,
        before_qualifications=old,
        new_units=tuple(key for key in units if key in new),
        new_qualifications=tuple(identity(q) for q in wanted if published.get(identity(q)) != q.digest(digests)),
        base={
            **{key: current[key].content_digest if key in current else "" for key in units},
            **{" ".join(identity(q)): published.get(identity(q), "") for q in wanted},
        },
    )


def facts_of(draft: Draft, person_id: int, proposal: Proposal | None = None, reason: str = "") -> DraftFacts:
    """Return a draft as the rules see it when this person wants to move it. No query."""
    return DraftFacts(
        state=DraftState(draft.state),
        mine=draft.author_id == person_id,
        problems=len(draft.problems) + (len(proposal.problems) if proposal else 0),
        changes=proposal.changes if proposal else 0,
        moved_on=proposal.moved_on(draft.base) if proposal else (),
        reason=reason,
    )


def _read_units(content: Mapping[str, Any], problems: list[str]) -> dict[str, UnitFile]:
    found = [read_unit(f"units/{d.get('key')}.yaml", d, problems) for d in _rows(content, "units", problems)]
    _once(say("unit"), (unit.key for unit in found), problems)
    for unit in found:
        for criterion in (c for o in unit.outcomes for c in o.criteria):
            if len(criterion.verb) > LONGEST_VERB:
                words = say("%(key)s, %(number)s: the first word is longer than %(longest)d letters.")
                problems.append(words % {"key": unit.key, "number": criterion.number, "longest": LONGEST_VERB})
    return {unit.key: unit for unit in found}


def _rows(content: Mapping[str, Any], part: str, problems: list[str]) -> list[dict[str, Any]]:
    rows = content.get(part, [])
    good = _mappings(rows)
    if not isinstance(rows, list) or len(good) < len(rows):
        problems.append(say("%(part)s: here must be a list of keys and values.") % {"part": part})
    return good


def _once(what: str, names: Iterable[str], problems: list[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            words = say("The %(what)s %(name)s stands %(times)d times in this draft.")
            problems.append(words % {"what": what, "name": name, "times": times})


def _mentioned(qualifications: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return the unit keys that raw data names, whatever else is wrong with it."""
    groups = [g for data in qualifications for g in _mappings(data.get("groups"))]
    return {str(place.get("unit")) for g in groups for place in _mappings(g.get("units"))}


def _mappings(value: object) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _unwritable(content: Mapping[str, Any]) -> Iterator[str]:
    """Say when there are letters in it that no database takes."""
    try:
        text = json.dumps(content, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        text = b"\\u0000"
    if b"\\u0000" in text:
        yield say("There are letters in it that cannot be stored. Mend the file and bring it in again.")


def _concerned(codes: set[str], keys: set[str], centre_id: int) -> list[tuple[Qualification, QualificationFile]]:
    """Return the current qualifications of these codes, and those that name one of these units."""
    places = Place.objects.filter(group__qualification_id=OuterRef("pk"), unit__key__in=keys)
    rows = list(current_versions(centre_id).filter(Q(entry_code__in=codes) | Exists(places)))
    files = qualification_files(rows)
    return [(row, files[row.pk]) for row in rows]


def _names(file: QualificationFile, keys: set[str]) -> bool:
    return any(place.unit in keys for group in file.groups for place in group.places)
