"""Cells as values of the catalogue, links of a package, and how a fact is known: every word that is read, and the next one."""

import pytest

from qualifications.rules import known
from qualifications.rules.diff import diff_unit
from qualifications.rules.imports import case_tree, values
from tests.qualifications.test_diff import criteria, unit


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (values.level, " Level 2 ", 2), (values.level, "L3", 3), (values.level, "RQF 4", 4), (values.level, "two", None),
        (values.number, "3.0", 3), (values.number, "12 credits", 12), (values.number, "4 hrs", 4),
        (values.number, "3.5", None), (values.number, "1234567", None),
        (values.unit_kind, " Both ", "mixed"), (values.unit_kind, "theory", "knowledge"), (values.unit_kind, "?", ""),
        (values.kind, " Skills ", "competence"), (values.kind, "k", "knowledge"), (values.kind, "mixed", ""),
        (values.sector, "Customer Service", "customer-service"), (values.sector, "contact-centre", "contact-centre"),
        (values.sector, "All sectors", "generic"), (values.sector, "Baking", ""),
        (values.generation, " 2010 ", "2010"), (values.generation, "2012", ""),
        (values.method, "in situ", "in_situ"), (values.method, "in_situ", "in_situ"), (values.method, "smoke", ""),
        (values.yes_or_no, " Yes ", True), (values.yes_or_no, "-", False), (values.yes_or_no, "perhaps", None),
        (values.parts, "a, b;c\nd,,", ["a", "b", "c", "d"]),
        (values.lines, "• a, b; – c\n\n- d", ["a, b", "c", "d"]),
        (values.equivalents, "A/506/2130 | Handbook, 4\n\n", [{"reference": "A/506/2130", "source": "Handbook, 4"}]),
        (values.equivalents, "A/506/2130", None), (values.equivalents, "", None),
        (values.awards, "NCFE | 601/3973/0", [{"body": "NCFE", "number": "601/3973/0"}]),
        (values.assessed, " Units 1 | Credit 12 | Handbook, 3 ", {"units": 1, "credit": 12, "source": "Handbook, 3"}),
        (values.assessed, "units 1 | Handbook, 3", None),
    ],
)  # fmt: skip
def test_a_cell_is_read(read, text, value):
    assert read(text) == value


def test_mandatory_has_words_of_its_own():
    assert values.yes_or_no("core", values.MANDATORY, values.OPTIONAL) is True
    assert values.yes_or_no("o", values.MANDATORY, values.OPTIONAL) is False
    assert values.yes_or_no("core") is values.yes_or_no("o") is None


ASKED = {"competence": {"pieces": 2, "occasions": 3, "methods": ["media", "in_situ"], "observed": True}}


def test_what_is_asked_is_written_and_read_back():
    text = "competence: pieces 2, occasions 3, methods media + in_situ, observed"
    assert values.sufficiency_text(ASKED) == text
    assert (
        values.sufficiency(text)
        == values.sufficiency("Skills: pieces 2, occasions 3, methods media + in situ, observed")
        == ASKED
    )
    both = {"knowledge": {"pieces": 2}, "competence": {"observed": True}}
    assert values.sufficiency(values.sufficiency_text(both)) == both


@pytest.mark.parametrize(
    "text",
    ["", "competence", "competence:", "baking: pieces 2", "competence: pieces two", "competence: methods smoke",
     "competence: methods", "competence: observed twice", "competence: shoes 2", "k: pieces 2\nknowledge: pieces 3"],
)  # fmt: skip
def test_what_is_asked_in_other_words_is_not_guessed(text):
    assert values.sufficiency(text) is None


def test_tables_are_written_and_read_back():
    said = {"units": 1, "credit": 12, "source": "Handbook, 3"}
    assert values.assessed(values.assessed_text(said)) == said
    assert values.assessed_text({}) == ""
    rows = [{"body": "NCFE", "number": "601/3973/0"}, {"body": "A | B\nC", "number": "1"}]
    assert values.table_text(rows, values.AWARD) == "NCFE | 601/3973/0\nA B C | 1"


@pytest.mark.parametrize(
    ("link", "end"),
    [
        ({"identifier": "u1", "uri": "https://x.example/u2"}, "u1"),
        ({"uri": "https://x.example/u2"}, "u2"),
        ({"identifier": "", "uri": "https://x.example/u2/"}, "u2"),
        ({}, ""),
        ("https://x.example/u3/", "u3"),
        ("u4", "u4"),
    ],
)
def test_what_a_link_of_a_package_names(link, end):
    assert case_tree._end(link) == end


# --- how a fact is known


def test_a_detail_has_its_words_and_its_links():
    stored = {
        "facts": "read",
        "details": {
            "level": {
                "value": 2,
                "how": "inferred",
                "source": "Handbook; https://a.example; http://b.example; ftp://c",
                "note": "n",
            },
            "title": {"value": None, "how": "?"},
            "shoes": {"value": "left out"},
        },
    }
    title, level = known.details_in_words(stored)
    assert (title.name, title.value, title.how, title.source, title.note) == ("Title", "", "", "", "")
    assert (level.name, level.value, level.how, level.note) == ("Level", "2", "worked out, not read", "n")
    assert level.urls == ("https://a.example", "http://b.example")
    assert known.details_in_words({}) == known.details_in_words({"details": None}) == ()
    assert known.how_known(stored, "level") == "inferred"
    assert known.how_known(stored, "credit") == "read"
    assert known.how_known({"facts": "mixed", "details": {"level": {"value": 1}}}, "level") == "recalled"
    assert known.how_known({"facts": "mixed"}, "level") == "recalled"


@pytest.mark.parametrize(
    ("reference", "how", "membership", "doubts", "sure"),
    [
        ("A/1", "read", "read", (), True),
        ("", "recalled", "read", ("no-reference",), False),
        (None, "read", "second_body", ("no-reference", "place-second_body"), False),
        ("A/1", "recalled", "read", ("reference-recalled",), False),
        ("A/1", "read", "second_body", ("place-second_body",), True),
        ("A/1", "read", "inferred", ("place-inferred",), False),
    ],
)
def test_what_nobody_has_confirmed(reference, how, membership, doubts, sure):
    assert known.doubts_about(reference, how, membership) == doubts
    assert known.unconfirmed(doubts) is not sure
    words = known.doubts_in_words(doubts)
    assert words.count(".") == len(doubts)
    assert ("Its Ofqual reference is not known." in words) is ("no-reference" in doubts)


@pytest.mark.parametrize(
    ("number", "numbered", "words"),
    [
        ("14", "printed", ""),
        ("", "position", ""),
        ("14", "position", "14 is its place in a list, not the awarding body’s number."),
        ("14", "recalled", "The number 14 is recalled, not read."),
    ],
)
def test_what_a_number_is(number, numbered, words):
    assert known.number_in_words(number, numbered) == words


# --- which criterion became which


def test_a_criterion_that_keeps_its_number_keeps_its_place_though_another_is_more_like_it():
    def reword(data):
        criteria(data)[0]["text"] = "Explain when a refund is not due to somebody"
        criteria(data)[1]["text"] = "Explain when a refund is due now"

    before = unit(lambda data: criteria(data)[0].update(text="Explain when a refund is due"))
    rows = [(c.before, c.after) for o in diff_unit(before, unit(reword)).outcomes for c in o.criteria]
    assert ("1.1", "1.1") in rows
    assert ("1.1", "1.2") not in rows
