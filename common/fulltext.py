"""Finding rows by words, with an index, on both vendors: FTS5 tables on SQLite, GIN on PostgreSQL.

A migration says `WordIndex("qualifications_unitwords", ["title_words", "words"])`; those columns hold tokens with one
blank between them, made by the application, so that both vendors find the same. A query
says `Holds(F("words"), wanted)`.

SQLite rewrites a whole table to change it, and a rewritten table has no triggers: a migration that changes such a table
takes the index away and puts it back.
"""

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.models import Lookup

#: Every one of these, each in any of its forms: the token, and whether it may go on ("compl" finds "complaint").
Wanted = Sequence[Sequence[tuple[str, bool]]]
#: What PostgreSQL's column of tokens is called after that of the text.
TOKENS = "_tokens"


class Holds(Lookup):
    """`filter(Holds(F("words"), wanted))`: the column's tokens hold all of `wanted`. Nothing wanted is refused."""

    lookup_name = "holds"
    prepare_rhs = False

    @property
    def wanted(self) -> Wanted:
        """Return what is looked for: letters and digits, so that there is nothing to escape."""
        found: Wanted = self.rhs
        if not found or not all(token.isalnum() for forms in found for token, _goes_on in forms):
            raise ValueError("what is looked for must be tokens of letters and digits")
        return found

    def as_postgresql(self, compiler: Any, _connection: Any) -> tuple[str, list[Any]]:
        """Return the condition that the GIN index answers."""
        return f"{self._named(compiler, self.lhs.target.column + TOKENS)} @@ %s::tsquery", [_on_postgresql(self.wanted)]

    def as_sqlite(self, compiler: Any, _connection: Any) -> tuple[str, list[Any]]:
        """Return the rows that FTS5 finds. The plus keeps SQLite from jumping to each of them: it walks the order."""
        table, column = self.lhs.target.model._meta.db_table, self.lhs.target.column
        found = f'SELECT rowid FROM "{table}_fts" WHERE "{table}_fts" MATCH %s'  # noqa: S608 - the model's own name
        return f"+{self._named(compiler, 'id')} IN ({found})", [f"{column} : ({_on_sqlite(self.wanted)})"]

    def _named(self, compiler: Any, column: str) -> str:
        return f'{compiler.quote_name_unless_alias(self.lhs.alias)}."{column}"'


def _on_postgresql(wanted: Wanted) -> str:
    return " & ".join("(" + " | ".join(f"'{t}'{':*' * more}" for t, more in forms) + ")" for forms in wanted)


def _on_sqlite(wanted: Wanted) -> str:
    return " AND ".join("(" + " OR ".join(f'"{t}"{"*" * more}' for t, more in forms) + ")" for forms in wanted)


class WordIndex(Operation):
    """Migration operation: keep an index of the tokens in `columns` of `table`, by the database itself."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, columns: list[str]) -> None:
        self.table, self.columns = table, columns

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing in the models' state: the index is the database's business."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 - Django's signature
        made = self._gin() if schema_editor.connection.vendor == "postgresql" else self._fts5()
        for sql in made:
            schema_editor.execute(sql, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002 - Django's signature
        if schema_editor.connection.vendor == "postgresql":
            gone = [f'ALTER TABLE "{self.table}" DROP COLUMN IF EXISTS "{column}{TOKENS}"' for column in self.columns]
        else:
            gone = [f'DROP TRIGGER IF EXISTS "{self.table}_fts_{when}"' for when in ("insert", "delete", "update")]
            gone.append(f'DROP TABLE IF EXISTS "{self.table}_fts"')
        for sql in gone:
            schema_editor.execute(sql, params=None)

    def _gin(self) -> list[str]:
        """Return a column of tokens beside each column of text, with its index.

        Rows are kept whole: to take the tokens out of a store for large values, row by row, costs ten times the look.
        """
        made = [f'ALTER TABLE "{self.table}" SET (toast_tuple_target = 8160)']
        for column in self.columns:
            tokens = f"tsvector GENERATED ALWAYS AS (array_to_tsvector(string_to_array({column}, ' '))) STORED"
            made += [
                f'ALTER TABLE "{self.table}" ADD COLUMN "{column}{TOKENS}" {tokens}',
                f'CREATE INDEX "{self.table}_{column}" ON "{self.table}" USING gin ("{column}{TOKENS}")',
            ]
        return made

    def _fts5(self) -> list[str]:
        """Return the index beside the table, and the triggers that keep it true. A token stands between blanks."""
        name, columns = f'"{self.table}_fts"', ", ".join(self.columns)
        new, old = (", ".join(f"{row}.{column}" for column in self.columns) for row in ("new", "old"))
        put = f"INSERT INTO {name} (rowid, {columns}) VALUES (new.id, {new});"  # noqa: S608 - names from a migration
        take = f"INSERT INTO {name} ({name}, rowid, {columns}) VALUES ('delete', old.id, {old});"  # noqa: S608 - names from a migration
        options = f"content='{self.table}', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='3'"
        return [
            f"CREATE VIRTUAL TABLE {name} USING fts5({columns}, {options})",
            *(
                f'CREATE TRIGGER "{self.table}_fts_{when}" AFTER {when.upper()} ON "{self.table}" BEGIN {does} END'
                for when, does in (("insert", put), ("delete", take), ("update", take + " " + put))
            ),
        ]

    def describe(self) -> str:
        return f"Index the words of {self.table}"

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__qualname__, [self.table, self.columns], {})
