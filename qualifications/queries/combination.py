"""The rule of combination of stored versions, and a choice weighed against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from qualifications.models import Qualification
from qualifications.rules import Choice, Evaluation, Rule, evaluate
from qualifications.rules.combination import Assessed, AtLevel, Award, Member, RuleGroup, award_of
from qualifications.rules.known import READ, RECALLED, doubts_about

_Row = dict[str, Any]
_VERSION = ("pk", "credit", "credit_at_level", "credit_at_or_above", "barred", "assessed", "provenance__rule")
_LIMITS = (
    "code", "title", "mandatory", "complete", "min_credit", "max_credit", "exact_credit", "min_units", "max_units",
)  # fmt: skip
_UNIT = "groups__places__unit"
_KNOWN = ("centre_id", "reference", "provenance__facts", "provenance__details__reference__how")
_PLACE = (
    *(f"{_UNIT}__{name}" for name in ("id", "key", "public_id", "level", "credit", "title", *_KNOWN)),
    "groups__places__membership",
)


@dataclass(frozen=True)
class StoredRule:
    """The rule of a version, with the unit version behind every key."""

    rule: Rule
    public_ids: dict[str, str]
    unit_ids: dict[str, int]

    @cached_property
    def keys(self) -> dict[int, str]:
        """Return the keys by unit id."""
        return {pk: key for key, pk in self.unit_ids.items()}

    def weigh(self, chosen: Iterable[int], settled: Iterable[int] = (), exempt: Iterable[int] = ()) -> Evaluation:
        """Weigh unit versions (their ids): chosen, and of them those that are achieved and those exempt. No query.

        A unit that stands in `settled` and in `exempt` is exempt.
        """
        free = self.keys_of(exempt)
        return evaluate(self.rule, Choice(self.keys_of(chosen), self.keys_of(settled) - free, free))

    def award(self, *, achieved: Iterable[int], exempt: Iterable[int] = (), chosen: Iterable[int] = ()) -> Award:
        """Say how far the award is by unit versions (their ids), see `award_of`. No query."""
        return award_of(
            self.rule, achieved=self.keys_of(achieved), exempt=self.keys_of(exempt), chosen=self.keys_of(chosen)
        )

    def keys_of(self, unit_ids: Iterable[int]) -> frozenset[str]:
        """Return the keys of those unit versions that the rule lists."""
        return frozenset(self.keys[pk] for pk in unit_ids if pk in self.keys)


def rules_of(qualification_ids: Iterable[int]) -> dict[int, StoredRule]:
    """Return the rules of these versions by id (R20). One query, however many versions and units."""
    rows = Qualification.objects.filter(pk__in=set(qualification_ids)).order_by(
        "pk", "groups__position", "groups__places__position"
    )
    found: dict[int, list[_Row]] = {}
    for row in rows.values(*_VERSION, "groups__pk", *(f"groups__{name}" for name in _LIMITS), *_PLACE):
        found.setdefault(row["pk"], []).append(row)
    return {pk: _stored(version) for pk, version in found.items()}


def rule_of(qualification_id: int) -> StoredRule:
    """Return the rule of one version that is there. One query."""
    return rules_of([qualification_id])[qualification_id]


def _stored(rows: list[_Row]) -> StoredRule:
    """Read the rows of one version: one a place, one more for a group or a version without any."""
    version, groups = rows[0], [list(inside) for _pk, inside in groupby(rows, key=lambda row: row["groups__pk"])]
    level, part = version["credit_at_level"], version["credit_at_or_above"]
    places = [row for row in rows if row[f"{_UNIT}__id"] is not None]
    return StoredRule(
        rule=Rule(
            credit=version["credit"],
            groups=tuple(_group(inside) for inside in groups if inside[0]["groups__pk"] is not None),
            at_level=None if level is None or part is None else AtLevel(level, part),
            barred=tuple(frozenset(keys) for keys in version["barred"]),
            assessed=Assessed.of(version["assessed"]),
            known=version["provenance__rule"] or READ,
        ),
        public_ids={row[f"{_UNIT}__key"]: row[f"{_UNIT}__public_id"] for row in places},
        unit_ids={row[f"{_UNIT}__key"]: row[f"{_UNIT}__id"] for row in places},
    )


def _group(rows: list[_Row]) -> RuleGroup:
    members = tuple(
        Member(**{name: row[f"{_UNIT}__{name}"] for name in ("key", "level", "credit", "title")}, doubts=_doubts(row))
        for row in rows
        if row[f"{_UNIT}__id"] is not None
    )
    return RuleGroup(members=members, **{name: rows[0][f"groups__{name}"] for name in _LIMITS})


def _doubts(row: _Row) -> tuple[str, ...]:
    """Return what nobody has confirmed of a unit here. What a centre published, two people let through (R23)."""
    facts, how = row[f"{_UNIT}__provenance__facts"], row[f"{_UNIT}__provenance__details__reference__how"]
    known = READ if row[f"{_UNIT}__centre_id"] else how or (READ if facts == READ else RECALLED)
    return doubts_about(row[f"{_UNIT}__reference"], known, row["groups__places__membership"])
