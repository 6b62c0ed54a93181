"""The tables are what the models say, and every step can be taken back."""

import ast
from io import StringIO

import pytest
from django.core.management import call_command

from tests.architecture import sources


@pytest.mark.django_db
def test_no_migration_is_missing():
    out = StringIO()
    try:
        call_command("makemigrations", "--check", "--dry-run", stdout=out, verbosity=1)
    except SystemExit:
        pytest.fail(out.getvalue())


def calls(source, name):
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and name == getattr(node.func, "attr", getattr(node.func, "id", "")):
            yield node


@pytest.mark.parametrize(("operation", "reverse"), [("RunPython", "reverse_code"), ("RunSQL", "reverse_sql")])
def test_every_step_can_be_taken_back(operation, reverse):
    one_way = [
        f"{source.path}:{node.lineno}"
        for source in sources.migrations()
        for node in calls(source, operation)
        if len(node.args) < 2 and reverse not in {keyword.arg for keyword in node.keywords}
    ]
    assert one_way == []


def test_tables_that_are_append_only_say_so_in_a_migration():
    declared = {
        node.args[0].value
        for source in sources.migrations()
        for node in calls(source, "AppendOnly")
        if node.args and isinstance(node.args[0], ast.Constant)
    }
    assert {"audit_event", "assessments_judgement", "assessments_ledgerentry"} <= declared
