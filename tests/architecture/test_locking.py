"""What is locked and what is deleted: rows one by one, without their key; objects that no row names."""

import ast

from tests.architecture import sources


def calls(name):
    """Yield (path, line, what it says) of each call of a method of the product."""
    for source in sources.product():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                yield source.path, node.lineno, node


def test_a_lock_holds_its_own_rows_and_not_their_keys():
    """Else a joined row is locked too: a qualification is of all centres, and its key is what a registration waits for."""
    found = list(calls("select_for_update"))
    assert len(found) > 15, "the test sees them"
    said = {(path, line): {one.arg: ast.unparse(one.value) for one in call.keywords} for path, line, call in found}
    other = {at: how for at, how in said.items() if (how.get("of"), how.get("no_key")) != ("('self',)", "True")}
    assert not other


def test_objects_are_deleted_at_one_place_that_asks_the_rows_first():
    deleted = {path for path, _line, call in calls("delete") if "storage" in ast.unparse(call.func)}
    assert deleted == {"common/storing.py"}
