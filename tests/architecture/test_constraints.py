"""No column is without its check and no relation without its guard, in the models and in the database itself.

When one of these fails after a model changed: `manage.py makemigrations` writes down what is missing.
"""

import sqlite3

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CheckConstraint, ForeignKey

from common.apps import OURS, is_ours
from common.constraints import allowed
from common.guards import Guard
from common.scoping import CentreOwned
from tests.architecture import sources

MODELS = [model for model in apps.get_models() if is_ours(model.__module__)]
BY_NAME = pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)


def guards():
    return [(model, guard) for model in MODELS for guard in model._meta.constraints if isinstance(guard, Guard)]


def test_every_app_with_tables_is_looked_after():
    assert set(sources.APPS) == OURS


@BY_NAME
def test_every_column_with_choices_is_checked(model):
    said = [c.condition for c in model._meta.constraints if isinstance(c, CheckConstraint)]
    children = [q.children[0] for q in said if len(q.children) == 1]
    known = {child[0]: sorted(child[1]) for child in children if isinstance(child, tuple) and child[0].endswith("__in")}
    with_choices = [field for field in model._meta.local_concrete_fields if field.choices]
    assert [f.name for f in with_choices if known.get(f"{f.name}__in") != allowed(f)] == []


@BY_NAME
def test_every_dated_link_has_its_days_in_order(model):
    names = {field.name for field in model._meta.local_concrete_fields}
    if {"starts_on", "ends_on"} <= names:
        assert any("dates_in_order" in constraint.name for constraint in model._meta.constraints)


@BY_NAME
def test_no_row_names_one_of_another_centre(model):
    if not issubclass(model, CentreOwned):
        return
    refused = [
        condition for owner, guard in guards() if owner is model for all_of in guard.refuse for condition in all_of
    ]
    assert ("changes", "centre") in refused
    for field in model._meta.local_concrete_fields:
        if isinstance(field, ForeignKey) and any(f.name == "centre" for f in field.related_model._meta.fields):
            assert ("differ", "centre", f"{field.name}__centre") in refused, field.name


def test_what_must_agree_besides_is_what_the_field_means():
    """Read by people: each line is a sentence about the field. A wrong one belongs into the model's `may_differ`."""
    pairs = {
        f"{model.__name__}: {condition[1]} = {condition[2]}"
        for model, guard in guards()
        for all_of in guard.refuse
        for condition in all_of
        if condition[0] == "differ" and not condition[1].endswith("centre")
    }
    assert {
        "LearnerUnit: learner = registration__learner",
        "LearnerUnit: unit = place__unit",
        "Registration: learner = moved_from__learner",
        "InitialAssessment: learner = registration__learner",
        "EvidenceMapping: evidence__learner = learner_unit__learner",
        "EvidenceMapping: learner_unit__unit = criterion__unit",
        "VersionFile: version__evidence = file__evidence",
        "Review: evidence = version__evidence",
        "Judgement: version = review__version",
        "Judgement: assessor = review__assessor",
        "Judgement: learner_unit = mapping__learner_unit",
        "Judgement: criterion = mapping__criterion",
        "CurrentDecision: mapping = judgement__mapping",
        "CurrentDecision: mapping = proposed__mapping",
        "LedgerEntry: registration = learner_unit__registration",
        "SufficiencyDecision: author = rule__author",
    } <= pairs
    assert [pair for pair in pairs if "moved_from__qualification" in pair] == []


@pytest.mark.django_db
def test_the_database_has_exactly_the_guards_of_the_models():
    wanted: dict[str, str] = {}
    with connection.cursor() as cursor:
        for model, guard in guards():
            for sql in guard.statements(model, type("Editor", (), {"connection": connection})):
                if sql.startswith("CREATE TRIGGER"):
                    wanted[sql.split('"')[1]] = sql
                else:
                    body = sql.split("$guard$")[1]
                    cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [f"guard_{guard.name}"])
                    assert cursor.fetchone() == (body,), guard.name
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'guard\\_%' ESCAPE '\\'"
            )
            assert dict(cursor.fetchall()) == wanted
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'guard\\_%'")
            assert {row[0] for row in cursor.fetchall()} == set(wanted)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite looks at every row when a check is added")
def test_every_check_has_looked_at_the_rows_that_were_there():
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE NOT convalidated")
        assert cursor.fetchall() == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="it is a file only there")
def test_a_shell_without_us_can_check_copy_and_restore_the_tables(tmp_path):
    """No check, index or trigger calls a function that only Django's connections have."""
    connection.ensure_connection()
    copy = sqlite3.connect(tmp_path / "copy.sqlite3")
    plain = sqlite3.connect(connection.settings_dict["NAME"])
    try:
        assert plain.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        copy.executescript("\n".join(plain.iterdump()))
        count = "SELECT type, COUNT(*) FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' GROUP BY type"
        assert copy.execute(count).fetchall() == plain.execute(count).fetchall()
    finally:
        plain.close()
        copy.close()
