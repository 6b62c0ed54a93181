"""What an owner of the database does to rows, leaves, tiles and heads is named; nothing crashes, nothing stops."""

import datetime as dt

import pytest
from django.db import connection

from ledger import registry
from ledger.models import Head, Leaf
from ledger.queries.rows import records
from ledger.rules import merkle
from tests.assessments.test_sign_off import complete, confirm, sign
from tests.factories import portfolio as made
from tests.ledger.conftest import HOUR, START, counted, event, events, found, seal, tamper

LATER = START + 3 * HOUR
on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL's columns take nothing of another type"
)


@pytest.fixture
def rows(db):
    written = events(600, facts={"a": 1})
    seal()
    return written


def send_a_photo(world):
    """Of another learner: what is sent and not judged holds up a signature."""
    piece = made.draft(world, "LA2")
    made.with_file(world, piece, "LA2")
    made.choose(world, piece, "LA2")
    made.send(world, piece, "LA2")


@pytest.fixture
def signed(world):
    complete(world)
    send_a_photo(world)
    sign(world)
    confirm(world)
    seal()
    return world


def test_a_whole_centre_holds(signed):
    assert counted()["leaves"] == Leaf.objects.count() > 50
    tables = set(Leaf.objects.values_list("table", flat=True))
    assert {
        "assessments.judgement",
        "assessments.ledgerentry",
        "assessments.review",
        "audit.event",
        "centres.approval",
        "portfolio.evidenceversion",
        "portfolio.opening",
        "portfolio.versionfile",
        "qualifications.criterion",
        "qualifications.place",
        "qualifications.qualification",
        "qualifications.unit",
    } <= tables


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("qualifications_criterion", "text = 'Make tea'"),
        ("qualifications_criterion", "requirements = '{\"pieces\": 9}'"),
        ("qualifications_qualification", "credit = credit + 1"),
        ("qualifications_place", "number = 'Z9'"),
        ("assessments_judgement", "verdict = 'not_relevant'"),
        ("assessments_judgement", "reason = 'another'"),
        ("assessments_review", "feedback = 'another'"),
        ("assessments_review", "vacsr = '{}'"),
        ("assessments_ledgerentry", "at = '2020-01-01 00:00:00'"),
        ("portfolio_evidenceversion", "submitted_at = '2020-01-01 00:00:00'"),
        ("portfolio_evidenceversion", 'fields = \'{"title": "Another"}\''),
        ("portfolio_opening", "at = '2020-01-01 00:00:00'"),
        ("portfolio_evidencefile", "sha256 = '" + "0" * 64 + "'"),
        ("portfolio_evidencefile", "size = size + 1"),
        ("centres_approval", "letter = 'another'"),
        ("audit_event", "facts = '{\"forged\": true}'"),
        ("audit_event", "person_id = 999"),
    ],
)
def test_a_change_of_one_column_is_named(signed, table, change):
    tamper(f"UPDATE {table} SET {change} WHERE id = (SELECT min(id) FROM {table})")  # noqa: S608 - written here
    named = found()
    assert named
    name = {"portfolio_evidencefile": "portfolio.versionfile"}.get(table, table.replace("_", ".", 1))
    assert all(one.startswith(f"{name} ") and one.endswith("was altered") for one in named)


@pytest.mark.parametrize("table", ["portfolio_opening", "audit_event", "assessments_ledgerentry"])
def test_a_row_that_is_gone_is_named(signed, table):
    name = table.replace("_", ".", 1)
    tamper(f"DELETE FROM {table} WHERE id = (SELECT max(id) FROM {table})")  # noqa: S608 - written here
    (named,) = found()
    assert named.startswith(f"{name} ")
    assert named.endswith("is gone")


def test_every_fault_is_named_and_none_hides_another(rows):
    tamper("UPDATE audit_event SET action = 'forged' WHERE id = %s", rows[0].pk)
    tamper("DELETE FROM audit_event WHERE id = %s", rows[299].pk)
    tamper("UPDATE audit_event SET facts = '[]' WHERE id = %s", rows[599].pk)
    assert found() == [
        f"audit.event {rows[0].pk} (leaf 0) was altered",
        f"audit.event {rows[299].pk} (leaf 299) is gone",
        f"audit.event {rows[599].pk} (leaf 599) was altered",
    ]


def test_a_row_put_in_afterwards_is_named(db):
    event(10), event(30)
    seal()
    event(20)
    assert counted(START + HOUR)["waiting"] == 1  # it may be one that took long to commit
    (named,) = found(LATER)
    assert named.startswith("audit.event 20 has no seal")


def test_a_row_put_in_below_the_mark_is_named_at_once(db):
    event(10), event(30)
    seal()
    event(40)
    seal(START + HOUR)
    event(20)
    assert seal(START + HOUR) == 0
    (named,) = found(START + HOUR)
    assert named.startswith("audit.event 20 has no seal")


def test_a_row_put_in_afterwards_and_sealed_is_named_too(db):
    """Whoever also sets the sealer's mark back gets a seal, hours after that of a later row."""
    event(10), event(30)
    seal()
    event(20)
    tamper("UPDATE ledger_mark SET below = 0")
    assert seal(LATER) == 1
    assert found(LATER) == ["audit.event 20 (leaf 2) was put in afterwards: sealed 3 hours after a later row"]


def test_rows_of_a_sealer_that_was_away_are_sealed_without_a_word(db):
    events(3)
    seal()
    events(3)
    assert counted(START + 30 * HOUR)["waiting"] == 3
    seal(START + 30 * HOUR)
    assert found(START + 30 * HOUR) == []


# --- the log ----------------------------------------------------------------------------------------------------------
def test_a_leaf_that_was_made_to_fit_is_named_by_its_tile_and_head(rows):
    row = rows[5]
    tamper("UPDATE audit_event SET action = 'forged' WHERE id = %s", row.pk)
    row.refresh_from_db()
    leaf = Leaf.objects.get(row=row.pk)
    tamper("UPDATE ledger_leaf SET hash = %s WHERE row = %s", refitted(leaf), row.pk)
    named = found()
    assert named == [
        "the tile over the leaves 0 to 255 is not what they make",
        "the head of 500 leaves is not what the leaves make: the log was rewritten",
        "so are 1 later heads",
    ]


def refitted(leaf):
    """The hash that a forger would put into a leaf after changing its row."""
    record = records(registry.find(leaf.table), leaf.form, {leaf.row: bytes(leaf.salt)})[leaf.row]
    return merkle.leaf_hash(record)


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("DELETE FROM ledger_leaf WHERE index >= 590", "the leaves 590 to 599 are missing"),
        ("DELETE FROM ledger_leaf WHERE index = 3", "leaf 3 is missing"),
        ("DELETE FROM ledger_tile WHERE index = 1", "the tile over the leaves 256 to 511 is not what they make"),
        ("DELETE FROM ledger_head WHERE size = 600", "the newest head counts 500 leaves, but there is a leaf 599"),
        ("INSERT INTO ledger_tile (level, index, hash) SELECT 2, 0, hash FROM ledger_tile WHERE index = 0",
         "the newest head counts 600 leaves, but there is a tile 0 at level 2"),
        ("UPDATE ledger_head SET root = (SELECT hash FROM ledger_leaf WHERE index = 0) WHERE size = 500",
         "the head of 500 leaves is not what the leaves make: the log was rewritten"),
        ("UPDATE ledger_leaf SET form = 7 WHERE index = 3", "nobody seals audit.event, form 7"),
        ('UPDATE ledger_leaf SET "table" = \'nobody.knows\' WHERE index = 3', "nobody.knows"),
        ("UPDATE ledger_leaf SET row = 999999 WHERE index = 3", "audit.event 999999 (leaf 3) is gone"),
        ("UPDATE ledger_leaf SET salt = hash WHERE index = 3", "(leaf 3) was altered"),
    ],
)  # fmt: skip
def test_the_log_cut_or_changed_is_named(rows, sql, named):
    tamper(sql.replace("index", '"index"').replace("hash", '"hash"').replace(" row ", ' "row" '))
    assert any(named in one for one in found(LATER)), found(LATER)


def test_a_log_cut_with_its_heads_leaves_rows_without_a_seal(rows):
    events(1)
    seal(START + HOUR)
    seal(START + 2 * HOUR)
    tamper('DELETE FROM ledger_leaf WHERE "index" >= 500')
    tamper("DELETE FROM ledger_head WHERE size > 500")
    first, *named = found(LATER)
    assert first == "the newest head counts 500 leaves, but there is a tile 1 at level 1"
    assert len(named) == 101
    assert all("has no seal" in one for one in named)
    assert Head.objects.count() == 1


# --- odd rows ---------------------------------------------------------------------------------------------------------
def spoil(row, change):
    """Write what no model would: SQLite takes anything once its checks are off."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA ignore_check_constraints = ON")
    try:
        tamper(f"UPDATE audit_event SET {change} WHERE id = {row.pk}")  # noqa: S608 - written here
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@on_sqlite
@pytest.mark.parametrize(
    "change",
    [
        "facts = '{'",
        "facts = x'ff'",
        "at = 'yesterday'",
        "at = x'ff00'",
        "person_id = 'somebody'",
        "action = CAST(x'ff' AS TEXT)",
        "facts = '{\"a\": NaN}'",
        "at = 17",
    ],
)
def test_a_row_that_nobody_can_read_is_named_and_hides_none(rows, change):
    spoil(rows[7], change)
    tamper("UPDATE audit_event SET action = 'forged' WHERE id = %s", rows[8].pk)
    first, second = found()
    assert first.startswith(f"audit.event {rows[7].pk} (leaf 7) ")
    assert second == f"audit.event {rows[8].pk} (leaf 8) was altered"


@on_sqlite
def test_a_row_that_nobody_can_read_is_never_sealed_and_holds_up_no_other(db):
    written = events(3)
    spoil(written[1], "action = CAST(x'ff' AS TEXT)")
    assert seal() == 2
    (named,) = found(START + dt.timedelta(days=1))
    assert named.startswith(f"audit.event {written[1].pk} has no seal")


def test_the_check_reads_in_chunks(rows, django_assert_max_num_queries):
    with django_assert_max_num_queries(200):
        found()
