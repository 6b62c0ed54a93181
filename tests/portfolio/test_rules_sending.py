"""Every reason against sending, and what only warns."""

import datetime as dt
from dataclasses import replace

import pytest

from portfolio.enums import AiUse, EvidenceKind, FileState, Setting
from portfolio.rules import KEPT, LENGTHS, FileFact, SendFacts, send_warnings, why_not_save, why_not_send

TODAY = dt.date(2026, 3, 10)
PHOTO = FileFact("photo.jpg", FileState.READY)
GOOD = SendFacts(
    today=TODAY,
    kind=EvidenceKind.MEDIA,
    title="A refund",
    activity_date=TODAY,
    setting=Setting.REAL_WORK,
    description="I gave a refund.",
    files=(PHOTO,),
    mappings=1,
    declared=True,
    no_customer_named=True,
    ai_use=AiUse.NONE,
)


def codes(**changed):
    return [(r.code, r.field) for r in why_not_send(replace(GOOD, **changed))]


def test_a_whole_piece_may_be_sent():
    assert why_not_send(GOOD) == []


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"induction_to_read": True}, "induction-missing", "induction"),
        ({"title": "  "}, "no-title", "title"),
        ({"activity_date": None}, "no-date", "activity_date"),
        ({"activity_date": TODAY + dt.timedelta(days=1)}, "date-ahead", "activity_date"),
        ({"setting": ""}, "no-setting", "setting"),
        ({"description": "\n"}, "no-description", "description"),
        ({"files": ()}, "nothing-in-it", "files"),
        ({"mappings": 0}, "no-criteria", "criteria"),
        ({"frozen_units": ("Unit 3",)}, "unit-frozen", "criteria"),
        ({"no_customer_named": None}, "customer-unanswered", "no_customer_named"),
        ({"no_customer_named": False}, "customer-named", "no_customer_named"),
        ({"ai_use": ""}, "ai-unanswered", "ai_use"),
        ({"ai_use": "guessed"}, "ai-unanswered", "ai_use"),
        ({"ai_use": AiUse.ASSISTED, "ai_note": " "}, "ai-unexplained", "ai_note"),
        ({"declared": False}, "not-declared", "declared"),
        ({"kind": EvidenceKind.WORK_PRODUCT, "files": ()}, "nothing-in-it", "files"),
        ({"kind": EvidenceKind.WRITING, "files": ()}, "nothing-in-it", "body"),
        ({"kind": EvidenceKind.STATEMENT, "files": (), "body": " "}, "nothing-in-it", "body"),
        ({"kind": EvidenceKind.ASSIGNMENT, "files": ()}, "nothing-in-it", "body"),
        ({"kind": EvidenceKind.IN_SITU, "files": (), "custodian": "Sam"}, "no-location", "location"),
        ({"kind": EvidenceKind.IN_SITU, "files": (), "location": "Till 2"}, "no-custodian", "custodian"),
    ],
)
def test_each_thing_that_is_missing_is_the_only_reason(changed, code, field):
    assert codes(**changed) == [(code, field)]


@pytest.mark.parametrize("name", ["body", "description"])
def test_a_draft_may_be_longer_than_what_is_sent(name):
    """Nothing pasted is lost while it is written; what an assessor is to read has an end (R146)."""
    most = LENGTHS[name]
    assert codes(**{name: "x" * most}) == []
    assert codes(**{name: "x" * (most + 1)}) == [("too-long", name)]
    assert most < KEPT[name]
    assert why_not_save({name: "x" * (most + 1)}) == []
    assert why_not_send(replace(GOOD, **{name: "x" * (most + 1)}))[0].sentence.endswith(f"Keep it to {most:,}.")


@pytest.mark.parametrize(
    "changed",
    [
        {"mappings": 0, "unsure": True},
        {"activity_date": TODAY - dt.timedelta(days=4000)},
        {"ai_use": AiUse.ASSISTED, "ai_note": "It checked my spelling."},
        {"kind": EvidenceKind.WRITING, "files": (), "body": "I wrote it."},
        {"kind": EvidenceKind.WRITING},
        {"kind": EvidenceKind.IN_SITU, "files": (), "location": "Till 2", "custodian": "Sam"},
        {"files": (replace(PHOTO, state=FileState.NOT_SCANNED),)},
        {"setting": Setting.SIMULATION},  # may be sent: it can show knowledge (R61)
    ],
)
def test_these_do_not_stop_anybody(changed):
    assert codes(**changed) == []


@pytest.mark.parametrize("state", FileState.values)
def test_only_files_that_are_done_with_go_out(state):
    expected = {
        FileState.READY: [],
        FileState.NOT_SCANNED: [],
        FileState.REFUSED: ["file-unusable"],
        FileState.INFECTED: ["file-unusable"],
        FileState.PURGED: ["file-unusable"],
    }.get(state, ["file-unfinished"])
    found = why_not_send(replace(GOOD, files=(PHOTO, FileFact("second.pdf", state))))
    assert [r.code for r in found] == expected
    assert all("second.pdf" in r.sentence for r in found)


def test_bytes_that_were_removed_do_not_go_out_again():
    found = why_not_send(replace(GOOD, files=(PHOTO, FileFact("card.jpg", FileState.READY, removed_before=True))))
    assert [(r.code, "card.jpg" in r.sentence) for r in found] == [("removed-before", True)]


def test_an_unfinished_file_is_said_with_comfort():
    sentence = why_not_send(replace(GOOD, files=(FileFact("film.mp4", FileState.CHECKING),)))[0].sentence
    assert sentence.startswith("“film.mp4” is still being checked. Nothing is lost")


def test_an_empty_draft_hears_everything_at_once():
    empty = SendFacts(today=TODAY, kind=EvidenceKind.MEDIA)
    assert [r.field for r in why_not_send(empty)] == [
        "files",
        "title",
        "activity_date",
        "setting",
        "description",
        "criteria",
        "no_customer_named",
        "ai_use",
        "declared",
    ]


@pytest.mark.parametrize(("days", "warned"), [(0, False), (7, False), (8, True), (-8, True), (400, True)])
def test_a_photo_made_on_quite_another_day_warns(days, warned):
    photo = replace(PHOTO, captured_on=TODAY - dt.timedelta(days=days))
    found = send_warnings(replace(GOOD, files=(photo,)))
    assert [r.code for r in found] == (["date-far"] if warned else [])
    assert why_not_send(replace(GOOD, files=(photo,))) == []


def test_the_warning_counts_the_days():
    photo = replace(PHOTO, captured_on=TODAY - dt.timedelta(days=9))
    assert "9 days" in send_warnings(replace(GOOD, files=(photo,)))[0].sentence


@pytest.mark.parametrize(("days", "warned"), [(730, False), (731, True)])
def test_what_is_older_than_two_years_warns(days, warned):
    found = send_warnings(replace(GOOD, activity_date=TODAY - dt.timedelta(days=days)))
    assert [r.code for r in found] == (["date-old"] if warned else [])


@pytest.mark.parametrize(("mappings", "warned"), [(1, False), (40, False), (41, True)])
def test_more_than_forty_criteria_warn(mappings, warned):
    found = send_warnings(replace(GOOD, mappings=mappings))
    assert [r.code for r in found] == (["many-criteria"] if warned else [])


def test_nothing_known_warns_of_nothing():
    assert send_warnings(replace(GOOD, activity_date=None)) == []


def test_what_is_from_before_may_be_written_or_shown_and_its_age_is_asked_about():
    """R79: recognition of prior learning is judged by the same rules."""
    assert [r.code for r in send_warnings(replace(GOOD, kind=EvidenceKind.PRIOR))] == ["from-before"]
    assert codes(kind=EvidenceKind.PRIOR) == codes(kind=EvidenceKind.PRIOR, files=(), body="What I did.") == []
    assert codes(kind=EvidenceKind.PRIOR, files=()) == [("nothing-in-it", "body")]


@pytest.mark.parametrize(
    ("limit", "days", "words"),
    [
        (30, 30, ""),
        (30, 31, "This is more than 30 days old. Your assessor may ask for something newer."),
        (365, 366, "This is more than 1 year old. Your assessor may ask for something newer."),
        (730, 731, "This is more than 2 years old. Your assessor may ask for something newer."),
    ],
)
def test_the_centre_says_what_is_old(limit, days, words):
    found = send_warnings(replace(GOOD, activity_date=TODAY - dt.timedelta(days=days), currency_days=limit))
    assert [r.sentence for r in found if r.code == "date-old"] == ([words] if words else [])
