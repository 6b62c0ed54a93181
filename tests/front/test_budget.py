"""What a first visit loads stays small. The files are built by `npm run build`; the tests do not build them."""

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders

BUILD = Path(settings.BASE_DIR, "static", "build")
TOOLS = Path(settings.BASE_DIR, "static", "src", "tools")
LEARNER_CSS, STAFF_CSS = 20_000, 28_000
LEARNER_JS = 35_000
FONTS = 40_000


def built(name):
    path = BUILD / name
    assert path.exists(), f"{name} is not built: run npm run build"
    return path.read_bytes()


def zipped(*names):
    return sum(len(gzip.compress(built(name), 9, mtime=0)) for name in names)


def test_learner_styles_are_small():
    assert zipped("attest.css") <= LEARNER_CSS


def test_staff_styles_are_small():
    assert zipped("attest.css", "workbench.css") <= STAFF_CSS


def test_scripts_of_every_page_leave_room_for_the_page_itself():
    """htmx and app.js come with every signed-in page; the uploader is the largest thing that comes on top."""
    htmx = Path(finders.find("django_htmx/htmx-2.min.js")).read_bytes()
    assert len(gzip.compress(htmx, 9, mtime=0)) + zipped("js/app.js") <= LEARNER_JS - 10_000


def test_fonts_are_small():
    assert sum(path.stat().st_size for path in (BUILD / "fonts").iterdir()) <= FONTS


@pytest.mark.parametrize("name", ["attest.css", "workbench.css"])
def test_styles_bring_no_foreign_brand_and_no_data_addresses(name):
    css = built(name).decode().lower()
    for word in ("gds transport", "crown", "crest", "url(data:", "http://", "https://"):
        assert word not in css


def test_every_file_the_styles_name_is_there():
    names = re.findall(r"url\(\"?([^\")]+)\"?\)", built("attest.css").decode() + built("workbench.css").decode())
    assert names
    assert [name for name in names if not (BUILD / name).exists()] == []


def test_every_pair_of_colours_can_be_read():
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine")
    done = subprocess.run([node, TOOLS / "contrast.mjs"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
