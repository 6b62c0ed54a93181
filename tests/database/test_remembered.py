"""A world that is written back is the world that is built: row for row, object for object, and of this test alone."""

import datetime as dt
from contextlib import contextmanager

import pytest
from django.db import connection, models, transaction

from accounts.models import User
from centres.models import Learner
from common import clock
from tests.database import tables
from tests.factories import moving, remembered
from tests.factories.world import PASSWORD, World, build_world, two_centres

#: What is drawn again for each row: names in addresses. (And when a row was made is asked of the clock.)
RANDOM = {"public_id"}
MOMENT = dt.timedelta(seconds=3)


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(remembered, "_kept", {})


@pytest.fixture
def at(db):
    return clock.now()


@contextmanager
def taken_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def columns(model):
    return [f for f in model._meta.concrete_fields if not f.generated]


def stored(model):
    """Every value of a table as the database holds it: its type and its text."""
    kind = "pg_typeof" if connection.vendor == "postgresql" else "typeof"
    values = ", ".join(f'{kind}("{f.column}") || \' \' || CAST("{f.column}" AS text)' for f in columns(model))
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {values} FROM "{model._meta.db_table}" ORDER BY "{model._meta.pk.column}"')  # noqa: S608 - names of our tables
        return cursor.fetchall()


def everything():
    return {name: rows for name, model in tables.by_name().items() if (rows := stored(model))}


def plain(found):
    """The same without what two buildings never share: random names; a key becomes its place among those of its table."""
    places = {name: {row[0]: n for n, row in enumerate(rows)} for name, rows in found.items()}
    return {name: [_plain(tables.by_name()[name], row, places) for row in rows] for name, rows in found.items()}


def _plain(model, row, places):
    return [_value(field, value, places) for field, value in zip(columns(model), row, strict=True)]


def _value(field, value, places):
    if field.name in RANDOM or getattr(field, "auto_now_add", False):
        return field.name
    owner = field.model if field.primary_key else field.related_model
    return value if owner is None or value is None else places[owner._meta.db_table][value]


def words_found():
    """How many units the index of words finds (SQLite keeps it in tables beside, PostgreSQL in columns)."""
    from qualifications.models import UnitWords

    if connection.vendor == "postgresql":
        return UnitWords.objects.filter(title_words__isnull=False).count()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM qualifications_unitwords_fts WHERE qualifications_unitwords_fts MATCH 'custom*'"
        )
        return cursor.fetchone()[0]


def objects(world):
    """All that hangs on a world, as values."""
    found = {"at": world.at}
    for group in ("centres", "people", "learners", "registrations"):
        found |= {(group, code): values(row) for code, row in getattr(world, group).items()}
    return found | {code: values(getattr(world, code)) for code in ("diploma", "certificate")}


def values(row: models.Model):
    return {k: v for k, v in vars(row).items() if k not in {"_state", "_django_version"}} | {
        "kept": sorted(row._state.fields_cache)
    }


def test_a_replayed_world_is_the_built_one_row_for_row(at):
    with taken_back():
        first = remembered.remembered("world", build_world, at)
        built, found, words = everything(), objects(first), words_found()
    with taken_back():
        second = remembered.remembered("world", build_world, at)
        assert everything() == built
        assert objects(second) == found
        assert words_found() == words > 0
    assert len(built) >= 16, "the world has rows in that many tables"


def test_a_replayed_world_is_the_one_that_would_be_built_now(at):
    later = at + MOMENT
    with taken_back():
        remembered.remembered("world", build_world, at)
    with taken_back():
        replayed = remembered.remembered("world", build_world, later)
        rows = everything()
    with taken_back():
        built = build_world(later)
        assert plain(rows) == plain(everything())
    assert replayed.at == built.at == later
    for row in (*replayed.people.values(), *replayed.centres.values()):
        made = getattr(row, "date_joined", None) or row.created_at
        assert later <= made <= clock.now() + MOMENT, "made while the world was"


def test_a_replayed_world_hangs_together_and_belongs_to_its_test(at):
    with taken_back():
        first = remembered.remembered("world", build_world, at)
    with taken_back():
        second = remembered.remembered("world", build_world, at)
        second.people["LA1"].given_name = "Changed"
        second.people["LA1"].save()
        assert second.learners["LA1"].centre is second.centres["10001"]
        assert second.learners["LA1"] is not first.learners["LA1"]
    with taken_back():
        third = remembered.remembered("world", build_world, at)
        assert third.people["LA1"].given_name == "Amina"
        assert User.objects.get(pk=third.people["LA1"].pk).given_name == "Amina"
        assert third.people["LA1"].check_password(PASSWORD)


def test_rows_made_after_a_replay_have_numbers_of_their_own(at):
    with taken_back():
        remembered.remembered("world", build_world, at)
    for email in ("one@people.example", "two@people.example"):
        world = None
        with taken_back():
            world = remembered.remembered("world", build_world, at)
            new = User.objects.create(email=email, given_name="New", family_name="Person")
            assert new.pk > max(person.pk for person in world.people.values())


def test_a_test_that_has_rows_already_gets_a_built_world(at):
    with taken_back():
        remembered.remembered("world", build_world, at)
    with taken_back():
        early = User.objects.create(email="early@people.example", given_name="Early", family_name="Bird")
        world = remembered.remembered("world", build_world, at)
        assert early.pk not in {person.pk for person in world.people.values()}
        assert User.objects.count() == len(world.people) + 1


def test_another_day_is_built(at):
    with taken_back():
        today = remembered.remembered("world", build_world, at)
        since = today.registrations["LA1"].starts_on
    with taken_back():
        tomorrow = remembered.remembered("world", build_world, at + dt.timedelta(days=1))
        assert tomorrow.registrations["LA1"].starts_on == since + dt.timedelta(days=1)


def test_a_moment_of_ones_own_is_built(db):
    at = dt.datetime(2026, 3, 2, 14, 5, tzinfo=dt.UTC)
    assert two_centres(at).at == at
    assert remembered._kept == {}


def test_what_changes_rows_is_built_each_time(at):
    built = []

    def rename(at: dt.datetime) -> None:
        built.append(at)
        User.objects.update(given_name="Same")

    for turn in range(3):
        with taken_back():
            remembered.remembered("world", build_world, at)
            remembered.remembered("rename", rename, at)
            assert len(built) == turn + 1
            assert set(User.objects.values_list("given_name", flat=True)) == {"Same"}


def test_a_bigger_catalogue_comes_back_the_same(at, monkeypatch):
    with taken_back():
        two_centres()
        moving.publish_more(at)
        built = everything()
    with taken_back():
        two_centres()
        monkeypatch.setattr(moving, "publish_catalogue", None)  # it is not asked again
        moving.publish_more(at)
        found = everything()
    assert {name: len(rows) for name, rows in found.items()} == {name: len(rows) for name, rows in built.items()}
    assert found["qualifications_criterion"] == built["qualifications_criterion"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_committed_world_is_whole_and_gone_afterwards(turn):
    assert User.objects.count() == 0
    world: World = two_centres()
    assert set(User.objects.values_list("pk", flat=True)) == {person.pk for person in world.people.values()}
    assert Learner.objects.across_centres(reason="a test").count() == len(world.learners)
    connection.check_constraints()
