"""What the shipped catalogue says of its facts: how each is known, what is only a place, what nobody confirmed (T18)."""

import copy
import dataclasses

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qualifications import queries
from qualifications.enums import UnitKind
from qualifications.models import Place, Qualification, Unit
from qualifications.rules import known
from qualifications.rules.combination import Choice, evaluate
from qualifications.rules.files import read_unit
from qualifications.services import BrokenCatalogue, publish_catalogue, read_catalogue
from tests.factories.world import A
from tests.qualifications.conftest import AT, OTHER_UNIT, UNIT

HOURS = {"03454": 200, "03455": 280, "03456": 420, "10378": 230, "10379": 450, "10380": 550, "10381": 500}
STRUCTURES = {"10378": "S/016/371", "10379": "S/016/608", "10380": "S/016/609", "10381": "S/016/610"}
STATED = {"10378": 143, "10379": 245, "10380": 289, "10381": 178}


@pytest.fixture
def q(shipped):
    return {one.entry_code: one for one in shipped.qualifications}


def places(q, code):
    return {p.unit: p for group in q[code].groups for p in group.places}


# --- facts of qualifications --------------------------------------------------------------------------------------------


def test_hours_structures_and_stated_hours_are_fields_with_how_they_are_known(q):
    assert {code: one.tqt for code, one in q.items()} == HOURS
    assert {code: one.structure_reference for code, one in q.items() if one.structure_reference} == STRUCTURES
    assert {code: one.glh_stated for code, one in q.items() if one.glh_stated} == STATED
    how = {code: one.provenance["details"]["total_qualification_time"]["how"] for code, one in q.items()}
    assert how == {
        "03454": "inferred", "03455": "inferred", "03456": "inferred",
        "10378": "second_body", "10379": "second_body", "10380": "second_body", "10381": "second_body",
    }  # fmt: skip
    said = {d.name: d.how for d in known.details_in_words(q["10378"].provenance)}
    assert said["Total qualification time"] == "another awarding body prints this"
    assert said["Guided learning hours as one figure"] == "worked out, not read"
    assert said["Reference of the structure"] == "read in the source named"


def test_nothing_recalled_is_shipped_as_a_fact(shipped):
    entries = [*shipped.units.values(), *shipped.qualifications]
    details = [d for one in entries for d in one.provenance.get("details", {}).values()]
    assert len(details) > 400
    assert {d["how"] for d in details} == {"read", "second_body", "inferred"}
    assert all(d.get("source") or d.get("note") for d in details)
    candidates = {"R/601/1209", "L/601/1211", "M/601/1475", "T/601/1476", "Y/601/1230", "T/601/1526", "D/601/1553"}
    assert not candidates & {u.reference for u in shipped.units.values()}


def test_last_entry_of_03456_is_read_and_of_03455_unknown_and_not_taken_as_open(q):
    assert str(q["03456"].last_registration_on) == "2019-02-28"
    assert q["03456"].provenance["details"]["last_registration"]["or_earlier"] is True
    assert q["03455"].last_registration_on is None
    assert "31 December 2019" in q["03455"].provenance["details"]["last_registration"]["note"]


def test_the_rule_of_03454_is_recalled_and_stays_a_warning(q, published):
    assert {code: one.provenance["rule"] for code, one in q.items()} == {
        "03454": "recalled", "03455": "second_body", "03456": "mixed",
        "10378": "read", "10379": "read", "10380": "read", "10381": "read",
    }  # fmt: skip
    found = {q.entry_code: queries.rule_of(q.pk).weigh([]) for q in Qualification.objects.all()}
    assert {code for code, one in found.items() if one.rule_doubtful} == {"03454", "03456"}


# --- places and numbers -----------------------------------------------------------------------------------------------


def test_numbers_that_are_only_places_are_marked(q):
    printed = {
        code: {p.number for p in places(q, code).values() if p.number and p.numbered == "printed"}
        for code in ("10378", "10379", "10380", "10381")
    }
    assert printed == {"10378": set(), "10379": {"6", "8", "10"}, "10380": {"3"}, "10381": set()}
    numbers = {key: p.number for key, p in places(q, "10379").items()}
    later = (
        "Y-506-2149",
        "T-506-2160",
        "A-506-2161",
        "H-506-2977",
        "J-506-2163",
        "K-506-2978",
        "R-506-2151",
        "D-506-2170",
    )
    assert [numbers[key] for key in later] == [str(n) for n in range(17, 25)]
    numbers = {key: p.number for key, p in places(q, "10380").items()}
    assert [numbers[k] for k in ("K-506-2172", "D-506-2119", "T-506-2126", "L-506-2133", "Y-506-2135", "D-506-2962")] == [
        "11", "12", "13", "14", "15", "26"
    ]  # fmt: skip
    assert {p.number for p in places(q, "03455").values() if p.numbered == "recalled"} == {
        f"D{n}" for n in (2, 3, 4, 5, 6, 7, 8, 9, 10, 13)
    }


def test_processing_sales_orders_is_marked_in_10378(q):
    assert places(q, "10378")["M-502-8587"].membership == "inferred"


def test_a_number_says_what_it_is():
    assert known.number_in_words("17", "position") == "17 is its place in a list, not the awarding body’s number."
    assert known.number_in_words("D2", "recalled") == "The number D2 is recalled, not read."
    assert known.number_in_words("6", "printed") == known.number_in_words("", "position") == ""


# --- kinds ------------------------------------------------------------------------------------------------------------


def test_every_criterion_has_a_value_and_every_unit_says_what_its_criteria_are(shipped):
    for unit in shipped.units.values():
        kinds = {c.kind for o in unit.outcomes for c in o.criteria}
        assert kinds <= {"knowledge", "competence"}
        assert unit.kind == ("mixed" if len(kinds) == 2 else kinds.pop()), unit.key
    kinds = [unit.kind for unit in shipped.units.values()]
    assert kinds.count("mixed") == 124
    assert set(kinds) == {str(kind) for kind in UnitKind}


def test_an_outcome_of_a_mixed_unit_has_to_say_its_kind():
    data = copy.deepcopy({**UNIT, "kind": "mixed"})
    problems = []
    assert read_unit("units/Y-100-0001.yaml", data, problems).kind == "mixed"
    assert problems == []
    del data["outcomes"][1]["kind"]
    read_unit("units/Y-100-0001.yaml", data, problems)
    assert problems[:1] == ["units/Y-100-0001.yaml, outcomes 2: “kind” is missing."]
    data = copy.deepcopy(OTHER_UNIT)
    data["outcomes"][0]["kind"] = "mixed"
    problems.clear()
    read_unit("units/ocr-other.yaml", data, problems)
    assert problems == ["units/ocr-other.yaml, outcomes 1: “kind” must be one of knowledge, competence, not “mixed”."]


# --- what nobody confirmed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "how", "membership", "doubts", "left_out"),
    [
        ("D/506/2119", "read", "read", (), False),
        ("D/506/2119", "second_body", "read", (), False),
        ("D/506/2119", "inferred", "read", (), False),
        (None, "read", "read", ("no-reference",), True),
        ("", "read", "read", ("no-reference",), True),
        ("D/506/2119", "recalled", "read", ("reference-recalled",), True),
        ("D/506/2119", "read", "second_body", ("place-second_body",), False),
        ("D/506/2119", "read", "inferred", ("place-inferred",), True),
        (None, "recalled", "recalled", ("no-reference", "place-recalled"), True),
    ],
)
def test_what_is_doubtful_and_what_a_suggestion_leaves_out(reference, how, membership, doubts, left_out):
    found = known.doubts_about(reference, how, membership)
    assert found == doubts
    assert known.unconfirmed(found) == left_out
    words = known.doubts_in_words(found)
    assert words.count(".") == len(doubts)


#: What T18 found picked: never again while the award can be had without.
PICKED_BEFORE = {
    "10379": ("K-506-2978", "K-503-0421"),
    "10380": ("R-506-2179", "ocr-unnumbered-manage-incidents-referred-to-a-contact-centre"),
    "10381": ("R-506-1999",),
}


@pytest.mark.parametrize("code", ["10378", "10379", "10380", "10381"])
def test_the_shortest_way_to_the_2014_awards_needs_no_unconfirmed_unit(published, code):
    with CaptureQueriesContext(connection) as made:
        stored = queries.rule_of(Qualification.objects.get(entry_code=code).pk)
    assert len(made) == 2
    found = stored.weigh([])
    assert [(m.key, m.doubts) for m in found.suggestion if m.doubts] == []
    assert not set(PICKED_BEFORE.get(code, ())) & {m.key for m in found.suggestion}
    done = evaluate(stored.rule, Choice.of(m.key for m in found.suggestion))
    assert (done.satisfied, done.sure, done.doubtful) == (True, True, ())


def test_03455_needs_unconfirmed_units_and_takes_as_few_as_can_be(published):
    found = queries.rule_of(Qualification.objects.get(entry_code="03455").pk).weigh([])
    assert [m.key for m in found.unconfirmed_ahead] == [
        "L-601-1614", "ocr-b6-use-questioning-techniques-when-delivering-customer-service"
    ]  # fmt: skip
    done = evaluate(found.rule, Choice.of(m.key for m in found.suggestion))
    assert done.satisfied
    assert not done.sure
    assert {m.key for m in done.doubtful} >= {m.key for m in found.unconfirmed_ahead}


def test_a_unit_that_a_centre_published_itself_is_not_doubted_for_its_source(world_of_own):
    stored = queries.rule_of(world_of_own.pk)
    assert {key: m.doubts for key, m in stored.rule.units.items()} == {
        "Y-100-0001": (), "ocr-other": ("no-reference",)
    }  # fmt: skip


@pytest.fixture
def world_of_own(folder, world):
    folder.unit["provenance"]["facts"] = "recalled"
    publish_catalogue(read_catalogue(folder.write()), at=AT, centre_id=world.centres[A].pk)
    return Qualification.objects.get(entry_code="00001")


# --- versions ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_facts_come_as_new_versions_over_what_was_published(shipped):
    old = dataclasses.replace(
        shipped,
        units={key: dataclasses.replace(u, provenance=bare(u.provenance)) for key, u in shipped.units.items()},
        qualifications=tuple(
            dataclasses.replace(one, provenance=bare(one.provenance), tqt=None) for one in shipped.qualifications
        ),
    )
    publish_catalogue(old, at=AT)
    first = Qualification.objects.get(entry_code="10379")
    before = list(Place.objects.filter(group__qualification=first).order_by("pk").values())
    counts = publish_catalogue(shipped, at=AT)
    assert (counts.new_qualifications, counts.same_qualifications) == (7, 0)
    assert counts.new_units == sum("details" in u.provenance for u in shipped.units.values())
    assert list(Qualification.objects.filter(entry_code="10379").values_list("version", flat=True)) == [1, 2]
    assert list(Place.objects.filter(group__qualification=first).order_by("pk").values()) == before
    assert {u.version for u in Unit.objects.filter(places__group__qualification=first)} == {1}
    wordings = Unit.objects.filter(key="A-506-2130").values_list("wording_digest", flat=True)
    assert len(wordings) == 2
    assert len(set(wordings)) == 1


def bare(provenance):
    return {key: value for key, value in provenance.items() if key != "details"}


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"level": {"how": "recalled"}}, "level: “how” must be one of read, second_body, inferred, not “recalled”."),
        ({"colour": {"how": "read"}}, "details: “colour” is not a key that belongs here."),
        ({"level": {"how": "read", "why": "x"}}, "level: “why” is not a key that belongs here."),
        ({"level": {}}, "level: “how” is missing."),
    ],
)
def test_a_detail_says_how_it_is_known_and_never_that_it_is_recalled(folder, said, words):
    folder.unit["provenance"]["details"] = said
    with pytest.raises(BrokenCatalogue) as caught:
        read_catalogue(folder.write())
    assert any(words in problem for problem in caught.value.problems), caught.value.problems


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("membership", "sure", "“membership” must be one of read, second_body, inferred, recalled, not “sure”."),
        ("numbered", "guessed", "“numbered” must be one of printed, position, recalled, not “guessed”."),
    ],
)
def test_a_place_says_how_it_is_known_in_known_words(folder, key, value, words):
    folder.qualification["groups"][0]["units"][0][key] = value
    with pytest.raises(BrokenCatalogue) as caught:
        read_catalogue(folder.write())
    assert any(words in problem for problem in caught.value.problems)


def test_a_reference_begins_as_it_was_read_elsewhere(folder):
    prefix = {"how": "second_body", "value": "Y/100/", "source": "A specification"}
    folder.unit["provenance"]["details"] = {"reference_prefix": prefix}
    assert read_catalogue(folder.write()).units["Y-100-0001"].reference == "Y/100/0001"
    folder.unit["provenance"]["details"]["reference_prefix"]["value"] = "Y/101/"
    with pytest.raises(BrokenCatalogue, match="“reference” must begin with Y/101/"):
        read_catalogue(folder.write())
    folder.unit["reference"] = None
    assert read_catalogue(folder.write()).units["Y-100-0001"].reference is None


def test_pages_say_what_the_number_and_the_reference_of_a_unit_are(published):
    unit = Unit.objects.get(key="K-506-2978")
    detail = queries.unit_detail(unit.public_id, None)
    assert detail.doubts == ("reference-recalled",)
    assert [(u.entry_code, u.number, u.numbered) for u in detail.used_in] == [("10379", "22", "position")]
    sure = queries.unit_detail(Unit.objects.get(key="A-506-2130").public_id, None)
    assert sure.doubts == ()
