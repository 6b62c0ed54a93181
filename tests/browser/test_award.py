"""A whole award from the office's registration to "Your award is complete", for the smallest and a large one (T4)."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from assessments.queries.chain_faults import broken_links
from centres.enums import RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from common import clock
from qualifications.services import publish_catalogue, read_catalogue
from tests.browser.test_loop import confirm, enter, sign  # noqa: F401 - the fixture
from tests.factories import moving as made
from tests.factories.catalogue import FOLDER
from tests.factories.world import A, approve_all, two_centres
from tests.reading import faults

LEARNERS = f"/c/{A}/centre/learners/"
UNITS = {"10378": 8, "10380": 12}


@pytest.fixture
def world(transactional_db):
    found = two_centres()
    publish_catalogue(read_catalogue(FOLDER), at=clock.now())
    approve_all(found.at)
    return found


def leave(page, world):
    """The diploma that everybody of the world does is left, on the page for it."""
    page.click("a:has-text('State') >> nth=0")
    page.check("[name=act][value=withdrawn]")
    page.fill("[name=reason]", "They start another level.")
    found = faults(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("text=The learner has left this registration.")
    return found


def register(page, world, code):
    """Choose the qualification, take the shortest way that the page offers, say what was found out before."""
    page.click("text=Add a qualification")
    page.select_option("[name=qualification]", made.qualification(code).public_id)
    page.wait_for_selector("[name=units]")
    page.click("summary:has-text('Initial assessment')")
    page.fill("[name=initial_on]", (world.today - dt.timedelta(days=1)).isoformat())
    page.select_option("[name=outcome_level]", str(made.qualification(code).level))
    page.click("text=Tick these")
    page.wait_for_selector("#meter >> text=/hese units make the award\\./")
    if page.locator("[name=entry_confirmed]").count():
        page.fill("[name=entry_confirmed]", "The awarding body said so by e-mail on Monday.")
    page.get_by_role("button", name="Register", exact=True).click()
    page.wait_for_selector(f"h2:has-text('{made.qualification(code).title}')")
    rows = Registration.objects.for_centre(world.centres[A].pk).select_related("qualification", "learner")
    return rows.get(learner=world.learners["LA1"], state=RegistrationState.ACTIVE)


def work(world, row):
    """Everything but the last signature, by the services: each unit met, signed and confirmed."""
    units = LearnerUnit.objects.for_centre(row.centre_id).filter(registration=row)
    keys = list(units.order_by("position").values_list("unit__key", flat=True))
    for key in keys[:-1]:
        made.achieved(world, made.unit_of(row, key), "LA1", "AA1")
    last = made.unit_of(row, keys[-1])
    numbers = list(last.unit.criteria.order_by("position").values_list("number", flat=True))
    made.judged(world, last, numbers, "LA1", "AA1")
    return last, len(keys)


@pytest.mark.parametrize("code", sorted(UNITS))
def test_from_registration_to_a_complete_award(world, live_server, enter, code):  # noqa: F811 - the fixture
    office = enter("CA", f"{LEARNERS}{world.learners['LA1'].public_id}/", width=1440, height=900)
    found = leave(office, world)
    row = register(office, world, code)
    last, many = work(world, row)
    assert many == UNITS[code]

    learner = enter("LA1", f"/c/{A}/my/")
    expect(learner.locator("main")).to_contain_text("You have shown everything", use_inner_text=True)
    expect(learner.locator("main")).not_to_contain_text("Show something you did today", use_inner_text=True)
    assessor = enter("AA1", f"/c/{A}/assess/units/{last.public_id}/sign-off/", width=1440, height=900)
    sign(assessor)
    learner.goto(f"{live_server.url}/c/{A}/my/")
    confirm(learner)
    assert made.unit_of(row, last.unit.key).state == UnitState.ACHIEVED

    learner.goto(f"{live_server.url}/c/{A}/my/")
    expect(learner.locator("#next")).to_have_text("Your award is complete", use_inner_text=True)
    expect(learner.locator("main")).to_contain_text("Your centre claims the certificate.", use_inner_text=True)
    expect(learner.locator("main")).not_to_contain_text("See what is left", use_inner_text=True)
    found += faults(learner)
    learner.goto(f"{live_server.url}/c/{A}/my/units/")
    expect(learner.locator("main")).to_contain_text("Your award is complete", use_inner_text=True)
    found += faults(learner)

    assessor.goto(f"{live_server.url}/c/{A}/assess/learners/?award=complete")
    expect(assessor.locator("main")).to_contain_text(f"Award complete: {code}", use_inner_text=True)
    found += faults(assessor)
    assessor.click(f"text={world.learners['LA1'].full_name}")
    expect(assessor.locator("main")).to_contain_text("The award is complete", use_inner_text=True)
    found += faults(assessor)

    office.goto(f"{live_server.url}{LEARNERS}?award=complete")
    found += faults(office)
    office.click(f"text={world.learners['LA1'].full_name}")
    expect(office.locator("main")).to_contain_text("Next: claim the certificate", use_inner_text=True)
    found += faults(office)
    office.click("a:has-text('State') >> nth=0")
    office.check("[name=act][value=completed]")
    office.fill("[name=reason]", "Certificate 4711")
    office.get_by_role("button", name="Save", exact=True).click()
    office.wait_for_selector("text=The registration is closed as completed.")
    learner.goto(f"{live_server.url}/c/{A}/my/")
    expect(learner.locator("main")).to_contain_text("Your centre has closed it as completed.", use_inner_text=True)
    assert found == []
    assert list(broken_links()) == []
