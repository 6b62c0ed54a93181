"""In a real browser: each of the seven qualifications is chosen unit by unit until it adds up (R20)."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from common import clock
from qualifications import queries
from qualifications.services import publish_catalogue, read_catalogue
from tests.factories.catalogue import FOLDER
from tests.factories.world import A, two_centres
from tests.fixtures import BACKEND
from tests.reading import faults

#: What an empty choice lacks besides units of groups that leave nothing to choose.
OPEN = {
    "03455": "15 credits at level 2 or above are needed, 4 count. 11 more are missing.",
    "10378": "Group B: 6 credits are needed, 0 count. 6 more are missing.",
    "10379": "Group C: 16 credits are needed, 0 count. 16 more are missing.",
    "10380": "Group B: 15 credits are needed, 0 count. 15 more are missing.",
    "10381": "38 credits at level 4 or above are needed, 11 count. 27 more are missing.",
}
#: Closed to registration: chosen on the page of the qualification.
CLOSED = {
    "03456": "22 credits at level 3 or above are needed, 12 count. 10 more are missing.",
    "03454": "Group A: at least 1 unit is needed, 0 counts.",
}
#: They cannot be completed without units, or a rule, that nobody has confirmed (T18).
UNSURE = {"03454", "03455", "03456"}


@pytest.fixture
def page(transactional_db, live_server, open_page):
    world = two_centres()
    publish_catalogue(read_catalogue(FOLDER), at=clock.now())
    client = Client()
    client.force_login(world.people["CA"], backend=BACKEND)
    opened = open_page(width=1440, height=900)
    cookie = client.cookies["attest"]
    opened.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return opened


def choose_what_is_suggested(page):
    """Tick every unit of the shortest way by its name, as fast as a person in a hurry."""
    found = page.locator("#meter li[data-suggested] > span:first-child").all_inner_texts()
    names = [re.sub(r", \d+ credits?$", "", words) for words in found]
    assert names
    for name in names:
        page.get_by_label(name, exact=True).check()
    page.wait_for_selector("#meter >> text=/hese units make the award\\./")


def test_each_of_the_seven_can_be_chosen_and_adds_up(page, live_server):
    ids = {row.entry_code: row.public_id for row in queries.current_qualifications(None)}
    base = f"{live_server.url}/c/{A}"
    for code, lacks in (OPEN | CLOSED).items():
        where = "catalogue/qualifications/{}/" if code in CLOSED else "centre/learners/register/?qualification={}"
        page.goto(f"{base}/{where.format(ids[code])}")
        expect(page.locator("#meter"), code).to_contain_text(lacks, use_inner_text=True)
        choose_what_is_suggested(page)
        expect(page.locator("#meter"), code).to_contain_text("It adds up", use_inner_text=True)
        expect(page.locator("main"), code).not_to_contain_text("to choose", use_inner_text=True)
        said = "It adds up, but not everything is confirmed." if code in UNSURE else "It adds up."
        expect(page.locator("#meter-said"), code).to_contain_text(said)
    assert faults(page) == []
