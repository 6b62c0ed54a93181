"""What a unit or qualification says, in the words of its catalogue file: the way back from `rules.files`."""

from collections.abc import Mapping
from typing import Any

from qualifications.rules.files import CriterionFile, GroupFile, OutcomeFile, PlaceFile, QualificationFile, UnitFile
from qualifications.rules.known import PRINTED, READ


def unit_words(unit: UnitFile) -> dict[str, Any]:
    """Return the keys and values of a unit file; reading them again gives the same unit with the same digest."""
    return {
        "key": unit.key,
        "reference": unit.reference,
        "title": unit.title,
        "level": unit.level,
        "credit": unit.credit,
        "guided_learning_hours": unit.glh,
        "generation": int(unit.generation),
        "sector": unit.sector,
        "kind": unit.kind,
        "outcomes": [outcome_words(outcome) for outcome in unit.outcomes],
        **_sufficiency(unit.sufficiency),
        **({"equivalents": [dict(said) for said in unit.equivalents]} if unit.equivalents else {}),
        "provenance": _provenance(unit.provenance),
    }


def outcome_words(outcome: OutcomeFile) -> dict[str, Any]:
    """Return the keys and values of an outcome."""
    criteria = [criterion_words(criterion, outcome.kind) for criterion in outcome.criteria]
    return {"number": outcome.number, "title": outcome.title, "kind": outcome.kind, "criteria": criteria}


def criterion_words(criterion: CriterionFile, usual_kind: str) -> dict[str, Any]:
    """Return the keys and values of a criterion; what is as usual is left out."""
    words: dict[str, Any] = {"number": criterion.number, "text": criterion.text}
    if criterion.kind != usual_kind:
        words["kind"] = criterion.kind
    if criterion.themes:
        words["themes"] = list(criterion.themes)
    if criterion.requirements:
        words["requirements"] = dict(criterion.requirements)
    if criterion.range:
        words["range"] = list(criterion.range)
    return words


def qualification_words(file: QualificationFile) -> dict[str, Any]:
    """Return the keys and values of a qualification file; reading them again gives the same one."""
    at_level = {"level": file.credit_at_level, "credit": file.credit_at_or_above}
    return {
        "entry_code": file.entry_code,
        "title": file.title,
        "awarding_body": file.awarding_body,
        "level": file.level,
        "generation": int(file.generation),
        "ofqual_number": file.ofqual_number,
        "credit": file.credit,
        "credit_at_or_above": None if file.credit_at_level is None else at_level,
        "guided_learning_hours": _hours(file),
        "total_qualification_time": file.tqt,
        "dates": {
            "listed": file.listed_on and file.listed_on.isoformat(),
            "last_registration": file.last_registration_on and file.last_registration_on.isoformat(),
            "last_certification": file.last_certification_on and file.last_certification_on.isoformat(),
        },
        "replaces": file.replaces_code,
        "groups": [group_words(group) for group in file.groups],
        "barred": [list(keys) for keys in file.barred],
        **_sufficiency(file.sufficiency),
        **({"settings": [dict(said) for said in file.settings]} if file.settings else {}),
        **({"structure_reference": file.structure_reference} if file.structure_reference else {}),
        **({"equivalents": [dict(said) for said in file.equivalents]} if file.equivalents else {}),
        **({"assessed": dict(file.assessed)} if file.assessed else {}),
        "provenance": _provenance(file.provenance),
    }


def group_words(group: GroupFile) -> dict[str, Any]:
    """Return the keys and values of a group; limits that do not exist are left out."""
    limits = ("min_credit", "max_credit", "exact_credit", "min_units", "max_units")
    return {
        "id": group.code,
        "title": group.title,
        "mandatory": group.mandatory,
        **{key: getattr(group, key) for key in limits if getattr(group, key) is not None},
        "complete": group.complete,
        "units": [place_words(place) for place in group.places],
    }


def place_words(place: PlaceFile) -> dict[str, Any]:
    """Return the keys and values of a place; what is as usual is left out."""
    words: dict[str, Any] = {"number": _as_written(place.number), "unit": place.unit}
    words |= {"membership": place.membership} if place.membership != READ else {}
    return words | ({"numbered": place.numbered} if place.numbered != PRINTED else {})


def _hours(file: QualificationFile) -> dict[str, Any] | None:
    if file.glh_min is None:
        return None
    stated = {} if file.glh_stated is None else {"stated": file.glh_stated}
    return {"min": file.glh_min, "max": file.glh_max, **stated}


def _sufficiency(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {"sufficiency": {kind: dict(need) for kind, need in asked.items()}} if asked else {}


def _provenance(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {**facts, "notes": facts.get("notes") or None}


def _as_written(number: str | None) -> int | str | None:
    return int(number) if number and number.isascii() and number.isdecimal() and not number.startswith("0") else number
