"""Tables whose rows are never changed or removed, held by the database itself on both vendors (axiom 2).

A migration says `AppendOnly("audit_event")`. `suspended(connection)` is for the test runner's emptying of tables and
for nothing else: a test keeps it out of the product.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation

PREFIX = "append_only_"
_FUNCTION = """
CREATE OR REPLACE FUNCTION attest_append_only() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END;
$$ LANGUAGE plpgsql
"""
_CALL = "EXECUTE FUNCTION attest_append_only()"
_ON_POSTGRESQL = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'append\\_only\\_%'"
_ON_SQLITE = (
    "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'append\\_only\\_%' ESCAPE '\\'"
)


def _create(vendor: str, table: str) -> list[str]:
    name = f"{PREFIX}{table}"
    if vendor == "postgresql":
        return [
            _FUNCTION,
            f'CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW {_CALL}',
            f'CREATE TRIGGER {name}_all BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT {_CALL}',
        ]
    return [
        f'CREATE TRIGGER {name}_{verb.lower()} BEFORE {verb} ON "{table}" '
        f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
        for verb in ("UPDATE", "DELETE")
    ]


def _drop(vendor: str, table: str) -> list[str]:
    name = f"{PREFIX}{table}"
    if vendor == "postgresql":
        return [f'DROP TRIGGER IF EXISTS {n} ON "{table}"' for n in (name, f"{name}_all")]
    return [f"DROP TRIGGER IF EXISTS {name}_{verb}" for verb in ("update", "delete")]


def trigger_names(vendor: str, table: str) -> list[str]:
    """Return what the triggers are called that keep a table append-only."""
    ends = ("", "_all") if vendor == "postgresql" else ("_update", "_delete")
    return [f"{PREFIX}{table}{end}" for end in ends]


class AppendOnly(Operation):
    """Migration operation: from now on the database refuses UPDATE, DELETE (and TRUNCATE) on `table`."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str) -> None:
        self.table = table

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing in the models' state: triggers are the database's business."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 - Django's signature
        for sql in _create(schema_editor.connection.vendor, self.table):
            schema_editor.execute(sql, params=None)  # no parameters: a per cent sign is just that

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 - Django's signature
        for sql in _drop(schema_editor.connection.vendor, self.table):
            schema_editor.execute(sql, params=None)

    def describe(self) -> str:
        return f"Make {self.table} append-only"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.table], {})


class Rewritable(AppendOnly):
    """Migration operation: take the triggers away while a table's columns change. Follow it with `AppendOnly`.

    SQLite rewrites a whole table to change it, and a rewritten table has no triggers: so both vendors say it.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        super().database_backwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        super().database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Let {self.table} be changed by this migration"


class Frozen(AppendOnly):
    """Migration operation: the database refuses to change a row of `table` once `field` holds `value`.

    A later migration that makes SQLite rewrite the table says it again.
    """

    def __init__(self, table: str, field: str, value: str) -> None:
        super().__init__(table)
        self.field, self.value = field, value

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 - Django's signature
        when = f'CREATE TRIGGER frozen_{self.table} BEFORE UPDATE ON "{self.table}" FOR EACH ROW'
        condition = f"WHEN (OLD.{self.field} = '{self.value}')"
        if schema_editor.connection.vendor == "postgresql":
            statements = [_FUNCTION, f"{when} {condition} {_CALL}"]
        else:
            refusal = f"SELECT RAISE(ABORT, 'frozen: {self.table}')"
            statements = [f"{when} {condition} BEGIN {refusal}; END"]
        for sql in statements:
            schema_editor.execute(sql, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 - Django's signature
        on = f' ON "{self.table}"' if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS frozen_{self.table}{on}", params=None)

    def describe(self) -> str:
        return f"Freeze rows of {self.table} once they are {self.value}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.table, self.field, self.value], {})


def protected_tables(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables that carry the triggers now, in alphabetical order."""
    with connection.cursor() as cursor:
        cursor.execute(_ON_POSTGRESQL if connection.vendor == "postgresql" else _ON_SQLITE)
        return sorted(row[0].strip('"') for row in cursor.fetchall())


@contextmanager
def suspended(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Take all triggers away and put them back: for emptying a test database only."""
    tables = protected_tables(connection)
    _run(connection, [sql for t in tables for sql in _drop(connection.vendor, t)])
    try:
        yield
    finally:
        _run(connection, [sql for t in tables for sql in _create(connection.vendor, t)])


def _run(connection: BaseDatabaseWrapper, statements: Sequence[str]) -> None:
    with connection.cursor() as cursor:
        for sql in statements:
            cursor.execute(sql)
