"""The learner's units: how far each is, and everything in one of them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from centres.actor import Actor
from centres.enums import FROZEN_UNITS, OVER, RegistrationState, UnitState
from centres.models import LearnerUnit
from centres.queries import takes_work
from centres.queries.award import AwardStanding, award_standing
from common.refusals import NotFound
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import EvidenceMapping
from portfolio.queries.learner.own import learner_of, plain
from portfolio.queries.progress import Short, UnitProgress, enough, unit_progress
from portfolio.rules import UnitPace
from qualifications.enums import Kind
from qualifications.models import Criterion
from qualifications.queries import Note, StoredRule, life_facts, notes_on, rules_of
from qualifications.rules import kind_words

DONE = ("seal", "met", "provisional")
NEEDS_ME = ("back", "notyet")


@dataclass(frozen=True, slots=True)
class UnitCard:
    """One of the learner's units. `cells` are pairs of status key and outcome number, in the criteria's order."""

    id: int
    public_id: str
    number: str
    title: str
    credit: int
    state: str
    cells: tuple[tuple[str, int], ...]
    target_on: dt.date | None
    pace: UnitPace
    disputed: bool = False  # the learner did not agree with a signature, and nobody has answered

    def count(self, *keys: str) -> int:
        """Return how many criteria are in one of these states."""
        return sum(1 for key, _outcome in self.cells if key in keys)

    @property
    def met(self) -> int:
        """Return how many are done, those that a countersigner still looks at included."""
        return self.count(*DONE)

    @property
    def total(self) -> int:
        """Return how many there are."""
        return len(self.cells)

    @property
    def started(self) -> bool:
        """Say whether anything was ever brought for it."""
        return self.count("todo") < self.total

    @property
    def signed_off(self) -> bool:
        """Say whether the learner has confirmed the assessor's signature."""
        return self.state == UnitState.ACHIEVED

    @property
    def exempt(self) -> bool:
        """Say whether it counts through a certificate from elsewhere (R79)."""
        return self.state == UnitState.EXEMPT

    @property
    def frozen(self) -> bool:
        """Say whether nothing can be added or taken away any more (R83)."""
        return self.state in FROZEN_UNITS

    @property
    def to_do(self) -> bool:
        """Say whether something is left in it for the learner."""
        return not self.frozen and self.met < self.total


@dataclass(frozen=True, slots=True)
class Programme:
    """A qualification the learner is registered for.

    Credits are what the rule of combination counts (R20): `signed_off` of it in signed units, `started` more in units
    begun, `chosen` in all of them together; `adds_up` says whether these make the award.

    `moved_to` is the title of where it was moved, and then nothing more is done in it; `follows`: it was moved to.
    """

    title: str
    units: tuple[UnitCard, ...]
    needed: int
    signed_off: int
    started: int
    chosen: int
    adds_up: bool
    sure: bool  # … and everything that this rests on is confirmed (T18)
    end: str  # what to know about the end of this version; empty while it is far away (R16)
    award: AwardStanding  # what is achieved of it, and what comes next once that is the whole award
    state: str  # of the registration
    starts_on: dt.date
    active: bool  # work may go on in it today
    public_id: str = ""
    moved_to: str = ""
    follows: bool = False
    exempt: int = 0  # credits of it that were brought in with a certificate

    @property
    def next_unit(self) -> UnitCard | None:
        """Return the first unit in order in which something is left (R45).

        Nothing is in what does not run any more, nor in a complete award.
        """
        return next(iter(self.to_do), None)

    @property
    def to_do(self) -> list[UnitCard]:
        """Return the units in which something is left for the learner to bring."""
        return [unit for unit in self.units if unit.to_do] if self.active and not self.award.complete else []


@dataclass(frozen=True, slots=True)
class Piece:
    """Evidence brought for a criterion."""

    public_id: str
    title: str
    state: str
    sent_at: dt.datetime | None
    draft: bool


@dataclass(frozen=True, slots=True)
class UnitThing:
    """One criterion of the unit with what was brought for it, newest piece first."""

    id: int
    public_id: str
    number: str
    text: str
    kind: str
    outcome: int
    key: str
    pieces: tuple[Piece, ...]
    note: Note | None

    @property
    def latest(self) -> Piece | None:
        """Return the newest piece that was sent, or the draft when there is no other."""
        sent = [piece for piece in self.pieces if not piece.draft]
        return next(iter(sent or self.pieces), None)


@dataclass(frozen=True, slots=True)
class UnitPage:
    """Everything My unit shows."""

    card: UnitCard
    things: tuple[UnitThing, ...]

    def with_status(self, *keys: str) -> list[UnitThing]:
        """Return the things in one of these states, in the unit's order."""
        return [thing for thing in self.things if thing.key in keys]

    def of_kind(self, kind: str) -> list[UnitThing]:
        """Return the things to know, or the things to do."""
        return [thing for thing in self.things if thing.kind == kind]

    @property
    def know(self) -> list[UnitThing]:
        """Return what has to be known."""
        return self.of_kind(Kind.KNOWLEDGE)

    @property
    def do(self) -> list[UnitThing]:
        """Return what has to be done at work."""
        return self.of_kind(Kind.COMPETENCE)


def own_units(actor: Actor) -> QuerySet[LearnerUnit]:
    """Return the actor's own chosen units, in the order of their registrations."""
    return (
        LearnerUnit.objects.for_centre(actor.centre_id)
        .filter(learner_id=learner_of(actor))
        .exclude(state=UnitState.DROPPED)
        .select_related(
            "unit", "place", "registration__qualification", "registration__moved_to__qualification", "learner"
        )
        .order_by("registration_id", "position", "pk")
    )


def my_unit(actor: Actor, public_id: str) -> LearnerUnit:
    """Return one of the actor's own units; anybody else's is not found. One query."""
    row = own_units(actor).filter(public_id=plain(public_id)).first()
    if row is None:
        raise NotFound("unit.view", public_id)
    return row


def programmes(actor: Actor, short: Short = enough) -> list[Programme]:
    """Return the learner's qualifications with their units and how far each is, those that are over last.

    Four queries and those of `short`.
    """
    rows = list(own_units(actor))
    cards = dict(zip((row.pk for row in rows), _cards(rows, short), strict=True))
    stored = rules_of(row.registration.qualification_id for row in rows)
    grouped = [list(group) for _registration, group in groupby(rows, key=lambda row: row.registration_id)]
    found = [_programme(actor, units, cards, stored[units[0].registration.qualification_id]) for units in grouped]
    return sorted(found, key=lambda plan: plan.state in OVER)


def _programme(
    actor: Actor, rows: Sequence[LearnerUnit], cards: Mapping[int, UnitCard], stored: StoredRule
) -> Programme:
    registration = rows[0].registration
    moved = registration.state == RegistrationState.TRANSFERRED
    over = registration.state in OVER
    mine = [(row.unit_id, cards[row.pk]) for row in rows]
    settled = [unit_id for unit_id, card in mine if card.signed_off or card.exempt]
    begun = [unit_id for unit_id, card in mine if card.started or card.signed_off or card.exempt]
    exempt = [unit_id for unit_id, card in mine if card.exempt]
    everything = stored.weigh([unit_id for unit_id, _card in mine], settled, exempt)
    signed_off = stored.weigh(settled, settled).credit
    return Programme(
        title=registration.qualification.title,
        units=tuple(card for _unit_id, card in mine),
        needed=stored.rule.credit,
        signed_off=signed_off,
        started=max(0, stored.weigh(begun, settled).credit - signed_off),
        chosen=everything.credit,
        adds_up=everything.satisfied,
        sure=everything.sure,
        award=award_standing(registration, stored, {row.unit_id: row.state for row in rows}, actor.on),
        state=registration.state,
        starts_on=registration.starts_on,
        active=takes_work(registration, actor.on),
        end="" if over else kind_words(life_facts(registration.qualification), actor.on),
        public_id=registration.public_id,
        moved_to=registration.moved_to.qualification.title if moved else "",
        follows=registration.moved_from_id is not None,
        exempt=sum(card.credit for _unit_id, card in mine if card.exempt),
    )


def _cards(rows: Sequence[LearnerUnit], short: Short) -> list[UnitCard]:
    progress = unit_progress(rows, short(rows))
    return [_card(row, progress[row.pk]) for row in rows]


def _card(row: LearnerUnit, progress: UnitProgress) -> UnitCard:
    return UnitCard(
        id=row.pk,
        public_id=row.public_id,
        number=row.place.number or "",
        title=row.unit.title,
        credit=row.unit.credit,
        state=row.state,
        cells=tuple((key, outcome) for key, outcome, _number in progress.cells),
        target_on=row.target_on,
        pace=progress.pace,
        disputed=row.disputed,
    )


def unit_page(row: LearnerUnit, short: Short = enough) -> UnitPage:
    """Return a unit with its criteria, their states and the pieces brought for each. Four queries and `short`'s."""
    criteria = list(Criterion.objects.filter(unit_id=row.unit_id).select_related("outcome").order_by("position"))
    card = _card(row, unit_progress([row], short([row]), {row.unit_id: criteria})[row.pk])
    pieces = _pieces(row)
    notes = notes_on(row.centre_id, [row.unit.key])
    things = [
        UnitThing(
            id=criterion.pk,
            public_id=criterion.public_id,
            number=criterion.number,
            text=criterion.text,
            kind=criterion.kind,
            outcome=criterion.outcome.number,
            key=key,
            pieces=tuple(pieces.get(criterion.pk, ())),
            note=notes.get((row.unit.key, criterion.number)),
        )
        for criterion, (key, _outcome) in zip(criteria, card.cells, strict=True)
    ]
    return UnitPage(card, tuple(things))


def _pieces(row: LearnerUnit) -> dict[int, list[Piece]]:
    mappings = (
        EvidenceMapping.objects.for_centre(row.centre_id)
        .filter(learner_unit=row)
        .exclude(state=MappingState.CLOSED)
        .select_related("evidence")
        .order_by("-evidence__submitted_at", "-evidence_id")
    )
    found: dict[int, list[Piece]] = {}
    for mapping in mappings:
        evidence = mapping.evidence
        draft = evidence.state == EvidenceState.DRAFT
        piece = Piece(evidence.public_id, evidence.title, mapping.state, evidence.submitted_at, draft)
        found.setdefault(mapping.criterion_id, []).append(piece)
    return found


def aim(row: LearnerUnit, public_ids: Sequence[str]) -> list[Criterion]:
    """Return the criteria of this unit among these ids, in the unit's order; others are left out. One query."""
    return list(
        Criterion.objects.filter(unit_id=row.unit_id, public_id__in=[plain(one) for one in public_ids[:60]]).order_by(
            "position"
        )
    )
