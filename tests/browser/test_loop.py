"""The whole loop in one sitting: photo, sent, judged, signed, confirmed, and the chain holds (acceptance 1)."""

from io import StringIO

import pytest
from django.core.management import call_command

from tests.browser.test_learner import WAIT, added, choose, photo
from tests.factories.world import PASSWORD, two_centres
from tests.web.assessor.conftest import ASSESS
from tests.web.learner.conftest import MY

__all__ = ["photo"]
KEY = "F-506-2131"
TITLE = "Understand customers"


@pytest.fixture
def world(transactional_db):
    return two_centres()


@pytest.fixture
def enter(world, live_server, open_page):
    """`enter(code, path, **context)` → a page of somebody who signed in by the form, at an address."""

    def go(code, path, **options):
        page = open_page(**options)
        page.goto(f"{live_server.url}/accounts/login/?next={path}")
        page.fill("[name=login]", world.people[code].email)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"**{path}", timeout=WAIT)
        return page

    return go


def prove(page):
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")


def show_and_send(page, photo, run_jobs):
    page.click("main a:has-text('Explain')")
    choose(page, photo)
    added(page, run_jobs)
    page.goto(page.url.split("?")[0] + "shows/")
    page.click(f"#all-units ~ * a:has-text('{TITLE}'), .at-list a:has-text('{TITLE}')")
    page.wait_for_selector(f"#results h2:has-text('{TITLE}')", timeout=WAIT)
    for row in page.locator("#results .at-choice").all():
        if not row.locator("input").is_checked():
            row.click()
    page.click("text=Next: check and send")
    page.click("text=Real work with real customers")
    page.click("text=No AI tool helped")
    page.click("text=This is my own work.")
    page.click("text=Send to Dev")
    page.wait_for_selector("text=You can recall it", timeout=WAIT)


def judge_all(page):
    page.click("text=Start with the oldest")
    page.click("[data-all-met]")
    page.fill("#id_feedback", "You know your customers. Well shown.")
    old = page.locator("[name=currency_note]")
    if old.count():  # the photo was taken before the registration: somebody says why it still shows it
        old.fill("She still does this every day; I saw it this week.")
    page.click("[data-key=save]")
    page.wait_for_selector("text=Nothing waiting", timeout=WAIT)


def sign(page):
    page.check("#declared")
    page.click(".at-declare button")
    signed = page.locator("text=Signed by the assessor")
    signed.or_(page.locator("[name=password]")).first.wait_for(timeout=WAIT)
    if page.locator("[name=password]").count():
        prove(page)
        page.wait_for_selector("#declared:checked", timeout=WAIT)
        page.click(".at-declare button")
    signed.first.wait_for(timeout=WAIT)


def confirm(page):
    page.click("text=Check and confirm")
    yes = page.locator("text=Yes. I agree that this unit is done.")
    yes.or_(page.locator("text=It is me")).first.wait_for(timeout=WAIT)
    if page.locator("text=It is me").count():
        page.click("text=It is me")
        prove(page)
    yes.click()
    page.click("text=Give my answer")
    page.wait_for_selector("text=You confirmed", timeout=WAIT)


def test_from_a_photo_to_a_signed_off_unit(world, enter, photo, run_jobs):
    unit = world.unit("LA1", KEY)
    learner = enter("LA1", f"{MY}units/{unit.public_id}/")
    show_and_send(learner, photo, run_jobs)
    assessor = enter("AA1", ASSESS, width=1440, height=900)
    judge_all(assessor)
    assessor.goto(assessor.url.split(ASSESS)[0] + f"{ASSESS}units/{unit.public_id}/sign-off/")
    sign(assessor)
    learner.goto(learner.url.split(MY)[0] + MY)
    confirm(learner)
    assert world.unit("LA1", KEY).state == "achieved"
    out = StringIO()
    call_command("verify_ledger", stdout=out)
    assert out.getvalue().startswith("All 1 chains hold (2 entries).")
