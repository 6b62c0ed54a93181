"""In a real browser: everybody can read the admin's pages, with and without script."""

from itertools import pairwise

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.factories import rules as made
from tests.factories.world import two_centres
from tests.fixtures import BACKEND
from tests.reading import faults
from tests.web.centre.test_pages import more, urls


@pytest.fixture
def world(transactional_db):
    return two_centres()


@pytest.fixture
def admin(world, live_server, open_page):
    """Open a page of CA, signed in; `script=False` for a browser without JavaScript."""

    def start(width=1440, *, script=True):
        client = Client()
        client.force_login(world.people["CA"], backend=BACKEND)
        page = open_page(width=width, height=900, java_script_enabled=script)
        cookie = client.cookies["attest"]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    return start


def test_everybody_can_read_every_page(world, live_server, admin):
    more(world, 3)
    page, found = admin(), []
    pages = urls(world) | {"trainee": urls(world, person="AT1")["person"]}
    for url in pages.values():
        page.goto(live_server.url + url)
        found += faults(page)
    assert found == []


def test_everybody_can_read_what_is_wrong(world, live_server, admin):
    page, found = admin(), []
    for name, button in (("invite", "Send the link"), ("register", "Register"), ("caseload", "Move them")):
        page.goto(live_server.url + urls(world)[name])
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_selector(".govuk-error-summary")
        assert page.title().startswith("Error:")
        found += faults(page)
    assert found == []


def fill(page):
    page.fill("[name=given_names]", "Zoë")
    page.fill("[name=family_name]", "Fernwick")
    page.fill("[name=date_of_birth]", "2003-02-28")
    page.check("[name=gender][value=F]")
    page.fill("[name=email]", "zoe@people.example")
    page.fill("[name=uln]", "9276308686")
    page.click("summary:has-text('Initial assessment')")
    page.fill("[name=initial_on]", "2026-01-05")
    page.select_option("[name=outcome_level]", "2")


@pytest.mark.parametrize("script", [True, False])
def test_a_learner_is_registered_with_and_without_script(world, live_server, admin, script):
    page = admin(script=script)
    page.goto(f"{live_server.url}/c/10001/centre/learners/register/")
    fill(page)
    page.select_option("[name=qualification]", world.diploma.public_id)
    if not script:
        page.click("text=Show its units")
    page.wait_for_selector("[name=units]")
    expect(page.locator("[name=family_name]")).to_have_value("Fernwick")
    expect(page.locator(".govuk-error-message")).to_have_count(0)
    expect(page.locator("[name=outcome_level]"), "what was found out before stays").to_have_value("2")
    page.check("[name=units] >> nth=0")
    page.select_option("[name=assessor]", world.people["AA1"].public_id)
    page.get_by_role("button", name="Register", exact=True).click()
    page.wait_for_selector("h1:has-text('Zoë Fernwick')")
    expect(page.locator("#toasts")).to_contain_text("is registered", use_inner_text=True)
    expect(page.locator("main")).to_contain_text(world.people["AA1"].family_name, use_inner_text=True)


def test_access_ends_after_one_question(world, live_server, admin):
    page = admin(script=False)
    page.goto(live_server.url + urls(world)["person"])
    page.click("text=End access")
    expect(page.locator("main")).to_contain_text("1 learner will have no assessor", use_inner_text=True)
    page.click("text=End access now")
    page.wait_for_selector("text=Their access has ended.")
    expect(page.locator("text=End access")).to_have_count(0)


def test_everybody_can_read_the_evidence_rules(world, live_server, admin):
    row, waiting = made.rule(world, asked={"pieces": 2, "methods": ["media"]}), made.exception(world)
    page, found = admin(), []
    centre = f"{live_server.url}/c/10001/centre"
    unit, learner = world.unit("LA1", made.UNIT).public_id, world.learners["LA1"].public_id
    for tail in ("", "?show=all", "new/", f"{row.public_id}/", f"{waiting.public_id}/"):
        page.goto(f"{centre}/rules/{tail}")
        found += faults(page)
    page.goto(f"{centre}/learners/{learner}/exceptions/{unit}/")
    page.click("text=Propose >> nth=-1")
    page.wait_for_selector(".govuk-error-summary")
    assert found + faults(page) == []


RAIL = """[...document.querySelectorAll(".at-rail > a, .at-rail summary")].map(e => e.getBoundingClientRect())
    .filter(box => box.width).map(box => [box.left, box.right])"""


def open_rail(page, width):
    """Return where what the rail shows begins and ends, from the left."""
    page.set_viewport_size({"width": width, "height": 900})
    return page.evaluate(RAIL)


@pytest.mark.parametrize("width", [320, 375, 390, 800])
def test_a_full_rail_fits_a_phone_and_the_rest_opens_without_script(world, live_server, admin, width):
    page = admin(script=False)
    page.goto(live_server.url + urls(world)["people"])
    boxes = open_rail(page, width)
    assert all(left >= before for (_, before), (left, _) in pairwise(boxes)), "nothing overlaps"
    assert boxes[-1][1] <= width, "and nothing is off the screen"
    assert page.locator(".at-rail").evaluate("rail => rail.scrollWidth") <= width
    page.get_by_text("More", exact=True).click()
    shown = page.locator(".at-rail a:visible").all_inner_texts()
    assert sorted(words for words in shown if words) == ["Caseload", "Exempt", "Learners", "People", "Rules", "Units"]
    page.get_by_role("link", name="Rules", exact=True).click()
    page.wait_for_selector("h1:has-text('evidence')")
    expect(page.locator(".at-rail [aria-current=page]:not(.at-rail__item)")).to_have_count(1)


def test_a_wide_rail_shows_everything(world, live_server, admin):
    page = admin()
    page.goto(live_server.url + urls(world)["people"])
    assert len(open_rail(page, 1440)) == 8, "the mark, six items, the person"
    expect(page.get_by_text("More", exact=True)).to_be_hidden()
