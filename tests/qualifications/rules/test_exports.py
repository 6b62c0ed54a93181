"""What goes out and what is pasted: each key of a package, what is as usual left out, and a heading that comes again."""

import dataclasses

import pytest

from common.digests import canonical, digest
from qualifications.rules.exports import case, sheets
from qualifications.rules.exports.case import CaseSource
from qualifications.rules.files import read_qualification, read_unit
from qualifications.rules.imports.case_words import EXTENSION
from qualifications.rules.imports.findings import Answers
from qualifications.rules.imports.pasted import read_pasted
from qualifications.rules.sameness import wording_digest
from tests.qualifications.conftest import AT, OTHER_UNIT, QUALIFICATION, UNIT

ORIGIN = "https://attest.example"


def source(**place):
    units = {one["key"]: read_unit(f"{one['key']}.yaml", one, []) for one in (UNIT, OTHER_UNIT)}
    file = read_qualification("00001.yaml", QUALIFICATION, [], units)
    first = file.groups[0]
    places = tuple(dataclasses.replace(one, **place) for one in first.places)
    file = dataclasses.replace(file, groups=(dataclasses.replace(first, places=places), *file.groups[1:]))
    return CaseSource(file, units, 3, AT, ORIGIN)


def test_the_document_of_a_package():
    given = source()
    document = case.document_only(given)
    one = document["identifier"]
    base = f"{ORIGIN}/ims/case/v1p0"
    assert list(document.pop("extensions")) == [EXTENSION]
    assert document == {
        "identifier": one,
        "uri": f"{base}/CFDocuments/{one}",
        "creator": "OCR",
        "title": "Certificate in Refunds",
        "lastChangeDateTime": "2026-11-23T09:00:00Z",
        "version": "3",
        "adoptionStatus": "Adopted",
        "language": "en",
        "publisher": "OCR",
        "CFPackageURI": {"title": "Certificate in Refunds", "identifier": one, "uri": f"{base}/CFPackages/{one}"},
    }
    old = case.document_only(dataclasses.replace(given, current=False))
    assert old["adoptionStatus"] == "Deprecated"


def test_the_items_of_a_package_hang_under_each_other():
    package = case.case_package(source())
    items, links = package["CFItems"], package["CFAssociations"]
    assert [one["CFItemType"] for one in items[:4]] == ["Group", "Unit", "Learning outcome", "Assessment criterion"]
    assert {one["language"] for one in items} == {"en"}
    document = package["CFDocument"]
    at = {"title": document["title"], "identifier": document["identifier"], "uri": document["uri"]}
    assert all(one["CFDocumentURI"] == at for one in (*items, *links))
    assert [one["originNodeURI"]["identifier"] for one in links] == [one["identifier"] for one in items]
    assert [one["destinationNodeURI"]["identifier"] for one in links[:3]] == [
        *(document["identifier"], items[0]["identifier"], items[1]["identifier"]),
    ]
    assert [one["sequenceNumber"] for one in links[:5]] == [1, 1, 1, 1, 2]
    assert {one["associationType"] for one in links} == {"isChildOf"}
    ids = case.identifiers_of(source())
    assert all(ids.holds(case.uuid.UUID(one["identifier"])) for one in (*items, *links))
    assert case.found_in(package, "CFItems", items[2]["identifier"]) == items[2]
    assert case.found_in(package, "CFItems", "nothing") is None


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({}, {}),
        ({"membership": "inferred"}, {"membership": "inferred"}),
        ({"numbered": "position"}, {"numbered": "position"}),
    ],
)
def test_how_a_place_is_known_goes_out_where_it_is_not_as_usual(place, said):
    given = source(**place)
    (facts, *_rest) = case.case_package(given)["CFItems"][1]["extensions"].values()
    assert {key: facts[key] for key in ("membership", "numbered") if key in facts} == said
    known = sheets._known(given.qualification.groups[0].places[0])
    assert {key: value for key, value in known.items() if value} == said


def test_what_counts_as_the_same_wording():
    row = ("1.1", "Explain  when\na refund is due", "knowledge", {"pieces": 2}, ("cash",))
    whole = {"criteria": [["1.1", "Explain when a refund is due", "knowledge", {"pieces": 2}, ["cash"]]]}
    assert wording_digest([row]) == digest(canonical(whole))


# --- pasted text


def pasted(*lines):
    brought = read_pasted("\n".join(lines), {"title": "Refunds", "level": 2, "credit": 3}, Answers())
    (unit,) = brought.units or [{"outcomes": []}]
    return unit["outcomes"], [problem.sentence for problem in brought.problems]


def test_a_heading_that_comes_again_is_one_outcome():
    outcomes, problems = pasted("1 Understand refunds", "1.1 Explain one", "1 Understand refunds", "1.2 Explain two")
    assert [one["title"] for one in outcomes] == ["Understand refunds"]
    assert [c["number"] for c in outcomes[0]["criteria"]] == ["1.1", "1.2"]
    assert not [one for one in problems if "second time" in one]


def test_an_outcome_that_comes_twice_is_told():
    _outcomes, problems = pasted("LO1 Understand refunds", "1.1 Explain one", "LO1 Be able to refund", "1.2 Do it")
    assert "Outcome 1 comes a second time; it began in line 1." in problems


def test_a_number_inside_a_sentence_begins_nothing():
    outcomes, _problems = pasted(
        "1 Understand refunds", "1.1 Wait for", "2 years of experience", "2 Refund", "2.1 Do it"
    )
    assert [one["title"] for one in outcomes] == ["Understand refunds", "Refund"]
    assert outcomes[0]["criteria"][0]["text"] == "Wait for 2 years of experience"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t1", "\r1", "\n1", "＝1+1", "＋1", "－1", "＠SUM(A1)", " =1+1", "\n=1+1",
     "\u00a0=1+1", "\u200b=1", "\ufeff+1", "\u3000＝1"],
)  # fmt: skip
def test_no_spreadsheet_takes_a_text_for_a_formula(text):
    assert sheets.guarded(text) == f"'{text}"


@pytest.mark.parametrize("value", ["", "1.1", " 1 = 1", "a-b", "(=)", "£5", -1, None])
def test_everything_else_stays_as_it_is(value):
    assert sheets.guarded(value) == value
