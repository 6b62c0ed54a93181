"""The clock, digests, ids, log lines and refusals."""

import datetime as dt
import hashlib
import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import clock, logs
from common.digests import canonical, digest
from common.ids import ALPHABET, LENGTH, new_public_id, new_token
from common.logs import LIMIT, OneLine
from common.refusals import Forbidden, NotFound, Refusal, Refused, Stale, refuse_if

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
)


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2026-07-01T22:59:59+00:00", "2026-07-01"),
        ("2026-07-01T23:00:00+00:00", "2026-07-02"),
        ("2026-12-31T23:59:59+00:00", "2026-12-31"),
        ("2027-01-01T00:00:00+00:00", "2027-01-01"),
        ("2026-10-25T00:30:00+00:00", "2026-10-25"),
        ("2026-10-25T01:30:00+00:00", "2026-10-25"),
        ("2026-11-23T10:00:00-11:00", "2026-11-23"),
    ],
)
def test_rights_begin_and_end_at_midnight_in_london(instant, day):
    assert clock.london_date(dt.datetime.fromisoformat(instant)).isoformat() == day


def test_now_is_in_utc():
    assert clock.now().utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-23", 1, "2026-11-24"),
        ("2026-11-23", 5, "2026-11-30"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-28", 1, "2026-11-30"),
        ("2026-11-23", 10, "2026-12-07"),
    ],
)
def test_working_days_leave_weekends_out(start, days, end):
    assert clock.working_days_after(dt.date.fromisoformat(start), days).isoformat() == end


@given(st.dictionaries(st.text(), JSON))
def test_the_same_facts_are_the_same_bytes(facts):
    text = canonical(facts)
    assert text.isascii()
    assert canonical(dict(reversed(facts.items()))) == text
    assert canonical(json.loads(text)) == text


def test_other_facts_are_other_bytes():
    assert canonical({"a": 1}) == '{"a":1}'
    assert canonical({"b": "é", "a": [1, None]}) == '{"a":[1,null],"b":"\\u00e9"}'
    with pytest.raises(ValueError, match="JSON"):
        canonical({"a": float("nan")})


def test_a_digest_is_sha256_in_hexadecimal():
    assert digest("Zoë") == hashlib.sha256("Zoë".encode()).hexdigest()
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_public_ids_are_26_letters_that_are_read_out_easily():
    ids = {new_public_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(x) == LENGTH and set(x) <= set(ALPHABET) for x in ids)
    assert not set("ilou") & set(ALPHABET)
    assert len(set(ALPHABET)) == 32
    assert {x[0] for x in ids} == set(ALPHABET)


def test_tokens_carry_256_bits_and_fit_an_address():
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(x) == 43 and x.replace("-", "").replace("_", "").isalnum() for x in tokens)


@given(st.text(max_size=200))
def test_a_log_entry_is_one_printable_line(text):
    record = logging.LogRecord("x", logging.INFO, "f", 1, "%s", (text,), None)
    line = OneLine("%(message)s").format(record)
    assert len(line.splitlines()) <= 1
    assert all(c.isprintable() or c == "\t" for c in line)


@pytest.fixture
def of_nothing():
    """Lines belong to no request: those of an earlier test are over."""
    logs.begin()


@pytest.mark.usefixtures("of_nothing")
def test_a_monstrous_log_entry_is_cut():
    record = logging.LogRecord("x", logging.INFO, "f", 1, "y" * 100_000, (), None)
    assert len(OneLine("%(message)s").format(record)) == LIMIT


@pytest.mark.usefixtures("of_nothing")
@pytest.mark.parametrize(
    "way", ["/account/invitation/", "/accounts/password/reset/key/", "/accounts/confirm-email/", "/handed/"]
)
def test_what_opens_something_is_in_no_log_entry(way):
    with pytest.raises(ValueError, match="SECRET") as caught:
        int(f"{way}SECRET-1:2/")
    about = (caught.type, caught.value, caught.tb)
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "Not found: %s", (f"{way}SECRET/",), about)
    entry = OneLine("%(message)s").format(record)
    assert entry.startswith(f"Not found: {way}-/\n")
    assert entry.endswith(f": '{way}-/'")


def test_every_handler_of_a_log_writes_entries_so(settings):
    ours = {"text": "common.logs.OneLine", "json": "common.logs.Json"}
    assert {name: one["()"] for name, one in settings.LOGGING["formatters"].items()} == ours
    assert {one["formatter"] for one in settings.LOGGING["handlers"].values()} <= set(ours)
    named = {name for one in settings.LOGGING["loggers"].values() for name in one.get("handlers", [])}
    assert named <= set(settings.LOGGING["handlers"])
    loggers = [logging.getLogger(name) for name in ("django", "django.server")]
    assert not any(one.handlers or not one.propagate for one in loggers)


def test_refusing_raises_all_reasons_or_nothing():
    one, two = Refusal("a", "A."), Refusal("b", "B.", "field", ("learner", "x"))
    refuse_if([])
    with pytest.raises(Refused, match="a; b") as caught:
        refuse_if([one, two])
    assert caught.value.refusals == (one, two)


def test_a_stale_refusal_tells_who_and_when():
    at = clock.now()
    stale = Stale(who="Grace", at=at)
    assert (stale.who, stale.at, stale.refusals[0].code) == ("Grace", at, "stale")
    assert Stale(sentence="Look.").refusals[0].sentence == "Look."
    assert isinstance(stale, Refused)


def test_not_allowed_is_a_kind_of_not_there():
    assert issubclass(Forbidden, NotFound)
    assert not issubclass(NotFound, Refused)
    assert (Forbidden("act", "id").action, Forbidden("act", "id").object_id) == ("act", "id")
