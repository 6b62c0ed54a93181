"""A view calls one service for what a person does once, so that other callers of it need no view (A8)."""

import ast

import pytest

from tests.architecture.sources import ROOT

VIEWS = sorted(path for path in ROOT.glob("web/**/*.py"))

#: Calls whose paths exclude each other: one page, two buttons.
EITHER = {
    "web/assessor/views/assess.py:_save",
    "web/centre/views/exempting.py:_decided",
    "web/centre/views/registration_states.py:_change",
    "web/learner/views/send.py:_send",
}


def services_called(path):
    """Yield (function, names of services called) for every function of a file of screens."""
    tree = ast.parse(path.read_text())
    acts, modules = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if ".services" in (node.module or ""):
                    acts.add(alias.asname or alias.name)
                elif alias.name == "services":
                    modules.add(alias.asname or alias.name)
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
            named = {
                call.id for call in calls if isinstance(call, ast.Name) and call.id in acts and call.id[0].islower()
            }
            through = {call.attr for call in calls if isinstance(call, ast.Attribute) and _base(call) in modules}
            yield function.name, sorted(name for name in named | through if name[0].islower())


def _base(call):
    return call.value.id if isinstance(call.value, ast.Name) else ""


@pytest.mark.parametrize("path", VIEWS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_view_calls_one_service(path):
    place = path.relative_to(ROOT)
    several = {f"{place}:{name}": called for name, called in services_called(path) if len(called) > 1}
    assert {name: called for name, called in several.items() if name not in EITHER} == {}


def test_the_exceptions_are_still_there():
    found = {
        f"{path.relative_to(ROOT)}:{name}"
        for path in VIEWS
        for name, called in services_called(path)
        if len(called) > 1
    }
    assert found == EITHER
