"""Which migrations the code has, which the database has, and what the migrations put into it besides tables."""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from common.append_only import AppendOnly, Frozen, Rewritable, trigger_names
from common.apps import is_ours
from common.guards import Guard


def applied() -> list[str]:
    """Return the migrations that the database has, as `app.name`, in alphabetical order."""
    loader = MigrationLoader(connection)
    return sorted(f"{app}.{name}" for app, name in loader.applied_migrations)


def known() -> set[str]:
    """Return the migrations that the code has, as `app.name`."""
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def unknown(names: Iterable[str]) -> list[str]:
    """Return those of these migrations that this code does not have: they are of a newer release."""
    return sorted(set(names) - known() - _replaced())


def _replaced() -> set[str]:
    """Return the migrations that others of the code stand for."""
    found = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()
    return {f"{app}.{name}" for migration in found for app, name in migration.replaces}


def missing() -> list[str]:
    """Return the migrations of the code that the database lacks."""
    return sorted(known() - set(applied()))


def our_models() -> list[type[Model]]:
    """Return the product's own models, in the order of the apps."""
    return [model for model in apps.get_models() if is_ours(model.__module__)]


def tables() -> dict[str, type[Model]]:
    """Return every table of a model, the libraries' among them, by its name."""
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in models if model._meta.managed and not model._meta.proxy}


def all_guards() -> Iterator[tuple[type[Model], Guard]]:
    """Yield the guards of our models, each with the model it is on."""
    for model in our_models():
        yield from ((model, one) for one in model._meta.constraints if isinstance(one, Guard))


def declared_triggers() -> dict[str, str]:
    """Return what triggers the migrations, taken in order, and the models leave behind: name → what is held by it."""
    vendor, found = connection.vendor, dict[str, str]()
    for table, kind in _declared().items():
        names = [f"frozen_{table}"] if kind is Frozen else trigger_names(vendor, table)
        found |= dict.fromkeys(names, f"{table} is {'frozen' if kind is Frozen else 'append-only'}")
    for model, guard in all_guards():
        made = (sql.split('"')[1] for sql in guard.statements(model, _Speaker()) if sql.startswith("CREATE TRIGGER"))
        found |= dict.fromkeys(made, f"{model._meta.db_table} keeps to {guard.name}")
    return found


def _declared() -> dict[str, type[AppendOnly]]:
    executor, found = MigrationExecutor(connection), dict[str, type[AppendOnly]]()
    for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True):
        for operation in migration.operations:
            if isinstance(operation, Rewritable):
                found.pop(operation.table, None)
            elif isinstance(operation, AppendOnly):
                found[operation.table] = type(operation)
    return found


def lost_triggers() -> Iterator[str]:
    """Yield a line for each thing that the database should refuse by itself and no longer does."""
    kept = _triggers()
    for name, held in sorted(declared_triggers().items()):
        if name not in kept:
            yield f"the trigger {name} is gone, by which {held}"


class _Speaker:
    """What a guard asks of a schema editor: for which database it speaks."""

    connection = connection


def _triggers() -> set[str]:
    asked = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {name for (name,) in cursor.fetchall()}


def row_counts(names: Iterable[str]) -> dict[str, int]:
    """Return how many rows each of these tables has."""
    counts: dict[str, int] = {}
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608 - names of tables
            counts[name] = cursor.fetchone()[0]
    return counts
