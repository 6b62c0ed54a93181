"""In a real browser: a spreadsheet is brought in, matched, found wrong, mended, and seen as a draft."""

import pytest
from playwright.sync_api import expect

from qualifications.models import Draft
from tests.qualifications.imports import files
from tests.reading import faults
from tests.web.centre.test_browser import admin, world

__all__ = ["admin", "world"]
URL = "/c/10001/centre/import/"


def chosen(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.django_db(transaction=True)
def test_an_admin_brings_in_a_spreadsheet_and_mends_it(world, live_server, admin, run_jobs):
    rows = [list(row) for row in files.ROWS]
    rows[1][6] = "1.1"  # a number twice
    rows[3][2] = None  # no level
    page, found = admin(), []

    page.goto(live_server.url + "/c/10001/catalogue/")
    page.get_by_role("link", name="Bring in").click()
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_selector(".govuk-error-summary")
    assert page.title().startswith("Error:")
    found += faults(page)

    page.set_input_files("[name=file]", chosen("autumn.xlsx", files.xlsx(rows)))
    page.locator("[name=wording][value=official]").check()
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_selector("text=It is being read")
    found += faults(page)
    run_jobs()
    page.get_by_role("link", name="Look again").or_(page.get_by_role("link", name="Go on")).click()
    page.wait_for_url("**/columns/")
    assert page.locator("[name=c_H]").input_value() == "criterion_text"
    found += faults(page)

    page.locator("[name=c_B]").select_option("")
    page.get_by_role("button", name="Check the rows").click()
    run_jobs()
    page.get_by_role("link", name="Look again").or_(page.get_by_role("heading", name="to mend")).first.wait_for()
    page.goto(page.url)
    expect(page.locator("main")).to_contain_text("has no title", use_inner_text=True)
    page.get_by_role("link", name="Match the columns again").click()
    page.locator("[name=c_B]").select_option("unit_title")
    page.get_by_role("button", name="Check the rows").click()
    run_jobs()
    page.wait_for_selector("text=Nothing was brought in")
    told = [row.inner_text() for row in page.locator("tbody tr").all()]
    assert len(told) == 2
    assert told[0].split()[0] == "3"
    assert "stands in row 2 already" in told[0]
    assert told[1].split()[0] == "5"
    assert "has no level" in told[1]
    found += faults(page)

    page.set_input_files("[name=file]", chosen("autumn.xlsx", files.xlsx()))
    page.get_by_role("button", name="Read it again").click()
    run_jobs()
    page.wait_for_selector("text=a second person has to let it through")
    expect(page.locator("tbody tr")).to_have_count(2)
    found += faults(page)
    assert found == []
    draft = Draft.objects.across_centres(reason="a test looks").get()
    assert (draft.state, draft.columns["given"]) == ("draft", {"wording": "official"})
