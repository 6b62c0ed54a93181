"""Which other qualifications a learner's units count towards, and how far (R38). Suggestions, and nothing more."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q

from centres.actor import Actor
from centres.enums import DONE_UNITS, LEFT
from centres.models import Learner, LearnerUnit, Registration
from centres.queries.learners import open_qualifications
from centres.rules.progression import GroupNeed, GroupReach, UnitPlace, reach
from qualifications.models import Group, Place, Qualification, Unit


@dataclass(frozen=True, slots=True)
class Shared:
    """A unit the learner has that stands in the other qualification too."""

    number: str
    title: str
    level: int
    credit: int
    group: str


@dataclass(frozen=True, slots=True)
class Route:
    """A qualification that some of the learner's units count towards, the nearest first in a list."""

    public_id: str
    entry_code: str
    title: str
    level: int
    needed: int
    groups: tuple[GroupReach, ...]
    shared: tuple[Shared, ...]

    @property
    def credit(self) -> int:
        """Return the credits that count towards it already, never more than it needs."""
        return min(self.needed, sum(group.credit for group in self.groups))


@dataclass(frozen=True, slots=True)
class Progression:
    """What a learner has, and where it leads. `units` and `credit` are of everything signed off or exempt."""

    units: int
    credit: int
    routes: tuple[Route, ...]
    above: tuple[Qualification, ...]  # the next level of what they do, where nothing is shared yet


def progression_of(actor: Actor, learner: Learner) -> Progression:
    """Return where a learner's units count besides what they do already. Five queries, whatever their number."""
    have = list(
        LearnerUnit.objects.for_centre(actor.centre_id)
        .filter(learner=learner, state__in=DONE_UNITS)
        .select_related("unit")
        .order_by("unit__level", "unit__title")
    )
    units = {row.unit_id: row.unit for row in have}
    doing = _doing(actor, learner)
    others = [q for q in open_qualifications(actor.centre_id, actor.on) if (q.awarding_body, q.entry_code) not in doing]
    routes = _routes(others, list(units.values()))
    near = {route.public_id for route in routes}
    level = max(doing.values(), default=0)
    return Progression(
        units=len(units),
        credit=sum(unit.credit for unit in units.values()),
        routes=routes,
        above=tuple(q for q in others if q.level == level + 1 and q.public_id not in near) if doing else (),
    )


def _doing(actor: Actor, learner: Learner) -> dict[tuple[str, str], int]:
    rows = Registration.objects.for_centre(actor.centre_id).filter(learner=learner).exclude(state__in=LEFT)
    found = rows.values_list("qualification__awarding_body", "qualification__entry_code", "qualification__level")
    return {(body, code): level for body, code, level in found}


def _routes(others: Sequence[Qualification], units: Sequence[Unit]) -> tuple[Route, ...]:
    groups: dict[int, list[Group]] = defaultdict(list)
    for group in Group.objects.filter(qualification__in=others).order_by("position"):
        groups[group.qualification_id].append(group)
    places: dict[int, list[Place]] = defaultdict(list)
    for place in _same(others, units):
        places[place.group.qualification_id].append(place)
    mandatory = _mandatory(others)
    found = [_route(q, groups[q.pk], places[q.pk], mandatory) for q in others if places[q.pk]]
    return tuple(sorted(found, key=lambda route: (-route.credit / max(1, route.needed), route.level, route.entry_code)))


def _same(others: Collection[Qualification], units: Sequence[Unit]) -> list[Place]:
    """Return the places of these very texts: the same version, or the same reference and wording (R19)."""
    twin = Q(unit__in=[unit.pk for unit in units])
    for unit in units:
        if unit.reference:
            twin |= Q(unit__reference=unit.reference, unit__content_digest=unit.content_digest)
    rows = Place.objects.filter(twin, group__qualification__in=others).select_related("unit", "group")
    return list(rows.order_by("group__position", "position"))


def _mandatory(others: Collection[Qualification]) -> dict[int, int]:
    """Return the credits of everything listed, of groups that everybody takes whole."""
    found: dict[int, int] = defaultdict(int)
    rows = Place.objects.filter(group__qualification__in=others, group__mandatory=True)
    for group_id, credit in rows.values_list("group_id", "unit__credit"):
        found[group_id] += credit
    return found


def _route(q: Qualification, groups: Sequence[Group], places: Sequence[Place], whole: dict[int, int]) -> Route:
    needs = [GroupNeed(g.code, g.title, _need(g, whole), g.max_credit or g.exact_credit) for g in groups]
    have = [UnitPlace(p.group.code, p.unit.credit, has=True) for p in places]
    return Route(
        public_id=q.public_id,
        entry_code=q.entry_code,
        title=q.title,
        level=q.level,
        needed=q.credit,
        groups=reach(needs, have),
        shared=tuple(Shared(p.number or "", p.unit.title, p.unit.level, p.unit.credit, p.group.code) for p in places),
    )


def _need(group: Group, whole: dict[int, int]) -> int | None:
    if group.exact_credit is not None:
        return group.exact_credit
    return group.min_credit if group.min_credit is not None else whole.get(group.pk)
