"""An act that asks whether a unit is signed holds the rows it asks about (decision 9)."""

import ast
from functools import cache

from tests.architecture import sources

WORLD = ("centres", "portfolio", "assessments")
HOLDING = ("centres.services.holding", "portfolio.services.holding")
#: What a function says when it asks about a unit's state.
ASKS = {"FROZEN_UNITS", "OPEN_UNITS", "UnitState"}
#: Steps inside acts that hold, each by compare-and-swap; and looking, which asks for a right and moves no unit.
WITHOUT = {
    "centres.services.units.advance_unit",
    "portfolio.services.state_steps.advance_mapping",
    "portfolio.services.viewing.open_version",
    "portfolio.services.viewing.show",
}


def module_of(source):
    return source.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def functions():
    """Return {(module, name): what it names} of every function of the three apps, and what each module imports."""
    found, imported = {}, {}
    for source in sources.product():
        module = module_of(source)
        if not module.startswith(WORLD):
            continue
        imported[module] = {
            alias.asname or alias.name: (node.module, alias.name)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        for node in source.tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found[module, node.name] = node
    return found, imported


def resolved(module, name, attribute=""):
    """Return (module, function) that a name, or a name and its attribute, stands for; through packages' own imports."""
    found, imported = functions()
    place, what = imported.get(module, {}).get(name, (module, name))
    if attribute:
        place, what = f"{place}.{what}", attribute
    seen = set()
    while (place, what) not in found and what in imported.get(place, {}) and (place, what) not in seen:
        seen.add((place, what))
        place, what = imported[place][what]
    return place, what


@cache
def names_in(key):
    """Return (names it says, functions it names) of a function or class."""
    node = functions()[0][key]
    said = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
    reached = {resolved(key[0], name) for name in said}
    for one in ast.walk(node):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
            reached.add(resolved(key[0], one.value.id, one.attr))
    return said, reached


def reach(key):
    """Return every function that one leads to, itself too."""
    found, _imported = functions()
    seen, waiting = set(), [key]
    while waiting:
        one = waiting.pop()
        if one in seen or one not in found:
            continue
        seen.add(one)
        waiting.extend(names_in(one)[1])
    return seen


def acts():
    """Yield the acts: public functions of services that are one transaction."""
    for (module, name), node in functions()[0].items():
        is_service = ".services." in module and not name.startswith("_") and isinstance(node, ast.FunctionDef)
        if is_service and any(ast.unparse(one) == "transaction.atomic" for one in node.decorator_list):
            yield module, name


def asks_of_units(key):
    return any(names_in(one)[0] & ASKS for one in reach(key))


def holds(key):
    return any(module in HOLDING for module, _name in reach(key))


def test_an_act_that_asks_about_units_holds_them():
    asking = {key for key in acts() if asks_of_units(key)}
    assert len(asking) > 20, "the test sees the acts"
    assert {".".join(key) for key in asking if not holds(key)} == WITHOUT


def test_the_test_would_see_one_that_does_not():
    signing = ("assessments.services.signing", "sign_off")
    assert asks_of_units(signing)
    assert holds(signing)
    assert not holds(("assessments.services.conversation", "reply"))
