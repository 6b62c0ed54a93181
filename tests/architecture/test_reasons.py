"""Whatever is switched off says why, and nothing is left for later."""

import re
import tomllib

from tests.architecture import sources

EVERYTHING = ("*.py", "*.html", "*.js", "*.mjs", "*.scss", "*.md", "*.yml", "*.toml", "Makefile", "Dockerfile")
#: Written in two halves, so that this file does not find itself.
LATER = re.compile("|".join(rf"\b{a}{b}\b" for a, b in (("TO", "DO"), ("FIX", "ME"), ("X" * 2, "X"), ("HA", "CK"))))


def own_files():
    skipped = {"node_modules", ".venv", "var", ".git", "build", ".mypy_cache", ".ruff_cache", ".pytest_cache"}
    for pattern in EVERYTHING:
        for path in sources.ROOT.rglob(pattern):
            if not skipped & set(path.relative_to(sources.ROOT).parts):
                yield path


def lines_of(*groups):
    for group in groups:
        for source in group:
            for number, line in enumerate(source.lines, 1):
                yield f"{source.path}:{number}", line


def test_every_noqa_names_its_rule_and_says_why():
    unsaid = [
        place
        for place, line in lines_of(sources.product())
        if "noqa" in line and not re.search(r"# noqa: [A-Z]+\d+(, [A-Z]+\d+)*\s+[-–—#]\s*\S", line)
    ]
    assert unsaid == []


def test_every_ignored_type_names_its_error():
    unsaid = [
        place
        for place, line in lines_of(sources.product())
        if re.search(r"#\s*type:\s*ignore", line) and not re.search(r"# type: ignore\[[a-z0-9-, ]+\]", line)
    ]
    assert unsaid == []


def test_every_rule_switched_off_in_ruff_says_why():
    text = (sources.ROOT / "pyproject.toml").read_text()
    block = re.search(r"^ignore = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL).group(1)
    assert [line.strip() for line in block.splitlines() if line.strip() and "#" not in line] == []
    assert tomllib.loads(text)["tool"]["ruff"]["lint"]["select"] == ["ALL"]


def test_nothing_is_left_for_later():
    found = [
        f"{path.relative_to(sources.ROOT)}:{number}"
        for path in own_files()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if LATER.search(line)
    ]
    assert found == []
    assert [s.path for s in sources.product() if "raise NotImplemented" in s.text] == []


def test_no_test_is_switched_off_for_good():
    off = [place for place, line in lines_of(sources.tests()) if re.search(r"mark\.(skip|xfail)\b(?!if)", line)]
    assert [place for place in off if "architecture/test_reasons.py" not in place] == []
