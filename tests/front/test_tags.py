"""Icons, cells, strips, people; how times and sizes are written."""

import datetime as dt
import re

import pytest
from django.template import Context, Template, TemplateSyntaxError

from common import clock
from web.shared.browser_names import name_of
from web.shared.statuses import STATUSES
from web.shared.templatetags import attest

NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def today(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def drawn(source, **context):
    return Template("{% load attest %}" + source).render(Context(context))


def test_an_icon_has_no_name_of_its_own():
    text = drawn('{% icon "camera" 24 %}')
    assert "icons.svg#i-camera" in text
    assert 'aria-hidden="true"' in text
    assert "at-icon--24" in text


def test_a_size_without_a_class_is_a_mistake():
    with pytest.raises(TemplateSyntaxError):
        drawn('{% icon "camera" 23 %}')


def test_a_cell_speaks_only_when_it_is_named():
    assert 'aria-hidden="true"' in drawn('{% cell "met" %}')
    assert 'aria-label="6.2.3: met"' in drawn('{% cell "met" label="6.2.3: met" %}')


def test_an_unknown_status_is_a_mistake():
    with pytest.raises(KeyError):
        drawn('{% cell "done" %}')


@pytest.mark.parametrize(("audience", "word"), [("learner", "Done, being checked"), ("staff", "Met, to countersign")])
def test_a_status_speaks_to_who_reads_it(audience, word):
    assert word in drawn(f'{{% status "provisional" "{audience}" %}}')


def test_a_status_may_say_more():
    assert "5 done, 1 not yet" in drawn('{% status "notyet" word="5 done, 1 not yet" %}')


def test_every_status_has_words_for_everyone():
    assert len(STATUSES) == 13
    assert all(str(status.word(who)) for status in STATUSES.values() for who in ("learner", "staff"))


def test_a_strip_keeps_the_order_and_parts_the_outcomes():
    text = drawn("{% strip cells 'Unit 6: 1 of 3 done' 12 %}", cells=[("met", 1), ("todo", 1), ("back", 2)])
    assert re.findall(r'#c-(\w+)" x="(\d+)"', text) == [("met", "0"), ("todo", "19"), ("back", "44")]
    assert 'viewBox="0 0 60 16"' in text
    assert 'aria-label="Unit 6: 1 of 3 done"' in text


def test_an_empty_strip_is_still_a_picture():
    assert 'viewBox="0 0 16 16"' in drawn("{% strip cells 'Nothing yet' %}", cells=[])


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Maya Thistledown", "MT"), ("Priya", "P"), ("Ana de la Cruz", "AC"), ("", ""), ("siân meadowsweet", "SM")],
)
def test_initials(name, letters):
    assert attest.initials(name) == letters


def test_a_person_keeps_their_tone():
    assert drawn('{% avatar "Maya Thistledown" 34 %}') == drawn('{% avatar "Maya Thistledown" 34 %}')


def test_names_are_text():
    assert "<b>" not in drawn("{% avatar name %}{% code name %}", name="<b>x</b> <i>")


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.datetime(2026, 11, 19, 14, 20, tzinfo=dt.UTC), "Thursday 19 November, 14:20"),
        (dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC), "Thursday 2 July, 00:30"),
        (dt.datetime(2025, 11, 19, 14, 20, tzinfo=dt.UTC), "Wednesday 19 November 2025, 14:20"),
        (None, ""),
    ],
)
def test_when(value, text):
    assert attest.when(value) == text


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.date(2026, 11, 19), "19 November"),
        (dt.date(2024, 2, 29), "29 February 2024"),
        (dt.datetime(2026, 7, 1, 23, 30, tzinfo=dt.UTC), "2 July"),
        (None, ""),
    ],
)
def test_day(value, text):
    assert attest.day(value) == text


@pytest.mark.usefixtures("today")
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC), "today"),
        (dt.datetime(2026, 11, 22, 23, 59, tzinfo=dt.UTC), "1 day"),
        (dt.date(2026, 11, 12), "11 days"),
        (4, "4 days"),
        (0, "today"),
        (None, ""),
    ],
)
def test_waited(value, text):
    assert attest.waited(value) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (38_400, "38 kB"),
        (4_200_000, "4.2 MB"),
        (61_000_000, "61 MB"),
        (2_500_000_000, "2.5 GB"),
        (None, "0 bytes"),
    ],
)
def test_filesize(count, text):
    assert attest.filesize(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(252, "4:12"), (3723, "1:02:03"), (0, "0:00"), (None, "0:00"), (59.6, "1:00")]
)
def test_duration(seconds, text):
    assert attest.duration(seconds) == text


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        (
            "Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28.0 Chrome/130.0 Safari/537.36",
            "Samsung Internet on Android",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("curl/8.5", "A device"),
        ("", "A device"),
    ],
)
def test_a_browser_is_named_as_its_owner_would(agent, words):
    assert name_of(agent) == words
