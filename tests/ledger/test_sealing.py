"""Sealing: every row, once, in order; beside whoever writes, beside another sealer, and after a stop in the middle."""

import datetime as dt
import threading
from hashlib import sha256

import pytest
from django.db import DatabaseError, connection, transaction

from common.append_only import protected_tables
from jobs import registry as jobs
from ledger import registry
from ledger.models import Head, Leaf, Mark, Tile
from ledger.queries import tree
from ledger.queries.rows import records
from ledger.rules import merkle
from ledger.services import sealing
from tests.ledger.conftest import HOUR, MINUTE, START, counted, event, events, found, seal


def rows_in(table="audit.event"):
    return list(Leaf.objects.filter(table=table).order_by("index").values_list("row", flat=True))


def test_every_row_is_sealed_once_and_in_order(db):
    made = events(3)
    assert seal() == 3
    assert seal() == 0
    more = events(2)
    assert seal(START + MINUTE) == 2
    assert rows_in() == [row.pk for row in [*made, *more]]
    assert list(Leaf.objects.order_by("index").values_list("index", flat=True)) == [0, 1, 2, 3, 4]
    assert list(Head.objects.order_by("size").values_list("size", "sealed_at")) == [
        (3, START),
        (5, START + MINUTE),
    ]


def test_a_leaf_is_the_hash_of_the_record_in_plain_words(db):
    """The same bytes on both databases, down to numbers in JSON and fractions of seconds."""
    at = dt.datetime(2026, 12, 1, 9, 30, 0, 120, tzinfo=dt.UTC)
    (row,) = events(1, at=at, action="x", person_id=4, facts={"b": 1.0, "a": [1e2, "ü"]})
    seal()
    leaf = Leaf.objects.get()
    record = records(registry.find("audit.event"), 1, {row.pk: bytes(leaf.salt)})[row.pk]
    assert merkle.leaf_hash(record) == bytes(leaf.hash)
    words = sha256(f"{bytes(leaf.salt).hex()}:".encode() + rb'{"a":[100,"\u00fc"],"b":1}').hexdigest()
    assert record.decode() == (
        '{"form":1,"row":{"action":"x","at":"2026-12-01T09:30:00.000120Z","centre_id":null,"facts":{"sha256":"'
        + words
        + f'"}},"id":{row.pk},"object_id":"","object_type":"","outcome":"done","person_id":4,"request_id":"","roles":""}},'
        '"table":"audit.event"}'
    )


def test_tiles_and_heads_are_those_of_the_leaves(db):
    events(600)
    assert seal() == 600
    leaves = [bytes(one) for one in Leaf.objects.order_by("index").values_list("hash", flat=True)]
    whole = merkle.Tree()
    for leaf in leaves:
        whole.add(leaf)
    assert tree.newest() == (600, whole.root())
    assert list(Tile.objects.order_by("index").values_list("level", "index")) == [(1, 0), (1, 1)]
    for leaf in leaves[:300]:
        whole.add(leaf)
    counts = counted()
    assert (counts["leaves"], counts["heads"], counts["waiting"]) == (600, 2, 0)


@pytest.mark.parametrize(("index", "size"), [(0, 1), (299, 300), (7, 300), (511, 600), (0, 600)])
def test_proofs_come_out_of_the_stored_tree(db, index, size):
    events(600)
    seal()
    (leaf,) = Leaf.objects.filter(index=index).values_list("hash", flat=True)
    root = tree.tree_of(0, size).root()
    assert merkle.includes(index=index, size=size, leaf=bytes(leaf), proof=tree.inclusion(index, size), root=root)
    assert merkle.extends(old=size, old_root=root, size=600, root=tree.newest()[1], proof=tree.growth(size, 600))


def test_the_log_itself_is_append_only(db):
    events(1)
    seal()
    assert {"ledger_leaf", "ledger_tile", "ledger_head", "ledger_signingkey"} <= set(protected_tables(connection))
    for act in (
        lambda: Leaf.objects.update(form=2),
        lambda: Leaf.objects.all().delete(),
        lambda: Head.objects.update(size=9),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def test_a_row_that_commits_late_with_a_smaller_key_is_found(db):
    first = event(10).pk
    event(30)
    assert seal() == 2
    event(20)  # its transaction took longer than that of 30
    assert seal(START + 59 * MINUTE) == 1
    assert rows_in() == [first, 30, 20]
    assert found(START + HOUR) == []


def test_after_an_hour_nobody_looks_below_the_mark(db, django_assert_num_queries):
    event(10)
    event(30)
    seal()
    event(40)
    seal(START + HOUR)  # what was seen at START is settled from now on
    assert Mark.objects.get(table="audit.event").below == 30
    event(20)
    assert seal(START + HOUR + MINUTE) == 0
    event(35)  # above the mark: looked for
    assert seal(START + HOUR + MINUTE) == 1


def test_the_mark_rests_while_nothing_is_written(db):
    events(1)
    for hours in range(4):
        seal(START + hours * HOUR)
    before = Mark.objects.get(table="audit.event")
    seal(START + 9 * HOUR)
    assert Mark.objects.get(table="audit.event").seen_at == before.seen_at
    assert not Mark.objects.exclude(table="audit.event").filter(below__gt=0).exists()


def test_a_batch_that_fails_at_its_last_step_leaves_nothing(db):
    events(2)
    Head.objects.create(size=2, root=bytes(32), sealed_at=START)  # what a hand in the database could leave
    with pytest.raises(tree.BrokenLogError):
        seal()
    assert not Leaf.objects.exists()
    assert found()[0] == "the leaves 0 to 1 are missing"


def test_a_leaf_that_no_head_counts_stops_the_sealer_by_name(db):
    (row,) = events(1)
    Leaf.objects.create(index=0, table="audit.event", row=row.pk + 7, form=1, salt=bytes(16), hash=bytes(32))
    with pytest.raises(DatabaseError):
        seal()
    assert Leaf.objects.count() == 1
    assert "the newest head counts 0 leaves, but there is a leaf 0" in found()


def test_of_two_sealers_the_slower_one_leaves_nothing_of_its_own(db):
    made = events(3)
    table = registry.find("audit.event")
    slow = sealing._hashed(table, [row.pk for row in made[:1]])
    seal()
    with pytest.raises(DatabaseError), transaction.atomic():
        sealing._write(table, slow, 0, START)
    assert rows_in() == [row.pk for row in made]


@pytest.mark.django_db(transaction=True)
def test_sealers_at_once_make_one_log():
    made = events(700)
    together = threading.Barrier(3)
    errors = []

    def run():
        try:
            together.wait()
            seal()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seal()
    assert errors == []
    assert sorted(rows_in()) == [row.pk for row in made]
    assert counted()["leaves"] == 700


def test_sealing_reads_tables_and_writes_none_of_them(db, django_assert_max_num_queries):
    events(5)
    seal()
    with django_assert_max_num_queries(3 * len(registry.tables())):
        seal(START + MINUTE)


def test_it_comes_round_every_minute_and_heads_leave_every_day():
    rounds = {task.name: task.every for task in jobs.regular()}
    assert (rounds["ledger.seal"], rounds["ledger.anchor"]) == (dt.timedelta(minutes=1), dt.timedelta(days=1))


def test_the_task_seals(db):
    events(2)
    jobs.find("ledger.seal").function()
    assert Leaf.objects.count() == 2


def test_a_second_form_leaves_old_leaves_as_they_are(db, monkeypatch):
    """A column that a later migration adds is sealed from then on; what was sealed before is still what it was."""
    before = registry.SealedTable(
        "audit.event", "audit.Event", (registry.Form(("id", "act"), now={"act": "action"}),), {}
    )
    known = registry.find("audit.event")
    monkeypatch.setitem(registry._tables, "audit.event", before)
    events(1)
    seal()
    after = registry.SealedTable("audit.event", "audit.Event", (*before.forms, known.form(1)), {})
    monkeypatch.setitem(registry._tables, "audit.event", after)
    events(1)
    seal(START + MINUTE)
    assert list(Leaf.objects.order_by("index").values_list("form", flat=True)) == [1, 2]
    assert found() == []


def test_a_table_is_registered_once_by_name():
    known = registry.find("audit.event")
    with pytest.raises(ValueError, match="two tables"):
        registry.sealed("audit.Other", *known.forms, name="audit.event")
    assert registry.sealed("audit.Event", *known.forms) == known
    for name, number in (("audit.event", 2), ("audit.event", 0), ("nobody.knows", 1)):
        with pytest.raises(registry.UnknownTableError):
            registry.find(name).form(number)
