"""The policy as data: what may be added, what may not and why (R54, R55; security, Files 1 and 4)."""

import pytest

from media.policy import KINDS, MB, REFUSED, Family, accept_attribute, admit, limits_text, size_text
from media.sentences import CODES, FOUND, sentence_for

BANNED = ["failed", "invalid", "pending", "submit", "utilise", "click here", "oops"]
ALLOWED = [
    "jpg",
    "png",
    "webp",
    "gif",
    "heic",
    "heif",
    "avif",
    "tif",
    "pdf",
    "docx",
    "xlsx",
    "pptx",
    "odt",
    "ods",
    "odp",
    "rtf",
    "txt",
    "csv",
    "doc",
    "xls",
    "ppt",
    "mp3",
    "m4a",
    "aac",
    "amr",
    "wav",
    "ogg",
    "mp4",
    "mov",
    "m4v",
    "3gp",
    "webm",
    "msg",
    "eml",
]


def test_the_list_is_the_security_policys_and_two_spellings():
    assert set(KINDS) == {*ALLOWED, "jpeg", "tiff"}
    assert not set(KINDS) & set(REFUSED)


@pytest.mark.parametrize("ending", ALLOWED)
def test_each_allowed_ending_is_admitted_with_our_own_content_type(ending):
    found = admit(f"evidence.{ending.upper()}", 1000)
    assert found.ok
    assert found.sentence == ""
    assert (found.extension, found.family) == (ending, KINDS[ending].family)
    assert found.content_type == KINDS[ending].content_type
    assert "html" not in found.content_type
    assert "svg" not in found.content_type


@pytest.mark.parametrize(("name", "code"), [
    ("page.html", "web-page"), ("page.xhtml", "web-page"), ("logo.svg", "web-page"), ("logo.svgz", "web-page"),
    ("feed.xml", "web-page"), ("app.js", "web-page"), ("work.zip", "archive"), ("work.rar", "archive"),
    ("work.7z", "archive"), ("setup.exe", "program"), ("photo.jpg.php", "program"), ("run.sh", "program"),
    ("report.docm", "macro"), ("sheet.xlsm", "macro"), ("slides.pptm", "macro"), ("notes.pages", "other-document"),
    ("IMG.bmp", "other-picture"), ("memo.wma", "other-sound"), ("film.avi", "other-video"), ("thing.qqq", "unknown-kind"),
    ("photo", "no-ending"), (".htaccess", "no-ending"), ("", "no-ending"), ("photo.", "no-ending"),
    ("web.config", "program"), ("photo.jpg::$DATA", "unknown-kind"), ("cv\u202egpj.exe", "program"),
    ("../../etc/passwd", "no-ending"), ("photo.jpg\x00.exe", "program"),
])  # fmt: skip
def test_what_is_refused_by_its_name_is_refused_with_the_right_reason(name, code):
    assert admit(name, 1000).code == code


@pytest.mark.parametrize(
    "name", ["photo.jpg.", "photo.jpg  ", "con.jpg", "C:\\Users\\me\\photo.jpg", "photo.php%00.jpg"]
)
def test_odd_names_of_pictures_are_pictures(name):
    assert admit(name, 1000).extension == "jpg"


@pytest.mark.parametrize(
    ("name", "cap"), [("a.jpg", 50 * MB), ("a.pdf", 50 * MB), ("a.mp3", 250 * MB), ("a.mp4", 2048 * MB)]
)
def test_sizes_are_taken_up_to_the_cap_and_not_a_byte_more(name, cap):
    assert admit(name, cap).ok
    over = admit(name, cap + 1)
    assert over.code == "too-big"
    assert size_text(cap) in over.sentence


@pytest.mark.parametrize("size", [0, -1])
def test_nothing_is_not_a_file(size):
    assert admit("a.jpg", size).code == "empty"


def test_zip_is_answered_with_what_to_do_instead():
    assert "choose the files inside" in admit("a.zip", 5).sentence


def test_password_sentence_says_how_to_go_on():
    assert "Remove the password and add the file again" in sentence_for("password", {})


@pytest.mark.parametrize("code", sorted(CODES))
def test_every_code_says_what_happened_what_is_safe_and_what_next(code):
    sentence = sentence_for(
        code, {"said": ".jpg", "found": "image/png", "size": "3 MB", "limit": "2 MB", "pixels": "9", "pages": "3"}
    )
    assert sentence.count(". ") >= 2
    assert sentence.endswith(".")
    assert "Nothing else you added was changed." in sentence
    assert "%" not in sentence
    assert not [word for word in BANNED if word in sentence.lower()]


@pytest.mark.parametrize("code", sorted(set(REFUSED.values())))
def test_every_refused_group_has_a_sentence(code):
    assert code in CODES


def test_sentences_of_old_rows_never_break_a_page():
    assert "…" in sentence_for("too-big", {})
    assert sentence_for("a code of last year", {}).startswith("This file is damaged")
    assert "something else" in sentence_for("renamed", {"said": ".jpg", "found": "x/y"})
    assert all(str(words) for words in FOUND.values())


def test_a_percent_sign_from_a_file_name_is_only_a_percent_sign():
    assert ".100%s" in admit("work.100%s", 5).sentence


def test_accept_names_endings_and_types_of_the_chosen_families():
    assert accept_attribute(Family.DOCUMENT) == ".pdf,application/pdf"
    everything = accept_attribute()
    assert everything.startswith(".jpg,")
    assert {f".{ending}" for ending in KINDS} <= set(everything.split(","))
    assert "*" not in everything


def test_limits_are_readable_before_choosing():
    lines = limits_text()
    assert len(lines) == len(Family)
    assert limits_text(Family.VIDEO) == ("Video: mp4, mov, m4v, 3gp, webm, up to 2 GB each",)


@pytest.mark.parametrize(("size", "text"), [(1, "1 B"), (2048, "2 kB"), (1536 * 1024, "1.5 MB"), (2048 * MB, "2 GB")])
def test_sizes_are_said_as_people_say_them(size, text):
    assert size_text(size) == text
