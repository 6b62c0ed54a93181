"""Tables whose rows the database itself neither changes nor removes, on the vendor these tests run on."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.state import ProjectState

from audit.models import Event
from common import clock
from common.append_only import AppendOnly, protected_tables, suspended

TABLE = "audit_event"


@pytest.fixture
def event(db):
    return Event.objects.create(at=clock.now(), action="test.made", outcome="done")


def attempts():
    yield "UPDATE audit_event SET action = 'forged'"
    yield "DELETE FROM audit_event"
    if connection.vendor == "postgresql":
        yield "TRUNCATE audit_event"


def run(sql, params=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_rows_are_added_and_stay(event):
    for sql in attempts():
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(sql)
    assert Event.objects.get().action == "test.made"


def test_the_models_own_ways_are_closed_too(event):
    for act in (
        lambda: Event.objects.update(action="forged"),
        lambda: Event.objects.all().delete(),
        event.delete,
        event.save,
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    assert Event.objects.get().action == "test.made"


def test_what_must_never_change_is_protected(db):
    tables = set(protected_tables(connection))
    assert {
        "audit_event",
        "centres_correction",
        "qualifications_criterion",
        "qualifications_qualification",
        "portfolio_evidenceversion",
        "portfolio_versionfile",
        "portfolio_opening",
        "portfolio_recall",
        "assessments_judgement",
        "assessments_review",
        "assessments_countersignature",
        "assessments_ledgerentry",
    } <= tables


def test_suspended_gives_the_protection_back_even_after_an_error(event):
    before = protected_tables(connection)

    def break_off():
        with suspended(connection):
            assert protected_tables(connection) == []
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert protected_tables(connection) == before
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run("DELETE FROM audit_event")


class Editor:
    """Runs SQL inside the test's transaction, where SQLite lets no schema editor in."""

    connection = connection
    execute = staticmethod(run)


def test_the_operation_goes_forwards_and_backwards(event):
    operation, state = AppendOnly(TABLE), ProjectState()
    operation.state_forwards("audit", state)
    operation.database_backwards("audit", Editor, state, state)
    assert TABLE not in protected_tables(connection)
    operation.database_forwards("audit", Editor, state, state)
    assert TABLE in protected_tables(connection)
    assert operation.describe() == "Make audit_event append-only"
    assert operation.deconstruct() == ("AppendOnly", [TABLE], {})


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no REPLACE")
def test_a_row_is_not_replaced_either(event):
    """What REPLACE takes away is a deletion: `recursive_triggers` lets the trigger see it."""
    row = "id, at, 'forged', outcome, person_id, roles, centre_id, object_type, object_id, request_id, facts"
    for verb in ("INSERT OR REPLACE INTO", "REPLACE INTO"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            run(f"{verb} audit_event SELECT {row} FROM audit_event")  # noqa: S608 - written here
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run("UPDATE OR REPLACE audit_event SET action = 'forged'")
    assert Event.objects.get().action == "test.made"


@pytest.mark.skipif(connection.vendor != "sqlite", reason="pragmas are SQLite's")
def test_every_connection_asks_for_what_the_tables_rest_on(db):
    with connection.cursor() as cursor:
        asked = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("recursive_triggers", "foreign_keys")
        }
        ignored = cursor.execute("PRAGMA ignore_check_constraints").fetchone()[0]
    assert asked == {"recursive_triggers": 1, "foreign_keys": 1}
    assert ignored == 0
