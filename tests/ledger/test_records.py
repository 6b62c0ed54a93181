"""A row's record: one way to write it, and words that nobody can guess from it."""

import datetime as dt
import hashlib
import json

import pytest

from ledger.rules.records import hidden, record, written

SALT = bytes(range(16))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        (7, 7),
        ("Ewa – 日本", "Ewa – 日本"),
        (dt.datetime(2026, 12, 1, 10, 30, tzinfo=dt.timezone(dt.timedelta(hours=1))), "2026-12-01T09:30:00.000000Z"),
        (dt.datetime(2026, 6, 1, 0, 0, 0, 5, tzinfo=dt.UTC), "2026-06-01T00:00:00.000005Z"),
        (dt.date(2026, 12, 1), "2026-12-01"),
        (100.0, 100),
        (0.5, 0.5),
        ({"b": [1.0, None], "a": {"x": True}}, {"b": [1, None], "a": {"x": True}}),
    ],
)
def test_values_have_one_way_to_be_written(value, expected):
    assert written(value) == expected
    assert type(written(value)) is type(expected)


@pytest.mark.parametrize("value", [object(), b"bytes", {1, 2}])
def test_what_has_none_is_refused(value):
    with pytest.raises(TypeError):
        written(value)


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        record(table="t", form=1, row={"a": float("nan")}, words=(), salt=SALT)


def test_a_record_is_canonical_and_says_its_table_and_form():
    made = record(table="app.thing", form=2, row={"id": 3, "at": None, "note": "Hello"}, words={"note"}, salt=SALT)
    words = hashlib.sha256(b"000102030405060708090a0b0c0d0e0f:Hello").hexdigest()
    assert made == (
        b'{"form":2,"row":{"at":null,"id":3,"note":{"sha256":"' + words.encode() + b'"}},"table":"app.thing"}'
    )


def test_json_that_is_hidden_is_hashed_as_it_is_written():
    expected = hashlib.sha256(f"{SALT.hex()}:".encode() + b'[{"a":1,"b":2}]').hexdigest()
    assert hidden([{"b": 2.0, "a": 1}], SALT) == {"sha256": expected}


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_nothing_said_stays_visible(nothing):
    assert hidden(nothing, SALT) == nothing


def test_the_same_words_under_another_salt_look_like_others():
    assert hidden("Ewa Nowak", SALT) != hidden("Ewa Nowak", bytes(16))
    assert "Nowak" not in json.dumps(hidden("Ewa Nowak", SALT))
