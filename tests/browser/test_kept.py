"""What is typed is kept, in a real browser: sent twice with other words, overtaken by another tab, met by another act."""

import os
from importlib import import_module

import pytest
from django.conf import settings
from django.db import OperationalError
from playwright.sync_api import expect

from tests.assessments.conftest import sender
from tests.factories import portfolio as made
from tests.factories.world import two_centres
from tests.reading import faults
from tests.web.assessor.conftest import page as bench
from tests.web.learner.conftest import MY
from tests.web.shared.test_stale_tabs import taken_away

WAIT = 8000
FIRST = "The queue was long that day."
SECOND = "The queue was long that day, and I was alone at the till.\nThen Mrs Hart came back."


@pytest.fixture
def world(transactional_db):
    return two_centres()


@pytest.fixture
def opened(world, live_server, open_page, as_client):
    """`opened("LA1", "/c/10001/my/")` → somebody's page, signed in."""

    def go(who, path, **options):
        page = open_page(**options)
        value = as_client(who).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page.goto(live_server.url + path)
        return page

    return go


def shot(page, name):
    """Keep pictures, light and dark, phone and desk, where somebody asked for them."""
    if os.environ.get("ATTEST_LOOK"):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in (390, 1440):
                page.set_viewport_size({"width": width, "height": 900})
                page.screenshot(path=f"{os.environ['ATTEST_LOOK']}/{name}-{width}-{scheme}.png", full_page=True)
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 390, "height": 844})


def test_an_answer_lost_on_the_way_and_other_words_after_back(world, opened):
    piece = sender(world)("LA1")
    phone = opened("LA1", f"{MY}feedback/{piece.public_id}/")
    phone.fill("textarea[name=text]", FIRST)
    key = phone.input_value("form[action$='/reply/'] input[name=idempotency_key]")
    phone.click("text=Send answer")
    expect(phone.locator("#talk")).to_contain_text(FIRST)
    phone.fill("textarea[name=text]", SECOND)
    phone.eval_on_selector("form[action$='/reply/'] input[name=idempotency_key]", f"field => field.value = '{key}'")
    phone.click("text=Send answer")
    expect(phone.locator("h1")).to_have_text("You sent this form before")
    expect(phone.locator("textarea")).to_have_value(SECOND)
    assert faults(phone) == []
    shot(phone, "sent-before")
    phone.click("text=Send this as well")
    expect(phone.locator("#talk")).to_contain_text("Mrs Hart")
    assert piece.replies.count() == 2


def test_what_was_sent_in_another_tab_is_told_with_the_words_of_this_one(world, opened):
    piece = made.draft(world, **made.facts(world))
    made.choose(world, piece, numbers=("1.1",))
    phone = opened("LA1", f"{MY}evidence/{piece.public_id}/send/")
    made.send(world, made.again(piece))
    phone.fill("textarea[name=description]", SECOND)
    phone.check("input[name=declared]")
    phone.click("form#send button[type=submit]:visible >> nth=-1")
    expect(phone.locator("h1")).to_have_text("This changed meanwhile")
    expect(phone.locator("text=You have already sent this")).to_be_visible()
    assert SECOND in [box.input_value() for box in phone.locator("textarea").all()]
    assert faults(phone) == []
    shot(phone, "overtaken")


def test_a_learner_given_away_leaves_the_feedback_to_copy(world, opened):
    version = made.opened(world)
    desk = opened("AA1", bench(version), width=1440, height=900)
    desk.fill("textarea[name=feedback]", SECOND)
    taken_away(world)
    desk.click("#judge button[name=action] >> nth=0")
    expect(desk.locator("h1")).to_have_text("There is nothing here for you")
    expect(desk.locator("textarea")).to_have_value(SECOND)
    assert faults(desk) == []
    shot(desk, "given-away")


def test_two_acts_that_met_twice_can_be_sent_again_with_one_button(world, opened, monkeypatch):
    piece, views = sender(world)("LA1"), import_module("web.learner.views.feedback")
    real, calls = views.answer, []

    def busy(**given):
        calls.append(given)
        if len(calls) < 3:
            raise OperationalError("deadlock detected")
        return real(**given)

    monkeypatch.setattr(views, "answer", busy)
    phone = opened("LA1", f"{MY}feedback/{piece.public_id}/")
    phone.fill("textarea[name=text]", SECOND)
    phone.click("text=Send answer")
    expect(phone.locator("h1")).to_have_text("Others were saving at the same moment")
    expect(phone.locator("textarea")).to_have_value(SECOND)
    assert faults(phone) == []
    shot(phone, "busy")
    phone.click("button:has-text('Send it again')")
    expect(phone.locator("#talk")).to_contain_text("Mrs Hart")
    assert piece.replies.count() == 1
