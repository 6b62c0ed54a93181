"""The checkers run as tests, so that nothing is green without them."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import sources

BIN = Path(sys.executable).parent


def quiet(*command):
    done = subprocess.run(
        [BIN / command[0], *command[1:]], cwd=sources.ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]


def test_ruff_finds_nothing():
    quiet("ruff", "check", "--output-format", "concise", ".")


def test_ruff_would_write_it_the_same_way():
    quiet("ruff", "format", "--check", ".")


def test_mypy_finds_nothing():
    quiet(
        "mypy",
        "--explicit-package-bases",
        *[p for p in sources.PACKAGES if (sources.ROOT / p).exists()],
        "manage.py",
        "tools",
    )


def test_djlint_finds_nothing():
    quiet("djlint", "--lint", "--quiet", "templates")


@pytest.mark.django_db
def test_django_finds_nothing():
    from django.core.management import call_command

    call_command("check", "--fail-level", "WARNING")
