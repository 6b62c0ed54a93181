"""The learner's journey in a real browser: phone first, then everything that can go wrong on the way."""

import pytest
from django.conf import settings
from playwright.sync_api import expect

from common import clock
from portfolio.models import Evidence, EvidenceVersion
from portfolio.services import save_draft
from tests.factories import files
from tests.factories import portfolio as made
from tests.factories.world import PASSWORD, two_centres
from tests.reading import faults
from tests.web.learner.conftest import MY, judge, signed_unit

WAIT = 8000


@pytest.fixture
def world(transactional_db):
    return two_centres()


@pytest.fixture
def phone(world, live_server, open_page, as_client):
    """`phone(path, who="LA1", **context)` → LA1's page, signed in, at an address under MY."""

    def go(path="", who="LA1", **options):
        page = open_page(**options)
        value = as_client(who).cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page.goto(live_server.url + MY + path)
        return page

    return go


@pytest.fixture
def photo(room):
    path = room / "till.jpg"
    path.write_bytes(files.jpeg(size=(640, 480)))
    return path


def piece_of(world):
    return Evidence.objects.for_centre(world.centres["10001"].pk).filter(learner=world.learners["LA1"]).latest("pk")


def choose(page, *paths):
    """Tap the tile and choose files in the device's own window."""
    with page.expect_file_chooser() as opened:
        page.click("text=Choose files")
    opened.value.set_files([str(path) for path in paths])


def added(page, run_jobs, count=1):
    """Wait until the files arrived, do the background checks, wait for the list to say so."""
    page.wait_for_selector(f"#file-list [data-file] >> nth={count - 1}", timeout=WAIT)
    run_jobs()
    page.wait_for_selector("#file-list[data-unsettled='']", timeout=WAIT)


def test_from_a_photo_to_sent_in_six_taps(world, phone, photo, run_jobs):
    made.sent(world)  # the answers of last time stand there first
    unit, thing = world.unit("LA1", made.UNIT), world.criterion(made.UNIT, "4.1")
    page = phone(f"units/{unit.public_id}/")
    page.click(f"text={thing.text}")  # 1
    choose(page, photo)  # 2: the window of the device is its own
    added(page, run_jobs)
    assert page.input_value("[name=title]").startswith("Photo, ")
    page.click("text=Next: check and send")  # 3
    page.click("text=No AI tool helped")  # 4
    page.click("text=This is my own work.")  # 5
    page.click("text=Send to Dev")  # 6
    page.wait_for_selector("text=You can recall it until Dev opens it.", timeout=WAIT)
    version = EvidenceVersion.objects.for_centre(unit.centre_id).latest("pk")
    assert [entry["name"] for entry in version.files] == ["till.jpg"]
    assert [entry["number"] for entry in version.mappings] == ["4.1"]
    page.locator("main img").first.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('main img').naturalWidth > 0", timeout=WAIT)


def test_each_file_has_its_own_state(world, phone, photo, room, run_jobs):
    program, empty = room / "program.exe", room / "empty.jpg"
    program.write_bytes(b"MZ" + bytes(100))
    empty.write_bytes(b"")
    page = phone("evidence/add/")
    choose(page, photo, program, empty)
    added(page, run_jobs)
    page.wait_for_selector("text=Files that end in .exe are programs", timeout=WAIT)
    rows = page.locator("#file-list li")
    expect(rows).to_have_count(3)
    expect(page.locator("#file-list")).to_contain_text("This file is empty.", use_inner_text=True)
    assert f"{MY}evidence/{piece_of(world).public_id}/" in page.url  # a reload finds the draft
    page.click("[aria-label='Remove program.exe']")
    page.click("[aria-label='Remove till.jpg']")
    page.wait_for_selector("#file-list[hidden]", state="attached", timeout=WAIT)
    assert piece_of(world).files.count() == 0
    assert faults(page) == []


def test_what_is_typed_is_saved_and_comes_back(world, phone):
    page = phone("evidence/add/")
    page.click("text=Write something")
    page.fill("[name=body]", "A customer came with a broken kettle.")
    page.wait_for_selector("text=/Saved \\d\\d:\\d\\d/", timeout=WAIT)
    page.reload()
    expect(page.locator("[name=body]")).to_have_value("A customer came with a broken kettle.")


def test_two_tabs_lose_nothing(world, phone):
    piece = made.draft(world, title="First")
    page = phone(f"evidence/{piece.public_id}/")
    save_draft(
        actor=world.actor("LA1"), evidence=piece, revision=piece.revision, fields={"title": "Second"}, at=clock.now()
    )
    page.fill("[name=title]", "Third")
    page.wait_for_selector("text=changed in another tab", timeout=WAIT)
    expect(page.locator("[data-conflict]").first).to_contain_text("In the other tab: Second", use_inner_text=True)
    expect(page.locator("[name=title]")).to_have_value("Third")
    assert faults(page) == []
    page.click("text=Keep mine")
    page.wait_for_selector("text=/Saved \\d\\d:\\d\\d/", timeout=WAIT)
    assert made.again(piece).title == "Third"


def test_without_signal_nothing_is_lost(world, phone, photo, run_jobs):
    piece = made.draft(world, kind="media", title="Till count")
    page = phone(f"evidence/{piece.public_id}/")
    page.context.set_offline(True)
    choose(page, photo)
    page.fill("[name=description]", "Counting the till")
    page.wait_for_selector("text=No signal right now", timeout=WAIT)
    page.context.set_offline(False)
    added(page, run_jobs)
    page.wait_for_selector("text=/Saved \\d\\d:\\d\\d/", timeout=15000)
    assert made.again(piece).description == "Counting the till"


def test_going_on_waits_for_files_on_their_way(world, phone, photo):
    piece = made.draft(world, kind="media")
    page = phone(f"evidence/{piece.public_id}/")
    page.route("**/upload/", lambda route: (page.wait_for_timeout(600), route.continue_()))
    choose(page, photo)
    page.click("text=Next: what does it show?")
    page.wait_for_url("**/shows/", timeout=WAIT)
    assert piece.files.count() == 1


def test_ticks_outlive_a_search(world, phone):
    piece = made.draft(world, title="Zzz", description="Zzz", body="Zzz")  # nothing to suggest
    page = phone(f"evidence/{piece.public_id}/shows/")
    page.fill("#q", "listen")
    page.wait_for_selector("#results .at-choice", timeout=WAIT)
    page.locator("#results .at-choice").first.click()
    page.fill("#q", "phone")
    page.wait_for_selector("#results h2:has-text('phone')", timeout=WAIT)
    page.wait_for_selector("[data-ticked] .at-choice", timeout=WAIT)
    page.click("details:has-text('Choose by theme') > summary")
    page.click("text=/^Complaints/")
    page.wait_for_selector("#results h2:has-text('Complaints')", timeout=WAIT)
    page.locator("#results .at-choice").first.click()
    expect(page.locator("[data-count]")).to_have_text("2", use_inner_text=True)
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("text=Next: check and send")
    page.wait_for_url("**/send/", timeout=WAIT)
    assert sorted(piece.mappings.values_list("origin", flat=True)) == ["search", "theme"]


def test_a_double_click_sends_once_and_back_shows_the_sent_page(world, phone):
    piece = made.draft(world)
    made.choose(world, piece)
    page = phone(f"evidence/{piece.public_id}/send/")
    page.click("text=No AI tool helped")
    page.click("text=This is my own work.")
    page.dblclick("text=Send to Dev")
    page.wait_for_selector("text=You can recall it", timeout=WAIT)
    page.go_back()
    page.wait_for_selector("text=You can recall it", timeout=WAIT)
    assert piece.versions.count() == 1


def test_what_is_wrong_is_said_where_it_is(world, phone):
    piece = made.draft(world, setting="", title="")
    made.choose(world, piece)
    page = phone(f"evidence/{piece.public_id}/send/")
    page.fill("[name=title]", "")
    page.fill("[name=people]", "Dele")
    page.click("text=Send to Dev")
    page.wait_for_selector(".govuk-error-summary", timeout=WAIT)
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    assert page.title().startswith("Error:")
    expect(page.locator("[name=people]")).to_have_value("Dele")
    page.click(".govuk-error-summary a:has-text('Tick that')")
    assert page.evaluate("document.activeElement.name") == "declared"
    assert faults(page) == []


def test_everything_works_without_script(world, phone, photo, run_jobs):
    page = phone("evidence/add/", java_script_enabled=False)
    page.set_input_files("#files", str(photo))
    page.fill("[name=title]", "Till count")
    page.click("button:has-text('Add these files')")
    piece = piece_of(world)
    assert piece.files.count() == 1
    run_jobs()
    page.reload()
    expect(page.locator("#file-list")).to_contain_text("Added, not checked for viruses", use_inner_text=True)
    page.fill("[name=description]", "Counting the till at close")
    page.click("button:visible:has-text('Next: what does it show?')")
    page.fill("#q", "listen")
    page.press("#q", "Enter")
    page.locator("#results .at-choice").first.click()
    page.fill("#q", "")
    page.select_option("#theme", "complaints")
    page.click("button:has-text('Show') >> nth=0")
    expect(page.locator("input[name=thing]:checked")).to_have_count(1)
    page.click("button:visible:has-text('Next: check and send')")
    page.check("[name=setting][value=real_work]")
    page.click("text=No AI tool helped")
    page.click("text=This is my own work.")
    page.click("text=Send to Dev")
    expect(page.locator("main")).to_contain_text("You can recall it until Dev opens it.", use_inner_text=True)
    page.click("button:has-text('Recall')")
    assert made.again(piece).state == "draft"
    page.click("[aria-label='Remove till.jpg']")
    assert piece.files.filter(removed_at=None).count() == 0


def test_everything_works_with_the_keyboard(world, phone):
    piece = made.draft(world, description="A customer complained")
    page = phone(f"evidence/{piece.public_id}/shows/")
    page.focus("input[name=thing] >> nth=0")
    page.keyboard.press("Space")
    expect(page.locator("[data-count]")).to_have_text("1", use_inner_text=True)
    outline = page.evaluate("getComputedStyle(document.activeElement.closest('.at-choice')).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # opens "Where in it?"
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    page.focus("button[value=next]:visible")
    page.keyboard.press("Enter")
    page.wait_for_url("**/send/", timeout=WAIT)
    assert piece.mappings.get().page == 3
    page.focus("[name=ai_use] >> nth=0")
    page.keyboard.press("Space")
    page.focus("[name=declared]")
    page.keyboard.press("Space")
    page.focus("button[value=send]:visible")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=You can recall it", timeout=WAIT)


def test_enter_in_a_field_goes_on_and_takes_no_file_out(world, phone):
    piece = made.draft(world, kind="media")
    made.with_file(world, piece)
    page = phone(f"evidence/{piece.public_id}/")
    page.press("[name=title]", "Enter")
    page.wait_for_url("**/shows/", timeout=WAIT)
    assert piece.files.filter(removed_at=None).count() == 1


def test_a_learner_confirms_after_showing_who_they_are(world, phone):
    unit = signed_unit(world)
    page = phone()
    page.click("text=Check and confirm")
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.click("text=It is me")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("text=Is this right?", timeout=WAIT)
    page.click("text=Yes. I agree that this unit is done.")
    page.click("text=Give my answer")
    page.wait_for_selector("text=You confirmed", timeout=WAIT)
    assert world.unit("LA1", made.UNIT).state == "achieved"
    assert unit.public_id in page.url
    assert faults(page) == []


def test_everybody_can_read_every_page(world, phone):
    judge(world, made.sent(world, title="Kettle", numbers=("1.1", "1.2"), kind="media"), not_yet=("1.2",))
    back = judge(
        world, made.sent(world, title="Late delivery", numbers=("1.3",)), back=True, next_action="Hide the name."
    )
    waiting = made.sent(world, title="Handover", numbers=("1.4",)).evidence
    draft = made.draft(world, title="Batteries")
    unit = world.unit("LA1", made.UNIT)
    page = phone()
    paths = [
        "",
        "units/",
        f"units/{unit.public_id}/",
        "evidence/",
        "evidence/?q=nothing+like+it",
        "evidence/add/",
        f"evidence/add/?unit={unit.public_id}&thing={world.criterion(made.UNIT, '4.1').public_id}",
        f"evidence/{draft.public_id}/",
        f"evidence/{draft.public_id}/shows/?unit={unit.public_id}",
        f"evidence/{draft.public_id}/send/",
        f"evidence/{waiting.public_id}/",
        f"evidence/{back.public_id}/",
        "feedback/",
        f"feedback/{back.public_id}/",
    ]
    origin = page.url.removesuffix(MY)
    for path in paths:
        page.goto(origin + MY + path)
        assert faults(page) == [], path
