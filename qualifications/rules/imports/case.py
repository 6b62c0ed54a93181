"""A 1EdTech CASE package: its tree by isChildOf, read as a qualification with units, outcomes and criteria."""

import re
from collections.abc import Mapping
from typing import Any

from common.plain import whole_number
from common.text import _
from qualifications.rules.imports import values
from qualifications.rules.imports.asking import group_rule
from qualifications.rules.imports.case_tree import Node, grow
from qualifications.rules.imports.case_words import FACTS, facts_of
from qualifications.rules.imports.findings import (
    Answers,
    Brought,
    Spot,
    key_of,
    kind_by_title,
    kind_of,
    provenance,
)
from qualifications.rules.references import looks_like_reference, written_reference

#: How types are called; what stands in none of these lists is unknown.
TYPES = {
    "group": "group", "unit group": "group", "pathway": "group", "cluster": "group",
    "unit": "unit", "module": "unit", "unit of competency": "unit", "unit of assessment": "unit",
    "learning outcome": "outcome", "outcome": "outcome", "element": "outcome",
    "assessment criterion": "criterion", "assessment criteria": "criterion", "criterion": "criterion",
    "performance criterion": "criterion",
}  # fmt: skip
#: What the levels of a tree are when no type says so, by how deep it is.
BY_DEPTH = {
    2: ("outcome", "criterion"),
    3: ("unit", "outcome", "criterion"),
    4: ("group", "unit", "outcome", "criterion"),
}
_UNDER = {"group": {"document"}, "unit": {"document", "group"}, "outcome": {"unit"}, "criterion": {"outcome"}}
_CODE = re.compile(r"([0-9]{1,2})\.([0-9]{1,3})")
_ONE_UNIT = "unit"


def read_case(package: Any, answers: Answers) -> Brought:
    """Return the qualification of a package with its units; nothing is guessed that the person can say.

    Refuses missing keys, several parents, orphans, cycles and types that do not fit, each with the number of the item
    (from 1) as its row and the key as its column. `asks` holds what the package does not say and the answers do not
    either: "level", "credit", "qualification".
    """
    brought = Brought()
    document = grow(package, brought)
    if document is None or brought.problems:
        return brought
    _name_types(document, brought)
    if not brought.problems:
        _read(document, answers, brought)
    return brought


# --- what is what


def _name_types(document: Node, brought: Brought) -> None:
    nodes = [n for n in document.below() if n is not document]
    said = {n: TYPES.get(str(n.item.get("CFItemType") or "").strip().lower(), "") for n in nodes}
    if not any(said.values()):
        _by_depth(document, nodes, brought)
        return
    for node, type_ in said.items():
        node.type = type_
        if not type_:
            words = _(
                "“%(type)s” is not a type we know: Unit, Learning outcome, Assessment criterion, or Group around units."
            )
            brought.say(node.row, "CFItemType", words, "CFItems", type=str(node.item.get("CFItemType"))[:40])
        elif node.parent and node.parent.type not in _UNDER[type_]:
            words = _(
                "This %(type)s stands under a %(parent)s. The order is unit, learning outcome, assessment criterion."
            )
            facts = {"type": type_, "parent": node.parent.type or _("part of unknown type")}
            brought.say(node.row, "CFItemType", words, "CFItems", **facts)


def _by_depth(document: Node, nodes: list[Node], brought: Brought) -> None:
    deepest = max((n.depth for n in nodes), default=0)
    levels = BY_DEPTH.get(deepest)
    if levels is None:
        words = _("The items stand %(n)d levels deep and have no types we know. Two to four levels can be read.")
        brought.say(0, "CFItemType", words, "CFItems", n=deepest)
        return
    for node in nodes:
        node.type = levels[node.depth - 1]
    if deepest == 2:  # noqa: PLR2004 - outcomes straight under the document: it is one unit
        document.type = _ONE_UNIT


# --- into our words


def _read(document: Node, answers: Answers, brought: Brought) -> None:
    units = [document] if document.type == _ONE_UNIT else [n for n in document.below() if n.type == "unit"]
    for node in units:
        brought.units.append(_unit(node, answers, brought))
    if document.type != _ONE_UNIT and units:
        _qualification(document, dict(zip(map(id, units), brought.units, strict=True)), answers, brought)


def _unit(node: Node, answers: Answers, brought: Brought) -> dict[str, Any]:
    own = facts_of(node.item)
    title = str(node.item.get("fullStatement") or node.item.get("title") or "").strip()
    reference = _reference(node, own)
    words: dict[str, Any] = {
        "key": own.get("key") or key_of(reference, title),
        "reference": reference or None,
        "title": title,
        "level": own.get("level", _level(node.item, answers)),
        "credit": own.get("credit", answers.credit),
        "guided_learning_hours": own.get("glh"),
        "generation": own.get("generation", answers.generation),
        "sector": own.get("sector", answers.sector),
        "kind": own.get("kind") or answers.kind,
        "outcomes": [],
        "provenance": provenance(answers, unit=True),
    }
    words |= {key: own[key] for key in ("sufficiency", "equivalents") if own.get(key)}
    for fact in ("level", "credit"):
        if words[fact] is None:
            brought.asks.add(fact)
            brought.say(node.row, fact, _MISSING[fact], "CFItems", unit=title)
    name = f"{words['key']}.yaml"
    brought.spots[name] = Spot(node.row, {"title": (node.row, "fullStatement")}, "CFItems")
    words["outcomes"] = [_outcome(n, o, name, answers, brought) for n, o in enumerate(node.children, 1)]
    words["kind"] = words["kind"] or _kind_of(words["outcomes"])
    if not node.children:
        brought.say(node.row, "", _("“%(unit)s” has no learning outcomes."), "CFItems", unit=title)
    return words


_MISSING = {
    "level": _("“%(unit)s” says no level. Say above which level the units are."),
    "credit": _("“%(unit)s” says no credits. Say above how many credits a unit has."),
}


def _reference(node: Node, own: Mapping[str, Any]) -> str:
    code = written_reference(str(node.item.get("humanCodingScheme") or ""))
    return str(own.get("reference") or (code if looks_like_reference(code) else ""))


def _level(item: Mapping[str, Any], answers: Answers) -> int | None:
    said = item.get("educationLevel")
    texts = said if isinstance(said, list) else [said] if said else []
    return next((n for text in texts if (n := values.level(str(text))) is not None), answers.level)


def _kind_of(outcomes: list[dict[str, Any]]) -> str:
    return kind_of({c.get("kind", o["kind"]) for o in outcomes for c in o["criteria"]})


def _outcome(n: int, node: Node, name: str, answers: Answers, brought: Brought) -> dict[str, Any]:
    title = str(node.item["fullStatement"]).strip()
    own = facts_of(node.item)
    code = str(node.item.get("humanCodingScheme") or "").strip()
    said = whole_number(code, most=99)  # outcomes go up to 99
    number = n if said is None else said
    kind = str(own.get("kind") or kind_by_title(title) or answers.kind or "competence")
    place = f"{name}, outcomes {n}"
    brought.spots[place] = Spot(node.row, {"title": (node.row, "fullStatement")}, "CFItems")
    if not node.children:
        brought.say(node.row, "", _("“%(outcome)s” has no criteria."), "CFItems", outcome=title[:80])
    criteria = [_criterion(number, m, c, kind) for m, c in enumerate(node.children, 1)]
    for m, child in enumerate(node.children, 1):
        brought.spots[f"{place}, criteria {m}"] = Spot(child.row, {"text": (child.row, "fullStatement")}, "CFItems")
    return {"number": number, "title": title, "kind": kind, "criteria": criteria}


def _criterion(outcome: int, n: int, node: Node, kind: str) -> dict[str, Any]:
    own = facts_of(node.item)
    code = _CODE.fullmatch(str(node.item.get("humanCodingScheme") or "").strip())
    fits = code is not None and int(code.group(1)) == outcome
    words: dict[str, Any] = {
        "number": f"{outcome}.{code.group(2) if code and fits else n}",
        "text": str(node.item["fullStatement"]).strip(),
    }
    if own.get("kind", kind) != kind:
        words["kind"] = own["kind"]
    return words | {key: own[key] for key in ("themes", "requirements", "range") if own.get(key)}


# --- the qualification


def _qualification(document: Node, units: Mapping[int, dict[str, Any]], answers: Answers, brought: Brought) -> None:
    own = {**facts_of(document.item), **{k.replace(" ", "_"): v for k, v in answers.qualification.items() if v}}
    levels = [u["level"] for u in units.values() if u["level"]]
    words: dict[str, Any] = {
        "entry_code": str(own.get("entry_code") or ""),
        "title": str(own.get("title") or document.item["title"]).strip(),
        "awarding_body": str(own.get("awarding_body") or document.item["creator"]).strip(),
        "level": own.get("level") or _level(document.item, answers) or max(levels, default=None),
        "generation": own.get("generation") or answers.generation,
        "credit": own.get("credit") or sum(u["credit"] or 0 for u in units.values()),
    }
    optional = ("sufficiency", "settings", "structure_reference", "equivalents", "assessed")
    words |= {key: own.get(key) for key in FACTS if key not in words and key not in optional}
    words |= {key: own[key] for key in optional if own.get(key)}
    words["dates"] = own.get("dates") or dict.fromkeys(("listed", "last_registration", "last_certification"))
    words["barred"] = own.get("barred") or []
    words["groups"] = _groups(document, units, answers, brought)
    words["provenance"] = provenance(answers, unit=False)
    if not words["entry_code"]:
        brought.asks.add("qualification")
        brought.say(
            0,
            "identifier",
            _("The package does not say which entry code the qualification has. Say it above."),
            "CFDocument",
        )
    brought.spots[f"{words['entry_code']}.yaml"] = Spot(0, {}, "CFDocument")
    brought.qualifications.append(words)


def _groups(
    document: Node, units: Mapping[int, dict[str, Any]], answers: Answers, brought: Brought
) -> list[dict[str, Any]]:
    found = []
    alone = [n for n in document.children if n.type == "unit"]
    if alone:
        group = {"id": "A", "title": str(_("All units")), "mandatory": True, "complete": True}
        found.append({**group, "units": [_place(n, units) for n in alone]})
    for n, node in enumerate((n for n in document.children if n.type == "group"), len(found)):
        own = facts_of(node.item)
        code = str(own.get("id") or node.item.get("humanCodingScheme") or chr(65 + n % 26))
        title = str(node.item["fullStatement"]).strip()
        said = {k: v for k, v in own.items() if k == "mandatory" or k.startswith(("min_", "max_", "exact_"))}
        said |= {"free": True} if own.get("mandatory") is not None else {}
        rule = group_rule(brought, title, said, answers)
        group = {"id": code, "title": title, "complete": own.get("complete", True), **rule}
        found.append({**group, "units": [_place(c, units) for c in node.children]})
    return found


def _place(node: Node, units: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    own = facts_of(node.item)
    known = {key: own[key] for key in ("membership", "numbered") if own.get(key)}
    return {"number": own.get("number"), "unit": units[id(node)]["key"], **known}
