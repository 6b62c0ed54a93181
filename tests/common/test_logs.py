"""What a line of the log says beside its words: whose request, which job; as JSON for programs, as text for people."""

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import logs
from common.logs import Json, OneLine


def entry(message, *args, exc_info=None, formatter=None):
    record = logging.LogRecord("some.logger", logging.WARNING, "f", 1, message, args, exc_info)
    return (formatter or Json()).format(record)


@pytest.fixture(autouse=True)
def _nobody():
    with logs.about():
        yield


def test_an_entry_is_one_json_object_with_its_place():
    logs.begin(request="r1")
    logs.add(person="p1", centre="10001")
    found = json.loads(entry("read %s", "a\nb"))
    assert found.pop("at").endswith("Z")
    assert found == {
        "level": "WARNING",
        "logger": "some.logger",
        "message": "read a\nb",
        "request": "r1",
        "person": "p1",
        "centre": "10001",
    }


def test_the_next_request_begins_with_nothing_of_the_one_before():
    logs.begin(request="r1")
    logs.add(person="p1")
    logs.begin(request="r2")
    assert logs.belongs_to() == {"request": "r2"}


def test_a_job_says_its_number_while_it_runs():
    with logs.about(job="7"):
        assert json.loads(entry("x"))["job"] == "7"
    assert "job" not in json.loads(entry("x"))


def test_text_says_it_behind_the_words():
    logs.begin(request="r1", person="p1")
    assert entry("read", formatter=OneLine("%(message)s")) == "read [request=r1 person=p1]"


@given(st.text(max_size=300))
def test_whatever_is_said_is_one_line_that_can_be_read_back(text):
    with logs.about(centre=text):
        line = entry("%s", text)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == text[: logs.LIMIT]


def test_a_traceback_is_in_the_same_line_without_what_opens_something():
    with pytest.raises(ValueError, match="SECRET"):
        int("/account/invitation/SECRET/")
    try:
        int("/account/invitation/SECRET/")
    except ValueError:
        line = entry("%s", "/handed/SECRET", exc_info=sys.exc_info())
    assert len(line.splitlines()) == 1
    assert "SECRET" not in line.replace('match="SECRET"', "")
    assert "ValueError" in json.loads(line)["trace"]


def test_a_monstrous_traceback_keeps_its_ends():
    try:
        b"x".decode("y" * 100_000)
    except LookupError:
        trace = json.loads(entry("x", exc_info=sys.exc_info()))["trace"]
    assert trace.startswith("Traceback")
    assert len(trace) <= logs.TRACE_LIMIT + 10
