"""Every template can be read, draws only icons that exist, and sends only forms that the server can trust."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from web.shared import nav
from web.shared.statuses import STATUSES

FOLDER = Path(settings.BASE_DIR, "templates")
ICONS = Path(settings.BASE_DIR, "static", "src", "icons")
PAGES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.suffix in {".html", ".txt"})
ICON = re.compile(r"""{%\s*icon\s+["']([\w-]+)["']|icon_name=["']([\w-]+)["']""")
CELL = re.compile(r"""{%\s*(?:cell|status)\s+["']([\w-]+)["']""")
CLASSES = re.compile(r"""\bclass=["']([^"'>]*)["']""")
NAMES = re.compile(r"(?<![\w-])(?:at|is)-[\w-]*\w(?![\w{-])")
BUILT, BENCH = (Path(settings.BASE_DIR, "static", "build", name) for name in ("attest.css", "workbench.css"))
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)


def text_of(page):
    return (FOLDER / page).read_text()


@pytest.mark.parametrize("page", PAGES)
def test_every_template_compiles(page):
    assert get_template(page)


def test_every_icon_is_in_the_sprite():
    known = set((ICONS / "list.txt").read_text().split())
    drawn = {(page, one or two) for page in PAGES for one, two in ICON.findall(text_of(page))}
    drawn |= {("nav", icon) for items in nav.AREAS.values() for _, icon, _ in items}
    assert drawn
    assert {(page, icon) for page, icon in drawn if icon not in known} == set()


def test_every_status_has_its_cell():
    drawn = set(re.findall(r'<symbol id="c-([\w-]+)"', (ICONS / "cells.svg").read_text()))
    assert set(STATUSES) <= drawn


def test_every_cell_in_a_template_is_a_status():
    drawn = {(page, key) for page in PAGES for key in CELL.findall(text_of(page))}
    assert {(page, key) for page, key in drawn if key not in STATUSES} == set()


def test_every_class_has_a_style_or_a_script():
    """A class nothing answers to is a layout somebody thought was there."""
    sources = [
        path for path in Path(settings.BASE_DIR, "static", "src").rglob("*") if path.suffix in {".scss", ".js", ".css"}
    ]
    known = set(re.findall(r"\.((?:at|is)-[\w-]*[\w])", BUILT.read_text() + BENCH.read_text()))
    known |= set(re.findall(r"[\"'.]((?:at|is)-[\w-]+)", "".join(path.read_text() for path in sources)))
    used = {
        (page, name) for page in PAGES for classes in CLASSES.findall(text_of(page)) for name in NAMES.findall(classes)
    }
    assert len(used) > 1000
    assert {(page, name) for page, name in used if name not in known} == set()


def posts():
    """Return (page, form) of every form that is posted."""
    return [
        (page, form)
        for page in PAGES
        for form in FORM.findall(text_of(page))
        if re.search(r'method="post"', form[:400])
    ]


def test_every_posted_form_carries_the_token():
    assert posts()
    assert [page for page, form in posts() if "{% csrf_token %}" not in form] == []


def test_a_form_with_fields_leaves_the_checking_to_us():
    """The browser's own bubbles speak its language, not ours, and hide the summary."""
    assert [page for page, form in posts() if "{% field " in form and "novalidate" not in form.split(">")[0]] == []
