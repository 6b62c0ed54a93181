"""Who may know whom: the contracts of .importlinter, and what a contract cannot say."""

import ast
import re
import subprocess
import sys
from pathlib import Path

from tests.architecture import exceptions, sources

BANNED_MODULE_NAMES = {"utils", "util", "helpers", "helper", "misc", "common_functions", "manager", "managers"}
#: What an enum module may take from Django: the base classes of choices and nothing that queries.
CHOICES = {("django.db", "models")}


def test_the_import_contracts_hold():
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program], cwd=sources.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_the_contracts_know_every_package():
    text = (sources.ROOT / ".importlinter").read_text()
    named = set(re.search(r"root_packages =\n((?:    \w+\n)+)", text).group(1).split())
    here = {path.parent.name for path in sources.ROOT.glob("*/__init__.py")} - {"tests", "tools"}
    assert named == here == set(sources.PACKAGES)


def test_every_exception_to_a_contract_says_why():
    before = ""
    for line in (sources.ROOT / ".importlinter").read_text().splitlines():
        if re.match(r"\s+\S+ -> \S+", line):
            assert before.strip().startswith("# "), f"no reason above: {line}"
        before = line


def test_nobody_uses_signals():
    found = {
        source.path
        for source in sources.product()
        for module, name in source.imports()
        if "signals" in (*module.split("."), name) or module.startswith("django.dispatch")
    }
    assert found == set(exceptions.SIGNALS)


def test_no_module_is_a_drawer():
    names = {(source.path, part) for source in sources.product() for part in Path(source.path).with_suffix("").parts}
    assert [path for path, part in names if part in BANNED_MODULE_NAMES] == []


def test_enums_take_choices_from_django_and_nothing_else():
    taken = {
        (source.path, module, name)
        for source in sources.product()
        if source.module == "enums"
        for module, name in source.imports()
        if module.split(".")[0] == "django" and (module, name) not in CHOICES
    }
    assert taken == set()
    fields = [
        source.path
        for source in sources.product()
        if source.module == "enums" and re.search(r"models\.(?!TextChoices|IntegerChoices|Choices)", source.text)
    ]
    assert fields == []


def test_screens_do_not_talk_to_the_database():
    found = {
        source.path
        for source in sources.product()
        if source.path.startswith("web/")
        for module, name in source.imports()
        if module.startswith("django.db") and (module, name) != ("django.db", "transaction")
    }
    assert found == set(exceptions.SCREENS_ASKING)


def test_models_hold_no_logic_in_save_or_delete():
    found = [
        f"{source.path}:{node.name}"
        for source in sources.product()
        if source.module == "models"
        for node in source.functions()
        if node.name in {"save", "delete", "full_clean", "clean"} and not refuses(node)
    ]
    assert found == []


def refuses(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A method that raises, or raises under a condition and else does what Django does, is a wall and not logic."""
    if isinstance(node.returns, ast.Name) and node.returns.id == "NoReturn":
        return True
    return all(
        isinstance(part, ast.Raise)
        or (isinstance(part, ast.If) and all(isinstance(inner, ast.Raise) for inner in part.body))
        or ast.unparse(part).removeprefix("return ").startswith(("super()", "'", '"'))
        for part in node.body
    )
