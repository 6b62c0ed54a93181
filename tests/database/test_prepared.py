"""The prepared database is what the migrations make, and each test finds it so."""

import pytest
from django.core.management import call_command
from django.db import connection

from audit.enums import Outcome
from audit.models import Event
from common import clock
from common.append_only import protected_tables
from tests.database import prepared, schema, tables
from tests.factories.world import two_centres


@pytest.fixture
def files(monkeypatch, room):
    """A migration of our own that imports a module of our own, in place of all others."""
    folder = room / "app" / "migrations"
    folder.mkdir(parents=True)
    (room / "app" / "kinds.py").write_text("A = 1\n")
    (folder / "0001_initial.py").write_text("def forwards():\n    from app.kinds import A\n")
    monkeypatch.setattr(schema, "ROOT", room)
    monkeypatch.setattr(schema, "SETTINGS", room / "app" / "kinds.py")
    monkeypatch.setattr(schema, "_migrations", lambda: folder.glob("*.py"))
    return room / "app"


@pytest.mark.django_db
def test_every_migration_is_in_it():
    call_command("migrate", "--check")


@pytest.mark.django_db
def test_the_name_is_the_same_for_the_same_code():
    assert schema.fingerprint(connection) == schema.fingerprint(connection)


@pytest.mark.django_db
@pytest.mark.parametrize("changed", ["migrations/0001_initial.py", "migrations/0002_more.py", "kinds.py"])
def test_another_migration_or_what_it_imports_is_another_name(files, changed):
    before = schema.fingerprint(connection)
    (files / changed).write_text("A = 2\n")
    assert schema.fingerprint(connection) != before


def test_what_our_migrations_lead_to_is_found():
    names = {str(path.relative_to(schema.ROOT)) for path in schema._files() if path.is_relative_to(schema.ROOT)}
    assert {"common/append_only.py", "common/fulltext.py", "qualifications/enums.py", "config/settings.py"} <= names
    assert "centres/migrations/0001_initial.py" in names


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_after_a_commit_it_is_as_it_was_prepared(turn, request):
    guards = protected_tables(connection)
    assert "audit_event" in guards
    before = tables.counts(connection)
    assert {name for name, rows in before.items() if rows} == {"auth_permission", "django_content_type"}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM pg_trigger WHERE tgenabled = 'D'")
            assert cursor.fetchone() == (0,)
    two_centres()
    Event.objects.create(at=clock.now(), action=f"turn.{turn}", outcome=Outcome.DONE)


def test_a_row_follows_what_it_points_at():
    order = tables.in_order(tables.by_name())
    for first, second in (
        ("centres_centre", "centres_learner"),
        ("accounts_user", "centres_learner"),
        ("qualifications_unit", "centres_learnerunit"),
        ("portfolio_evidence", "portfolio_evidenceversion"),
    ):
        assert order.index(first) < order.index(second), (first, second)


def test_old_files_go_and_the_ones_used_last_stay(room):
    import os

    for n in range(prepared.KEPT + 3):
        path = room / f"{n}.sqlite3"
        path.touch()
        os.utime(path, (n, n))
    prepared.forget_old(room)
    assert sorted(int(path.stem) for path in room.glob("*.sqlite3")) == list(range(3, prepared.KEPT + 3))
