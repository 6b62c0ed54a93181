"""The assessor's evening in a real browser: three clicks for a piece, keys, two tabs, no script, everybody can read it."""

import datetime as dt

import pytest
from django.conf import settings
from playwright.sync_api import expect

from assessments.models import FeedbackDraft, Judgement
from tests.factories import files, rules
from tests.factories import portfolio as made
from tests.factories.world import PASSWORD, two_centres
from tests.reading import faults
from tests.web.assessor.conftest import ASSESS, judged, mappings, page
from tests.web.assessor.test_sign_off import complete, entries, unit_url

WAIT = 8000
SAVE = "[data-key=save]"
SIX = ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6")
LAPTOP = {"width": 1440, "height": 900}
CLICKS = "window.clicks = 0; addEventListener('click', event => { if (event.isTrusted) window.clicks += 1; }, true);"


@pytest.fixture
def world(transactional_db):
    return two_centres()


@pytest.fixture
def laptop(world, live_server, open_page, as_client):
    """`laptop(path, who="AA1", **context)` → AA1's page, signed in, at an address of the centre."""

    def go(path=ASSESS, who="AA1", **options):
        opened = open_page(**{**LAPTOP, **options})
        value = as_client(who).cookies[settings.SESSION_COOKIE_NAME].value
        opened.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        opened.goto(live_server.url + path)
        return opened

    return go


def until(opened, expression):
    """Wait until a line of script is true; `wait_for_function` would need what the content policy forbids."""
    for _ in range(WAIT // 100):
        if opened.evaluate(expression):
            return
        opened.wait_for_timeout(100)
    raise AssertionError(f"never true: {expression}")


def shown(opened):
    """Wait until the page has said that all of the piece was shown."""
    opened.wait_for_selector("[data-all-met]:not([disabled])", timeout=WAIT)


def verdicts(version):
    rows = Judgement.objects.for_centre(version.centre_id).filter(version=version).order_by("criterion__position")
    return list(rows.values_list("verdict", flat=True))


def test_six_criteria_are_judged_in_three_clicks(world, laptop):
    version = made.sent(world, numbers=SIX)
    opened = laptop()
    opened.click("text=Start with the oldest")  # 1
    opened.wait_for_selector("[data-all-met]")
    expect(opened.locator("[data-tally-done]").first).to_have_text("0 of 6 decided", use_inner_text=True)
    opened.click("[data-all-met]")  # 2
    opened.wait_for_selector("[data-tally-done] >> text=6 of 6 decided", timeout=WAIT)
    opened.keyboard.type("You asked before you offered.")  # the focus went where a word is still due
    opened.click(SAVE)  # 3
    opened.wait_for_selector("text=Nothing waiting", timeout=WAIT)
    opened.wait_for_selector("#toasts >> text=Saved: 6 criteria met.", timeout=WAIT)
    assert verdicts(version) == ["met"] * 6


def test_one_exception_is_one_click_and_its_words(world, laptop):
    version = made.sent(world, numbers=SIX)
    opened = laptop(page(version))
    opened.evaluate(CLICKS)
    opened.click("[data-all-met]")
    row = opened.locator("[data-mapping]").nth(2)
    row.locator("input[value=not_yet]").click()
    opened.keyboard.type("Say why.")
    assert row.locator("[data-missing] input").input_value() == "Say why.", "the focus went where the words belong"
    expect(opened.locator("[data-tally-parts]").first).to_have_text("5 met, 1 not yet", use_inner_text=True)
    opened.fill("#id_feedback", "Good pace.")
    assert opened.evaluate("window.clicks") == 2
    opened.click(SAVE)
    opened.wait_for_selector("text=Nothing waiting", timeout=WAIT)
    assert verdicts(version) == ["met", "met", "not_yet", "met", "met", "met"]


def test_keys_alone_judge_a_piece(world, laptop):
    version = made.sent(world, numbers=("1.1", "1.2"))
    opened = laptop(page(version))
    shown(opened)
    opened.keyboard.press("Alt+Digit1")
    opened.keyboard.press("Alt+Shift+Digit2")
    opened.keyboard.type("Steps were out of order.")
    opened.keyboard.press("Enter")
    assert opened.url.endswith(page(version)), "Enter in a line of text sends nothing"
    opened.keyboard.press("Alt+KeyW")
    opened.keyboard.type("Slow down.")
    opened.keyboard.press("Alt+KeyS")
    opened.wait_for_selector("text=Nothing waiting", timeout=WAIT)
    assert verdicts(version) == ["met", "not_yet"]


def test_keys_can_be_turned_off(world, laptop):
    world.people["AA1"].shortcuts_enabled = False
    world.people["AA1"].save()
    opened = laptop(page(made.sent(world)))
    shown(opened)
    opened.keyboard.press("Alt+KeyA")
    expect(opened.locator("input[value=met]:checked")).to_have_count(0)
    expect(opened.locator(".at-keys").first).not_to_be_visible()


def test_what_is_typed_is_kept_while_it_is_typed(world, laptop):
    version = made.sent(world, numbers=("1.1",))
    opened = laptop(page(version))
    opened.fill("#id_feedback", "Half a sentence")
    opened.locator("input[value=not_yet]").check()
    until(opened, "document.querySelector('[data-save-line]').textContent.trim().startsWith('Saved')")
    assert FeedbackDraft.objects.for_centre(version.centre_id).get().content["feedback"] == "Half a sentence"
    opened.reload()
    expect(opened.locator("#id_feedback")).to_have_value("Half a sentence")
    expect(opened.locator("input[value=not_yet]")).to_be_checked()


def test_two_tabs_the_slower_one_is_told_and_keeps_its_text(world, laptop):
    version = made.sent(world, numbers=("1.1", "1.2"))
    slow = laptop(page(version))
    slow.fill("#id_feedback", "The slower words")
    shown(slow)
    slow.keyboard.press("Alt+KeyA")
    fast = laptop(page(version))
    fast.fill("#id_feedback", "The faster words")
    shown(fast)
    fast.keyboard.press("Alt+KeyA")
    fast.keyboard.press("Alt+KeyS")
    fast.wait_for_selector("text=Nothing waiting", timeout=WAIT)
    slow.click(SAVE)
    slow.wait_for_selector("text=was faster", timeout=WAIT)
    expect(slow.locator("#id_feedback")).to_have_value("The slower words")
    expect(slow.locator("text=Decide again")).to_have_count(2)
    assert verdicts(version) == ["met", "met"]


def test_a_double_click_saves_once(world, laptop):
    version = made.sent(world, numbers=("1.1",))
    made.sent(world, title="The next piece")
    opened = laptop(page(version))
    opened.fill("#id_feedback", "Well shown.")
    shown(opened)
    opened.keyboard.press("Alt+KeyA")
    opened.dblclick(SAVE)
    opened.wait_for_selector("h1:has-text('The next piece')", timeout=WAIT)
    assert verdicts(version) == ["met"]


def test_everything_can_be_done_without_a_script(world, laptop):
    version = made.sent(world, numbers=SIX)
    opened = laptop(java_script_enabled=False)
    opened.click("text=Start with the oldest")
    expect(opened.locator("[data-all-met]")).to_be_disabled()
    opened.click("text=I have looked at it")
    opened.click("[data-all-met]")
    expect(opened.locator("input[value=met]:checked")).to_have_count(6)
    opened.fill("#id_feedback", "Well shown.")
    opened.click(SAVE)
    expect(opened.locator("text=Nothing waiting").first).to_be_visible()
    assert verdicts(version) == ["met"] * 6


def test_a_film_goes_to_its_moment_and_a_picture_grows(world, laptop):
    piece = made.draft(world, kind="media")
    made.with_file(world, piece, name="film.mp4", content=files.mp4())
    made.with_file(world, piece, name="photo.jpg", content=files.jpeg(size=(640, 480)))
    unit, criterion = world.unit("LA1", made.UNIT), world.criterion(made.UNIT, "1.1")
    from common import clock
    from portfolio.services import Chosen, set_mappings

    chosen = [Chosen(unit.public_id, criterion.public_id, seconds=1)]
    set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=chosen, unsure=False, at=clock.now())
    opened = laptop(page(made.send(world, piece)))
    opened.click(".at-judge__meta a[data-seconds]")
    until(opened, "document.getElementById('player').currentTime >= 0.9")
    expect(opened.locator(".at-pin[aria-current]")).to_have_count(1)
    until(opened, "document.getElementById('player').paused")
    opened.keyboard.press("Alt+KeyP")  # from the beginning, since it has ended
    until(opened, "document.querySelectorAll('[data-waits-for]').length === 1")
    opened.click(".at-stage__file >> nth=1")
    opened.wait_for_selector("#view img", timeout=WAIT)
    narrow = opened.locator("#view img").bounding_box()["width"]
    opened.click("[data-view=larger]")
    assert opened.locator("#view img").bounding_box()["width"] > narrow
    opened.click("[data-view=turn]")
    assert "at-view--turn1" in opened.locator("#view").get_attribute("class")
    shown(opened)  # the recording has played, the picture was drawn


def test_met_waits_for_a_recording_that_nobody_played(world, laptop):
    piece = made.draft(world, kind="media")
    made.with_file(world, piece, name="film.mp4", content=files.mp4())
    made.with_file(world, piece, name="photo.jpg", content=files.jpeg(size=(640, 480)))
    made.choose(world, piece)
    opened = laptop(page(made.send(world, piece)))
    opened.wait_for_selector("[data-waits][data-late]", timeout=WAIT)
    expect(opened.locator("[data-all-met]")).to_be_disabled()
    opened.click("[data-waits-for] >> text=photo.jpg")
    opened.wait_for_selector("#view img", timeout=WAIT)
    expect(opened.locator("[data-waits-for]")).to_have_count(1)
    expect(opened.locator("[data-waits-for]")).to_have_text("film.mp4", use_inner_text=True)
    expect(opened.locator("[data-all-met]")).to_be_disabled()


def test_a_role_play_that_became_real_work_is_asked_about(world, laptop):
    version = made.sent(world, numbers=("4.1",), title="Our role play", place="")
    opened = laptop(page(version))
    shown(opened)
    expect(opened.locator("#id_setting_confirmed")).to_have_value("")
    opened.click("[data-all-met]")
    assert opened.evaluate("document.activeElement.id") == "id_setting_confirmed"
    opened.select_option("#id_setting_confirmed", "real_work")
    opened.fill("#id_setting_basis", "I rang her supervisor, who was at the till.")
    opened.fill("#id_feedback", "Call it what it was: a real complaint.")
    opened.click(SAVE)
    opened.wait_for_selector("text=Nothing waiting", timeout=WAIT)
    assert verdicts(version) == ["met"]


def test_tabs_change_the_panel_and_keep_what_is_typed(world, laptop):
    opened = laptop(page(made.sent(world, kind="media")))
    opened.fill("#id_feedback", "Not lost")
    opened.click("nav.at-tabs >> text=Where it came from")
    opened.wait_for_selector("#about >> text=Fingerprint", timeout=WAIT)
    expect(opened.locator(".at-tabs a[aria-current]").first).to_contain_text("Where it came from", use_inner_text=True)
    expect(opened.locator("#id_feedback")).to_have_value("Not lost")


def test_the_matrix_is_one_tab_stop_and_answers_to_arrows(world, laptop):
    made.sent(world, title="First piece", numbers=("1.1",))
    made.sent(world, title="Second piece", numbers=("1.2",))
    opened = laptop(unit_url(world, ""))
    opened.wait_for_selector("[data-matrix] [tabindex='0']", timeout=WAIT)
    stops = "[...document.querySelectorAll('[data-matrix] *')].filter(one => one.tabIndex === 0).length"
    assert opened.evaluate(stops) == 1
    opened.locator("[data-matrix] [tabindex='0']").focus()
    for key in ("ArrowRight", "ArrowDown", "Home"):
        opened.keyboard.press(key)
    assert opened.evaluate("document.activeElement.getAttribute('aria-label')") == "First piece, 1.1: To assess"
    opened.keyboard.press("Enter")
    opened.wait_for_selector("#chosen >> text=Judge this", timeout=WAIT)
    until(opened, "document.getElementById('chosen').contains(document.activeElement)")
    opened.keyboard.press("Escape")
    assert opened.evaluate("document.activeElement.getAttribute('aria-label')") == "First piece, 1.1: To assess"
    opened.keyboard.press("Alt+KeyG")
    opened.wait_for_selector("#chosen >> text=Nothing met and nothing sent.", timeout=WAIT)
    assert opened.evaluate(stops) == 1


def test_a_unit_is_signed_in_the_browser(world, laptop):
    complete(world)
    opened = laptop(f"{ASSESS}sign-off/")
    opened.click(".at-item__title")
    opened.check("#declared")
    opened.click(".at-declare button")
    opened.fill("[name=password]", PASSWORD)
    opened.press("[name=password]", "Enter")
    opened.wait_for_selector("#declared:checked", timeout=WAIT)
    opened.click(".at-declare button")
    opened.wait_for_selector("text=Signed by the assessor", timeout=WAIT)
    assert entries(world) == ["assessor_signed"]


def test_two_pieces_from_different_days_lift_the_block(world, laptop):
    rules.agree(world, rules.exception(world, asked={"occasions": 2}, eases=False))
    complete(world)
    opened = laptop(unit_url(world))
    expect(opened.locator(".at-blockers h2").first).to_have_text("1 thing stops this sign-off", use_inner_text=True)
    expect(opened.locator(".at-blockers").first).to_contain_text(
        "1.4.1 needs two pieces from different days; there is one.", use_inner_text=True
    )
    assert faults(opened) == []
    version = made.sent(world, numbers=("4.1",), activity_date=world.today - dt.timedelta(days=9))
    opened.goto(opened.url.split("/c/")[0] + page(version))
    expect(opened.locator("[data-mapping] details summary").first).to_contain_text(
        "Needs two pieces from different days.", use_inner_text=True
    )
    shown(opened)
    opened.keyboard.press("Alt+KeyA")
    opened.fill("#id_feedback", "Another day, and as good.")
    opened.click(SAVE)
    opened.wait_for_selector("#toasts >> text=Saved: 1 criterion met.", timeout=WAIT)
    opened.goto(opened.url.split("/c/")[0] + unit_url(world))
    expect(opened.locator("text=Nothing stops this sign-off").first).to_be_visible()
    expect(opened.locator(".at-blockers")).to_have_count(0)
    assert entries(world) == []


def test_everybody_can_read_the_assessors_pages(world, laptop):
    version = made.sent(world, kind="media", numbers=("1.1", "4.1"))
    judged(world, made.sent(world, numbers=("1.2", "1.3")), not_yet=(1,))
    opened = laptop(bypass_csp=False)
    origin = opened.url.removesuffix(ASSESS)
    paths = [
        ASSESS,
        f"{ASSESS}learners/",
        f"{ASSESS}learners/{world.learners['LA1'].public_id}/",
        unit_url(world, ""),
        unit_url(world, "list/"),
        unit_url(world),
        f"{ASSESS}sign-off/?group=near",
        page(version),
    ]
    for path in paths:
        opened.set_viewport_size(LAPTOP)
        opened.goto(origin + path)
        assert faults(opened) == [], path
    opened.set_viewport_size(LAPTOP)
    opened.locator("[data-mapping]").first.locator("input[value=not_yet]").check()
    opened.click(SAVE)
    opened.wait_for_selector(".govuk-error-summary", timeout=WAIT)
    assert opened.evaluate("document.activeElement.className") == "govuk-error-summary"
    assert faults(opened) == [], "refused"


def test_everybody_can_read_countersigning(world, laptop):
    piece = judged(world, made.sent(world, "LA3", kind="media", numbers=("1.1",)), by="AT1")
    decision = Judgement.objects.for_centre(piece.centre_id).get(mapping=mappings(piece)[0])
    opened = laptop(f"{ASSESS}countersign/", who="AA2")
    assert faults(opened) == []
    opened.goto(f"{opened.url}{decision.public_id}/")
    assert faults(opened) == []
