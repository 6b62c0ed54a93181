"""What other registrations of a learner bring along: units to approve, pieces to offer again, and why (R19, R34)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from assessments.enums import Act
from assessments.models import LedgerEntry
from assessments.queries.codes import code_of
from assessments.queries.seen import carry_mark
from assessments.queries.workbench import STATUS
from assessments.rules import carrying
from centres.actor import Actor
from centres.enums import DONE_UNITS, FROZEN_UNITS, LEFT, OPEN_UNITS, UNCONFIRMED_UNITS, UnitState
from centres.models import LearnerUnit, Registration, StateChange
from centres.queries import visible_registrations
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import EvidenceMapping
from portfolio.queries.core import seen_registrations
from qualifications.models import Criterion, Place, Unit
from qualifications.rules import Likeness, Wording, likenesses

#: How likely a kind of likeness is to help, for the order on the page.
LIKELY = ("same", "reference", "words", "theme")


@dataclass(frozen=True, slots=True)
class CarryOffer:
    """A unit that stands signed off, word for word the same, in another registration of the learner.

    `open`: not approved yet. `declined_by`: who said why it is judged again instead, "" for nobody.
    """

    unit_id: str
    number: str
    title: str
    level: int
    credit: int
    exempt: bool
    open: bool
    source_id: str
    done_in: str  # the entry code of what it was done for
    done_at: dt.datetime
    declined_by: str = ""
    declined_at: dt.datetime | None = None
    reason: str = ""
    seen: str = ""  # the mark of both units as this row shows them


@dataclass(frozen=True, slots=True)
class Offer:
    """A criterion of the new registration that a piece may show, with where it was offered before and why it may fit.

    `before` is the status of the earlier mapping: it is history, and decides nothing.
    """

    evidence_id: str
    learner_unit_id: str
    criterion_id: str
    code: str
    text: str
    kind: str
    unit_title: str
    old_code: str
    old_text: str
    before: str
    how: str
    reason: str
    score: float
    page: int | None = None
    seconds: int | None = None

    @property
    def value(self) -> str:
        """Return its name in the form."""
        return f"{self.evidence_id}:{self.learner_unit_id}:{self.criterion_id}"


@dataclass(frozen=True, slots=True)
class PieceOffers:
    """A piece with what it may show now, the likeliest first."""

    id: str
    title: str
    sent_at: dt.datetime | None
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class OldUnit:
    """A unit of the earlier registration. `fate`: carries, again (its pieces are offered) or stays behind, readable."""

    public_id: str
    number: str
    title: str
    level: int
    credit: int
    state: str
    fate: str
    pieces: int
    signed: bool
    waits: str = ""  # confirmation, or an answer: it has to be finished before anybody moves

    @property
    def lost(self) -> bool:
        """Say whether a signature on it does not count where the learner goes."""
        return self.signed and self.fate != "carries"


@dataclass(frozen=True, slots=True)
class Preview:
    """Old and new side by side before anybody confirms. `carries` and `pieces` are by place of the new one."""

    old: tuple[OldUnit, ...]
    carries: frozenset[int]
    pieces: Mapping[int, int]

    @property
    def unfinished(self) -> tuple[OldUnit, ...]:
        """Return units that are half signed or disputed: while there are such, nobody moves."""
        return tuple(unit for unit in self.old if unit.waits)

    @property
    def carried_credit(self) -> int:
        """Return the credits that an assessor may let through at once."""
        return sum(unit.credit for unit in self.old if unit.fate == "carries")

    @property
    def lost(self) -> tuple[OldUnit, ...]:
        """Return units signed off that do not count in the new one."""
        return tuple(unit for unit in self.old if unit.lost)

    @property
    def offered(self) -> int:
        """Return how many units have pieces that are offered again."""
        return sum(unit.fate == "again" for unit in self.old)


def text_of(unit: Unit) -> carrying.Text:
    """Return which text a unit version is."""
    return carrying.Text(unit.pk, unit.reference or "", unit.wording_digest)


def sources(actor: Actor, registration: Registration) -> QuerySet[Registration]:
    """Return the other registrations of its learner that this actor sees: what was done there may count here (R19).

    The one that it follows, one that was left before, one beside it. A learner sees their own; staff what is in their
    world (decision 11), so that nobody learns here of a qualification that is not theirs to know. Whoever sees this one
    may know the one that it follows. No query.
    """
    own = actor.is_learner and actor.learner_id == registration.learner_id
    seen = visible_registrations(actor) if own else seen_registrations(actor)
    rows = Registration.objects.for_centre(registration.centre_id).filter(learner_id=registration.learner_id)
    return rows.filter(Q(pk__in=seen.values("pk")) | Q(pk=registration.moved_from_id)).exclude(pk=registration.pk)


def source_of(actor: Actor, unit: LearnerUnit) -> LearnerUnit | None:
    """Return the unit of another registration that stands for this one, see `_best`. One query."""
    return _best(unit, list(_elsewhere(actor, unit.registration)))


def _elsewhere(actor: Actor, registration: Registration) -> QuerySet[LearnerUnit]:
    """Return the units of the other registrations: first of the one that this follows, then of the newest."""
    follows = Case(When(registration=registration.moved_from_id, then=Value(0)), default=Value(1))
    rows = LearnerUnit.objects.for_centre(registration.centre_id).filter(registration__in=sources(actor, registration))
    units = rows.exclude(state=UnitState.DROPPED).select_related(
        "unit", "place", "learner", "registration__qualification"
    )
    return units.order_by(follows, "-registration_id", "position", "pk")


def _best(new: LearnerUnit, old: Sequence[LearnerUnit]) -> LearnerUnit | None:
    """Return the same text that is done, else the same text, else the same reference with other words."""
    text = text_of(new.unit)
    same = [row for row in old if carrying.same_text(text_of(row.unit), text)]
    done = [row for row in same if row.state in DONE_UNITS]
    alike = [row for row in old if row.unit.reference and row.unit.reference == new.unit.reference]
    return next(iter([*done, *same, *alike]), None)


def _units(centre_id: int, registration_id: int) -> QuerySet[LearnerUnit]:
    rows = LearnerUnit.objects.for_centre(centre_id).filter(registration_id=registration_id)
    return rows.exclude(state=UnitState.DROPPED).select_related("unit", "place", "learner", "registration")


def carry_offers(actor: Actor, registration: Registration) -> tuple[CarryOffer, ...]:
    """Return units that an assessor may let count without new work, with what was decided. Three queries at most."""
    old = list(_elsewhere(actor, registration))
    if not old:
        return ()
    pairs = [(new, _best(new, old)) for new in _units(registration.centre_id, registration.pk)]
    same = [(new, source) for new, source in pairs if source is not None and _carries(new, source)]
    declined = _declined([new for new, _source in same])
    return tuple(_carry(new, source, declined.get(new.pk)) for new, source in same)


def _carries(new: LearnerUnit, source: LearnerUnit) -> bool:
    return source.state in DONE_UNITS and carrying.same_text(text_of(source.unit), text_of(new.unit))


def _declined(units: Sequence[LearnerUnit]) -> dict[int, LedgerEntry]:
    """Return who said of which unit that it is judged again. One query; none without units."""
    if not units:
        return {}
    rows = LedgerEntry.objects.for_centre(units[0].centre_id).filter(
        learner_unit__in=[unit.pk for unit in units], act=Act.CARRY_DECLINED
    )
    return {row.learner_unit_id: row for row in rows.select_related("person", "note")}


def _carry(new: LearnerUnit, source: LearnerUnit, declined: LedgerEntry | None) -> CarryOffer:
    return CarryOffer(
        unit_id=new.public_id,
        number=new.place.number or "",
        title=new.unit.title,
        level=new.unit.level,
        credit=new.unit.credit,
        exempt=source.state == UnitState.EXEMPT,
        open=new.state in OPEN_UNITS,
        source_id=source.public_id,
        done_in=source.registration.qualification.entry_code,
        done_at=source.changed_at,
        declined_by=declined.person.full_name if declined else "",
        declined_at=declined.at if declined else None,
        reason=declined.note.text if declined else "",
        seen=carry_mark(new, source, declined=declined is not None),
    )


def offers_of(actor: Actor, registration: Registration) -> list[PieceOffers]:
    """Return the pieces of the learner's other registrations, with criteria of the open units here they may show.

    What a piece is offered for already, and units that are signed or may be carried over whole, are left out. Six
    queries at most, whatever the number of pieces. Nothing is ticked: a person reads both texts, and an assessor judges
    (R34).
    """
    carried = {offer.unit_id for offer in carry_offers(actor, registration) if not offer.declined_by}
    units = [
        unit
        for unit in _units(actor.centre_id, registration.pk)
        if unit.state not in FROZEN_UNITS and unit.public_id not in carried
    ]
    own = actor.is_learner and actor.learner_id == registration.learner_id
    found_mappings = _old_mappings(actor.centre_id, sources(actor, registration), registration)
    mappings = list(found_mappings if own else _seen(actor, found_mappings))
    criteria = _criteria({unit.unit_id for unit in units})
    standing = _standing(actor, units)
    like = _likenesses([mapping.criterion for mapping in mappings], criteria)
    at = {c.pk: (unit, c) for unit in units for c in criteria if c.unit_id == unit.unit_id}
    found: dict[int, dict[int, Offer]] = defaultdict(dict)
    for mapping in mappings:
        for likeness in like[mapping.criterion_id]:
            unit, criterion = at[likeness.id]
            best = found[mapping.evidence_id].get(criterion.pk)
            taken = (mapping.evidence_id, unit.pk, criterion.pk) in standing
            if not taken and (best is None or best.score < likeness.score):
                found[mapping.evidence_id][criterion.pk] = _offer(mapping, unit, criterion, likeness)
    pieces = {mapping.evidence_id: mapping.evidence for mapping in mappings}
    return [
        PieceOffers(
            piece.public_id,
            piece.title if own else piece.sent_title,
            piece.submitted_at,
            _ordered(found[evidence_id].values()),
        )
        for evidence_id, piece in pieces.items()
        if found[evidence_id]
    ]


def _seen(actor: Actor, mappings: QuerySet[EvidenceMapping]) -> QuerySet[EvidenceMapping]:
    """Return what somebody else than the learner may read of them: nothing that is being written, nor out of sight."""
    seen = mappings.filter(learner_unit__registration__in=seen_registrations(actor))
    return seen.exclude(evidence__state=EvidenceState.DRAFT)


def _ordered(offers: Iterable[Offer]) -> tuple[Offer, ...]:
    return tuple(sorted(offers, key=lambda o: (LIKELY.index(o.how), -o.score, o.code)))


def _old_mappings(
    centre_id: int, registrations: QuerySet[Registration], new: Registration | None = None
) -> QuerySet[EvidenceMapping]:
    """Return what was offered in registrations, without what their learner took back.

    What was closed because its registration ended is in: with any move, or a withdrawal. (The move that led to `new`
    may be from before changes of state were kept.)
    """
    alive = ~Q(state=MappingState.CLOSED)
    if new is not None:
        alive |= Q(learner_unit__registration=new.moved_from_id, changed_at__gte=new.created_at)
        left = StateChange.objects.for_centre(centre_id).filter(
            registration=OuterRef("learner_unit__registration"),
            to__in=sorted(LEFT),
            at__lte=OuterRef("changed_at"),
        )
        alive |= Q(Exists(left))
    return (
        EvidenceMapping.objects.for_centre(centre_id)
        .filter(alive, learner_unit__registration__in=registrations)
        .exclude(evidence__state=EvidenceState.WITHDRAWN)
        .exclude(learner_unit__state=UnitState.DROPPED)
        .select_related("evidence", "criterion__unit", "learner_unit__place")
        .order_by("evidence__submitted_at", "evidence_id", "learner_unit__position", "criterion__position")
    )


def _criteria(unit_ids: Iterable[int]) -> list[Criterion]:
    rows = Criterion.objects.filter(unit_id__in=set(unit_ids)).select_related("unit")
    return list(rows.order_by("unit_id", "position"))


def _standing(actor: Actor, units: Sequence[LearnerUnit]) -> set[tuple[int, int, int]]:
    mappings = EvidenceMapping.objects.for_centre(actor.centre_id).filter(learner_unit__in=[unit.pk for unit in units])
    return set(
        mappings.exclude(state=MappingState.CLOSED).values_list("evidence_id", "learner_unit_id", "criterion_id")
    )


def _likenesses(old: Iterable[Criterion], new: Sequence[Criterion]) -> dict[int, tuple[Likeness, ...]]:
    distinct = {criterion.pk: criterion for criterion in old}
    return likenesses([_wording(c) for c in distinct.values()], [_wording(c) for c in new])


def _wording(c: Criterion) -> Wording:
    return Wording(c.pk, c.text, c.number, c.kind, c.unit.reference or "", tuple(c.themes))


def _offer(mapping: EvidenceMapping, unit: LearnerUnit, criterion: Criterion, likeness: Likeness) -> Offer:
    return Offer(
        evidence_id=mapping.evidence.public_id,
        learner_unit_id=unit.public_id,
        criterion_id=criterion.public_id,
        code=code_of(unit.place.number, criterion.number),
        text=criterion.text,
        kind=criterion.kind,
        unit_title=unit.unit.title,
        old_code=code_of(mapping.learner_unit.place.number, mapping.criterion.number),
        old_text=mapping.criterion.text,
        before="sent" if mapping.state == MappingState.CLOSED else STATUS[MappingState(mapping.state)],
        how=likeness.how,
        reason=likeness.reason,
        score=likeness.score,
        page=mapping.page,
        seconds=mapping.seconds,
    )


def move_preview(actor: Actor, registration: Registration, qualification_id: int) -> Preview:
    """Return what a move to a qualification would carry, offer again and leave behind. Four queries."""
    old = list(_units(actor.centre_id, registration.pk))
    places = list(Place.objects.filter(group__qualification_id=qualification_id).select_related("unit"))
    twins = {
        row.pk: place.pk
        for row in old
        for place in places
        if row.state in DONE_UNITS and carrying.same_text(text_of(row.unit), text_of(place.unit))
    }
    this = Registration.objects.for_centre(actor.centre_id).filter(pk=registration.pk)
    mappings = list(_old_mappings(actor.centre_id, this))
    criteria = _criteria(place.unit_id for place in places)
    like = _likenesses([mapping.criterion for mapping in mappings], criteria)
    unit_of = {criterion.pk: criterion.unit_id for criterion in criteria}
    by_new: dict[int, set[int]] = defaultdict(set)
    by_old: dict[int, set[int]] = defaultdict(set)
    for mapping in mappings:
        for likeness in like[mapping.criterion_id]:
            by_new[unit_of[likeness.id]].add(mapping.evidence_id)
            by_old[mapping.learner_unit_id].add(mapping.evidence_id)
    return Preview(
        old=tuple(_old_unit(row, carries=row.pk in twins, pieces=len(by_old[row.pk])) for row in old),
        carries=frozenset(twins.values()),
        pieces={place.pk: len(by_new[place.unit_id]) for place in places},
    )


def _old_unit(row: LearnerUnit, *, carries: bool, pieces: int) -> OldUnit:
    return OldUnit(
        public_id=row.public_id,
        number=row.place.number or "",
        title=row.unit.title,
        level=row.unit.level,
        credit=row.unit.credit,
        state=row.state,
        fate="carries" if carries else "again" if pieces else "stays",
        pieces=pieces,
        signed=row.state in FROZEN_UNITS,
        waits="confirmation" if row.state in UNCONFIRMED_UNITS else "answer" if row.disputed else "",
    )
