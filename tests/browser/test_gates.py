"""In a real browser: what has to be on record first, removing personal data, and who looks from outside."""

import pytest
from django.test import Client

from common import clock
from tests.access.things import things_of
from tests.factories.world import CAST, A, two_centres
from tests.fixtures import BACKEND
from tests.reading import faults

CENTRE, MY, ASSESS = f"/c/{A}/centre/", f"/c/{A}/my/", f"/c/{A}/assess/"


@pytest.fixture
def world(transactional_db):
    return two_centres()


@pytest.fixture
def browse(world, live_server, open_page):
    """A page of somebody of the cast, signed in."""

    def start(code):
        client = Client()
        client.force_login(world.people[code], backend=BACKEND)
        page = open_page(width=1440, height=900)
        cookie = client.cookies["attest"]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    return start


def addresses(things):
    """Every new page, by who reads it."""
    learner, person = f"{CENTRE}learners/{things['learner']}/", f"{CENTRE}people/external/"
    office = [
        *(f"{CENTRE}{rest}" for rest in ("", "policy/", "approvals/", "personal-data/", "rules/")),
        f"{CENTRE}approvals/{things['qualification']}/",
        f"{CENTRE}personal-data/{things['purge']}/",
        *(person, f"{person}new/", f"{person}{things['external']}/"),
        f"{learner}identity/",
    ]
    piece = f"{ASSESS}evidence/{things['evidence']}/"
    return {
        "CA": office,
        "AA1": [f"{piece}personal-data/", piece, f"{learner}identity/"],
        "LA1": [f"{MY}induction/"],
    }


def test_everybody_can_read_every_page(world, live_server, browse):
    found, things = [], things_of(world, "LA1", "AA1")
    for who, pages in addresses(things).items():
        page = browse(who)
        for url in pages:
            page.goto(live_server.url + url)
            found += faults(page)
    assert found == []


def test_what_is_wrong_can_be_read_too(world, live_server, browse):
    found, things = [], things_of(world, "LA1", "AA1")
    page = browse("CA")
    forms = (
        (f"approvals/{things['qualification']}/", "Put it on record"),
        ("policy/", "Save"),
        ("people/external/new/", "Propose"),
        (f"learners/{things['learner']}/identity/", "Put it on record"),
    )
    for rest, button in forms:
        page.goto(f"{live_server.url}{CENTRE}{rest}")
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_selector(".govuk-error-summary")
        found += faults(page)
    assert found == []


def test_a_new_learner_reads_and_ticks_before_they_send(world, live_server, browse, monkeypatch):
    from centres.enums import Role
    from tests.centres.test_registering import register

    monkeypatch.setitem(CAST, "NEW", ((A, Role.LEARNER),))
    row = register(world, at=clock.now())
    world.people["NEW"], world.learners["NEW"] = row.learner.person, row.learner
    page = browse("NEW")
    page.goto(f"{live_server.url}{MY}induction/")
    assert faults(page) == []
    page.get_by_role("button", name="I have read it").click()
    page.wait_for_selector(".govuk-error-summary")
    assert faults(page) == []
    for name in ("appeals", "malpractice", "rest"):
        page.check(f"[name={name}]")
    page.get_by_role("button", name="I have read it").click()
    page.wait_for_url(f"{live_server.url}{MY}")
    page.goto(f"{live_server.url}{MY}induction/")
    page.wait_for_selector("text=You have read this")
