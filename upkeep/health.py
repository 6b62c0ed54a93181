"""What `manage.py doctor` asks of the database itself, of every table at once."""

from collections.abc import Iterator

from common.health import check
from upkeep import rows, schema


@check("schema", "The database has every migration of this release, no other, and refuses by itself what it has to.")
def schema_is_ours() -> Iterator[str]:
    yield from (f"the migration {name} was not applied" for name in schema.missing())
    yield from (f"the migration {name} is of another release" for name in schema.unknown(schema.applied()))
    yield from schema.lost_triggers()


@check("centres", "Every row and what it names are of one centre and about the same things; nobody judges themselves.")
def guards() -> Iterator[str]:
    yield from rows.against_guards()


@check("columns", "Every column holds what it may hold, beside the others of its row.")
def checks() -> Iterator[str]:
    yield from rows.against_checks()


@check("relations", "Whatever a row names is there.")
def relations() -> Iterator[str]:
    yield from rows.pointing_nowhere()


@check("database", "The file of the database is whole (SQLite; PostgreSQL keeps checksums of its own).")
def database() -> Iterator[str]:
    yield from rows.damaged_file()
