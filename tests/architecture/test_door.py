"""What comes in comes in through one door: nobody else reads JSON, bodies or numbers of strangers."""

import ast
import importlib
import inspect
import re
from types import FunctionType

import pytest

from common.plain import CLEANED
from tests.architecture import sources

DOOR = ("web/shared/door.py", "web/shared/http.py", "web/shared/numbers.py", "web/shared/days.py")
#: file → reason: turns text into a number by itself
NUMBERS = {
    "web/files/ranges.py": "its pattern takes eighteen ASCII digits at most",
    "web/learner/learner_words.py": "its pattern takes two or three ASCII digits at most",
    "web/shared/combination_meter.py": "credits that the rules have counted",
    "web/shared/templatetags/attest.py": "a size out of the database",
}
#: Django's fields that read digits of any script, or numbers of any size, or JSON of any depth.
FIELDS = {"IntegerField", "FloatField", "DecimalField", "DateField", "DateTimeField", "TimeField", "DurationField"}
#: app → reason: its services are given no text of a person
UNWRAPPED = {
    "audit": "it escapes what it writes down itself",
    "jobs": "its arguments are ids",
    "ledger": "programs call it, and what it seals was cleaned by whoever wrote it",
}
SERVICES = ("accounts", "assessments", "centres", "portfolio", "qualifications")


def screens():
    return [s for s in sources.product() if s.path.startswith(("web/", "accounts/")) and s.path not in DOOR]


def calls(source):
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func)


def test_json_and_bodies_are_read_at_the_door_only():
    outside = [
        f"{source.path}:{node.lineno}"
        for source in screens()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"json.loads", "json.load", "request.body"}
    ]
    assert outside == []


def test_numbers_of_strangers_are_read_at_the_door_only():
    found = {
        source.path
        for source in screens()
        for _node, name in calls(source)
        if name in {"int", "float", "Decimal"} or name.endswith((".isdigit", ".isdecimal", ".isnumeric"))
    }
    assert found == set(NUMBERS)


def test_forms_read_numbers_and_days_with_our_fields():
    outside = [
        f"{source.path}:{node.lineno} {name}"
        for source in screens()
        for node, name in calls(source)
        if name.removeprefix("forms.") in FIELDS | {"JSONField"} and name.startswith("forms.")
    ]
    assert outside == []


def test_no_view_takes_signs_out_by_itself():
    assert [source.path for source in screens() if r"\x00" in source.text] == []


def _patterns(source):
    """Yield (line, pattern, flags) of every regular expression that is written down."""
    for node, name in calls(source):
        if name.startswith("re.") and node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr):
            yield node.lineno, ast.unparse(node.args[0]), ast.unparse(node)


def test_patterns_that_read_numbers_know_our_digits_only():
    """`\\d` matches the digits of every script, and int() reads them."""
    found = [
        f"{source.path}:{line}"
        for source in sources.product()
        if not source.path.startswith(("media/", "demo/", "tools/"))
        for line, pattern, whole in _patterns(source)
        if re.search(r"\\+d", pattern) and "ASCII" not in whole
    ]
    assert found == []


def test_digits_are_asked_for_with_ascii():
    """`isdigit`, `isdecimal` and `isnumeric` say yes to the digits of every script."""
    found = [
        f"{source.path}:{number}"
        for source in sources.product()
        if not source.path.startswith(("media/", "demo/", "tools/"))
        for number, line in enumerate(source.lines, 1)
        if re.search(r"\.is(digit|decimal|numeric)\(", line) and "isascii" not in line
    ]
    assert found == []


@pytest.mark.parametrize("app", SERVICES)
def test_every_service_takes_plain_text_only(app):
    module = importlib.import_module(f"{app}.services")
    offered = getattr(module, "__all__", None) or [
        name for name, thing in vars(module).items() if getattr(thing, "__module__", "") == module.__name__
    ]
    functions = [getattr(module, name) for name in offered if name[0] != "_"]
    bare = [f.__name__ for f in functions if isinstance(f, FunctionType) and not hasattr(f, CLEANED)]
    assert [name for name in bare if not inspect.isclass(getattr(module, name))] == []


def test_no_app_with_services_is_forgotten():
    apps = {
        app
        for app in sources.APPS
        if (sources.ROOT / app / "services.py").exists() or (sources.ROOT / app / "services").is_dir()
    }
    assert apps == {*SERVICES, *UNWRAPPED}
