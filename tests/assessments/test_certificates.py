"""What a certificate is compared with before a unit is exempt: reference, day, number (R19, R79)."""

import dataclasses
import datetime as dt

import pytest

from assessments.enums import StandsBy
from assessments.rules import certificates as rules
from assessments.rules.certificates import Certificate, Reuse, Standing, UnitFacts
from qualifications.rules.sameness import Equivalent

TODAY = dt.date(2026, 11, 30)
OWN = Equivalent("A/506/2130", "")
OTHER = Equivalent("L/506/2133", "the awarding body’s list of 2 May 2019")
ODD = Equivalent("CS-A11", "the body’s own list")
UNIT = UnitFacts("A/506/2130", (OWN, OTHER, ODD), dt.date(2004, 5, 6), None, TODAY)
PAPER = Certificate("OCR", "A/506/2130", "Deliver customer service", dt.date(2024, 7, 12), "EX-2024-0712", "the paper")


def codes(found):
    return [one.code for one in found]


def fit(unit=UNIT, **changed):
    return rules.why_not_fit(dataclasses.replace(PAPER, **changed), unit)


@pytest.mark.parametrize("typed", ["A/506/2130", "a5062130", " A-506-2130 ", "L/506/2133", "CS-A11"])
def test_its_own_and_documented_references_fit_however_they_are_typed(typed):
    assert fit(unit_reference=typed) == []


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("D/506/2130", "reference-letter"),
        ("A/506/2131", "reference-letter"),
        ("Z/999/9999 Basket weaving", "reference-form"),
        ("A/506/213", "reference-form"),
        ("the unit", "reference-form"),
        ("J/506/2132", "other-unit"),
    ],
)
def test_any_other_reference_is_refused_with_what_is_wrong_with_it(typed, code):
    [found] = fit(unit_reference=typed)
    assert (found.code, found.field) == (code, "unit_reference")
    assert found.params["reference"]


def test_the_sentence_says_which_references_would_count():
    [found] = fit(unit_reference="J/506/2132")
    assert "A/506/2130 or L/506/2133 or CS-A11" in found.sentence


def test_a_reference_with_a_wrong_letter_never_counts_even_where_it_is_documented():
    wrong = dataclasses.replace(UNIT, own="D/506/2130", accepted=(Equivalent("D/506/2130", ""),))
    assert codes(fit(wrong, unit_reference="D/506/2130")) == ["reference-letter"]


def test_nothing_is_compared_with_a_unit_whose_reference_nobody_knows():
    unknown = dataclasses.replace(UNIT, own="", accepted=())
    assert codes(fit(unknown)) == codes(rules.why_not_comparable(unknown)) == ["reference-unknown"]


def test_a_unit_without_a_reference_takes_a_documented_equivalent():
    unknown = dataclasses.replace(UNIT, own="", accepted=(OTHER,))
    assert fit(unknown, unit_reference="L/506/2133") == []
    assert codes(fit(unknown)) == ["other-unit"]
    assert rules.standing_of("l5062133", unknown) == Standing(StandsBy.EQUIVALENT, OTHER.source)


def test_how_a_reference_stands_for_the_unit():
    assert rules.standing_of("a 506 2130", UNIT) == Standing(StandsBy.OWN)
    assert rules.standing_of("L/506/2133", UNIT) == Standing(StandsBy.EQUIVALENT, OTHER.source)
    assert rules.standing_of("J/506/2132", UNIT) == Standing(StandsBy.NOT_COMPARED)
    assert rules.standing_of("", dataclasses.replace(UNIT, own="")) == Standing(StandsBy.NOT_COMPARED)


@pytest.mark.parametrize(
    ("awarded_on", "code"),
    [
        (TODAY, []),
        (TODAY + dt.timedelta(days=1), ["awarded-to-come"]),
        (dt.date(2006, 1, 1), []),
        (dt.date(2005, 12, 31), ["awarded-too-early"]),
        (dt.date(2004, 5, 7), ["awarded-too-early"]),
        (dt.date(2004, 5, 6), ["awarded-before-birth"]),
        (dt.date(1950, 1, 1), ["awarded-before-birth"]),
    ],
)
def test_the_day_is_one_on_which_it_can_have_been_awarded(awarded_on, code):
    assert codes(fit(awarded_on=awarded_on)) == code


def test_what_was_awarded_after_the_registration_does_not_count_in_it():
    ended = dataclasses.replace(UNIT, ends_on=dt.date(2025, 8, 31))
    assert fit(ended, awarded_on=dt.date(2025, 8, 31)) == []
    assert codes(fit(ended, awarded_on=dt.date(2025, 9, 1))) == ["awarded-too-late"]


@pytest.mark.parametrize("number", ["", "-", " / "])
def test_a_number_has_letters_or_digits(number):
    assert codes(fit(certificate_number=number)) == ["no-number"]


def test_numbers_are_compared_by_their_letters_and_digits():
    assert rules.number_key("ex-2024/07 12") == rules.number_key("EX20240712") == "EX20240712"
    assert rules.number_key("EX20240713") != rules.number_key("EX20240712")


def test_the_same_number_in_full_width_or_with_accents_is_the_same_number():
    assert rules.number_key("ＥＸ－２０２４０７１２") == rules.number_key("éx-²0240712") == "EX20240712"


def test_a_number_in_letters_that_only_look_like_ours_is_refused():
    assert codes(fit(certificate_number="\u0415\u0425-20240712")) == ["number-signs"], "Cyrillic"
    assert codes(fit(certificate_number="EX-\u0662\u0660\u0662\u0664")) == ["number-signs"], "Arabic digits"


@pytest.mark.parametrize("sign", ["ß", "ﬃ", "㍿"])
def test_a_number_never_grows_too_long_to_be_kept(sign):
    assert len(rules.number_key(sign * 60)) <= 60


@pytest.mark.parametrize(
    ("others", "reason", "code"),
    [
        (0, "", []),
        (1, "", ["number-used"]),
        (1, " nine char ", ["number-used"]),
        (2, "ten chars.", []),
        (1, "x" * 300, []),
        (1, "x" * 301, ["long-reason"]),
    ],
)
def test_a_number_that_was_used_before_needs_a_reason(others, reason, code):
    found = rules.why_not_again(Reuse(others, reason))
    assert codes(found) == code
    assert all(one.field == "reused" for one in found)
