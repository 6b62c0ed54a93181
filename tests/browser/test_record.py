"""Correcting a record and comparing a certificate, in a browser: in light and dark, at 320, 390 and 1440 px."""

import pytest
from django.conf import settings

from tests.assessments.test_exempting import KEY, put, settle
from tests.centres.test_correcting import NUMBER, again, correct, step
from tests.factories.world import A, two_centres
from tests.reading import faults
from tests.web.centre.forms import learner_url


@pytest.fixture
def world(transactional_db):
    return two_centres()


@pytest.fixture
def opened(live_server, open_page, as_client):
    """`opened(who, path)` → a page of theirs, signed in."""

    def go(who, path):
        page = open_page(width=1440, height=900)
        value = as_client(who).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page.goto(live_server.url + path)
        return page

    return go


def test_a_record_is_corrected_and_its_learner_reads_it(world, opened):
    page = opened("CA", learner_url(world, "LA1"))
    found = faults(page)
    page.click("text=Correct it")
    found += faults(page)
    page.fill("[name=family_name]", "Ashdown")
    page.fill("[name=reason]", "She married in May.")
    page.click("button:has-text('Correct the record')")
    page.wait_for_selector("text=Another name or date of birth needs proof.")
    found += faults(page)
    page.fill("[name=proof]", "marriage certificate")
    page.click("button:has-text('Correct the record')")
    page.wait_for_selector("text=The record is corrected.")
    assert again(world).family_name == "Ashdown"
    found += faults(page)
    correct(world, uln=NUMBER)
    step(world, "mismatch", fields=("postcode",))
    page.goto(page.url + "record/")
    found += faults(page)
    mine = opened("LA1", f"/c/{A}/my/")
    found += faults(mine)
    mine.click("text=Your centre corrected your record")
    mine.wait_for_selector("text=became “Ashdown”")
    assert found + faults(mine) == []


def test_a_certificate_is_compared_before_it_counts(world, opened):
    settle(world, put(world, who="LA2"))
    page = opened("CA", learner_url(world, "LA1", f"exempt/{world.unit('LA1', KEY).public_id}/"))
    found = faults(page)
    for name, text in (("awarding_body", "OCR"), ("unit_title", "Work with others"), ("checked_at", "the paper")):
        page.fill(f"[name={name}]", text)
    page.fill("[name=unit_reference]", "J/506/2132")
    page.fill("[name=certificate_number]", "C-100")
    page.fill("[name=awarded_on]", world.today.isoformat())
    page.click("text=Put it on record")
    page.wait_for_selector("text=J/506/2132 is another unit.")
    found += faults(page)
    page.fill("[name=unit_reference]", "l 506 2133")
    page.fill("[name=reused]", "Both papers have the number of the group.")
    page.click("text=Put it on record")
    page.wait_for_selector("text=The references are the same")
    found += faults(page)
    second = opened("QA", page.url.replace(page.url.split("/c/")[0], ""))
    second.wait_for_selector("text=This number is on record already")
    assert found + faults(second) == []
