"""Which other qualifications a learner's units count towards, and how far (R38). Suggestions, and nothing more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from centres.actor import Actor
from centres.enums import DONE_UNITS, LEFT, UnitState
from centres.models import Learner, LearnerUnit
from centres.queries.learners import open_qualifications
from centres.queries.world import visible_registrations
from qualifications.models import Qualification, Unit
from qualifications.queries import StoredRule, rules_of
from qualifications.queries.sameness import identical_by_version
from qualifications.rules import Evaluation
from qualifications.rules.combination import Member


@dataclass(frozen=True, slots=True)
class Route:
    """A qualification that some of the learner's units count towards, the nearest first in a list."""

    public_id: str
    entry_code: str
    title: str
    level: int
    found: Evaluation  # what the units come to by its rule of combination (R20)

    @property
    def needed(self) -> int:
        """Return the credits that it needs."""
        return self.found.rule.credit

    @property
    def credit(self) -> int:
        """Return the credits that count towards it already, never more than it needs."""
        return min(self.needed, self.found.credit)

    @property
    def counting(self) -> list[Member]:
        """Return the units that count, in the order of the structure, each once."""
        keys = {key for group in self.found.groups for key in group.keys}
        return [member for key, member in self.found.rule.units.items() if key in keys]

    @property
    def further_credit(self) -> int:
        """Return the credit of the shortest way there."""
        return sum(member.credit for member in self.found.suggestion)

    @property
    def stuck(self) -> str:
        """Say in a sentence why it cannot be completed; nothing where it can."""
        return "" if self.found.completable else self.found.unmet[-1].sentence


@dataclass(frozen=True, slots=True)
class Progression:
    """What a learner has, and where it leads. `units` and `credit` are of everything signed off or exempt."""

    units: int
    credit: int
    routes: tuple[Route, ...]
    above: tuple[Qualification, ...]  # the next level of what they do, where nothing is shared yet


def progression_of(actor: Actor, learner: Learner) -> Progression:
    """Return where a learner's units count besides what they do already, as far as this actor sees both.

    Five queries, whatever their number.
    """
    have = list(
        LearnerUnit.objects.for_centre(actor.centre_id)
        .filter(learner=learner, registration__in=visible_registrations(actor), state__in=DONE_UNITS)
        .select_related("unit")
        .order_by("unit__level", "unit__title")
    )
    units = {row.unit_id: row.unit for row in have}
    doing = _doing(actor, learner)
    others = [q for q in open_qualifications(actor.centre_id, actor.on) if (q.awarding_body, q.entry_code) not in doing]
    exempt = {row.unit_id for row in have if row.state == UnitState.EXEMPT}
    routes = _routes(others, units, exempt)
    near = {route.public_id for route in routes}
    level = max(doing.values(), default=0)
    return Progression(
        units=len(units),
        credit=sum(unit.credit for unit in units.values()),
        routes=routes,
        above=tuple(q for q in others if q.level == level + 1 and q.public_id not in near) if doing else (),
    )


def _doing(actor: Actor, learner: Learner) -> dict[tuple[str, str], int]:
    rows = visible_registrations(actor).filter(learner=learner).exclude(state__in=LEFT)
    found = rows.values_list("qualification__awarding_body", "qualification__entry_code", "qualification__level")
    return {(body, code): level for body, code, level in found}


def _routes(others: Sequence[Qualification], units: Mapping[int, Unit], exempt: Collection[int]) -> tuple[Route, ...]:
    """Weigh what is the same unit there, by key, reference or proof (R19); exempt units are exempt there too."""
    twins = identical_by_version((q.pk for q in others), units.values()) if units else {}
    same = {pk: {theirs: mine for theirs, (mine, _how) in found.items()} for pk, found in twins.items() if found}
    stored = rules_of(same)
    found = [_route(q, stored[q.pk], same[q.pk], exempt) for q in others if q.pk in same]
    return tuple(sorted(found, key=lambda route: (-route.credit / max(1, route.needed), route.level, route.entry_code)))


def _route(q: Qualification, stored: StoredRule, same: Mapping[int, int], exempt: Collection[int]) -> Route:
    return Route(
        public_id=q.public_id,
        entry_code=q.entry_code,
        title=q.title,
        level=q.level,
        found=stored.weigh(same, same, [theirs for theirs, mine in same.items() if mine in exempt]),
    )
