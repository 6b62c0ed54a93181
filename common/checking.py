"""Migration operations for checks on tables that grow: no reader and no writer waits while old rows are looked at.

PostgreSQL adds a check without looking at the rows that are there (`AddChecks`) and looks at them in a migration of its
own, while everybody works on (`ValidateChecks`). SQLite rewrites a table once for all its checks. A lock that is not to
be had at once is given up after `SECONDS`, and the migration is run again in a quieter moment.
"""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations import AddIndex
from django.db.migrations.operations.base import Operation
from django.db.models import CheckConstraint

SECONDS = 5


class Gently(Operation):
    """Give up a lock that is not to be had within `SECONDS`, instead of letting everybody queue behind it."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing in the models' state."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 - Django's signature
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"SET LOCAL lock_timeout = '{SECONDS}s'", params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "Wait for no lock longer than some seconds"


class AddChecks(Operation):
    """Add checks to one model, for rows that are written from now on."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str, constraints: Sequence[CheckConstraint]) -> None:
        self.model_name, self.constraints = model_name, list(constraints)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Let the models' state know the checks."""
        for constraint in self.constraints:
            state.add_constraint(app_label, self.model_name.lower(), constraint)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 - Django's signature
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor == "sqlite":
            schema_editor._remake_table(model)  # noqa: SLF001 - the library offers no other way to rewrite a table once
            return
        for constraint in self.constraints:
            schema_editor.execute(f"{constraint.create_sql(model, schema_editor)} NOT VALID", params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 - Django's signature
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor == "sqlite":
            schema_editor._remake_table(model)  # noqa: SLF001 - the library offers no other way to rewrite a table once
            return
        for constraint in self.constraints:
            schema_editor.execute(constraint.remove_sql(model, schema_editor))

    def describe(self) -> str:
        return f"Check what is written to {self.model_name}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [], {"model_name": self.model_name, "constraints": self.constraints})


class ReplaceChecks(AddChecks):
    """Put checks of one model in the place of those by the same names, for rows that are written from now on."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Let the models' state know the checks instead of the ones before."""
        for constraint in self.constraints:
            state.remove_constraint(app_label, self.model_name.lower(), constraint.name)
        super().state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take the ones before away and add these, in one transaction."""
        if schema_editor.connection.vendor == "postgresql":
            model = from_state.apps.get_model(app_label, self.model_name)
            for constraint in self.constraints:
                schema_editor.execute(constraint.remove_sql(model, schema_editor))
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take these away and add the ones before, which every row fulfils."""
        super().database_backwards(app_label, schema_editor, from_state, to_state)
        if schema_editor.connection.vendor == "postgresql":
            model = to_state.apps.get_model(app_label, self.model_name)
            names = {constraint.name for constraint in self.constraints}
            for before in (one for one in model._meta.constraints if one.name in names):
                schema_editor.execute(before.create_sql(model, schema_editor), params=None)

    def describe(self) -> str:
        return f"Check otherwise what is written to {self.model_name}"


class ValidateChecks(Gently):
    """Look at the rows that were there before; readers and writers go on meanwhile. Nothing to do on SQLite."""

    def __init__(self, model_name: str, names: Sequence[str]) -> None:
        self.model_name, self.names = model_name, list(names)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 - Django's signature
        if schema_editor.connection.vendor != "postgresql":
            return
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        for name in self.names:
            schema_editor.execute(f'ALTER TABLE "{table}" VALIDATE CONSTRAINT "{name}"', params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Leave them as they are: what was looked at stays so."""

    def describe(self) -> str:
        return f"Look at what was in {self.model_name} before"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [], {"model_name": self.model_name, "names": self.names})


class AddIndexBeside(AddIndex):
    """Add an index while others write. The migration says `atomic = False`; broken off, it is run again."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        left = schema_editor.quote_name(self.index.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {left}", params=None)  # half made by an earlier try
        schema_editor.add_index(model, self.index, concurrently=True)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
            return
        model = from_state.apps.get_model(app_label, self.model_name)
        schema_editor.remove_index(model, self.index, concurrently=True)
