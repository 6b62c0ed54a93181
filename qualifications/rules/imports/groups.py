"""A qualification out of a sheet: its groups and places from the rows, its facts from a sheet or from the person."""

from collections.abc import Mapping, Sequence
from typing import Any

from common.text import _
from qualifications.rules.imports import values
from qualifications.rules.imports.asking import group_rule
from qualifications.rules.imports.building_units import Unit
from qualifications.rules.imports.findings import Answers, Brought, Spot, provenance

#: Keys of the sheet “Qualification”, in order; those marked are whole numbers.
FACTS: Mapping[str, bool] = {
    "entry code": False, "title": False, "awarding body": False, "level": True, "generation": False,
    "ofqual number": False, "credit": True, "credit at level": True, "credit at or above": True,
    "guided hours from": True, "guided hours to": True, "total qualification time": True, "listed": False,
    "last registration": False, "last certification": False, "replaces": False, "barred": False, "evidence rule": False,
    "settings for competence": False, "structure reference": False, "guided hours stated": True,
    "equivalent awards": False, "assessed here": False,
}  # fmt: skip
GROUP_COLUMNS = (
    "group",
    "title",
    "mandatory",
    "complete",
    "min credit",
    "max credit",
    "exact credit",
    "min units",
    "max units",
)
_LIMITS = GROUP_COLUMNS[4:]
QUALIFICATION_SHEET, GROUPS_SHEET = "Qualification", "Groups"
_LONGEST_CODE = 8

#: Keys whose text is read further, and how it is written.
_LINES: Mapping[str, tuple[Any, object]] = {
    "settings for competence": (values.settings, values.SETTINGS_HELP),
    "equivalent awards": (values.awards, values.AWARDS_HELP),
    "assessed here": (values.assessed, values.ASSESSED_HELP),
}

Rows = Sequence[tuple[int, Sequence[str]]]


def read_groups(brought: Brought, units: Sequence[Unit], answers: Answers, facts: Rows, groups: Rows) -> None:
    """Add the qualification whose groups the rows name; do nothing when no row names one and no sheet describes one."""
    named = [u for u in units if u.qualification_place.group]
    if not named and not facts:
        return
    said = _facts(brought, facts) or dict(answers.qualification)
    if not said.get("entry code"):
        brought.asks.add("qualification")
        words = _("The rows name groups, so they are a qualification. Say what it is called, or leave “Group” out.")
        brought.say(0, "", words)
        return
    for unit in units:
        if not unit.qualification_place.group:
            words = _("The unit “%(unit)s” is in no group. Write the group in its first row.")
            brought.say(unit.row, "", words, unit.place, unit=unit.facts.get("title", unit.key))
    described = _described(brought, groups)
    listed = _groups(brought, named, described, answers)
    brought.qualifications.append(_words(said, listed, brought.units, answers))


def _facts(brought: Brought, rows: Rows) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, cells in rows:
        key, text = cells[0].strip().lower(), cells[1].strip() if len(cells) > 1 else ""
        if key in FACTS and text:
            value: Any = values.number(text) if FACTS[key] else text
            if value is None:
                brought.say(number, "B", _("“%(text)s” is not a number."), QUALIFICATION_SHEET, text=text[:40])
            if key == "evidence rule" and values.sufficiency(text) is None:
                words = _("“%(text)s” is not a rule of evidence. %(help)s")
                facts = {"text": text[:40], "help": values.SUFFICIENCY_HELP}
                brought.say(number, "B", words, QUALIFICATION_SHEET, **facts)
            if key in _LINES and _LINES[key][0](text) is None:
                words = _("“%(text)s” cannot be read here. %(help)s")
                brought.say(number, "B", words, QUALIFICATION_SHEET, text=text[:40], help=_LINES[key][1])
            found[key] = value
            brought.spots[f"{QUALIFICATION_SHEET} {key}"] = Spot(number, {}, QUALIFICATION_SHEET)
    return found


def _described(brought: Brought, rows: Rows) -> dict[str, dict[str, Any]]:
    """Return the rows of the sheet “Groups” by group."""
    found: dict[str, dict[str, Any]] = {}
    for number, cells in list(rows)[1:]:
        row = dict(zip(GROUP_COLUMNS, [c.strip() for c in cells], strict=False))
        limits = {key: values.number(row[key]) for key in _LIMITS if row.get(key)}
        for key in (key for key, value in limits.items() if value is None):
            brought.say(number, key, _("“%(text)s” is not a number."), GROUPS_SHEET, text=row[key][:40])
        found[row.get("group", "")] = {
            "title": row.get("title") or row.get("group", ""),
            "mandatory": values.yes_or_no(row.get("mandatory", ""), values.MANDATORY, values.OPTIONAL),
            "complete": values.yes_or_no(row.get("complete", "yes")) is not False,
            **{key.replace(" ", "_"): value for key, value in limits.items()},
        }
    return found


def _groups(
    brought: Brought, units: Sequence[Unit], described: Mapping[str, dict[str, Any]], answers: Answers
) -> list[dict[str, Any]]:
    """Return the groups in the order of the sheet “Groups”, else in that of the rows."""
    members: dict[str, list[Unit]] = {name: [] for name in described}
    for unit in units:
        members.setdefault(unit.qualification_place.group, []).append(unit)
    return [
        _group(brought, (n, name), inside, described.get(name, {}), answers)
        for n, (name, inside) in enumerate(members.items())
        if inside
    ]


def _group(
    brought: Brought, about: tuple[int, str], units: Sequence[Unit], described: Mapping[str, Any], answers: Answers
) -> dict[str, Any]:
    """Return a group; `about` is which one it is and its name, `described` its row of the sheet “Groups”, if any."""
    n, name = about
    short = len(name) <= _LONGEST_CODE
    words: dict[str, Any] = {
        "id": name if short else chr(65 + n % 26),
        "title": name if not short else _("Group %(name)s") % {"name": name},
    }
    words |= {"complete": True}
    said = {key: value for key, value in described.items() if value is not None}
    if "mandatory" not in said:
        said |= {"mandatory": _agreed(brought, name, units)}
    elif described:
        said |= {"free": True}  # the sheet “Groups” says all that there is to say of it
    words |= {key: said[key] for key in ("title", "complete") if key in said}
    words |= group_rule(brought, name, said, answers)
    words["units"] = [_place(u) for u in units]
    return words


def _place(unit: Unit) -> dict[str, Any]:
    place = unit.qualification_place
    known = {key: getattr(place, key) for key in ("membership", "numbered") if getattr(place, key)}
    return {"number": place.unit_number or None, "unit": unit.key, **known}


def _agreed(brought: Brought, name: str, units: Sequence[Unit]) -> bool | None:
    said = {u.qualification_place.mandatory for u in units} - {None}
    if len(said) > 1:
        odd = next(u for u in units if u.qualification_place.mandatory != units[0].qualification_place.mandatory)
        row, column = odd.qualification_place.spots.get("mandatory", (odd.row, ""))
        words = _("Group %(group)s has mandatory and optional units. Put them into two groups.")
        brought.say(row, column, words, odd.place, group=name)
    return True if said == {True} else None


def _words(
    said: Mapping[str, Any], groups: list[dict[str, Any]], units: Sequence[Mapping[str, Any]], answers: Answers
) -> dict[str, Any]:
    credit = said.get("credit") or sum(u["credit"] or 0 for u in units)
    at_level = {"level": said.get("credit at level"), "credit": said.get("credit at or above")}
    stated = {} if said.get("guided hours stated") is None else {"stated": said["guided hours stated"]}
    hours = {"min": said.get("guided hours from"), "max": said.get("guided hours to"), **stated}
    barred = [values.parts(line.replace("|", ",")) for line in str(said.get("barred", "")).split("\n") if line.strip()]
    asked = values.sufficiency(str(said.get("evidence rule", "")))
    settings = values.settings(str(said.get("settings for competence", "")))
    return {
        "entry_code": str(said["entry code"]),
        "title": said.get("title", ""),
        "awarding_body": said.get("awarding body", ""),
        "level": said.get("level"),
        "generation": said.get("generation") or answers.generation,
        "ofqual_number": said.get("ofqual number"),
        "credit": credit,
        "credit_at_or_above": at_level if at_level["level"] is not None else None,
        "guided_learning_hours": hours if hours["min"] is not None else None,
        "total_qualification_time": said.get("total qualification time"),
        "dates": {k: said.get(k.replace("_", " ")) for k in ("listed", "last_registration", "last_certification")},
        "replaces": said.get("replaces"),
        "groups": groups,
        "barred": barred,
        **({"sufficiency": asked} if asked else {}),
        **({"settings": settings} if settings else {}),
        **_further(said),
        "provenance": provenance(answers, unit=False),
    }


def _further(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what few files say: the structure's reference, awards of other bodies, what the centre has to assess."""
    found = {
        "structure_reference": said.get("structure reference"),
        "equivalents": values.awards(str(said.get("equivalent awards") or "")),
        "assessed": values.assessed(str(said.get("assessed here") or "")),
    }
    return {key: value for key, value in found.items() if value}
