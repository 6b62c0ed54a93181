"""How long a text and how large a number of a catalogue file may be: exactly so, one more is told with the place."""

import copy

import pytest

from qualifications.rules.files import read_qualification, read_unit
from tests.qualifications.conftest import OTHER_UNIT, QUALIFICATION, UNIT

UNIT_FILE, OTHER = "units/Y-100-0001.yaml", "units/ocr-other.yaml"
DETAIL = {"how": "read", "value": "Y", "source": "s", "note": "n"}
SETTING = {"setting": "realistic", "by": "OCR", "source": "s", "text": "t"}


def whole(data):
    """A file with everything that may be left out."""
    made = copy.deepcopy(data)
    made["provenance"]["details"] = {"reference_prefix": dict(DETAIL)}
    if "key" in made:
        made["equivalents"] = [{"reference": "D/100/0002", "source": "s"}]
        made["outcomes"][0]["criteria"][0]["range"] = ["cash"]
        return made
    made["settings"] = [dict(SETTING)]
    made["equivalents"] = [{"body": "Another", "number": None}]
    made["assessed"] = {"units": 1, "credit": 1, "source": "s"}
    made["guided_learning_hours"]["stated"] = 25
    for group in made["groups"]:
        group.update(dict.fromkeys(("min_credit", "max_credit", "exact_credit", "min_units", "max_units")))
    return made


def told(path, value):
    """Return what is said of a file with this value at the end of a path."""
    data = whole(UNIT if path[0] == "unit" else QUALIFICATION)
    at = data
    for step in path[1:-1]:
        at = at[step]
    at[path[-1]] = value
    problems = []
    if path[0] == "unit":
        read_unit(UNIT_FILE, data, problems)
    else:
        units = {one["key"]: read_unit(f"units/{one['key']}.yaml", one, []) for one in (UNIT, OTHER_UNIT)}
        read_qualification("qualifications/00001.yaml", data, problems, units)
    return problems


TEXTS = [
    (("unit", "key"), 120),
    (("unit", "title"), 250),
    (("unit", "reference"), 20),
    (("unit", "outcomes", 0, "title"), 250),
    (("unit", "outcomes", 0, "criteria", 0, "number"), 12),
    (("unit", "outcomes", 0, "criteria", 0, "text"), 1000),
    (("unit", "outcomes", 0, "criteria", 0, "range", 0), 1000),
    (("unit", "equivalents", 0, "reference"), 20),
    (("unit", "equivalents", 0, "source"), 1000),
    (("unit", "provenance", "notes"), 10_000),
    (("unit", "provenance", "sources", 0), 1000),
    (("unit", "provenance", "details", "reference_prefix", "value"), 2000),
    (("unit", "provenance", "details", "reference_prefix", "source"), 2000),
    (("unit", "provenance", "details", "reference_prefix", "note"), 2000),
    (("qualification", "entry_code"), 10),
    (("qualification", "title"), 250),
    (("qualification", "awarding_body"), 60),
    (("qualification", "ofqual_number"), 20),
    (("qualification", "replaces"), 10),
    (("qualification", "structure_reference"), 20),
    (("qualification", "groups", 0, "id"), 8),
    (("qualification", "groups", 0, "title"), 200),
    (("qualification", "groups", 0, "units", 0, "unit"), 120),
    (("qualification", "groups", 0, "units", 0, "number"), 12),
    (("qualification", "settings", 0, "source"), 1000),
    (("qualification", "settings", 0, "text"), 1000),
    (("qualification", "equivalents", 0, "body"), 60),
    (("qualification", "equivalents", 0, "number"), 20),
    (("qualification", "assessed", "source"), 1000),
    (("qualification", "provenance", "notes"), 10_000),
]
NUMBERS = [
    (("unit", "level"), 1, 8),
    (("unit", "credit"), 1, 500),
    (("unit", "guided_learning_hours"), 0, 10_000),
    (("unit", "outcomes", 0, "number"), 1, 99),
    (("qualification", "level"), 1, 8),
    (("qualification", "credit"), 1, 500),
    (("qualification", "total_qualification_time"), 0, 10_000),
    (("qualification", "credit_at_or_above", "level"), 1, 8),
    (("qualification", "credit_at_or_above", "credit"), 1, 500),
    (("qualification", "guided_learning_hours", "min"), 0, 10_000),
    (("qualification", "guided_learning_hours", "max"), 0, 10_000),
    (("qualification", "guided_learning_hours", "stated"), 0, 10_000),
    (("qualification", "groups", 0, "min_credit"), 0, 10_000),
    (("qualification", "groups", 0, "max_credit"), 0, 10_000),
    (("qualification", "groups", 0, "exact_credit"), 0, 10_000),
    (("qualification", "groups", 0, "min_units"), 0, 10_000),
    (("qualification", "groups", 0, "max_units"), 0, 10_000),
    (("qualification", "assessed", "units"), 0, 99),
    (("qualification", "assessed", "credit"), 0, 500),
]


def name_of(value):
    return ".".join(map(str, value)) if isinstance(value, tuple) else str(value)


def key_of(path):
    return path[-2] if isinstance(path[-1], int) else path[-1]


@pytest.mark.parametrize(("path", "longest"), TEXTS, ids=name_of)
def test_a_text_is_so_long_and_no_longer(path, longest):
    words = f"“{key_of(path)}” is longer than {longest} letters."
    assert not [one for one in told(path, "x" * longest) if "longer than" in one]
    (problem,) = [one for one in told(path, "x" * (longest + 1)) if "longer than" in one]
    assert problem.endswith(words)
    assert any(f"“{key_of(path)}”" in one for one in told(path, 7 if path[-1] != "number" else ["x"]))


@pytest.mark.parametrize(("path", "low", "high"), NUMBERS, ids=name_of)
def test_a_number_lies_between_two_others(path, low, high):
    words = f"“{path[-1]}” must be a whole number from {low} to {high}, not "
    for value in (low, high):
        assert not [one for one in told(path, value) if "whole number" in one]
    for value in (low - 1, high + 1, True, "7", 1.0):
        (problem,) = [one for one in told(path, value) if "whole number" in one]
        assert words in problem


def test_a_whole_file_is_read_without_a_word():
    assert told(("unit", "title"), "Deal with refunds") == []
    assert told(("qualification", "title"), "Certificate in Refunds") == []


def test_the_place_of_what_is_wrong_is_counted_from_one():
    def places(path, value):
        return [one.place for one in told(path, value)]

    unit, qualification = UNIT_FILE, "qualifications/00001.yaml"
    assert places(("unit", "outcomes", 1, "title"), 7) == [f"{unit}, outcomes 2"]
    assert places(("unit", "outcomes", 0, "criteria", 1, "text"), 7) == [f"{unit}, outcomes 1, criteria 2"]
    assert places(("qualification", "groups", 1, "units", 0, "number"), []) == [f"{qualification}, groups 2, units 1"]
    assert places(("qualification", "barred"), [["Y-100-0001", "ocr-other"], 7]) == [f"{qualification}, barred 2"]
    assert places(("qualification", "dates", "listed"), "x") == [f"{qualification}, dates"]
    assert places(("unit", "provenance", "details", "reference_prefix", "how"), "x") == [
        f"{unit}, provenance, details, reference_prefix"
    ]
