"""A day is typed one way everywhere, and nobody means the year 1."""

import datetime as dt

import pytest
from django import forms

from web.shared.days import day_field
from web.shared.fields import render_error_summary


class Two(forms.Form):
    born = day_field("Date of birth")
    begins = day_field("First day?")


def said(**typed):
    return dict(Two(typed).errors)


@pytest.mark.parametrize("text", ["23/11/2026", "2026-11-23"])
def test_a_day_is_read_as_people_and_calendars_write_it(text):
    assert Two({"born": text, "begins": text}).is_valid()
    assert day_field("").clean(text) == dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Choose a day."),
        ("2026-02-31", "This is not a day. Write it like 23/11/2026."),
        ("31/02/2026", "This is not a day. Write it like 23/11/2026."),
        ("0000-00-00", "This is not a day. Write it like 23/11/2026."),
        ("a\x00b", "This is not a day. Write it like 23/11/2026."),
        ("0001-01-01", "Look at the year again."),
        ("1899-12-31", "Look at the year again."),
        ("9999-12-31", "Look at the year again."),
    ],
)
def test_a_day_that_cannot_be_is_said_to_be_none(text, sentence):
    assert said(born=text, begins="2026-11-23") == {"born": [sentence]}


def test_the_same_of_two_fields_is_said_with_their_names():
    both = render_error_summary([Two({})])
    assert "Date of birth: Choose a day." in both
    assert "First day: Choose a day." in both
    assert "First day" not in render_error_summary([Two({"born": "2026-11-23"})])
