"""What a CASE package comes to, part by part, and where everything stood: a problem names the item and the key."""

import copy

import pytest

from qualifications.rules.imports import Answers, read_case
from qualifications.rules.imports.case_tree import grow
from qualifications.rules.imports.findings import Brought, Spot
from tests.qualifications.imports import files

SAID = Answers(level=2, credit=4, qualification={"entry code": "BK2"})


def bakery(change=None):
    package = copy.deepcopy(files.bakery())
    if change:
        change({one["identifier"]: one for one in package["CFItems"]}, package)
    return package


def read(change=None, answers=SAID):
    return read_case(bakery(change), answers)


def where(brought):
    return [(one.row, one.column, one.place) for one in brought.problems]


def test_where_each_part_stood_is_remembered():
    brought = read()
    bread, clean = brought.units[0]["key"], brought.units[1]["key"]
    title, text = ("title", "fullStatement"), ("text", "fullStatement")

    def spot(row, key):
        return Spot(row, {key[0]: (row, key[1])}, "CFItems")

    assert brought.spots == {
        f"{bread}.yaml": spot(1, title),
        f"{bread}.yaml, outcomes 1": spot(3, title),
        f"{bread}.yaml, outcomes 1, criteria 1": spot(6, text),
        f"{bread}.yaml, outcomes 1, criteria 2": spot(7, text),
        f"{bread}.yaml, outcomes 2": spot(4, title),
        f"{bread}.yaml, outcomes 2, criteria 1": spot(8, text),
        f"{clean}.yaml": spot(2, title),
        f"{clean}.yaml, outcomes 1": spot(5, title),
        f"{clean}.yaml, outcomes 1, criteria 1": spot(9, text),
        "BK2.yaml": Spot(0, {}, "CFDocument"),
    }


def test_units_under_the_document_are_one_group_that_asks_for_all():
    (qualification,) = read().qualifications
    units = [{"number": None, "unit": one["key"]} for one in read().units]
    assert qualification["groups"] == [
        {"id": "A", "title": "All units", "mandatory": True, "complete": True, "units": units}
    ]


@pytest.mark.parametrize(
    ("code", "reference"), [("Y/100/0001", "Y/100/0001"), ("y1000001", "Y/100/0001"), ("U1", None)]
)
def test_the_code_of_a_unit_is_its_reference_where_it_looks_like_one(code, reference):
    unit = read(lambda items, _package: items["u1"].update(humanCodingScheme=code)).units[0]
    assert unit["reference"] == reference
    assert (unit["key"] == "Y-100-0001") is (reference is not None)


@pytest.mark.parametrize(
    ("codes", "numbers"),
    [
        ({}, ["1", "1.1", "1.2"]),
        ({"o1": "3"}, ["3", "3.1", "3.2"]),
        ({"o1": "LO3"}, ["1", "1.1", "1.2"]),
        ({"o1": "100"}, ["1", "1.1", "1.2"]),
        ({"c1": "1.7"}, ["1", "1.2", "1.7"]),
        ({"c1": "2.7"}, ["1", "1.1", "1.2"]),
    ],
)
def test_numbers_are_those_of_the_package_where_they_fit(codes, numbers):
    def change(items, _package):
        for name, code in codes.items():
            items[name]["humanCodingScheme"] = code

    outcome = read(change).units[0]["outcomes"][0]
    assert [str(outcome["number"]), *sorted(one["number"] for one in outcome["criteria"])] == numbers


@pytest.mark.parametrize(
    ("package", "found"),
    [
        (None, (0, "CFDocument", "")),
        ({"CFDocument": []}, (0, "CFDocument", "")),
        ({"CFDocument": {}, "CFItems": {"a": 1}}, (0, "CFItems", "")),
        ({"CFDocument": {}, "CFItems": [], "CFAssociations": "x"}, (0, "CFAssociations", "")),
    ],
)
def test_what_is_no_package_is_told_of_the_whole_file(package, found):
    brought = Brought()
    assert grow(package, brought) is None
    assert where(brought) == [found]


def test_a_problem_names_the_item_and_the_key():
    def gone(items, _package):
        del items["u2"]["fullStatement"]

    def twice(items, _package):
        items["o2"]["identifier"] = "o1"

    def nowhere(_items, package):
        package["CFAssociations"][4]["destinationNodeURI"] = {"identifier": "x"}

    def orphan(_items, package):
        del package["CFAssociations"][3]

    def circle(_items, package):
        package["CFAssociations"][0]["destinationNodeURI"] = {"identifier": "c1"}

    def two_parents(_items, package):
        package["CFAssociations"].append(files.child("c1", "o2"))

    def odd_type(items, _package):
        items["o2"]["CFItemType"] = "Chapter"

    def astray(items, _package):
        items["o2"]["CFItemType"] = "Unit"

    assert where(read(gone)) == [(2, "fullStatement", "CFItems")]
    assert where(read(twice)) == [(4, "identifier", "CFItems")]
    assert where(read(nowhere)) == [(5, "destinationNodeURI", "CFAssociations")]
    assert where(read(orphan))[0] == (4, "identifier", "CFItems")
    assert {row for row, _key, _place in where(read(circle))} == {1, 3, 6}
    assert where(read(two_parents)) == [(10, "destinationNodeURI", "CFAssociations")]
    assert where(read(odd_type))[0] == (4, "CFItemType", "CFItems")
    assert where(read(astray))[0] == (4, "CFItemType", "CFItems")


def test_what_is_nowhere_is_asked():
    brought = read(answers=Answers())
    assert brought.asks == {"level", "credit", "qualification"}
    assert where(brought) == [
        *((1, "level", "CFItems"), (1, "credit", "CFItems"), (2, "level", "CFItems"), (2, "credit", "CFItems")),
        (0, "identifier", "CFDocument"),
    ]
