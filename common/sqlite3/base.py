"""Django's SQLite, whose tables keep their triggers when a migration rewrites them.

SQLite changes a table by building a new one, and the library forgets what hung on the old one. Here the triggers
come back with it, whichever migration it is: append-only stays append-only, a guard stays a guard (decision 16).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.schema import DatabaseSchemaEditor
from django.db.models import BaseConstraint, Model

from common.guards import Guard

_TRIGGERS = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s ORDER BY rowid"


class SchemaEditor(DatabaseSchemaEditor):
    """The library's, with two additions: triggers outlive a rewritten table, and guards are added without one."""

    remaking = False

    def _remake_table(self, model: type[Model], *args: Any, **kwargs: Any) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute(_TRIGGERS, [model._meta.db_table])
            kept = [row[0] for row in cursor.fetchall()]
        with self._unchecked_rename():
            super()._remake_table(model, *args, **kwargs)  # type: ignore[misc]  # untyped in the stubs
        for sql in kept:
            self.execute(sql, params=None)

    @contextmanager
    def _unchecked_rename(self) -> Iterator[None]:
        """Let triggers of other tables name this one while it is away; the new one takes its name at once."""
        self.remaking = True
        self.execute("PRAGMA legacy_alter_table = ON")
        try:
            yield
        finally:
            self.execute("PRAGMA legacy_alter_table = OFF")
            self.remaking = False

    def add_constraint(self, model: type[Model], constraint: BaseConstraint) -> None:
        """Add a guard as its triggers; anything else as the library does."""
        if not isinstance(constraint, Guard):
            return super().add_constraint(model, constraint)
        for sql in constraint.statements(model, self):
            self.execute(sql, params=None)
        return None

    def remove_constraint(self, model: type[Model], constraint: BaseConstraint) -> None:
        """Drop a guard's triggers; anything else as the library does."""
        if not isinstance(constraint, Guard):
            return super().remove_constraint(model, constraint)
        for sql in constraint.removal(model, self):
            self.execute(sql, params=None)
        return None


class DatabaseWrapper(base.DatabaseWrapper):
    """What settings name as ENGINE where there is no DATABASE_URL."""

    SchemaEditorClass = SchemaEditor
