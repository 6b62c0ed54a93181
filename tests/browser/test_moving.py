"""A learner with judged evidence moves from the legacy certificate to the 2014 diploma: nothing lost, nothing decided."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from assessments.models import Judgement
from assessments.queries.chain_faults import broken_links
from centres.enums import RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from portfolio.models import EvidenceMapping, EvidenceVersion
from tests.assessments.test_exempting import KEY, MISTAKE, put, settle
from tests.factories import moving as made
from tests.factories.world import PASSWORD, A, two_centres
from tests.reading import faults

CALLS = "H-506-2154"  # deal with incoming telephone calls, in the diploma


@pytest.fixture
def world(transactional_db):
    return two_centres()


@pytest.fixture
def opened(world, live_server, open_page, as_client):
    """`opened(who, path, width)` → a page of theirs, signed in."""

    def go(who, path, width=1440):
        page = open_page(width=width, height=900)
        value = as_client(who).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page.goto(live_server.url + path)
        return page

    return go


@pytest.fixture
def legacy(world):
    """LA1 on the legacy certificate alone, with a call that was accepted."""
    made.publish_more(world.at)
    rows = Registration.objects.for_centre(world.learners["LA1"].centre_id)
    rows.filter(learner=world.learners["LA1"]).update(state=RegistrationState.WITHDRAWN)
    old = made.register(world, made.LEGACY, "LA1")
    made.judged(
        world, made.unit_of(old, made.PHONE), ["1.2", "2.1", "2.2", "2.4"], "LA1", "AA1", title="The Monday calls"
    )
    return old


def facts(old):
    """Everything that was decided or sent before the move."""
    centre = old.centre_id
    return (
        list(Judgement.objects.for_centre(centre).filter(learner_unit__registration=old).order_by("pk").values()),
        list(EvidenceVersion.objects.for_centre(centre).order_by("pk").values("pk", "digest")),
        list(
            EvidenceMapping.objects.for_centre(centre)
            .filter(learner_unit__registration=old)
            .values("pk", "state", "round")
        ),
    )


def test_a_learner_moves_and_one_piece_is_judged_again(world, legacy, opened):
    before = facts(legacy)
    admin = opened("CA", f"/c/{A}/centre/learners/{world.learners['LA1'].public_id}/")
    admin.click("a[href*='/move/']")
    admin.select_option("[name=qualification]", made.qualification("10379").public_id)
    admin.click("text=Compare")
    admin.wait_for_selector("text=Does not count there")
    unit = next(p.unit.public_id for p in made.places("10379") if p.unit.key == CALLS)
    admin.check(f"[name=units][value='{unit}']")
    admin.fill("[name=reason]", made.WHY)
    found = faults(admin)
    admin.set_viewport_size({"width": 320, "height": 800})
    assert admin.evaluate("document.documentElement.scrollWidth") <= 320
    admin.get_by_role("button", name="Move the learner").click()
    admin.wait_for_selector("text=Moved to 10379")
    assert facts(legacy) == before

    new = Registration.objects.for_centre(legacy.centre_id).get(moved_from=legacy)
    learner = opened("LA1", f"/c/{A}/my/units/", 390)
    found += faults(learner)
    learner.click("text=What you bring along")
    learner.wait_for_selector("text=The Monday calls")
    expect(learner.locator("[name=offers]:checked")).to_have_count(0)
    found += faults(learner)
    learner.locator("label.at-choice").first.click()
    learner.click("text=Offer what I ticked")
    learner.wait_for_selector("text=1 thing is offered again")
    assert facts(legacy) == before

    assessor = opened("AA1", f"/c/{A}/assess/moved/{new.public_id}/")
    found += faults(assessor)
    assessor.goto(f"{assessor.url.split('/c/')[0]}/c/{A}/assess/")
    assessor.click("text=Start with the oldest")
    assessor.wait_for_selector("[data-all-met]")
    tally = assessor.locator("[data-tally-done]")
    expect(tally, "what was decided before is not asked again").to_have_text("0 of 1 decided", use_inner_text=True)
    assessor.click("[data-all-met]")
    assessor.fill("#id_feedback", "Well shown.")
    assessor.click("[data-key=save]")
    assessor.wait_for_selector("#toasts >> text=Saved: 1 criterion met.")
    assert found == []
    assert facts(legacy) == before
    units = LearnerUnit.objects.for_centre(new.centre_id).filter(registration=new)
    assert sorted(set(units.values_list("state", flat=True))) == [UnitState.IN_PROGRESS, UnitState.SELECTED]
    [judgement] = Judgement.objects.for_centre(new.centre_id).filter(learner_unit__registration=new)
    assert (judgement.verdict, judgement.round) == ("met", 1)
    assert list(broken_links()) == []


@pytest.fixture
def same(world):
    """LA1 moved to level 3, where one unit signed off before reads the same."""
    made.publish_more(world.at)
    old = world.registrations["LA1"]
    made.achieved(world, made.unit_of(old, made.SHARED[0]), "LA1", "AA1")
    return made.move(world, old, made.HIGHER)


def test_a_unit_is_judged_anew_and_its_learner_reads_why(world, same, opened):
    why = "The till here is another one; show me that you know it."
    assessor = opened("AA1", f"/c/{A}/assess/moved/{same.public_id}/")
    assessor.click("text=Judge it again instead")
    assessor.fill("[name=reason]", "no")
    found = faults(assessor)
    assessor.get_by_role("button", name="It does not count").click()
    assessor.wait_for_selector("text=There is a problem")
    expect(assessor.locator("[name=reason]"), "what was typed is there, in an open box").to_have_value("no")
    found += faults(assessor)
    assessor.fill("[name=reason]", why)
    assessor.get_by_role("button", name="It does not count").click()
    assessor.wait_for_selector(f"text={why}")
    found += faults(assessor)
    learner = opened("LA1", f"/c/{A}/my/moved/{same.public_id}/", 390)
    learner.wait_for_selector(f"text={why}")
    assert found + faults(learner) == []
    assert made.unit_of(same, made.SHARED[0]).state == UnitState.SELECTED


def test_an_exemption_is_withdrawn(world, opened):
    row = settle(world, put(world))
    page = opened("QA", f"/c/{A}/exemptions/{row.public_id}/")
    page.click("text=This was a mistake")
    found = faults(page)
    page.fill("[name=reason]", MISTAKE)
    page.click("text=Withdraw the exemption")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    expect(page.locator("[name=reason]")).to_have_value(MISTAKE)  # what was typed outlives the question
    page.click("text=Withdraw the exemption")
    page.wait_for_selector("text=The unit is open again.")
    assert found + faults(page) == []
    assert world.unit("LA1", KEY).state == UnitState.IN_PROGRESS


def test_what_counts_elsewhere_is_easy_to_read(world, same, opened):
    page = opened("AA1", f"/c/{A}/assess/learners/{world.learners['LA1'].public_id}/next/")
    page.wait_for_selector("text=1 unit counts")
    for summary in page.locator("main summary").all():
        summary.click()
    assert faults(page) == []
