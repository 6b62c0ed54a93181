"""Check characters of Ofqual's numbers, tried on every number that we ship."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from qualifications.rules import references as rules
from qualifications.services import BrokenCatalogue, read_catalogue
from tests.qualifications.conftest import SHIPPED

#: Pages of the register outside the catalogue, and the worked example.
REGISTER = ("K/602/1597", "J/600/1003", "M/500/8971", "R/601/1212")
DIGITS = st.text("0123456789", min_size=7, max_size=7)


def shipped_references():
    for path in sorted((SHIPPED / "units").glob("*.yaml")):
        reference = yaml.safe_load(path.read_text())["reference"]
        if reference:
            yield reference


def test_every_reference_of_the_catalogue_fits():
    found = list(shipped_references())
    assert len(found) == 91
    assert [r for r in (*found, *REGISTER) if not rules.reference_is_plausible(r) or rules.why_not_reference(r)] == []


def test_every_number_of_other_bodies_fits(shipped):
    found = [award["number"] for q in shipped.qualifications for award in q.equivalents]
    assert len(found) == 23
    assert [n for n in found if not rules.number_is_plausible(n) or rules.why_not_number(n)] == []


@settings(deadline=None)
@given(DIGITS, st.integers(0, 6), st.integers(1, 9))
def test_one_letter_fits_each_number_and_no_slip_of_one_digit_does(digits, at, by):
    fitting = [
        x for x in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if rules.reference_is_plausible(f"{x}/{digits[:3]}/{digits[3:]}")
    ]
    assert len(fitting) == 1
    slipped = digits[:at] + str((int(digits[at]) + by) % 10) + digits[at + 1 :]
    assert not rules.reference_is_plausible(f"{fitting[0]}/{slipped[:3]}/{slipped[3:]}")
    last = [x for x in "0123456789X" if rules.number_is_plausible(f"{digits[:3]}/{digits[3:]}/{x}")]
    assert len(last) == 1


@settings(deadline=None)
@given(DIGITS, st.integers(0, 5))
def test_two_digits_that_changed_places_are_found(digits, at):
    [letter] = [x for x in rules.LETTERS if rules.reference_is_plausible(x + digits)]
    other = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
    assert rules.reference_is_plausible(letter + other) == (other == digits)


@pytest.mark.parametrize("typed", ["D/506/2119", "d5062119", " D-506-2119 ", "D 506 2119", "d/5062119", "D–506–2119"])
def test_it_may_be_typed_in_many_ways(typed):
    assert rules.written_reference(typed) == "D/506/2119"
    assert rules.reference_is_plausible(typed)


@pytest.mark.parametrize(
    "text",
    ["", "Z/999/9999", "D/506/2118", "E/506/2119", "D/506/211", "D/506/21190", "DD/506/2119", "Basket weaving",
     "D/506/211٩", "D/٥٠٦/2119", "601/3733/2", "D/506/2119\x00"],
)  # fmt: skip
def test_what_does_not_fit_or_is_something_else_is_not_plausible(text):
    assert not rules.reference_is_plausible(text)


def test_only_what_looks_like_a_reference_is_held_to_its_letter():
    assert rules.why_not_reference("own-7") == ""
    assert rules.written_reference(" own-7 ") == "own-7"
    assert rules.why_not_reference("d5062118") == (
        "The letter of D/506/2118 does not fit its digits. Compare it with the awarding body’s document."
    )
    assert rules.why_not_number("603/1234") == ""
    assert rules.written_number("60137332") == "601/3733/2"
    assert rules.written_number("6013544x") == "601/3544/X"
    assert rules.why_not_number("601/3733/3") == (
        "The last character of 601/3733/3 does not fit its digits. Compare it with the awarding body’s document."
    )


def test_a_file_with_a_slip_is_refused_with_its_place(folder):
    folder.unit["reference"] = "Y/100/0002"
    folder.qualification["ofqual_number"] = "601/3733/4"
    with pytest.raises(BrokenCatalogue) as caught:
        read_catalogue(folder.write())
    said = caught.value.problems
    assert any(p.startswith("units/Y-100-0001.yaml: “reference”: The letter of Y/100/0002") for p in said), said
    assert any("“ofqual_number”: The last character of 601/3733/4" in p for p in said), said


def test_a_file_may_write_it_in_any_way(folder):
    folder.unit["reference"] = "y1000001"
    assert read_catalogue(folder.write()).units["Y-100-0001"].reference == "Y/100/0001"
