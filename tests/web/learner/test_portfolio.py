"""The shelf: chips with counts, search, pages, and names that try to be more than names."""

import pytest

from common import clock
from portfolio.services import withdraw_evidence
from tests.factories import portfolio as made
from tests.web.learner.conftest import MY, judge

SHELF = f"{MY}evidence/"
NASTY = '"><script>alert(1)</script>{{ 7|add:7 }}<b>x</b>'


def test_an_empty_shelf_offers_the_one_way_to_start(world, learner):
    page = learner.get(SHELF).content.decode()
    assert "Nothing here yet" in page
    assert f"{MY}evidence/add/" in page


def test_each_chip_shows_what_it_counts(world, learner):
    made.draft(world, title="A draft")
    made.sent(world, title="A waiting one")
    judge(world, made.sent(world, title="A returned one"), back=True)
    judge(world, made.sent(world, title="A done one"))
    gone = made.draft(world, title="A withdrawn one")
    withdraw_evidence(actor=world.actor("LA1"), evidence=gone, at=clock.now())
    expected = {
        "all": {"A draft", "A waiting one", "A returned one", "A done one"},
        "unlinked": {"A draft"},
        "drafts": {"A draft"},
        "waiting": {"A waiting one"},
        "back": {"A returned one"},
        "done": {"A done one"},
        "withdrawn": {"A withdrawn one"},
    }
    for where, titles in expected.items():
        page = learner.get(SHELF, {"where": where}).content.decode()
        shown = {one for one in set().union(*expected.values()) if f">{one}</a>" in page}
        assert shown == titles, where
        assert 'aria-current="true">' in page
        count = page.split('aria-current="true">')[1].split('at-chip__count">')[1].split("<")[0]
        assert int(count) == len(titles), where


def test_kinds_are_told_apart_by_their_files(world, learner, sample_pdf):
    photo = made.draft(world, title="With a photo", kind="media")
    made.with_file(world, photo, checked=False)
    document = made.draft(world, title="With a document", kind="work_product")
    made.with_file(world, document, name="rota.pdf", content=sample_pdf, checked=False)
    made.draft(world, title="Only words")
    made.draft(world, title="In the cupboard", kind="in_situ")
    for kind, title in {
        "photo": "With a photo",
        "document": "With a document",
        "written": "Only words",
        "at_work": "In the cupboard",
    }.items():
        page = learner.get(SHELF, {"kind": kind}).content.decode()
        assert page.count('class="at-evidence"') == 1, kind
        assert f">{title}</a>" in page


def test_search_looks_for_all_words(world, learner):
    made.draft(world, title="Faulty kettle", description="At the returns desk")
    made.draft(world, title="Faulty toaster", description="On the phone")
    page = learner.get(SHELF, {"q": "faulty desk"}).content.decode()
    assert "Faulty kettle" in page
    assert "Faulty toaster" not in page
    nothing = learner.get(SHELF, {"q": "submarine"}).content.decode()
    assert "Nothing fits" in nothing
    assert 'value="submarine"' in nothing


def test_search_by_script_gets_the_shelf_alone(world, learner):
    made.draft(world, title="Faulty kettle")
    page = learner.get(SHELF, {"q": "kettle"}, headers={"HX-Request": "true", "HX-Target": "shelf"}).content.decode()
    assert "Faulty kettle" in page
    assert "<main" not in page


def test_names_are_shown_as_they_were_written_and_run_nothing(world, learner):
    made.draft(world, title=NASTY, description=NASTY)
    for address in (SHELF, f"{SHELF}?q=%3Cscript%3Ealert(1)%3C/script%3E", MY):
        page = learner.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page
        assert "14" not in page.split("alert", 1)[-1][:60]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in learner.get(SHELF).content.decode()


def test_a_piece_without_a_name_gets_one(world, learner):
    piece = made.draft(world, title="", kind="media")
    made.with_file(world, piece, checked=False)
    assert "Photo, " in learner.get(SHELF).content.decode()


def test_thirty_a_page(world, learner):
    for number in range(31):
        made.draft(world, title=f"Piece {number:02}")
    first = learner.get(SHELF).content.decode()
    assert first.count('class="at-evidence"') == 30
    assert "31 pieces" in first
    second = learner.get(SHELF, {"page": "2"}).content.decode()
    assert second.count('class="at-evidence"') == 1
    assert "Piece 00" in second
    assert learner.get(SHELF, {"page": "banana"}).status_code == 200
    assert learner.get(SHELF, {"page": "999"}).status_code == 200


@pytest.mark.parametrize("odd", [{"where": "x' OR 1=1"}, {"kind": "<b>"}, {"q": "%_%"}, {"q": "é" * 400}])
def test_odd_questions_get_a_page(world, learner, odd):
    made.draft(world)
    assert learner.get(SHELF, odd).status_code == 200


def test_only_ones_own(world, learner):
    made.draft(world, "LA2", title="Not yours")
    assert "Not yours" not in learner.get(SHELF).content.decode()


@pytest.mark.parametrize("many", [1, 30])
def test_queries_are_few_and_constant(world, counted, many):
    piece = made.draft(world, kind="media")
    made.with_file(world, piece)
    for _ in range(many - 1):
        made.draft(world)
    counted(15, "evidence/")
    counted(7, "evidence/?where=drafts")
