"""The rule of combination of stored versions, and a choice weighed against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from qualifications.models import Group, Place, Qualification
from qualifications.rules import Choice, Evaluation, Rule, evaluate
from qualifications.rules.combination import AtLevel, Member, RuleGroup


@dataclass(frozen=True)
class StoredRule:
    """The rule of a version, with the unit version behind every key."""

    rule: Rule
    numbers: dict[str, str]  # the awarding body's number of a unit, empty where it is not known
    public_ids: dict[str, str]
    unit_ids: dict[str, int]

    @cached_property
    def keys(self) -> dict[int, str]:
        """Return the keys by unit id."""
        return {pk: key for key, pk in self.unit_ids.items()}

    def weigh(self, chosen: Iterable[int], settled: Iterable[int] = ()) -> Evaluation:
        """Weigh unit versions (their ids): chosen, and of them those that are achieved. No query."""
        picked = frozenset(self.keys[pk] for pk in chosen if pk in self.keys)
        return evaluate(self.rule, Choice(picked, frozenset(self.keys[pk] for pk in settled if pk in self.keys)))


def rules_of(qualification_ids: Iterable[int]) -> dict[int, StoredRule]:
    """Return the rules of these versions by id (R20). Three queries, however many versions and units."""
    versions = list(Qualification.objects.filter(pk__in=set(qualification_ids)))
    groups = list(Group.objects.filter(qualification__in=versions).order_by("position"))
    places = list(Place.objects.filter(group__in=groups).select_related("unit").order_by("position"))
    return {q.pk: _stored(q, [g for g in groups if g.qualification_id == q.pk], places) for q in versions}


def rule_of(qualification_id: int) -> StoredRule:
    """Return the rule of one version that is there. Three queries."""
    return rules_of([qualification_id])[qualification_id]


def _stored(qualification: Qualification, groups: list[Group], places: list[Place]) -> StoredRule:
    inside = {group.pk: [p for p in places if p.group_id == group.pk] for group in groups}
    mine = [p for group in groups for p in inside[group.pk]]
    at_level = None
    if qualification.credit_at_level is not None and qualification.credit_at_or_above is not None:
        at_level = AtLevel(qualification.credit_at_level, qualification.credit_at_or_above)
    return StoredRule(
        rule=Rule(
            credit=qualification.credit,
            groups=tuple(_group(group, inside[group.pk]) for group in groups),
            at_level=at_level,
            barred=tuple(frozenset(keys) for keys in qualification.barred),
        ),
        numbers={p.unit.key: p.number or "" for p in reversed(mine)},
        public_ids={p.unit.key: p.unit.public_id for p in mine},
        unit_ids={p.unit.key: p.unit_id for p in mine},
    )


def _group(group: Group, places: list[Place]) -> RuleGroup:
    return RuleGroup(
        code=group.code,
        mandatory=group.mandatory,
        members=tuple(Member(p.unit.key, p.unit.level, p.unit.credit, p.unit.title) for p in places),
        complete=group.complete,
        title=group.title,
        min_credit=group.min_credit,
        max_credit=group.max_credit,
        exact_credit=group.exact_credit,
        min_units=group.min_units,
        max_units=group.max_units,
    )
