"""What is installed is written down with hashes, and no machine's own addresses are in it."""

import json
import re
import subprocess
import sys

import pytest

from tests.ops.conftest import ROOT


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_with_hashes(name):
    text = (ROOT / name).read_text()
    assert re.findall(r"^(--|-[a-z] )", text, re.MULTILINE) == []
    assert "://" not in text
    packages = re.findall(r"^([A-Za-z0-9][^ ;\\]*)", text, re.MULTILINE)
    assert len(packages) > 40
    assert [package for package in packages if "==" not in package] == []
    assert text.count("--hash=sha256:") >= len(packages)


@pytest.mark.parametrize("stem", ["requirements", "requirements-dev"])
def test_the_lock_holds_what_was_asked_for(stem):
    lock = (ROOT / f"{stem}.txt").read_text().lower().replace("_", "-")
    for line in (ROOT / f"{stem}.in").read_text().splitlines():
        asked = re.sub(r"\[.*?\]", "", line.split("#")[0].strip().lower().replace("_", "-"))
        if asked and not asked.startswith("-r"):
            assert re.search(rf"^{re.escape(asked)}(==| |$)", lock, re.MULTILINE), asked


def test_the_lock_is_whole():
    """Installing follows the lock and nothing else, so whatever a package needs must stand in it."""
    check = subprocess.run([sys.executable, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout


def test_tests_use_the_same_versions_as_the_product():
    def versions(name):
        return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))

    product, everything = versions("requirements.txt"), versions("requirements-dev.txt")
    assert {name: everything.get(name) for name in product} == product


def test_the_front_end_lock_names_no_machine():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
