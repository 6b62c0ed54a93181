"""Every reason the product can give is given in a test by its code, or by its sentence where only a page knows it."""

import ast
import re

from tests.architecture import sources

#: Made by a page itself: {code: what a test of the page reads}.
BY_SENTENCE = {
    "no-act": "Choose what to do with this unit.",
    "no-decision": "Approve it, or turn it down.",
}


def codes():
    """Return every code that stands in a call of `Refusal(…)` or `Refusal.of(…)`."""
    found = set()
    for source in sources.product():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                called = ast.unparse(node.func)
                if called in {"Refusal", "Refusal.of"} and isinstance(node.args[0].value, str):
                    found.add(node.args[0].value)
    return found


def test_every_refusal_is_met_in_a_test():
    here = sources.ROOT / "tests"
    tests = "\n".join(path.read_text() for path in here.rglob("test_*.py") if path.parent.name != "architecture")
    unmet = {code for code in codes() if not re.search(rf"""["']{re.escape(code)}["']""", tests)}
    assert unmet - set(BY_SENTENCE) == set()
    for code, sentence in BY_SENTENCE.items():
        assert sentence in tests, code
