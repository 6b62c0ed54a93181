"""Reads of what is being brought in. Each function says how many queries it makes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator

from common.refusals import NotFound
from common.storing import read
from qualifications.enums import COMING_IN
from qualifications.models import Draft
from qualifications.rules import GroupRule, group_in_words

PROBLEMS, UNITS, IMPORTS = 25, 25, 20
#: Not done yet: it is read, asks something, or is to be mended.


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit of an import, counted."""

    key: str
    reference: str
    title: str
    level: int
    credit: int
    kind: str
    outcomes: int
    criteria: int


@dataclass(frozen=True, slots=True)
class QualificationLine:
    """A qualification of an import, with its groups as (code, title, units, what it asks for in words)."""

    entry_code: str
    title: str
    awarding_body: str
    level: int
    credit: int
    groups: tuple[tuple[str, str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import holds."""

    units: tuple[UnitLine, ...]
    qualifications: tuple[QualificationLine, ...]

    @property
    def outcomes(self) -> int:
        """Return the number of outcomes of all units."""
        return sum(unit.outcomes for unit in self.units)

    @property
    def criteria(self) -> int:
        """Return the number of criteria of all units."""
        return sum(unit.criteria for unit in self.units)


def import_of(centre_id: int, public_id: str) -> Draft:
    """Return an import of a centre. Refuses an unknown one and another centre's with `NotFound`. One query."""
    draft = Draft.objects.for_centre(centre_id).filter(public_id=public_id).select_related("author").first()
    if draft is None:
        raise NotFound("import.view", public_id)
    return draft


def objects_of_drafts(storage_keys: Collection[str]) -> Iterable[str]:
    """Return which of these keys of the store a draft names. One query."""
    rows = Draft.objects.across_centres(reason="is this object named anywhere").filter(storage_key__in=storage_keys)
    return rows.values_list("storage_key", flat=True)


def titles_of(centre_id: int, jobs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what each of some jobs on imports is about. One query."""
    rows = Draft.objects.for_centre(centre_id).filter(pk__in={job["draft_id"] for job in jobs})
    titles = dict(rows.values_list("pk", "title"))
    return [titles.get(job["draft_id"], "") for job in jobs]


def open_imports(centre_id: int, page: int) -> "Page[Draft]":
    """Return the imports of a centre that are not done yet, newest first. Two queries."""
    rows = Draft.objects.for_centre(centre_id).filter(state__in=COMING_IN).select_related("author")
    return Paginator(rows.defer("content", "problems", "columns"), IMPORTS).get_page(page)


def pasted_text(draft: Draft) -> str:
    """Return the text that was pasted, as it came. No query."""
    return b"".join(read(draft.storage_key)).decode("utf-8", "replace")


def problems_page(draft: Draft, page: int) -> "Page[Mapping[str, Any]]":
    """Return the problems of an import in the order of its rows. No query."""
    rows: Sequence[Mapping[str, Any]] = sorted(draft.problems, key=lambda p: (p.get("place", ""), p["row"]))
    return Paginator(rows, PROBLEMS).get_page(page)


def units_page(summary: Summary, page: int) -> "Page[UnitLine]":
    """Return the units of an import. No query."""
    return Paginator(summary.units, UNITS).get_page(page)


def summary_of(draft: Draft) -> Summary:
    """Return what a draft holds, counted. No query."""
    units = draft.content.get("units", [])
    qualifications = draft.content.get("qualifications", [])
    return Summary(tuple(_unit(unit) for unit in units), tuple(_qualification(q, units) for q in qualifications))


def _unit(unit: Mapping[str, Any]) -> UnitLine:
    return UnitLine(
        key=unit["key"],
        reference=unit.get("reference") or "",
        title=unit["title"],
        level=unit["level"],
        credit=unit["credit"],
        kind=unit["kind"],
        outcomes=len(unit["outcomes"]),
        criteria=sum(len(outcome["criteria"]) for outcome in unit["outcomes"]),
    )


def _qualification(q: Mapping[str, Any], units: Sequence[Mapping[str, Any]]) -> QualificationLine:
    credits_of = {unit["key"]: unit["credit"] for unit in units}
    groups = tuple((g["id"], g["title"], len(g["units"]), _asked(g, credits_of)) for g in q["groups"])
    return QualificationLine(q["entry_code"], q["title"], q["awarding_body"], q["level"], q["credit"], groups)


def _asked(group: Mapping[str, Any], credits_of: Mapping[str, int]) -> str:
    """Return what a group asks for, in words, so that whoever brings it in sees it before anybody learns by it."""
    limits = ("min_credit", "max_credit", "exact_credit", "min_units", "max_units")
    rule = GroupRule(
        mandatory=group["mandatory"] is True,
        complete=group["complete"] is True,
        units=len(group["units"]),
        credit=sum(credits_of.get(place["unit"], 0) for place in group["units"]),
        **{key: group.get(key) for key in limits},
    )
    return " ".join(group_in_words(rule))
