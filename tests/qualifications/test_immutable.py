"""Published rows stay as they are: through the model, through querysets and through SQL by hand (B16)."""

import pytest
from django.db import DatabaseError, connection, transaction

from qualifications.models import Criterion, Group, Outcome, Place, PublishedIsFinal, Qualification, Unit
from qualifications.services import publish_catalogue, read_catalogue
from tests.qualifications.conftest import AT

FIELDS = {
    Unit: ("title", "Something else"),
    Outcome: ("title", "Something else"),
    Criterion: ("text", "Something easier"),
    Qualification: ("credit", 1),
    Group: ("min_credit", 0),
    Place: ("number", "9"),
}
by_table = pytest.mark.parametrize("model", list(FIELDS), ids=lambda m: m.__name__)


@pytest.fixture
def small(db, folder):
    publish_catalogue(read_catalogue(folder.path), at=AT)


def stored(model):
    return list(model.objects.order_by("pk").values())


@by_table
def test_the_model_refuses(small, model):
    before = stored(model)
    row = model.objects.first()
    field, value = FIELDS[model]
    setattr(row, field, value)

    for act in (row.save, row.delete, lambda: row.save(force_insert=True)):
        with pytest.raises(PublishedIsFinal, match=model.__name__):
            act()

    assert stored(model) == before


@by_table
def test_the_queryset_refuses(small, model):
    before = stored(model)
    field, value = FIELDS[model]
    rows = model.objects.all()

    for act in (
        lambda: rows.update(**{field: value}),
        rows.delete,
        lambda: model.objects.bulk_update(list(rows), [field]),
    ):
        with pytest.raises(PublishedIsFinal, match=model.__name__):
            act()

    assert stored(model) == before


@by_table
@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses(small, model, verb):
    before = stored(model)
    table = model._meta.db_table
    field, value = FIELDS[model]
    sql = {"update": "UPDATE {} SET {} = %s", "delete": "DELETE FROM {} WHERE {} <> %s OR 1 = 1"}[verb]

    with (
        pytest.raises(DatabaseError, match=f"append-only: {table}"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table, field), [value])

    assert stored(model) == before


def test_a_kind_that_nobody_knows_is_refused_by_the_database(small):
    unit = Unit.objects.first()
    outcome = unit.outcomes.first()

    with pytest.raises(DatabaseError, match="criterion_kind_is_known"), transaction.atomic():
        Criterion.objects.create(
            unit=unit, outcome=outcome, position=99, number="9.9", text="Do", verb="Do", kind="whatever"
        )
