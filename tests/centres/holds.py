"""Which rows an act holds until it has ended, in which order, on both databases: SQLite holds none, but it is asked to."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models.sql.compiler import SQLCompiler


@contextmanager
def holding() -> Iterator[list[str]]:
    """Note each question that holds rows: the model, and in brackets what else than its rows without their keys.

    “of others”: rows of models that are joined to it would be held too.
    """
    found: list[str] = []
    real = SQLCompiler.execute_sql

    def look(self: SQLCompiler, *args: Any, **options: Any) -> Any:
        query = self.query
        if query.select_for_update:
            fitting = {("self",)} if query.select_related else {(), ("self",)}
            odd = ["" if query.select_for_no_key_update else "with keys"]
            odd += [] if query.select_for_update_of in fitting else ["of others"]
            said = ", ".join(filter(None, odd))
            found.append(query.model.__name__ + (f" ({said})" if said else ""))
        return real(self, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLCompiler, "execute_sql", look)
        yield found
