"""Text that every database keeps, numbers that fit, and services that take them from anybody."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as some

from common.plain import BIG, SMALL, WHOLE, is_plain, iso_day, plain, plain_text, takes_plain_text, whole_number
from common.refusals import Refused


class Word(StrEnum):
    MET = "met"


@dataclass(frozen=True)
class Facts:
    text: str
    numbers: tuple[int, ...] = ()
    inside: "Facts | None" = None


@given(some.text(alphabet=some.characters(codec=None)))
def test_what_is_left_is_plain_and_nothing_else_is_lost(text):
    left = plain_text(text)
    assert is_plain(left)
    assert left.encode().decode() == left
    assert left == "".join(sign for sign in text if sign != "\x00" and not "\ud800" <= sign <= "\udfff")


@pytest.mark.parametrize("text", ["", "Zoë", "🧾", "a\tb\r\nc", "\ufffd", "\u0663", "\x01"])
def test_a_text_that_is_plain_stays_the_very_same(text):
    assert plain_text(text) is text


@pytest.mark.parametrize(
    ("text", "most", "number"),
    [
        ("0", WHOLE, 0),
        ("007", WHOLE, 7),
        ("2147483647", WHOLE, WHOLE),
        ("2147483648", WHOLE, None),
        ("32767", SMALL, SMALL),
        ("32768", SMALL, None),
        ("9223372036854775807", BIG, BIG),
        ("9223372036854775808", BIG, None),
        ("99999999999", WHOLE, None),
        ("9" * 5000, BIG, None),
        *(
            (text, WHOLE, None)
            for text in ("", " 1", "1 ", "-1", "+1", "1.0", "1e3", "1_0", "x", "١", "²", "１", "\x00")
        ),
    ],
)
def test_a_whole_number_is_written_in_our_digits_and_fits(text, most, number):
    assert whole_number(text, most=most) == number


def test_the_least_counts_too():
    assert whole_number("0", least=1) is None
    assert whole_number("1", least=1) == 1


def test_values_are_made_plain_wherever_their_texts_are():
    when = dt.date(2026, 1, 1)
    asked = {"a\x00": ["x\x00", ("y\ud800", when)], "set": {"z\x00"}, "facts": Facts("t\x00", (1,), Facts("u\x00"))}
    assert plain(asked) == {"a": ["x", ("y", when)], "set": {"z"}, "facts": Facts("t", (1,), Facts("u"))}
    facts, word, thing = Facts("t", (1,)), Word.MET, object()
    assert plain(facts) is facts
    assert plain(word) is word
    assert plain(thing) is thing


def test_a_wrapped_service_takes_plain_text_and_leaves_a_password_alone():
    @takes_plain_text
    def act(*, text: str, password: str = "", facts: Facts | None = None):
        """Say what it was given."""
        return text, password, facts

    assert act(text="a\x00b", password="a\x00b", facts=Facts("c\x00")) == ("ab", "a\x00b", Facts("c"))
    assert act.__doc__ == "Say what it was given."


def test_a_refusal_goes_through():
    @takes_plain_text
    def act(*, text: str):
        raise Refused

    with pytest.raises(Refused):
        act(text="")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-02-30",
        "0000-01-01",
        "20260130",
        "2026-W05-1",
        "2026-1-5",
        "٢٠٢٦-٠١-٠١",
        "2026-01-30T00:00",
        "2026-01-30\n",
        None,
        7,
    ],
)
def test_no_day_is_made_of_what_is_none(text):
    assert iso_day(text) is None


def test_a_day_is_read():
    assert iso_day("2028-02-29") == dt.date(2028, 2, 29)
