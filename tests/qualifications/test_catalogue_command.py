"""What is published, as programs and people read it. The facts are those of the catalogue's files."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from qualifications.models import Criterion
from qualifications.services import publish_catalogue, read_catalogue
from tests.qualifications.conftest import AT

pytestmark = pytest.mark.django_db


def facts():
    out = StringIO()
    call_command("catalogue", json=True, stdout=out)
    return {q["entry_code"]: q for q in json.loads(out.getvalue())}


def group(qualification, code):
    return next(g for g in qualification["groups"] if g["id"] == code)


def numbered(qualification, number):
    return next(u for g in qualification["groups"] for u in g["units"] if u["number"] == number)


def test_all_seven_with_their_totals_and_groups(published):
    found = facts()

    assert [(q["entry_code"], q["title"], q["credit"], q["level"], q["generation"]) for q in found.values()] == [
        ("03454", "OCR Level 1 NVQ Certificate in Customer Service", 20, 1, "2010"),
        ("03455", "OCR Level 2 NVQ Certificate in Customer Service", 28, 2, "2010"),
        ("03456", "OCR Level 3 NVQ Diploma in Customer Service", 42, 3, "2010"),
        ("10378", "OCR Level 1 Certificate in Customer Service", 23, 1, "2014"),
        ("10379", "OCR Level 2 Diploma in Customer Service", 45, 2, "2014"),
        ("10380", "OCR Level 3 Diploma in Customer Service", 55, 3, "2014"),
        ("10381", "OCR Level 4 NVQ Diploma in Customer Service", 50, 4, "2014"),
    ]
    shape = {code: [(g["id"], len(g["units"])) for g in q["groups"]] for code, q in found.items()}
    assert shape == {
        "03454": [("M", 2), ("A", 2), ("B", 1), ("C", 3)],
        "03455": [("M", 2), ("A", 16), ("B", 11), ("C", 7), ("D", 13)],
        "03456": [("M", 2), ("A", 16), ("B", 13), ("C", 6), ("D", 14)],
        "10378": [("A", 5), ("B", 6), ("C", 5)],
        "10379": [("A", 5), ("B", 2), ("C", 17), ("D", 14)],
        "10380": [("A", 6), ("B", 20), ("C", 14)],
        "10381": [("A", 3), ("B", 13), ("C", 5)],
    }
    criteria = {code: sum(u["criteria"] for g in q["groups"] for u in g["units"]) for code, q in found.items()}
    assert criteria == {
        "03454": 146, "03455": 935, "03456": 981, "10378": 236, "10379": 529, "10380": 589, "10381": 353,
    }  # fmt: skip


def test_the_sourced_rule_of_10381(published):
    q = facts()["10381"]

    assert q["credit_at_or_above"] == {"level": 4, "credit": 38}
    rules = [(g["mandatory"], g["exact_credit"], g["min_credit"], g["max_credit"]) for g in q["groups"]]
    assert rules == [(True, 14, None, None), (False, None, 20, None), (False, None, None, 16)]


def test_10380_unit_3_is_mandatory_and_knowledge(published):
    q = facts()["10380"]

    unit = numbered(q, 3)

    assert unit == {
        "number": 3,
        "key": "J-506-2910",
        "title": "Understand customers and customer retention",
        "kind": "knowledge",
        "level": 3,
        "credit": 4,
        "outcomes": 3,
        "criteria": 14,
    }
    mandatory = group(q, "A")
    assert mandatory["mandatory"] is True
    assert unit in mandatory["units"]
    stored = Criterion.objects.filter(unit__key="J-506-2910")
    assert {c.kind for c in stored} == {"knowledge"}
    assert {c.verb for c in stored} == {"Explain", "Describe"}


def test_10379_units_6_8_and_10_all_need_verbal_communication(published):
    q = facts()["10379"]

    units = [numbered(q, n) for n in (6, 8, 10)]

    assert [(u["key"], u["title"], u["outcomes"], u["criteria"]) for u in units] == [
        ("D-506-2119", "Communicate verbally with customers", 2, 16),
        ("H-506-2154", "Deal with incoming telephone calls from customers", 3, 20),
        ("L-506-2133", "Promote additional products and/or services to customers", 2, 12),
    ]
    for unit in units:
        themes = Criterion.objects.filter(unit__key=unit["key"]).values_list("themes", flat=True)
        assert any("verbal-communication" in each for each in themes)


def test_numbers_of_legacy_units_are_words_and_unknown_ones_are_null(published):
    found = facts()

    assert [u["number"] for u in group(found["03455"], "M")["units"]] == ["F1", "F2"]
    assert group(found["10380"], "C")["units"][-1]["number"] is None


def test_only_the_newest_version_is_listed(folder):
    publish_catalogue(read_catalogue(folder.write()), at=AT)
    folder.unit["title"] = "Deal well with refunds"
    publish_catalogue(read_catalogue(folder.write()), at=AT)

    found = facts()

    assert list(found) == ["00001"]
    assert found["00001"]["version"] == 2
    assert group(found["00001"], "A")["units"][0]["title"] == "Deal well with refunds"


def test_the_table_reads_like_a_page(folder):
    publish_catalogue(read_catalogue(folder.write()), at=AT)
    out = StringIO()

    call_command("catalogue", stdout=out)

    lines = [" ".join(line.split()) for line in out.getvalue().splitlines()]
    assert lines == [
        "00001 Certificate in Refunds (version 1): 6 credits, at least 4 of them at level 2 or above",
        "A Mandatory: The one unit, 3 credits.",
        "1 Deal with refunds level 2 credits 3 outcomes 2 criteria 3 Y-100-0001",
        "B Optional: At least 3 credits. The list may not be whole.",
        "– Greet visitors level 2 credits 3 outcomes 1 criteria 1 ocr-other",
    ]


def test_an_empty_catalogue_is_an_empty_list():
    assert facts() == {}


def test_what_is_only_a_place_or_not_confirmed_is_printed_as_such(published):
    found = facts()
    [unit] = [u for g in found["10379"]["groups"] for u in g["units"] if u["key"] == "K-506-2978"]
    assert (unit["number"], unit["numbered"]) == (22, "position")
    assert (
        unit["unconfirmed"]
        == "Its Ofqual reference is recalled, not read. That it belongs here is worked out, not read."
    )
    out = StringIO()
    call_command("catalogue", stdout=out)
    [line] = [line for line in out.getvalue().splitlines() if "K-506-2978" in line]
    assert line.strip().startswith("(22)")
