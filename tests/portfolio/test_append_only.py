"""What was sent, what it held and who opened it: neither code nor SQL by hand changes it."""

import pytest
from django.db import DatabaseError, connection, transaction

from common.append_only import protected_tables
from portfolio.services import recall_evidence
from tests.factories import portfolio as make

TABLES = ("portfolio_evidenceversion", "portfolio_versionfile", "portfolio_opening")


@pytest.fixture
def rows(world):
    """A sent and opened photo: one row in each of the tables."""
    return make.opened(world, kind="media")


def test_the_tables_are_held(db):
    assert set(TABLES) <= set(protected_tables(connection))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("sql", ["UPDATE {} SET centre_id = centre_id", "DELETE FROM {}"])
def test_sql_by_hand_is_refused(rows, table, sql):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - a name of ours
        before = cursor.fetchone()
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(sql.format(table))
        cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - a name of ours
        assert cursor.fetchone() == before == (1,)


def test_what_was_taken_back_stays_taken_back(world):
    sent = make.sent(world)
    recall_evidence(actor=world.actor("LA1"), evidence=sent.evidence, at=world.at)
    for sql in ("UPDATE portfolio_recall SET centre_id = centre_id", "DELETE FROM portfolio_recall"):
        with connection.cursor() as cursor, pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(sql)


def test_the_models_are_refused_too(rows):
    rows.fields = {"title": "Something else"}
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.save()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.version_files.all().delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.openings.update(person=rows.submitted_by)
