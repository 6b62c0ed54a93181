"""What a service, rule, query or access function does and refuses is written on it."""

import ast

from tests.architecture import sources

SPOKEN = {"services", "rules", "queries", "access", "permissions"}


def public(source):
    """Yield the public functions of a module, not those inside functions or classes."""
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def spoken():
    return [
        source for source in sources.product() if source.module in SPOKEN and source.path.split("/")[0] in sources.APPS
    ]


def test_public_functions_say_what_they_do():
    silent = [
        f"{source.path}:{node.lineno} {node.name}"
        for source in spoken()
        for node in public(source)
        if not ast.get_docstring(node)
    ]
    assert silent == []


def test_there_is_something_to_read():
    assert sum(1 for source in spoken() for _ in public(source)) > 20


def test_every_module_of_an_app_says_what_it_is():
    plain = {"__init__", "apps", "urls"}
    silent = [
        source.path
        for source in spoken()
        if source.path.rsplit("/", 1)[1].removesuffix(".py") not in plain and not ast.get_docstring(source.tree)
    ]
    assert silent == []
