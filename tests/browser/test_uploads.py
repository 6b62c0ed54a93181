"""Files whose way broke: they can be tried again, and nothing that arrived goes out of sight (J1, J6)."""

from playwright.sync_api import expect

from tests.browser.test_learner import WAIT, added, choose, phone, photo, piece_of, world
from tests.browser.test_saving import line, saved
from tests.factories import portfolio as made
from tests.reading import faults

__all__ = ["phone", "photo", "world"]


def test_a_broken_upload_is_tried_again_and_next_goes_on(world, phone, photo):
    page = phone("evidence/add/")
    page.route("**/upload/", lambda route: route.abort("connectionreset"), times=2)
    choose(page, photo)
    page.click("button:has-text('Try again')", timeout=WAIT)  # it breaks again
    page.wait_for_selector("text=This did not arrive.", timeout=WAIT)
    page.click("text=Next: what does it show?")
    page.wait_for_selector("text=A file did not arrive.", timeout=WAIT)  # nothing is left behind unasked
    with page.expect_response("**/autosave/"):
        page.fill("[name=title]", "Till count")
    page.wait_for_timeout(200)
    expect(line(page)).not_to_contain_text("Saved")  # the words are, the file is not
    assert faults(page) == []
    page.click("text=Try again")
    page.click("text=Next: what does it show?")
    page.wait_for_url("**/shows/", timeout=WAIT)
    assert piece_of(world).files.count() == 1


def test_what_is_chosen_before_the_script_is_there_arrives(world, phone, photo, run_jobs):
    """On a bad line the page stands long before its scripts: a tap is not lost (the tiles are fields of their own)."""
    page, held = phone("evidence/"), []
    page.route("**/js/app.js", lambda route: held.append(route), times=1)  # noqa: PLW0108 - it marks what it is given
    page.goto(page.url + "add/", wait_until="commit")
    choose(page, photo)
    held[0].continue_()
    added(page, run_jobs)
    assert piece_of(world).files.count() == 1


def test_a_broken_upload_can_be_taken_out(world, phone, photo):
    page = phone("evidence/add/")
    page.route("**/upload/", lambda route: route.abort("connectionreset"))
    choose(page, photo)
    page.wait_for_selector("text=This did not arrive.", timeout=WAIT)
    page.click("text=Next: what does it show?")
    page.click("[aria-label='Remove till.jpg']")
    page.fill("[name=description]", "Counting the till")
    page.click("text=Next: what does it show?")
    page.wait_for_url("**/shows/", timeout=WAIT)
    assert piece_of(world).files.count() == 0


def test_what_broke_while_next_waited_is_not_left_behind(world, phone, photo):
    piece = made.draft(world, kind="media")
    page = phone(f"evidence/{piece.public_id}/")
    page.route("**/upload/", lambda route: (page.wait_for_timeout(600), route.abort("connectionreset")), times=1)
    choose(page, photo)
    page.click("text=Next: what does it show?")
    page.wait_for_selector("text=A file did not arrive.", timeout=WAIT)
    assert not page.url.endswith("/shows/")
    page.click("text=Try again")
    page.click("text=Next: what does it show?")
    page.wait_for_url("**/shows/", timeout=WAIT)
    assert piece.files.count() == 1


def test_only_what_can_succeed_is_offered_again(world, phone, photo):
    piece = made.draft(world, kind="media")
    page = phone(f"evidence/{piece.public_id}/")
    for status, words, again in (
        (502, "This did not arrive.", 1),
        (429, "This did not arrive.", 1),
        (413, "This file is too large.", 0),
        (401, "You are signed out", 0),
        (404, "This page can take no more files.", 0),
    ):
        page.route("**/upload/", lambda route, _, status=status: route.fulfill(status=status, body="<h1>no</h1>"))
        choose(page, photo)
        expect(page.locator("#file-list")).to_contain_text(words, timeout=WAIT)
        expect(page.locator("button:has-text('Try again')")).to_have_count(again)
        page.unroute("**/upload/")
        page.click("[aria-label='Remove till.jpg']")


def test_a_file_that_arrived_as_the_connection_went_stays_in_sight(world, phone, photo, run_jobs):
    piece = made.draft(world, kind="media")
    page = phone(f"evidence/{piece.public_id}/")
    page.route("**part=files", lambda route: route.abort("internetdisconnected"))
    choose(page, photo)
    row = page.locator("#file-list li")
    expect(row).to_contain_text("It arrived.", timeout=WAIT)
    page.context.set_offline(True)
    page.wait_for_timeout(400)
    expect(row).to_have_count(1)
    page.unroute("**part=files")
    page.context.set_offline(False)  # `online` asks for the list again
    added(page, run_jobs)
    expect(row).to_have_count(1)
    assert piece.files.count() == 1


def test_a_file_whose_answer_got_lost_is_there_once(world, phone, photo, run_jobs):
    piece = made.draft(world, kind="media")
    page = phone(f"evidence/{piece.public_id}/")

    def lose(route):
        route.fetch()  # the server takes it
        route.abort("connectionreset")

    page.route("**/upload/", lose, times=1)
    choose(page, photo)
    page.click("button:has-text('Try again')", timeout=WAIT)
    added(page, run_jobs)
    expect(page.locator("#file-list li")).to_have_count(1)
    expect(page.locator("#file-list")).not_to_contain_text("You already added this")
    assert piece.files.count() == 1


def test_what_is_typed_while_the_first_file_makes_the_draft_is_saved(world, phone, photo):
    page = phone("evidence/add/")
    page.route("**/evidence/add/", lambda route: (page.wait_for_timeout(900), route.continue_()), times=1)
    choose(page, photo)
    page.wait_for_timeout(200)
    page.fill("[name=description]", "Typed while it was made")
    saved(page)
    assert piece_of(world).description == "Typed while it was made"


def test_a_form_that_is_refused_says_what_the_file_waits_for(world, phone, photo):
    page = phone("evidence/add/")
    page.fill("[name=title]", "x" * 121)
    choose(page, photo)
    page.wait_for_selector("text=This waits: mend what is marked", timeout=WAIT)
    page.wait_for_selector(".govuk-error-summary:has-text('Keep it to 120.')", timeout=WAIT)
    page.fill("[name=title]", "Till count")
    page.click("button:has-text('Try again')")
    page.wait_for_selector("#file-list [data-file]", timeout=WAIT)
    assert (piece_of(world).title, piece_of(world).files.count()) == ("Till count", 1)


def test_a_site_without_room_says_so_and_the_file_goes_again_by_itself(world, phone, photo, run_jobs):
    piece = made.draft(world, kind="media")
    page = phone(f"evidence/{piece.public_id}/")
    words = "There is no room for this right now."
    full = {"status": 507, "headers": {"Retry-After": "2"}, "json": {"sentence": words, "sentences": [words]}}
    page.route("**/upload/", lambda route: route.fulfill(**full), times=1)
    choose(page, photo)
    expect(page.locator("#file-list")).to_contain_text(words, timeout=WAIT)
    expect(page.locator("button:has-text('Try again')")).to_have_count(1)  # who does not want to wait
    added(page, run_jobs)
    expect(page.locator("#file-list li")).to_have_count(1)
    assert piece.files.count() == 1
