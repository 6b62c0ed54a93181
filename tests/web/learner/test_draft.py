"""Adding evidence: with and without script, two tabs, double clicks, files that cannot be taken."""

import json
import re

import pytest
from django.test import Client

from common import clock
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping
from portfolio.rules import KEPT, LENGTHS
from portfolio.services import save_draft
from tests.architecture import sources
from tests.factories import files
from tests.factories import portfolio as made
from tests.web.learner.conftest import MY, url
from web.learner.forms import BESIDE, FIELDS
from web.learner.views.draft import LONGEST_AUTOSAVE

ADD = f"{MY}evidence/add/"


def pieces(world):
    return Evidence.objects.for_centre(world.centres["10001"].pk).filter(learner=world.learners["LA1"])


def files_of(piece):
    return EvidenceFile.objects.for_centre(piece.centre_id).filter(evidence=piece, removed_at=None)


def test_looking_makes_nothing(world, learner):
    page = learner.get(ADD).content.decode()
    assert pieces(world).count() == 0
    assert 'capture="environment"' in page
    assert "Photos and pictures: jpg" in page  # limits are shown before anything is chosen (R55)
    assert "up to 50 MB each" in page


def test_the_first_save_makes_the_draft_and_keeps_what_was_typed(world, learner):
    answer = learner.post(ADD, {"title": "Till count", "description": "Cash-up", "action": "save"})
    piece = pieces(world).get()
    assert answer.status_code == 303
    assert answer["Location"] == url(piece)
    assert (piece.title, piece.description, piece.state) == ("Till count", "Cash-up", "draft")


def test_a_double_click_makes_one_draft(world, learner):
    given = {"title": "Till count", "idempotency_key": "k" * 30, "action": "save"}
    first = learner.post(ADD, {**given, "files": files.upload("a.jpg", files.jpeg())})
    second = learner.post(ADD, {**given, "files": files.upload("a.jpg", files.jpeg())})
    assert first["Location"] == second["Location"]
    assert pieces(world).count() == 1
    assert files_of(pieces(world).get()).count() == 1


def test_plain_files_come_in_without_script(world, learner):
    several = [files.upload("a.jpg", files.jpeg()), files.upload("b.jpg", files.jpeg(seed=2))]
    learner.post(ADD, {"action": "save", "files": several})
    assert [row.name for row in files_of(pieces(world).get())] == ["a.jpg", "b.jpg"]


def test_a_file_that_cannot_be_taken_is_named_and_the_rest_stays(world, learner):
    several = [files.upload("virus.exe", b"MZ"), files.upload("empty.jpg", b""), files.upload("b.jpg", files.jpeg())]
    page = learner.post(ADD, {"title": "Mine", "action": "save", "files": several}, follow=True).content.decode()
    piece = pieces(world).get()
    assert [row.name for row in files_of(piece)] == ["b.jpg"]
    assert "virus.exe: Files that end in .exe are programs" in page
    assert "empty.jpg" in page
    assert piece.title == "Mine"


@pytest.mark.parametrize(("way", "label"), [("writing", "Your words"), ("in_situ", "Where is it kept?")])
def test_ways_without_a_file_begin_a_draft_of_their_kind(world, learner, way, label):
    answer = learner.post(ADD, {"way": way, "kind": "media", "title": "Kept"})
    piece = pieces(world).get()
    assert piece.kind == way
    assert answer["Location"].endswith("#words")
    page = learner.get(url(piece)).content.decode()
    part = page.split(label)[0].rsplit("data-kinds", 1)[1]
    assert "hidden" not in part.split(">")[0]


def test_an_unknown_way_is_a_photo_and_no_error(world, learner):
    learner.post(ADD, {"way": "certificate"})
    assert pieces(world).get().kind == "media"


def test_a_new_piece_can_be_aimed_at_things(world, learner):
    unit, thing = world.unit("LA1", made.UNIT), world.criterion(made.UNIT, "4.1")
    aimed = {"unit": unit.public_id, "thing": thing.public_id}
    page = learner.get(ADD, aimed).content.decode()
    assert thing.text in page.replace("&#x27;", "'")
    learner.post(ADD, {**aimed, "action": "send"})
    piece = pieces(world).get()
    assert EvidenceMapping.objects.for_centre(piece.centre_id).get(evidence=piece).criterion == thing
    assert "Next: check and send" in learner.get(url(piece)).content.decode()


def test_aiming_at_another_learners_unit_is_not_found(world, learner):
    theirs = world.unit("LA2", made.UNIT)
    assert learner.get(ADD, {"unit": theirs.public_id}).status_code == 404
    assert learner.post(ADD, {"unit": theirs.public_id, "action": "save"}).status_code == 404
    assert pieces(world).count() == 0


def test_a_criterion_of_another_unit_is_left_out(world, learner):
    unit, other = world.unit("LA1", made.UNIT), world.criterion("F-506-2131", "1.1")
    learner.post(ADD, {"unit": unit.public_id, "thing": other.public_id, "action": "save"})
    assert EvidenceMapping.objects.for_centre(unit.centre_id).count() == 0


def test_an_ended_registration_says_so_and_keeps_the_text(world, learner):
    row = world.registrations["LA1"]
    row.ends_on = world.today.replace(year=2020)
    row.starts_on = world.today.replace(year=2019)
    row.save()
    answer = learner.post(ADD, {"title": "Too late", "action": "save"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Your registration is not running" in page
    assert 'value="Too late"' in page
    assert "<title>Error:" in page
    assert pieces(world).count() == 0


def test_a_text_that_is_too_long_stays_in_the_form(world, learner):
    piece = made.draft(world)
    answer = learner.post(url(piece), {"revision": piece.revision, "title": "x" * 200, "action": "save"})
    assert answer.status_code == 422
    assert "x" * 200 in answer.content.decode()
    assert made.again(piece).title != "x" * 200


@pytest.mark.parametrize(("action", "page"), [("shows", "shows/"), ("send", "send/"), ("save", ""), ("nonsense", "")])
def test_the_pressed_button_says_where_to_go(world, learner, action, page):
    piece = made.draft(world)
    answer = learner.post(url(piece), {"revision": piece.revision, "title": "New name", "action": action})
    assert answer["Location"] == url(piece, page)
    assert made.again(piece).title == "New name"


def test_a_field_that_is_not_on_the_page_keeps_its_value(world, learner):
    piece = made.draft(world, place="At the till")
    learner.post(url(piece), {"revision": piece.revision, "title": "New name"})
    assert made.again(piece).place == "At the till"
    assert made.again(piece).body == piece.body


def test_two_tabs_show_both_texts(world, learner):
    piece = made.draft(world, title="First")
    save_draft(
        actor=world.actor("LA1"), evidence=piece, revision=piece.revision, fields={"title": "Second"}, at=clock.now()
    )
    answer = learner.post(url(piece), {"revision": piece.revision, "title": "Third", "action": "save"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "changed in another tab" in page
    assert "Second" in page
    assert 'value="Third"' in page
    assert f'name="revision" value="{made.again(piece).revision}"' in page  # saving again keeps this one
    assert made.again(piece).title == "Second"


@pytest.mark.parametrize("odd", ["", "-1", "999999999999", "٣", "1; DROP TABLE"])
def test_an_odd_revision_is_a_stale_one(world, learner, odd):
    piece = made.draft(world, title="First")
    assert learner.post(url(piece), {"revision": odd, "title": "X"}).status_code == 409
    assert made.again(piece).title == "First"


def test_what_was_sent_is_not_written_on(world, learner):
    piece = made.again(made.sent(world, title="Sent").evidence)
    late = learner.post(url(piece), {"revision": piece.revision, "title": "Changed"})
    assert late.status_code == 409
    assert "You have already sent this" in late.content.decode()
    assert 'value="Changed" readonly' in late.content.decode()
    assert made.again(piece).title == "Sent"


def autosave(browser: Client, piece, revision, **fields):
    body = json.dumps({"revision": revision, "fields": fields}, ensure_ascii=False)  # as a browser writes it
    return browser.post(url(piece, "autosave/"), body, content_type="application/json")


def test_autosave_keeps_single_fields(world, learner):
    piece = made.draft(world, title="First")
    answer = autosave(learner, piece, piece.revision, description="Now with words", activity_date="2026-11-20")
    assert answer.status_code == 200
    fresh = made.again(piece)
    assert answer.json()["revision"] == fresh.revision
    assert (fresh.title, fresh.description, str(fresh.activity_date)) == ("First", "Now with words", "2026-11-20")


def test_autosave_says_what_another_tab_wrote(world, learner):
    piece = made.draft(world, title="First")
    autosave(learner, piece, piece.revision, title="Second")
    answer = autosave(learner, piece, piece.revision, title="Third")
    assert answer.status_code == 409
    assert answer.json()["theirs"]["title"] == "Second"
    assert answer.json()["draft"] is True
    assert autosave(learner, piece, answer.json()["revision"], title="Third").status_code == 200


def test_autosave_keeps_what_it_can(world, learner):
    piece = made.draft(world, title="First")
    answer = autosave(learner, piece, piece.revision, title="Second", activity_date="soon", state="accepted", learner=3)
    assert answer.status_code == 200
    assert set(answer.json()["errors"]) == {"activity_date", "state", "learner"}
    assert answer.json()["saved"] == ""  # not everything is stored, so nobody is told "Saved"
    fresh = made.again(piece)
    assert (fresh.title, fresh.state, fresh.learner_id) == ("Second", "draft", piece.learner_id)


def test_what_autosave_has_no_place_for_is_not_called_saved(world, learner):
    piece = made.draft(world, title="First")
    told = autosave(learner, piece, piece.revision, title="Second", reflection="Of a newer page.").json()
    assert told["saved"] == ""
    assert set(told["errors"]) == {"reflection"}
    assert "Copy what you typed" in told["errors"]["reflection"]
    assert made.again(piece).title == "Second"
    told = autosave(learner, piece, told["revision"], **dict.fromkeys(BESIDE - {"revision"}, "x")).json()
    assert told["errors"] == {}
    assert told["saved"] != ""


def test_the_script_sends_no_more_than_the_words_of_a_page():
    script = (sources.ROOT / "static/src/js/learner/autosave.js").read_text()
    skipped = re.search(r"SKIP = new Set\(\[(.*?)\]\)", script)[1]
    assert set(re.findall(r"'(\w+)'", skipped)) == BESIDE


@pytest.mark.parametrize("name", LENGTHS)
def test_autosave_keeps_a_text_up_to_its_length_and_says_so_beyond(world, learner, name):
    piece = made.draft(world, **{name: "before"})
    most = KEPT[name]
    told = autosave(learner, piece, piece.revision, **{name: "x" * (most + 1)}).json()
    label = FIELDS[name].label
    assert told["errors"] == {name: f"“{label}” is {most + 1:,} characters long. Keep it to {LENGTHS[name]:,}."}
    assert (told["saved"], getattr(made.again(piece), name)) == ("", "before")
    told = autosave(learner, piece, told["revision"], **{name: "é" * most}).json()
    assert told["errors"] == {}
    assert told["saved"] != ""
    assert getattr(made.again(piece), name) == "é" * most


def test_autosave_of_more_than_anything_holds_is_not_called_unreadable(world, learner):
    piece = made.draft(world, body="before")
    answer = autosave(learner, piece, piece.revision, body="x" * LONGEST_AUTOSAVE)
    assert answer.status_code == 413
    assert "more text than one piece can hold" in answer.json()["sentence"]
    assert made.again(piece).body == "before"


def test_everything_as_long_as_it_is_kept_fits_into_one_autosave(world, learner):
    piece = made.draft(world)
    answer = autosave(learner, piece, piece.revision, **{name: "😀" * most for name, most in KEPT.items()})
    assert (answer.status_code, answer.json()["errors"]) == (200, {})


def test_a_plain_form_and_a_script_store_the_same_line_breaks(world, learner):
    piece = made.draft(world, body="")
    revision = autosave(learner, piece, piece.revision, body="one\ntwo").json()["revision"]
    assert learner.post(url(piece), {"revision": revision, "body": "one\r\ntwo"}).status_code == 303
    assert (made.again(piece).body, made.again(piece).revision) == ("one\ntwo", revision)


def test_a_page_that_was_refused_says_that_nothing_on_it_is_stored(world, learner):
    piece = made.draft(world, title="First")
    assert "data-unstored" not in learner.get(url(piece)).content.decode()
    refused = learner.post(url(piece), {"revision": piece.revision, "title": "x" * 121})
    assert refused.status_code == 422
    assert 'data-unstored="yes"' in refused.content.decode()
    assert "“Name” is 121 characters long. Keep it to 120." in refused.content.decode()
    stale = learner.post(url(piece), {"revision": 0, "title": "Third"})
    assert 'data-unstored="stale"' in stale.content.decode()  # no script overwrites the other text unasked


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"revision": "x", "fields": {}}', '{"revision": 1, "fields": 7}', "\x00"]
)
def test_autosave_refuses_what_it_cannot_read(world, learner, body):
    piece = made.draft(world, title="First")
    answer = learner.post(url(piece, "autosave/"), body, content_type="application/json")
    assert answer.status_code == 400
    assert made.again(piece).title == "First"


def test_autosave_of_a_sent_piece_keeps_nothing(world, learner):
    piece = made.again(made.sent(world, title="Sent").evidence)
    answer = autosave(learner, piece, piece.revision, title="Changed")
    assert answer.status_code == 409
    assert answer.json()["draft"] is False


def test_a_file_can_be_taken_out_by_a_plain_button(world, learner):
    piece = made.draft(world, kind="media")
    file = made.with_file(world, piece, checked=False)
    answer = learner.post(url(piece), {"revision": piece.revision, "title": "Kept", "remove": file.public_id})
    assert answer.status_code == 303
    assert files_of(piece).count() == 0
    assert made.again(piece).title == "Kept"


def test_a_file_can_be_taken_out_by_script(world, learner):
    piece = made.draft(world, kind="media")
    file = made.with_file(world, piece, checked=False)
    page = learner.post(url(piece, f"files/{file.public_id}/remove/"), follow=True)
    assert files_of(piece).count() == 0
    assert file.name not in page.content.decode()


def test_a_file_of_another_piece_stays(world, learner):
    mine, other = made.draft(world, kind="media"), made.draft(world, kind="media")
    file = made.with_file(world, other, checked=False)
    assert learner.post(url(mine, f"files/{file.public_id}/remove/")).status_code == 404
    assert learner.post(url(mine), {"revision": mine.revision, "remove": file.public_id}).status_code == 404
    assert files_of(other).count() == 1


def test_the_list_of_files_comes_alone_while_they_are_checked(world, learner):
    piece = made.draft(world, kind="media", title="")
    made.with_file(world, piece, name="till.jpg", checked=False)
    part = learner.get(url(piece), {"part": "files"}).content.decode()
    assert part.strip().startswith("<section")
    assert 'data-unsettled="yes"' in part
    assert "Added · " in part
    assert 'data-title="Photo, ' in part


def test_a_checked_file_says_so_honestly(world, learner):
    piece = made.draft(world, kind="media")
    made.with_file(world, piece)
    page = learner.get(url(piece)).content.decode()
    assert "Added, not checked for viruses" in page  # no scanner is configured here
    assert 'data-unsettled=""' in page
    assert "/files/preview/" in page


def test_a_file_name_runs_nothing(world, learner):
    piece = made.draft(world, kind="media")
    made.with_file(world, piece, name='"><img src=x onerror=alert(1)>.jpg', checked=False)
    assert "<img src=x" not in learner.get(url(piece)).content.decode()


@pytest.mark.parametrize("many", [1, 12])
def test_queries_are_few_and_constant(world, counted, many):
    piece = made.draft(world, kind="media")
    made.with_file(world, piece)
    for number in range(many - 1):
        made.with_file(world, piece, content=files.jpeg(seed=number + 2), checked=False)
    counted(9, f"evidence/{piece.public_id}/")
