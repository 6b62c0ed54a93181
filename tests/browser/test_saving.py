"""The page never says "Saved" when anything was not stored (J0, J8)."""

import pytest
from playwright.sync_api import expect

from assessments.models import FeedbackDraft
from assessments.rules.judging import LONGEST_FEEDBACK
from common import clock
from portfolio.rules import KEPT, LENGTHS
from portfolio.services import withdraw_evidence
from tests.browser.test_assessor import laptop
from tests.browser.test_learner import WAIT, phone, world
from tests.factories import portfolio as made
from tests.reading import faults
from tests.web.assessor.conftest import page as bench_path

__all__ = ["laptop", "phone", "world"]


def line(page):
    return page.locator("[data-save-line]")


def says(page, words):
    expect(line(page)).to_contain_text(words, use_inner_text=True, timeout=WAIT)


def saved(page):
    page.wait_for_selector("[data-save-line]:has-text('Saved'):not(:has-text('Not saved'))", timeout=WAIT)


def asked_to_stay(page):
    """Try to leave, and say whether the browser asked first."""
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("about:blank")
    return asked == ["beforeunload"]


def heard_by(page, what):
    """Return the list of what was asked of an address that ends so, as it grows."""
    heard = []
    page.on("request", lambda asked: heard.append(asked) if asked.url.endswith(what) else None)
    return heard


def test_what_a_field_cannot_hold_is_said_until_it_is_mended(world, phone):
    piece = made.draft(world, kind="in_situ", title="First")
    page = phone(f"evidence/{piece.public_id}/")
    heard = heard_by(page, "/autosave/")
    for name in ("title", "location", "custodian"):
        page.fill(f"[name={name}]", "x" * (LENGTHS[name] + 10))
    page.fill("[name=description]", "Counting the till")
    says(page, "Not saved:")
    fresh = made.again(piece)
    assert (fresh.title, fresh.description) == ("First", "Counting the till")  # the others are kept
    asked = len(heard)
    for name in ("title", "location", "custodian"):
        expect(line(page)).to_contain_text(f"is {LENGTHS[name] + 10} characters long. Keep it to {LENGTHS[name]}.")
        expect(page.locator(f"#id_{name}-error")).to_contain_text("Keep it to")  # at the field too
        expect(page.locator(f".govuk-form-group:has([name={name}])")).to_contain_text("10 characters too many")
    assert faults(page) == []
    page.wait_for_timeout(2500)
    assert len(heard) == asked  # what cannot succeed is not tried again
    for name in ("title", "location", "custodian"):
        expect(line(page)).to_contain_text("Not saved:")
        page.fill(f"[name={name}]", "x" * LENGTHS[name])
        expect(page.locator(f"#id_{name}-error")).to_have_count(0, timeout=WAIT)
    saved(page)
    assert made.again(piece).custodian == "x" * LENGTHS["custodian"]
    assert not asked_to_stay(page)


def test_the_same_where_it_is_sent(world, phone):
    piece = made.draft(world, ai_use="assisted")
    made.choose(world, piece)
    page = phone(f"evidence/{piece.public_id}/send/")
    names = ("title", "place", "people", "organisation", "ai_note")
    for name in names:
        page.fill(f"[name={name}]", "x" * (LENGTHS[name] + 1))
    for name in names:
        says(page, f"is {LENGTHS[name] + 1} characters long.")
        expect(page.locator(f"#id_{name}-error")).to_contain_text("Keep it to", timeout=WAIT)
    for name in names:
        page.fill(f"[name={name}]", "short")
    saved(page)
    fresh = made.again(piece)
    assert {getattr(fresh, name) for name in names} == {"short"}


def test_a_long_text_is_kept_as_a_draft_and_refused_where_it_is_sent(world, phone):
    piece = made.draft(world, body="")
    made.choose(world, piece)
    page = phone(f"evidence/{piece.public_id}/")
    long = "word " * (LENGTHS["body"] // 5 + 20)
    page.fill("[name=body]", long)
    saved(page)
    expect(page.locator(".govuk-form-group:has([name=body])")).to_contain_text("characters too many")
    assert made.again(piece).body == long.strip()
    page.reload()
    assert page.input_value("[name=body]") == long.strip()
    page.click("text=Next: check and send")
    page.wait_for_url("**/send/", timeout=WAIT)
    page.click("text=This is my own work.")
    page.click("text=Send to Dev")
    page.wait_for_selector("text=/Your words: This is .* Keep it to 60,000/", timeout=WAIT)
    assert made.again(piece).state == "draft"


def test_more_than_is_ever_kept_is_said_too(world, phone):
    piece = made.draft(world, body="Before")
    page = phone(f"evidence/{piece.public_id}/")
    page.fill("[name=body]", "x" * (KEPT["body"] + 1))
    page.fill("[name=title]", "Another name")
    says(page, "“Your words” is 200,001 characters long.")
    assert (made.again(piece).body, made.again(piece).title) == ("Before", "Another name")
    assert asked_to_stay(page)


def test_more_than_a_post_holds_is_said_and_not_tried_again(world, phone):
    piece = made.draft(world, body="Before")
    page = phone(f"evidence/{piece.public_id}/")
    page.fill("[name=body]", "x" * 2_100_000)
    says(page, "Not saved: This is more text than one piece can hold.")
    heard = heard_by(page, "/autosave/")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(600)
    assert heard == []


def test_no_connection_is_another_thing_and_is_tried_again(world, phone):
    piece = made.draft(world, title="First")
    page = phone(f"evidence/{piece.public_id}/")
    page.context.set_offline(True)
    page.fill("[name=title]", "Second")
    says(page, "Not saved yet: there is no connection.")
    page.context.set_offline(False)
    saved(page)
    assert made.again(piece).title == "Second"
    assert not asked_to_stay(page)


def test_a_site_that_does_not_answer_is_asked_again_and_one_that_says_no_is_not(world, phone):
    piece = made.draft(world, title="First")
    page = phone(f"evidence/{piece.public_id}/")
    later, never = "Not saved yet: Attest does not answer.", "Not saved: this page can no longer be saved."
    for status, words in {
        **dict.fromkeys((429, 500, 502), later),
        403: never,
        401: "Not saved: you are signed out.",
        404: never,
        413: "Not saved: this is more text",
    }.items():
        page.route("**/autosave/", lambda route, _, status=status: route.fulfill(status=status, body="<h1>no</h1>"))
        page.fill("[name=title]", f"Typed at {status}")
        says(page, words)
        heard = heard_by(page, "/autosave/")
        page.evaluate("dispatchEvent(new Event('online'))")
        page.wait_for_timeout(600)
        assert bool(heard) is (words == later), status
        page.unroute("**/autosave/")
    assert asked_to_stay(page)


def test_a_site_that_says_when_to_come_back_is_believed(world, phone):
    piece = made.draft(world, title="First")
    page = phone(f"evidence/{piece.public_id}/")
    words = "The records cannot be reached."
    away = {"status": 503, "headers": {"Retry-After": "1"}, "json": {"sentence": words}}
    page.route("**/autosave/", lambda route: route.fulfill(**away), times=1)
    page.fill("[name=title]", "Second")
    says(page, f"Not saved: {words}")
    saved(page)  # by itself
    assert made.again(piece).title == "Second"


def test_an_answer_that_got_lost_is_not_another_tab(world, phone):
    piece = made.draft(world, title="First")
    page = phone(f"evidence/{piece.public_id}/")

    def lose(route):
        route.fetch()  # the server saves it
        route.abort("connectionreset")

    page.route("**/autosave/", lose, times=1)
    page.fill("[name=title]", "Second")
    says(page, "Not saved yet: there is no connection.")
    page.fill("[name=title]", "Third")
    saved(page)
    assert made.again(piece).title == "Third"
    expect(page.locator("[data-conflict]")).to_be_hidden()


def test_a_slow_answer_is_not_overtaken_by_the_next_save(world, phone):
    piece = made.draft(world, title="First")
    page = phone(f"evidence/{piece.public_id}/")
    page.route("**/autosave/", lambda route: (page.wait_for_timeout(2500), route.continue_()), times=1)
    page.fill("[name=title]", "Second")
    page.wait_for_timeout(1700)
    page.fill("[name=title]", "Third")
    saved(page)
    expect(page.locator("[data-conflict]")).to_be_hidden()
    assert made.again(piece).title == "Third"


def test_what_is_typed_before_there_is_a_draft_is_not_left_behind_unasked(world, phone):
    page = phone("evidence/add/")
    page.fill("[name=title]", "Till count")
    page.wait_for_timeout(1700)
    expect(line(page)).not_to_contain_text("Saved")
    assert asked_to_stay(page)
    page = phone("evidence/add/")
    assert not asked_to_stay(page)


def test_a_link_of_ours_saves_first_and_asks_nothing(world, phone):
    piece = made.draft(world, title="First")
    page = phone(f"evidence/{piece.public_id}/")
    page.on("dialog", lambda dialog: pytest.fail(dialog.type))
    page.fill("[name=title]", "Second")
    page.click("[aria-label=Back]")
    page.wait_for_url("**/my/evidence/", timeout=WAIT)
    assert made.again(piece).title == "Second"


def test_what_a_form_refused_is_not_taken_for_stored(world, phone):
    piece = made.draft(world, title="First", description="Before")
    page = phone(f"evidence/{piece.public_id}/")
    page.route("**/autosave/", lambda route: route.abort())
    page.fill("[name=title]", "x" * 121)
    page.fill("[name=description]", "After")
    page.click("text=Next: what does it show?")
    page.wait_for_selector(
        ".govuk-error-summary:has-text('“Name” is 121 characters long. Keep it to 120.')", timeout=WAIT
    )
    expect(page.locator("[name=description]")).to_have_value("After")
    page.unroute("**/autosave/")
    page.fill("[name=title]", "Second")
    saved(page)
    assert (made.again(piece).title, made.again(piece).description) == ("Second", "After")


def test_what_was_withdrawn_meanwhile_keeps_what_is_typed_on_the_page(world, phone):
    piece = made.draft(world, title="First")
    page = phone(f"evidence/{piece.public_id}/")
    withdraw_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())
    page.fill("[name=title]", "Second")
    page.wait_for_selector("[data-conflict]:visible", timeout=WAIT)
    expect(page.locator("[name=title]")).to_have_value("Second")
    expect(line(page)).not_to_contain_text("Saved")


# --- the assessor


def draft_of(version):
    return FeedbackDraft.objects.for_centre(version.centre_id).get(evidence=version.evidence).content


def test_an_assessors_words_are_kept_whole(world, laptop):
    version = made.opened(world)
    page = laptop(bench_path(version.evidence))
    long = "word " * 2400  # more than can be saved as feedback: it is kept, and the page says how much it is
    page.fill("#id_feedback", long)
    saved(page)
    assert draft_of(version)["feedback"] == long
    expect(page.locator(".at-compose")).to_contain_text(f"{len(long) - LONGEST_FEEDBACK:,} characters too many")
    page.reload()
    assert page.input_value("#id_feedback") == long


def test_an_assessor_is_told_what_is_not_saved(world, laptop):
    version = made.opened(world)
    page = laptop(bench_path(version.evidence))
    page.fill("#id_feedback", "x" * 120_000)
    says(page, "Not saved: This is too long to keep as a draft. Shorten it.")
    page.fill("#id_feedback", "Short")
    saved(page)
    page.context.set_offline(True)
    page.fill("#id_feedback", "Short and good")
    says(page, "Not saved yet: there is no connection.")
    page.context.set_offline(False)
    saved(page)
    assert draft_of(version)["feedback"] == "Short and good"
    page.route("**/draft/", lambda route: route.fulfill(status=404, body="<h1>no</h1>"))
    page.fill("#id_feedback", "Lost")
    says(page, "Not saved: this page can no longer be saved.")
    assert asked_to_stay(page)


def test_an_assessors_link_saves_first(world, laptop):
    version = made.opened(world)
    page = laptop(bench_path(version.evidence))
    page.on("dialog", lambda dialog: pytest.fail(dialog.type))
    page.fill("#id_feedback", "Typed a moment ago")
    page.click("a:has-text('Learners') >> nth=0")
    page.wait_for_url("**/learners/", timeout=WAIT)
    assert draft_of(version)["feedback"] == "Typed a moment ago"
