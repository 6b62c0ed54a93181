"""The rule of combination of stored versions, and a choice weighed against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from qualifications.models import Group
from qualifications.rules import Choice, Evaluation, Rule, evaluate
from qualifications.rules.combination import AtLevel, Member, RuleGroup

_Row = dict[str, Any]
_LIMITS = (
    "code", "title", "mandatory", "complete", "min_credit", "max_credit", "exact_credit", "min_units", "max_units",
)  # fmt: skip
_VERSION = tuple(f"qualification__{name}" for name in ("credit", "credit_at_level", "credit_at_or_above", "barred"))
_PLACE = ("places__unit_id", *(f"places__unit__{name}" for name in ("key", "public_id", "level", "credit", "title")))


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

    def weigh(self, chosen: Iterable[int], settled: Iterable[int] = ()) -> Evaluation:
        """Weigh unit versions (their ids): chosen, and of them those that are achieved. No query."""
        picked = frozenset(self.keys[pk] for pk in chosen if pk in self.keys)
        return evaluate(self.rule, Choice(picked, frozenset(self.keys[pk] for pk in settled if pk in self.keys)))


def rules_of(qualification_ids: Iterable[int]) -> dict[int, StoredRule]:
    """Return the rules of these versions by id (R20). One query, however many versions and units."""
    rows = Group.objects.filter(qualification__in=set(qualification_ids)).order_by("position", "places__position")
    found: dict[int, dict[int, list[_Row]]] = {}
    for row in rows.values(*_VERSION, *_LIMITS, *_PLACE, "pk", "qualification_id"):
        found.setdefault(row["qualification_id"], {}).setdefault(row["pk"], []).append(row)
    return {pk: _stored(list(groups.values())) for pk, groups in found.items()}


def rule_of(qualification_id: int) -> StoredRule:
    """Return the rule of one version that is there. One query."""
    return rules_of([qualification_id])[qualification_id]


def _stored(groups: list[list[_Row]]) -> StoredRule:
    version = groups[0][0]
    places = [row for rows in groups for row in rows if row["places__unit_id"] is not None]
    at_level = None
    if (
        version["qualification__credit_at_level"] is not None
        and version["qualification__credit_at_or_above"] is not None
    ):
        at_level = AtLevel(version["qualification__credit_at_level"], version["qualification__credit_at_or_above"])
    return StoredRule(
        rule=Rule(
            credit=version["qualification__credit"],
            groups=tuple(_group(rows) for rows in groups),
            at_level=at_level,
            barred=tuple(frozenset(keys) for keys in version["qualification__barred"]),
        ),
        public_ids={row["places__unit__key"]: row["places__unit__public_id"] for row in places},
        unit_ids={row["places__unit__key"]: row["places__unit_id"] for row in places},
    )


def _group(rows: list[_Row]) -> RuleGroup:
    members = tuple(_member(row) for row in rows if row["places__unit_id"] is not None)
    return RuleGroup(members=members, **{name: rows[0][name] for name in _LIMITS})


def _member(row: _Row) -> Member:
    return Member(
        row["places__unit__key"], row["places__unit__level"], row["places__unit__credit"], row["places__unit__title"]
    )
