"""One piece for several units, the order of units, activities first: in a real browser, for phone, desk and keyboard."""

import os

import pytest
from django.conf import settings
from playwright.sync_api import expect

from centres.queries.schedule import schedules_of
from common import clock
from portfolio.models import EvidenceMapping
from qualifications.services import write_note
from tests.factories import portfolio as made
from tests.factories.world import two_centres
from tests.reading import faults
from tests.web.assessor.conftest import page as bench

WAIT = 8000
CALLS = "H-506-2154"


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
    """Keep a picture where somebody asked for one."""
    if os.environ.get("ATTEST_LOOK"):
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{os.environ['ATTEST_LOOK']}/{name}-{width}.png", full_page=True)


def test_a_call_for_one_unit_leads_to_two_others_for_learner_and_assessor(world, opened):
    """S26: nothing is ticked for anybody, and the reason stands there in words."""
    row = world.criterion(CALLS, "3.1")
    write_note(
        actor=world.actor("AA1"), criterion=row, words="Pick up well.", examples="A call", seen=0, at=clock.now()
    )
    piece = made.draft(world, title="A recorded call", description="A recorded call about a delivery.", body="It rang.")
    made.choose(world, piece, numbers=("3.1", "3.2"), unit=CALLS)
    phone = opened("LA1", f"/c/10001/my/evidence/{piece.public_id}/shows/")
    may = phone.locator("section[aria-labelledby=may]")
    units = {code.split(".")[0] for code in may.locator(".at-code").all_inner_texts()}
    assert {"6", "10"} <= units
    expect(may).to_contain_text("It is about talking with people", use_inner_text=True)
    expect(may.locator("input:checked")).to_have_count(0)
    phone.click("section[aria-labelledby=ticked-title] summary:has-text('In plain words')")
    expect(phone.locator("text=Pick up well.").first).to_be_visible()
    shot(phone, "shows")
    assert faults(phone) == []
    version = made.open_it(world, made.send(world, piece))
    desk = opened("AA1", bench(version), width=1440, height=900)
    line = desk.locator("#also summary")
    line.wait_for(timeout=WAIT)
    expect(line).to_contain_text("It could also serve", use_inner_text=True)
    line.click()
    expect(desk.locator("#also input:checked")).to_have_count(0)
    shot(desk, "assess")
    assert faults(desk) == []
    before = EvidenceMapping.objects.for_centre(version.centre_id).filter(evidence=version.evidence).count()
    desk.locator("#also input").first.check()
    desk.click("#also button")
    desk.wait_for_selector(f"[data-mapping] >> nth={before}", timeout=WAIT)


def test_an_order_by_keyboard_reaches_the_learner_who_may_turn_the_page_round(world, opened):
    learner = world.learners["LA1"]
    desk = opened("AA1", f"/c/10001/assess/learners/{learner.public_id}/", width=1440, height=900)
    desk.click("text=Order and dates")
    first, second = (unit.public_id for unit in schedules_of(world.actor("AA1"), learner)[0].units[:2])
    desk.fill(f"[name=target-{first}]", world.today.isoformat())
    desk.focus(f"button[value='down:{first}']")
    desk.keyboard.press("Enter")
    desk.wait_for_selector("#toasts >> text=The order is saved.", timeout=WAIT)
    assert [unit.public_id for unit in schedules_of(world.actor("AA1"), learner)[0].units[:2]] == [second, first]
    shot(desk, "schedule")
    assert faults(desk) == []
    made.sent(world, numbers=("1.1", "1.2"), title="A kettle brought back")
    phone = opened("LA1", "/c/10001/my/units/")
    expect(phone.locator("li:has-text('Next unit')")).to_have_count(1)
    shot(phone, "units")
    phone.click("text=Activities first")
    phone.wait_for_selector("h1 >> text=My activities", timeout=WAIT)
    expect(phone.locator("text=Add an activity").first).to_be_visible()
    shot(phone, "activities")
    assert faults(phone) == []
    editor = opened("CA", f"/c/10001/catalogue/units/{world.unit('LA1', CALLS).unit.public_id}/", width=1440)
    editor.locator("main li a.at-iconlink").first.click()
    editor.wait_for_selector("text=Save the themes", timeout=WAIT)
    shot(editor, "criterion")
    assert faults(editor) == []
