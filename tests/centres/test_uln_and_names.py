"""Learner numbers by the table of the rule book (section 6), and names as certificates print them (R27)."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centres import rules, uln

TABLE = {
    "9276308686": True,
    "1000102504": True,
    "1000102508": False,
    "1000000043": True,
    "1000000063": False,
    "1000000000": True,
    "1000000140": True,
    "1234567899": True,
    "1234567890": False,
    "9999999999": False,
    "9999999998": True,
    "1111111111": False,
    "0000000042": False,
    "9700000001": False,
    "": False,
    "927630868": False,
    "92763086860": False,
    "92763O8686": False,
    "٩٢٧٦٣٠٨٦٨٦": False,
}
WHO = rules.Identity("Ella", "Fernwick", dt.date(2001, 2, 2), "F", "ella@people.example", uln="9276308686")


@pytest.mark.parametrize(("number", "fits"), TABLE.items())
def test_the_published_numbers(number, fits):
    assert uln.is_valid(number) is fits


@given(st.integers(min_value=10**8, max_value=10**9 - 1))
def test_nine_digits_have_at_most_one_check_digit(stem):
    fitting = [d for d in range(10) if uln.is_valid(f"{stem}{d}")]
    assert len(fitting) <= 1
    if fitting:
        weights = range(10, 0, -1)
        total = sum(int(c) * w for c, w in zip(f"{stem}{fitting[0]}", weights, strict=True))
        assert total % 11 == 10


@given(st.integers(min_value=10**8, max_value=10**9 - 1), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_seen(stem, position, shift):
    right = next((f"{stem}{d}" for d in range(10) if uln.is_valid(f"{stem}{d}")), None)
    if right is None:
        return
    wrong = str((int(right[position]) + shift) % 10)
    assert not uln.is_valid(right[:position] + wrong + right[position + 1 :])


def test_spaces_and_hyphens_do_not_matter():
    assert uln.tidy(" 927 630-8686 ") == "9276308686"


@given(st.text(), st.text())
def test_tidying_twice_is_tidying_once(given_names, family_name):
    once = rules.tidied(replace(WHO, given_names=given_names, family_name=family_name))
    assert rules.tidied(once) == once


def test_accents_stay_in_one_form():
    composed = rules.tidied(replace(WHO, given_names="Zoe\u0308"))
    assert composed.given_names == "Zoë"
    assert rules.why_not_identity(composed, dt.date(2026, 1, 1)) == []
    assert rules.name_notes("Zoë", "Price") != []
    assert rules.name_notes("Zoe", "Price") == []


def test_a_reason_beside_a_number_is_dropped():
    assert rules.tidied(replace(WHO, uln_missing_reason="asked")).uln_missing_reason == ""


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, set()),
        ({"family_name": "FERNWICK"}, {"name-capitals"}),
        ({"given_names": "ELLA"}, {"name-capitals"}),
        ({"given_names": "E"}, set()),
        ({"family_name": "X"}, {"name-one-letter"}),
        ({"family_name": "O’"}, {"name-one-letter"}),
        ({"uln": "9999999998"}, {"uln-unlikely"}),
        ({"uln": "1234567899"}, {"uln-unlikely"}),
    ],
)
def test_what_looks_odd_is_asked_about_and_not_refused(changed, found):
    odd = replace(WHO, **changed)
    assert {r.code for r in rules.why_to_look_again(odd)} == found
    assert rules.why_not_identity(odd, dt.date(2026, 1, 1)) == []


@pytest.mark.parametrize("born", [dt.date(2004, 2, 29), dt.date(2016, 3, 1)])
def test_birthdays_on_the_last_of_february(born):
    on = dt.date(2026, 2, 28)
    refusals = rules.why_not_identity(replace(WHO, date_of_birth=born), on)
    assert [r.code for r in refusals] == (["birthday"] if born.year == 2016 else [])
