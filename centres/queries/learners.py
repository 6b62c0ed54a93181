"""What the centre's admins read about learners: who is registered for what, with which units, with whom."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from centres.actor import Actor
from centres.enums import DONE_UNITS, OVER, RegistrationState, Role, UnitState
from centres.models import Allocation, Learner, LearnerUnit, Registration
from centres.queries import has_lapsed, on_day, visible_learners
from centres.queries.award import AwardStanding, awards_of, complete_in
from centres.queries.people import A_PAGE, LONGEST_SEARCH, MOST_WORDS, assessing, roles_in
from centres.queries.people_names import names_of
from centres.queries.seen import days_mark
from centres.queries.versions import Standing, standing, with_newest
from centres.queries.world import covering
from common.refusals import NotFound
from common.text import say
from qualifications.enums import Sector
from qualifications.models import Place, Qualification
from qualifications.queries import current_versions, group_rule, life_facts, place_doubts
from qualifications.rules import takes_everything, why_not_registrable
from qualifications.rules.known import PRINTED

#: ?assessor= of learners whom nobody looks after.
NOBODY = "nobody"
#: ?state= of registrations that lapsed: no state that is stored.
LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class ChoicePlace:
    """A place of a qualification's structure; `position` counts through the whole of it."""

    place_id: int
    unit_id: int
    unit_public_id: str
    position: int
    number: str
    title: str
    level: int
    credit: int
    sector: str  # the unit's own, in words (R18)
    group_code: str
    group_title: str
    mandatory: bool
    numbered: str = PRINTED  # what its number is: printed, only a place in a list, recalled
    doubts: tuple[str, ...] = ()  # what nobody has confirmed of it here (T18)


def places_of_qualification(qualification_id: int) -> list[ChoicePlace]:
    """Return the places of a qualification in the order of its structure. One query.

    `mandatory` are those of groups that leave nothing to choose; of a mandatory group with a choice some are taken.
    """
    found = Place.objects.filter(group__qualification_id=qualification_id).select_related("unit", "group")
    rows = list(found.order_by("group__position", "position"))
    everybody = {row.group_id for row in rows if _leaves_no_choice([r for r in rows if r.group_id == row.group_id])}
    return [
        ChoicePlace(
            place_id=row.pk,
            unit_id=row.unit_id,
            unit_public_id=row.unit.public_id,
            position=position,
            number=row.number or "",
            title=row.unit.title,
            level=row.unit.level,
            credit=row.unit.credit,
            sector=str(Sector(row.unit.sector).label),
            group_code=row.group.code,
            group_title=row.group.title,
            mandatory=row.group_id in everybody,
            numbered=row.numbered,
            doubts=place_doubts(row),
        )
        for position, row in enumerate(rows)
    ]


def _leaves_no_choice(places: Sequence[Place]) -> bool:
    group = places[0].group
    return takes_everything(group_rule(group, len(places), sum(p.unit.credit for p in places)))


def open_qualifications(centre_id: int, day: dt.date) -> list[Qualification]:
    """Return the current qualifications that take learners on that day (R16). One query."""
    rows = current_versions(centre_id).order_by("-generation", "level", "entry_code")
    return [q for q in rows if not why_not_registrable(life_facts(q), day)]


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """Somebody looks after a learner from one day to another. `state` is now, later or over (they left counts).

    `only` is the entry code of the registration that it names, "" for all of them.
    """

    public_id: str
    assessor: str
    assessor_public_id: str
    starts_on: dt.date
    ends_on: dt.date | None
    reason: str
    state: str
    only: str = ""
    only_id: str = ""  # public

    @property
    def seen(self) -> str:
        """Return the mark of what a page with this row shows."""
        return days_mark(self)


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """A registration with the number of its units signed off and chosen."""

    public_id: str
    title: str
    entry_code: str
    level: int
    state: RegistrationState
    starts_on: dt.date
    ends_on: dt.date | None
    done: int
    total: int
    standing: Standing
    award: AwardStanding
    moved_to: str = ""  # the entry code of where it was moved, or moved from
    moved_from: str = ""
    moved_reason: str = ""
    entry_confirmed: str = ""  # how whoever registered knew that entry was open (R16)
    lapsed: bool = False  # the last day for certificates passed before it was over (3.5)

    @property
    def label(self) -> str:
        """Return the state in words; of one that was moved, where to; of one that lapsed, that."""
        if self.moved_to:
            return say("Moved to %(code)s") % {"code": self.moved_to}
        if self.lapsed:
            return say("Lapsed")
        return str(self.state.label)


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """A line of the list of learners."""

    public_id: str
    name: str
    workplace: str
    here: bool
    registrations: tuple[RegistrationRow, ...]
    assessors: tuple[AllocationRow, ...]

    @property
    def seen(self) -> str:
        """Return which allocations a page with this row shows, for a form that changes them."""
        return " ".join([self.public_id, *(row.public_id for row in self.assessors)])


@dataclass(frozen=True, slots=True)
class LearnersPage:
    """A page of learners; the counts are of the whole centre."""

    rows: tuple[LearnerRow, ...]
    page: "Page[Any]"
    everybody: int
    alone: int


def _allocated(actor: Actor) -> QuerySet[Allocation]:
    """Return allocations that are not over, to somebody who still assesses, of the learner of the outer query."""
    return _not_over(actor).filter(learner_id=OuterRef("pk"))


def _not_over(actor: Actor) -> QuerySet[Allocation]:
    still = assessing(actor).filter(person_id=OuterRef("assessor_id"))
    rows: QuerySet[Allocation] = Allocation.objects.for_centre(actor.centre_id)
    return rows.exclude(ends_on__lt=actor.on).filter(Exists(still))


def learners_page(
    actor: Actor, *, text: str, entry_code: str, assessor: str, state: str, page: int, complete: bool = False
) -> LearnersPage:
    """Return learners by family name, 30 a page. Nine queries, and three more for `complete`.

    Every word of `text` stands in a name, or the text is a learner number; `assessor` is somebody's public id or
    NOBODY; `state` is one that is stored, or LAPSED. `entry_code`, `state` and `complete` (its award is) are of one and
    the same registration.
    """
    mine = visible_learners(actor)
    alone = Exists(_alone(actor))
    counts = mine.aggregate(everybody=Count("pk"), alone=Count("pk", filter=alone))
    found = _registered(actor, _search(mine, text), entry_code, state, complete=complete)
    if assessor == NOBODY:
        found = found.filter(alone)
    elif assessor:
        found = found.filter(Exists(_allocated(actor).filter(assessor__public_id=assessor)))
    in_force = roles_in(actor).filter(on_day(actor.on), role=Role.LEARNER, person_id=OuterRef("person_id"))
    ordered = found.annotate(here=Exists(in_force)).order_by("family_name", "given_names", "pk")
    shown = Paginator(ordered, A_PAGE).get_page(page)
    return LearnersPage(_rows(actor, list(shown.object_list)), shown, **counts)


def _alone(actor: Actor) -> QuerySet[Registration]:
    """Return active registrations of the learner of the outer query that nobody looks after now or later."""
    rows = Registration.objects.for_centre(actor.centre_id).filter(learner_id=OuterRef("pk"))
    return rows.filter(~Exists(covering(_not_over(actor))), state=RegistrationState.ACTIVE)


def _search(learners: QuerySet[Learner], text: str) -> QuerySet[Learner]:
    number = text.replace(" ", "")
    if number.isascii() and number.isdigit():
        return learners.filter(uln__startswith=number[:10])
    for word in text[:LONGEST_SEARCH].split()[:MOST_WORDS]:
        learners = learners.filter(Q(given_names__icontains=word) | Q(family_name__icontains=word))
    return learners


def _registered(
    actor: Actor, learners: QuerySet[Learner], entry_code: str, state: str, *, complete: bool
) -> QuerySet[Learner]:
    rows = Registration.objects.for_centre(actor.centre_id)
    if entry_code:
        rows = rows.filter(qualification__entry_code=entry_code)
    if state == LAPSED:
        rows = rows.filter(qualification__last_certification_on__lt=actor.on).exclude(state__in=OVER)
    elif state:
        rows = rows.filter(state=state)
    within = complete_in(actor.centre_id, rows) if complete else rows
    narrowed = entry_code or state or complete
    return learners.filter(Exists(within.filter(learner_id=OuterRef("pk")))) if narrowed else learners


def _rows(actor: Actor, learners: Sequence[Any]) -> tuple[LearnerRow, ...]:
    """Return learners, annotated with `here`, as lines. Six queries."""
    registrations = registrations_of(actor, learners)
    allocations = allocations_of(actor, learners)
    return tuple(
        LearnerRow(
            public_id=x.public_id,
            name=x.full_name,
            workplace=x.workplace,
            here=x.here,
            registrations=registrations.get(x.pk, ()),
            assessors=tuple(a for a in allocations.get(x.pk, ()) if a.state != "over"),
        )
        for x in learners
    )


def registrations_of(
    actor: Actor, learners: Iterable[Learner], units: Iterable[LearnerUnit] | None = None
) -> dict[int, tuple[RegistrationRow, ...]]:
    """Return registrations with counts of units and how far the award is, by learner. Three queries.

    `units`: all that these learners chose, where they were read already; then it is two.
    """
    rows = list(
        with_newest(Registration.objects.for_centre(actor.centre_id).filter(learner__in=learners), actor.centre_id)
        .select_related("moved_to__qualification", "moved_from__qualification")
        .annotate(
            done=Count("units", filter=Q(units__state__in=DONE_UNITS)),
            total=Count("units", filter=~Q(units__state=UnitState.DROPPED)),
        )
        .order_by("-starts_on", "-id")
    )
    awards = awards_of(rows, actor.on, units)
    found: dict[int, list[RegistrationRow]] = {}
    for r in rows:
        found.setdefault(r.learner_id, []).append(
            RegistrationRow(
                public_id=r.public_id,
                title=r.qualification.title,
                entry_code=r.qualification.entry_code,
                level=r.qualification.level,
                state=RegistrationState(r.state),
                starts_on=r.starts_on,
                ends_on=r.ends_on,
                done=r.done,
                total=r.total,
                standing=standing(r, actor.on),
                award=awards[r.pk],
                moved_to=r.moved_to.qualification.entry_code if r.state == RegistrationState.TRANSFERRED else "",
                moved_from=r.moved_from.qualification.entry_code if r.moved_from else "",
                moved_reason=r.moved_reason,
                entry_confirmed=r.entry_confirmed,
                lapsed=has_lapsed(r, actor.on),
            )
        )
    return {pk: tuple(items) for pk, items in found.items()}


def allocations_of(actor: Actor, learners: Iterable[Learner]) -> dict[int, tuple[AllocationRow, ...]]:
    """Return who looks or looked after these learners, the newest first, by learner. Three queries."""
    rows = list(
        Allocation.objects.for_centre(actor.centre_id)
        .filter(learner__in=learners)
        .select_related("assessor", "registration__qualification")
        .order_by("-starts_on", "-id")
    )
    still = set(assessing(actor).values_list("person_id", flat=True))
    names = names_of(actor, {row.assessor_id for row in rows})
    found: dict[int, list[AllocationRow]] = {}
    for row in rows:
        if row.ends_on is not None and row.ends_on < row.starts_on:
            continue  # replaced before its first day: it never was
        here = row.assessor_id in still
        found.setdefault(row.learner_id, []).append(_allocation(row, names, actor.on, here=here))
    return {pk: tuple(items) for pk, items in found.items()}


def _allocation(row: Allocation, names: dict[int, str], day: dt.date, *, here: bool) -> AllocationRow:
    over = not here or (row.ends_on is not None and row.ends_on < day)
    state = "over" if over else "later" if row.starts_on > day else "now"
    named = row.registration
    return AllocationRow(
        public_id=row.public_id,
        assessor=names[row.assessor_id],
        assessor_public_id=row.assessor.public_id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        reason=row.reason,
        state=state,
        only=named.qualification.entry_code if named else "",
        only_id=named.public_id if named else "",
    )


def allocation_of(actor: Actor, learner: Learner, public_id: str) -> Allocation:
    """Return an allocation of a learner; anything else is not found."""
    rows = Allocation.objects.for_centre(actor.centre_id).filter(learner=learner, public_id=public_id)
    row = rows.first()
    if row is None:
        raise NotFound("allocation.view", public_id)
    return row


def learners_of(actor: Actor, public_ids: Iterable[str]) -> list[Learner]:
    """Return these learners of the centre by name. Refuses the lot when one of them is not here (R126)."""
    wanted = set(public_ids)
    found = list(visible_learners(actor).filter(public_id__in=wanted).order_by("family_name", "given_names", "pk"))
    if len(found) != len(wanted):
        raise NotFound("learner.allocate")
    return found


def registration_of(actor: Actor, learner: Learner, public_id: str) -> Registration:
    """Return a registration of a learner; anything else is not found. One query."""
    rows = Registration.objects.for_centre(actor.centre_id).filter(learner=learner, public_id=public_id)
    row = rows.select_related("qualification").first()
    if row is None:
        raise NotFound("registration.view", public_id)
    return row
