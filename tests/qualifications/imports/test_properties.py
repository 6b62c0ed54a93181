"""Whatever comes in, the readers answer; whatever is well made, comes out as it went in."""

import dataclasses
import datetime as dt
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualifications.enums import Kind, Sector, Theme
from qualifications.rules.exports import CaseSource, Identifiers, case_package, guarded, workbook_rows
from qualifications.rules.files import (
    CriterionFile,
    GroupFile,
    OutcomeFile,
    PlaceFile,
    QualificationFile,
    UnitFile,
    read_qualification,
    read_unit,
)
from qualifications.rules.imports import (
    COLUMNS,
    Answers,
    Table,
    guess_columns,
    problems_of,
    read_case,
    read_documents,
    read_pasted,
    read_sheets,
)
from qualifications.rules.writing import qualification_words, unit_words
from tests.qualifications.imports import files

LETTERS = st.characters(codec="utf-8", categories=("L", "N", "P"))
WORDS = st.text(LETTERS, min_size=1, max_size=30).map(str.strip).filter(lambda t: t and not t.startswith("'"))
KINDS = st.sampled_from(Kind.values)
EVIDENCE_RULES = st.sampled_from(
    [
        {},
        {"competence": {"observed": True}},
        {"knowledge": {"pieces": 2}, "competence": {"occasions": 3, "methods": ["media", "in_situ"]}},
    ]
)
OWN_WORDS = {"setting": "realistic", "by": "Us", "source": "Handbook, 5.5", "text": "A training shop counts."}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def units(draw, key):
    def criterion(outcome, n, kind):
        wanted = draw(st.sampled_from([{}, {"observed": True}, {"pieces": 2, "methods": ["media", "writing"]}]))
        themes = tuple(draw(st.lists(st.sampled_from(Theme.values), unique=True, max_size=2)))
        cases = tuple(draw(st.lists(st.sampled_from(["cash", "by card", "a cheque"]), unique=True, max_size=2)))
        return CriterionFile(f"{outcome}.{n}", draw(WORDS), draw(KINDS), themes, wanted, cases)

    def outcome(n):
        count = draw(st.integers(1, 3))
        kind = draw(KINDS)
        return OutcomeFile(n, draw(WORDS), kind, tuple(criterion(n, m, kind) for m in range(1, count + 1)))

    return UnitFile(
        key=key, reference=None, title=f"{key} {draw(WORDS)}", level=draw(st.integers(1, 8)),
        credit=draw(st.integers(1, 50)), glh=draw(st.none() | st.integers(0, 90)), generation="2014",
        sector=draw(st.sampled_from(Sector.values)), kind=draw(KINDS),
        outcomes=tuple(outcome(n) for n in range(1, draw(st.integers(1, 3)) + 1)), provenance={},
        sufficiency=draw(EVIDENCE_RULES),
    )  # fmt: skip


@st.composite
def catalogues(draw):
    made = [draw(units(f"own-{n}")) for n in range(draw(st.integers(1, 3)))]
    places = tuple(PlaceFile(draw(st.sampled_from([None, f"F{n}", str(n)])), u.key) for n, u in enumerate(made, 1))
    limits = draw(st.sampled_from([{}, {"min_credit": 1}, {"max_credit": 90}, {"min_units": 1, "max_units": 2}]))
    none = dict.fromkeys(("min_credit", "max_credit", "exact_credit", "min_units", "max_units"))
    group = GroupFile(
        "A", "All", mandatory=draw(st.booleans()), complete=draw(st.booleans()), places=places, **{**none, **limits}
    )
    q = QualificationFile(
        entry_code="Q1", title=draw(WORDS), awarding_body="Us", level=2, generation="2014", ofqual_number=None,
        credit=9, credit_at_level=None, credit_at_or_above=None, glh_min=None, glh_max=None, tqt=None,
        listed_on=draw(st.sampled_from([None, dt.date(2014, 9, 1)])), last_registration_on=None,
        last_certification_on=None, replaces_code=None, groups=(group,),
        barred=draw(st.sampled_from([(), (tuple(u.key for u in made),)])), provenance={},
        sufficiency=draw(EVIDENCE_RULES), settings=draw(st.sampled_from([(), (OWN_WORDS,)])),
    )  # fmt: skip
    return q, {u.key: u for u in made}


def back(brought):
    problems = problems_of(brought, {})
    assert problems == []
    said = []
    found = {u["key"]: dataclasses.replace(read_unit("u.yaml", u, said), provenance={}) for u in brought.units}
    whole = read_qualification("q.yaml", brought.qualifications[0], said, found)
    return dataclasses.replace(whole, provenance={}), found


@settings(deadline=None, max_examples=25)
@given(catalogues())
def test_sheets_and_packages_come_back_as_they_went(catalogue):
    q, made = catalogue
    sheets = {
        name: [(n, ["" if c is None else str(c).removeprefix("'") for c in row]) for n, row in enumerate(rows, 1)]
        for name, rows in workbook_rows(q, made).items()
    }
    table = Table(sheets["Units"], 1, guess_columns(sheets["Units"]).columns)
    brought = read_sheets(table, Answers(), facts=Table(sheets["Qualification"]), groups=Table(sheets["Groups"]))
    assert back(brought) == (q, made)
    source = CaseSource(q, made, 1, dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "https://x.example")
    assert back(read_case(case_package(source), Answers())) == (q, made)
    documents = [(f"units/{k}.yaml", {**unit_words(u), "provenance": FACTS}, {}) for k, u in made.items()]
    whole = {**qualification_words(q), "provenance": {"facts": "read", "notes": None}}
    assert back(read_documents([("qualifications/Q1.yaml", whole, {}), *documents])) == (q, made)


FACTS = {"facts": "read", "criteria": "read", "notes": None}


@pytest.mark.parametrize(
    "said",
    ["two pieces", "competence", "skill: pieces two", "competence: methods hologram", "knowledge: seen; theory: x"],
)
def test_a_rule_of_evidence_that_cannot_be_read_is_said_at_its_cell(said):
    head, first, *rest = files.HEAD, *files.ROWS
    rows = [
        (1, [*head, "Unit evidence rule"]),
        (2, [*map(str, first), said]),
        *((n, list(map(str, r))) for n, r in enumerate(rest, 3)),
    ]
    brought = read_sheets(Table(rows, 1, guess_columns(rows).columns), Answers())
    assert [(p.row, p.column) for p in brought.problems] == [(2, "I")]
    assert "is not a rule of evidence. Write it like" in brought.problems[0].sentence
    facts = Table([(1, ["Entry code", "Q1"]), (2, ["Evidence rule", said])])
    brought = read_sheets(Table([], 1, {}), Answers(), facts=facts)
    assert ["is not a rule of evidence" in p.sentence for p in brought.problems][:1] == [True]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=8), st.permutations(list(COLUMNS)))
def test_no_sheet_is_too_strange(rows, meanings):
    table = Table([(n, row) for n, row in enumerate(rows, 1)], 0, dict(zip("ABCDEF", meanings, strict=False)))
    assert isinstance(problems_of(read_sheets(table, Answers()), {}), list)
    guess_columns(table.rows)


@settings(deadline=None, max_examples=60)
@given(
    JSON,
    st.integers(0, 8),
    st.sampled_from(["CFItemType", "humanCodingScheme", "educationLevel", "extensions", "fullStatement", "identifier"]),
)
def test_no_package_is_too_strange(value, at, key):
    package = files.bakery()
    package["CFItems"][at][key] = {"attest": value} if key == "extensions" else value
    assert isinstance(problems_of(read_case(package, Answers(level=2, credit=1)), {}), list)
    assert isinstance(problems_of(read_case(value, Answers()), {}), list)
    package = files.bakery()
    package["CFAssociations"][at]["destinationNodeURI"] = value
    assert isinstance(problems_of(read_case(package, Answers()), {}), list)


@settings(deadline=None, max_examples=60)
@given(JSON, st.text(max_size=200))
def test_no_file_and_no_text_is_too_strange(value, text):
    assert problems_of(read_documents([("u.yaml", value, {})]), {})
    assert isinstance(problems_of(read_pasted(text, {"title": "T", "level": 1, "credit": 1}, Answers()), {}), list)


@given(st.text(max_size=10))
def test_nothing_that_goes_out_begins_like_a_formula(text):
    assert not str(guarded(text)).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert guarded(3) == 3


@given(WORDS, WORDS, st.integers(1, 99), WORDS)
def test_identifiers_are_uuids_that_lead_back(body, code, version, path):
    ids = Identifiers.of(body, code, version)
    item = ids.item(path)
    assert ids == Identifiers.of(body, code, version)
    assert item.version == ids.document.version == 5
    assert item.variant == uuid.RFC_4122
    assert ids.holds(item)
    assert ids.holds(Identifiers.association(item))
    assert Identifiers.association(Identifiers.association(item)) == item
    assert not Identifiers.of(body, code, version + 1).holds(item)
