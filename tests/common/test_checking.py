"""An index that is made while others write, on both databases; on PostgreSQL also after a first try broke off."""

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.migrations.state import ProjectState

from common.checking import AddIndexBeside

NAME = "job_tried_beside"


def indexes():
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, "jobs_job")


@pytest.mark.django_db(transaction=True)
def test_an_index_comes_and_goes_and_a_half_made_one_is_made_again():
    operation = AddIndexBeside("job", models.Index(fields=["name"], name=NAME))
    before = ProjectState.from_apps(apps)
    after = before.clone()
    operation.state_forwards("jobs", after)
    tries = 2 if connection.vendor == "postgresql" else 1
    try:
        for _ in range(tries):
            with connection.schema_editor(atomic=False) as editor:
                operation.database_forwards("jobs", editor, before, after)
        assert indexes()[NAME]["columns"] == ["name"]
    finally:
        with connection.schema_editor(atomic=False) as editor:
            operation.database_backwards("jobs", editor, after, before)
    assert NAME not in indexes()
