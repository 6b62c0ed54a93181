"""In a real browser: a draft goes from one admin to another and becomes the version that counts (R23)."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from qualifications.models import Qualification
from tests.factories.drafts import draft_of, lead_iqa, unit_words
from tests.factories.world import A, two_centres
from tests.fixtures import BACKEND
from tests.reading import faults


@pytest.fixture
def world(transactional_db):
    made = two_centres()
    made.people["LEAD"] = lead_iqa(made.centres[A])
    return made


@pytest.fixture
def open_as(world, live_server, open_page):
    """`open_as("CA")` → a page of theirs, signed in."""

    def start(who, **options):
        client = Client()
        client.force_login(world.people[who], backend=BACKEND)
        page = open_page(width=1440, height=900, **options)
        cookie = client.cookies["attest"]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    return start


def wording():
    """A draft with a reworded, a new and a taken out criterion."""
    unit = unit_words()
    first, second = (outcome["criteria"] for outcome in unit["outcomes"][:2])
    first[0]["text"] = "Explain why it matters to speak well when serving customers by phone"
    first.append({"number": f"1.{len(first) + 1}", "text": "Name who is told when a call goes wrong"})
    second.pop()
    return {"units": [unit], "qualifications": []}


def test_one_admin_sends_and_another_lets_it_through(world, live_server, open_as):
    draft = draft_of(world.centres[A], world.people["CA"], wording())
    home, found = f"{live_server.url}/c/{A}", []
    author, second = open_as("CA"), open_as("LEAD", java_script_enabled=False)

    author.goto(f"{home}/centre/drafts/")
    found += faults(author)
    author.click(f"text={draft.title}")
    found += faults(author)
    author.get_by_role("button", name="Send it to a second person").click()
    author.wait_for_selector("text=You brought it in, so you cannot let it through yourself.")
    expect(author.get_by_role("button", name="Let it through")).to_have_count(0)
    found += faults(author)

    second.goto(f"{home}/centre/drafts/{draft.public_id}/")
    expect(second.locator("main")).to_contain_text("Look twice: 1 thing is no longer asked", use_inner_text=True)
    second.get_by_role("button", name="Let it through").click()
    second.wait_for_selector("text=let through by Lea Second")

    version = Qualification.objects.get(centre=world.centres[A])
    author.goto(f"{home}/catalogue/qualifications/{version.public_id}/")
    expect(author.locator("main")).to_contain_text("Version 2", use_inner_text=True)
    expect(author.locator(".at-pagehead").first).to_contain_text("by two people", use_inner_text=True)
    author.click("text=Versions")
    author.wait_for_selector("text=Counts now")
    expect(author.locator("main")).to_contain_text("let through by Lea Second", use_inner_text=True)
    found += faults(author)
    author.click("text=What is different >> nth=0")
    author.wait_for_selector("ins")
    found += faults(author)
    assert found == []
