"""A qualification as three sheets of rows, in the words that the import knows again."""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

from qualifications.rules.files import CriterionFile, GroupFile, OutcomeFile, PlaceFile, QualificationFile, UnitFile
from qualifications.rules.imports.columns import COLUMNS
from qualifications.rules.imports.groups import FACTS, GROUP_COLUMNS, GROUPS_SHEET, QUALIFICATION_SHEET
from qualifications.rules.imports.values import AWARD, EQUIVALENT, assessed_text, sufficiency_text, table_text
from qualifications.rules.known import PRINTED, READ
from qualifications.rules.settings import PARTS

UNITS_SHEET = "Units"
#: What a spreadsheet may take for a formula, in whatever width it is written and whatever cannot be seen before it.
_RISKY = ("=", "+", "-", "@")
_BREAKS = ("\t", "\r", "\n")
Cell = str | int | None
#: Columns that everybody fills, then those that are as usual nearly everywhere.
ORDER = (
    "group", "unit_number", "unit_reference", "unit_title", "unit_level", "unit_credit", "unit_glh", "outcome_number",
    "outcome_title", "criterion_number", "criterion_text", "criterion_kind", "themes", "unit_kind", "outcome_kind",
    "unit_sector", "unit_generation", "observed", "pieces", "occasions", "methods", "range", "unit_sufficiency",
    "unit_equivalents", "membership", "numbered", "unit_key",
)  # fmt: skip


def guarded(value: Cell) -> Cell:
    """Return a text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe."""
    return f"'{value}" if isinstance(value, str) and _is_risky(value) else value


def _is_risky(text: str) -> bool:
    seen = (sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign)[0] not in "CZ")
    return text.startswith(_BREAKS) or next(seen, "").startswith(_RISKY)


def workbook_rows(file: QualificationFile, units: Mapping[str, UnitFile]) -> dict[str, list[list[Cell]]]:
    """Return the rows of each sheet by its name: one row a criterion, the groups, the facts of the whole."""
    headings: list[Cell] = [COLUMNS[what][1][0].capitalize() for what in ORDER]
    rows = [[row.get(what) for what in ORDER] for row in _criterion_rows(file, units)]
    groups: list[list[Cell]] = [[key.capitalize() for key in GROUP_COLUMNS], *(_group(g) for g in file.groups)]
    sheets: dict[str, list[list[Cell]]] = {
        UNITS_SHEET: [headings, *rows],
        GROUPS_SHEET: groups,
        QUALIFICATION_SHEET: [[key.capitalize(), value] for key, value in _facts(file).items()],
    }
    return {name: [[guarded(cell) for cell in row] for row in rows] for name, rows in sheets.items()}


def _criterion_rows(file: QualificationFile, units: Mapping[str, UnitFile]) -> Iterator[dict[str, Cell]]:
    for group in file.groups:
        for place in group.places:
            unit = units[place.unit]
            for outcome in unit.outcomes:
                for criterion in outcome.criteria:
                    where = {"group": group.code, "unit_number": place.number, **_known(place)}
                    yield {**where, **_unit(unit), **_outcome(outcome), **_criterion(criterion)}


def _known(place: PlaceFile) -> dict[str, Cell]:
    return {
        "membership": None if place.membership == READ else place.membership,
        "numbered": None if place.numbered == PRINTED else place.numbered,
    }


def _unit(unit: UnitFile) -> dict[str, Cell]:
    facts = ("key", "reference", "title", "level", "credit", "glh", "generation", "sector", "kind")
    words = {f"unit_{fact}": getattr(unit, fact) for fact in facts}
    words["unit_sufficiency"] = sufficiency_text(unit.sufficiency)
    return {**words, "unit_equivalents": table_text(unit.equivalents, EQUIVALENT)}


def _outcome(outcome: OutcomeFile) -> dict[str, Cell]:
    return {"outcome_number": outcome.number, "outcome_title": outcome.title, "outcome_kind": outcome.kind}


def _criterion(criterion: CriterionFile) -> dict[str, Cell]:
    asked = criterion.requirements
    return {
        "criterion_number": criterion.number,
        "criterion_text": criterion.text,
        "criterion_kind": criterion.kind,
        "themes": ", ".join(criterion.themes),
        "observed": "yes" if asked.get("observed") else None,
        "pieces": asked.get("pieces"),
        "occasions": asked.get("occasions"),
        "methods": ", ".join(asked.get("methods", [])),
        "range": "\n".join(criterion.range),
    }


def _group(group: GroupFile) -> list[Cell]:
    limits = [group.min_credit, group.max_credit, group.exact_credit, group.min_units, group.max_units]
    return [group.code, group.title, _yes(group.mandatory), _yes(group.complete), *limits]


def _yes(value: bool) -> str:  # noqa: FBT001 - the value itself
    return "yes" if value else "no"


def _facts(file: QualificationFile) -> dict[str, Cell]:
    values: list[Any] = [
        file.entry_code, file.title, file.awarding_body, file.level, file.generation, file.ofqual_number, file.credit,
        file.credit_at_level, file.credit_at_or_above, file.glh_min, file.glh_max, file.tqt,
        file.listed_on and file.listed_on.isoformat(),
        file.last_registration_on and file.last_registration_on.isoformat(),
        file.last_certification_on and file.last_certification_on.isoformat(),
        file.replaces_code, "\n".join(" | ".join(keys) for keys in file.barred),
        sufficiency_text(file.sufficiency), table_text(file.settings, PARTS), file.structure_reference,
        file.glh_stated, table_text(file.equivalents, AWARD), assessed_text(file.assessed),
    ]  # fmt: skip
    return dict(zip(FACTS, values, strict=True))
