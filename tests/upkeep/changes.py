"""Ways to change what is stored, past everything of ours."""

from django.db import connection

from tests.upkeep.conftest import every


def set_(model, wanted=None, **values):
    """Change all rows of a model, or those that are `wanted`."""

    def act(world):
        assert every(model).filter(**(wanted or {})).update(**values)

    return act


def plainly(sql, *parameters):
    """The same by hand, where the model itself refuses."""

    def act(world):
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)

    return act


def gone(*models):
    def act(world):
        for model in models:
            table = model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our tables

    return act


def to_another_learner(model):
    def act(world):
        every(model).update(learner=world.learners["LA2"])

    return act
