"""The parts of catalogue files that stand in several of them, read strictly (docs/catalogue.md)."""

from collections.abc import Mapping, Sequence
from typing import Any

from common.text import _
from qualifications.enums import Kind
from qualifications.rules.known import DETAILS, SURE_ENOUGH
from qualifications.rules.provenance import OFFICIAL, RULES_KNOWN
from qualifications.rules.record import Record
from qualifications.rules.references import why_not_number, why_not_reference, written_number, written_reference
from qualifications.rules.sameness import why_not_equivalent
from qualifications.rules.settings import PARTS, SettingRule, why_not_allowed

READ_OR_RECALLED = ("read", "recalled", "mixed")
#: Ways of showing something that a criterion may ask for: the kinds of evidence (R49).
METHODS = ("work_product", "media", "statement", "assignment", "in_situ", "writing")


def read_requirements(row: Record | None) -> dict[str, Any]:
    """Read what evidence for a criterion must be like; what is left out is not asked (R22, R71)."""
    if row is None:
        return {}
    asked: dict[str, Any] = {
        "observed": row.yes_or_no("observed"),
        "pieces": row.number_or_none("pieces", low=1, high=20) or 1,
        "occasions": row.number_or_none("occasions", low=1, high=20) or 1,
        "methods": list(row.texts("methods", choices=METHODS)),
    }
    row.done()
    usual = {"observed": False, "pieces": 1, "occasions": 1, "methods": []}
    return {key: value for key, value in asked.items() if value != usual[key]}


def read_sufficiency(row: Record | None) -> dict[str, Any]:
    """Read what every criterion of a kind needs: {"competence": {"pieces": 2, "occasions": 2}} (R71)."""
    if row is None:
        return {}
    asked = {kind: read_requirements(row.record_if_any(kind)) for kind in Kind.values}
    row.done()
    return {kind: need for kind, need in asked.items() if need}


def read_provenance(row: Record, keys: Sequence[str]) -> dict[str, Any]:
    """Read where an entry comes from: how its parts are known, the sources, and what is known of single facts."""
    facts: dict[str, Any] = {key: row.choice(key, _how_known(key)) for key in keys}
    rule = row.choice_or("rule", RULES_KNOWN, "")
    facts |= {"rule": rule} if rule else {}
    facts["sources"] = list(row.texts("sources"))
    facts["notes"] = row.text_or_none("notes", longest=10_000) or ""
    details = _details(row.record_if_any("details"))
    row.done()
    return facts | ({"details": details} if details else {})


def _how_known(key: str) -> tuple[str, ...]:
    return (*READ_OR_RECALLED, OFFICIAL) if key == "criteria" else READ_OR_RECALLED


def _details(row: Record | None) -> dict[str, Any]:
    """Read what is said of single facts. Nothing recalled is a fact (R24)."""
    if row is None:
        return {}
    found = {name: _detail(inside) for name in DETAILS if (inside := row.record_if_any(name)) is not None}
    row.done()
    return found


def _detail(row: Record) -> dict[str, Any]:
    said: dict[str, Any] = {"how": row.choice("how", SURE_ENOUGH)}
    for part in ("value", "source", "note"):
        text = row.text_if_any(part, longest=2_000)
        said |= {part: text} if text else {}
    said |= {"or_earlier": True} if row.yes_or_no("or_earlier") else {}
    row.done()
    return said


def read_setting(row: Record, awarding_body: str) -> dict[str, str]:
    """Read what is said of one setting; complain where it may not count like that (R61)."""
    said = {part: row.text_or_none(part, longest=1000) or "" for part in PARTS}
    row.done()
    for why in why_not_allowed(SettingRule(**said), awarding_body):
        row.complain(_("%(place)s: %(why)s."), key="setting", why=why)
    return said


def read_reference(row: Record, key: str = "reference") -> str | None:
    """Read a unit's reference as it is printed; complain where its letter does not fit (R19)."""
    typed = row.text_or_none(key, longest=20)
    if typed is None:
        return None
    reference = written_reference(typed)
    _complain(row, key, why_not_reference(reference))
    return reference


def read_number(row: Record, key: str = "ofqual_number") -> str | None:
    """Read a qualification's number as it is printed; complain where its last character does not fit."""
    typed = row.text_or_none(key, longest=20)
    if typed is None:
        return None
    number = written_number(typed)
    _complain(row, key, why_not_number(number))
    return number


def _complain(row: Record, key: str, why: str) -> None:
    if why:
        row.complain(_("%(place)s: “%(key)s”: %(why)s"), key=key, why=why)


def read_equivalent(row: Record, own: str | None) -> dict[str, str]:
    """Read a reference that is documented to be as good as the unit's own (R19)."""
    reference = written_reference(row.text("reference", longest=20))
    said = {"reference": reference, "source": row.text_or_none("source", longest=1000) or ""}
    row.done()
    for why in why_not_equivalent(own or "", reference, said["source"]):
        row.complain(_("%(place)s: %(why)s."), key="reference", why=why)
    return said


def read_award(row: Record) -> dict[str, str]:
    """Read another body's award of the same structure: whose, and its number."""
    said = {"body": row.text("body", longest=60), "number": read_number(row, "number") or ""}
    row.done()
    return said


def read_assessed(row: Record | None) -> Mapping[str, Any]:
    """Read how much of the award has to be assessed by the centre, by whose word; {} is our own rule (R79)."""
    if row is None:
        return {}
    said: dict[str, Any] = {
        "units": row.number_or_none("units", low=0, high=99) or 0,
        "credit": row.number_or_none("credit", low=0, high=500) or 0,
        "source": row.text("source", longest=1000),
    }
    row.done()
    return said
