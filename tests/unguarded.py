"""What somebody with the rights of the database's owner could do: write past the guards. They come back afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from django.db import connection
from django.db.models import Model

from common.guards import Guard


@contextmanager
def unguarded(*models: type[Model]) -> Iterator[None]:
    """Take the guards of some models away, in the transaction of the test."""
    editor = SimpleNamespace(connection=connection)
    guards = [(m, guard) for m in models for guard in m._meta.constraints if isinstance(guard, Guard)]
    _run(sql for model, guard in guards for sql in guard.removal(model, editor))
    try:
        yield
    finally:
        _run(sql for model, guard in guards for sql in guard.statements(model, editor))


def _run(statements: Iterator[str]) -> None:
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
