"""No lookup is written that would pass from a global row into a centre. At run time it is refused; this reads it all."""

import ast

from django.apps import apps

from common.scoping import CentreOwned, ways_back
from tests.architecture import sources


def global_models():
    """{class name: the names by which it could be asked for a centre's rows} of every model outside the walls."""
    found = {m.__name__: set() for m in apps.get_models() if not issubclass(m, CentreOwned)}
    for field in ways_back(apps.get_models()):
        found[field.related_model.__name__] |= {
            field.related_query_name(),
            field.remote_field.get_accessor_name() or "+",
        }
    return found


def root_of(node):
    """The name at the beginning of a chain of calls and attributes: `User` of `User.objects.filter(…).values(…)`."""
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def lookups(call):
    """Every lookup that a call spells: keyword names, and strings in its arguments."""
    yield from (keyword.arg for keyword in call.keywords if keyword.arg)
    for argument in call.args:
        for node in ast.walk(argument):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value.lstrip("-")
            elif isinstance(node, ast.keyword) and node.arg:
                yield node.arg


def test_no_query_of_a_global_model_names_rows_of_a_centre():
    closed, found = global_models(), []
    for source in (*sources.product(), *sources.migrations()):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and (names := closed.get(root_of(node))):
                steps = {lookup.partition("__")[0] for lookup in lookups(node)}
                found += [f"{source.path}:{node.lineno} {name}" for name in sorted(steps & names)]
    assert found == []


def test_the_chain_is_read_to_its_beginning():
    call = ast.parse("list(User.objects.filter(Q(learners__x=1)).order_by('-memberships__role'))").body[0].value.args[0]
    assert root_of(call) == "User"
    assert "memberships" in global_models()["User"]
    assert {"memberships__role"} == set(lookups(call))
    assert set(lookups(call.func.value)) == {"learners__x"}


def test_what_a_centre_brought_in_is_reached_by_its_row_alone():
    """`Unit.draft` leads forwards, from a row that everybody may read, to one centre's draft: nobody goes that way."""
    found = [
        f"{source.path}:{node.lineno}"
        for source in sources.product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and root_of(node) in {"Unit", "Qualification"}
        if any(lookup.startswith("draft__") for lookup in lookups(node))
    ]
    assert found == []
