"""What does it show? Everything a learner may tick for a piece, what they ticked, and what may fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from portfolio.enums import UNSETTLED, MappingState
from portfolio.models import Evidence, EvidenceMapping
from portfolio.queries.learner.item import code_of
from portfolio.queries.progress import CriterionRow, Short, criteria_of_learner, enough
from portfolio.queries.suggest import DONE, search_criteria, suggestions
from qualifications.enums import Theme
from qualifications.queries import Note, notes_on

#: What a learner may still take off: not sent, or answered with "not yet" or "not relevant".


@dataclass(frozen=True, slots=True)
class Thing:
    """A criterion of one of the learner's units, as a box to tick. `note`: what the centre says in plain words."""

    row: CriterionRow
    note: Note | None = None

    @property
    def value(self) -> str:
        """Return its name in the form: unit and criterion, public ids."""
        return f"{self.row.learner_unit_id}:{self.row.criterion_id}"

    @property
    def code(self) -> str:
        """Return the code people know: 6.2.3."""
        return code_of(self.row.unit_number, self.row.number)

    @property
    def done(self) -> bool:
        """Say whether it is met already."""
        return self.row.status in DONE


@dataclass(frozen=True, slots=True)
class Ticked:
    """A thing ticked before, with where to look (R67)."""

    thing: Thing
    state: str
    origin: str
    page: int | None
    seconds: int | None
    note: str

    @property
    def settled(self) -> bool:
        """Say whether an assessor decided, so that the tick stays."""
        return self.state not in UNSETTLED


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit to choose from."""

    public_id: str
    number: str
    title: str
    total: int
    ticked: int


@dataclass(frozen=True)
class Linking:
    """All that the page needs. `rows` are the criteria of units not yet signed, in order; `ticked` is by value."""

    evidence: Evidence
    rows: Sequence[CriterionRow]
    ticked: Mapping[str, Ticked]

    @cached_property
    def suggested(self) -> list[tuple[Thing, str]]:
        """Return what may fit with the reason, the best first, none of it ticked (R68)."""
        ticks = [(one.thing.row.learner_unit_id, one.thing.row.criterion_id) for one in self.ticked.values()]
        found = suggestions(self.evidence.learner, self.evidence, rows=self.rows, ticked=ticks)
        return [(self.thing(one.row), one.reason) for one in found]

    @cached_property
    def notes(self) -> dict[tuple[str, str], Note]:
        """Return the centre's notes on criteria of the units. One query."""
        return notes_on(self.evidence.centre_id, {row.unit_key for row in self.rows})

    def thing(self, row: CriterionRow) -> Thing:
        """Return a criterion as a box to tick, with what the centre says about it."""
        return Thing(row, self.notes.get((row.unit_key, row.number)))

    @cached_property
    def things(self) -> dict[str, Thing]:
        """Return everything there is to tick, by value."""
        return {thing.value: thing for thing in map(self.thing, self.rows)}

    @cached_property
    def choices(self) -> list[UnitChoice]:
        """Return the units to choose from, with how many of each are ticked."""
        ticked = [one.thing.row.learner_unit_id for one in self.ticked.values()]
        firsts = {row.learner_unit_id: row for row in reversed(self.rows)}
        in_order = dict.fromkeys(row.learner_unit_id for row in self.rows)
        return [
            UnitChoice(
                public_id=unit,
                number=firsts[unit].unit_number,
                title=firsts[unit].unit_title,
                total=sum(row.learner_unit_id == unit for row in self.rows),
                ticked=ticked.count(unit),
            )
            for unit in in_order
        ]

    @cached_property
    def themes(self) -> list[tuple[str, str, int]]:
        """Return the themes among the things: value, words, how many."""
        counts = {theme: sum(theme in row.themes for row in self.rows) for theme in Theme.values}
        return [(theme, str(Theme(theme).label), counts[theme]) for theme in Theme.values if counts[theme]]

    def of_unit(self, public_id: str) -> list[Thing]:
        """Return the things of one unit."""
        return [self.thing(row) for row in self.rows if row.learner_unit_id == public_id]

    def of_theme(self, theme: str) -> list[Thing]:
        """Return the things of one theme."""
        return [self.thing(row) for row in self.rows if theme in row.themes]

    def search(self, words: str) -> list[Thing]:
        """Return at most thirty things that have every word, or whose code begins so ("6.2")."""
        by_code = [row for row in self.rows if code_of(row.unit_number, row.number).startswith(words.strip())]
        found = by_code[:30] or search_criteria(self.evidence.learner, words, rows=self.rows)
        return [self.thing(row) for row in found]


def linking(evidence: Evidence, short: Short = enough) -> Linking:
    """Return what the learner may tick for their piece: criteria of units that are not signed (R83).

    Five queries and those of `short`.
    """
    rows = [row for row in criteria_of_learner(evidence.learner, short) if not row.unit_frozen]
    return Linking(evidence, rows, _ticked(evidence, rows))


def _ticked(evidence: Evidence, rows: Sequence[CriterionRow]) -> dict[str, Ticked]:
    mappings = (
        EvidenceMapping.objects.for_centre(evidence.centre_id)
        .filter(evidence=evidence)
        .exclude(state=MappingState.CLOSED)
        .select_related("learner_unit", "criterion")
    )
    found = {f"{mapping.learner_unit.public_id}:{mapping.criterion.public_id}": mapping for mapping in mappings}
    things = [thing for thing in map(Thing, rows) if thing.value in found]
    return {thing.value: _tick(thing, found[thing.value]) for thing in things}


def _tick(thing: Thing, mapping: EvidenceMapping) -> Ticked:
    return Ticked(thing, mapping.state, mapping.origin, mapping.page, mapping.seconds, mapping.note)
