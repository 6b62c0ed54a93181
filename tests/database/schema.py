"""What a prepared database was made from, as one short name: when any of it changes, the name does."""

import ast
import hashlib
import importlib.metadata
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.contrib.auth.management import _get_all_permissions
from django.db.backends.base.base import BaseDatabaseWrapper

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
SETTINGS = ROOT / "config" / "settings.py"


def fingerprint(connection: BaseDatabaseWrapper) -> str:
    """Return a name for the schema that this code makes on this server.

    In it: every migration of every installed app, each of our own modules that a migration leads to, the settings, the
    names and permissions that Django writes into a fresh database, the versions of Django and of the driver, and how it is made.
    """
    digest = hashlib.sha256()
    for part in _facts(connection):
        digest.update(part.encode() + b"\0")
    for path in sorted(_files()):
        digest.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _facts(connection: BaseDatabaseWrapper) -> Iterator[str]:
    yield importlib.metadata.version("django")
    yield f"{connection.vendor} {connection.Database.__version__ if connection.vendor == 'postgresql' else ''}"
    for model in apps.get_models(include_auto_created=True):
        yield f"{model._meta.label} {sorted(_get_all_permissions(model._meta))}"


def _files() -> set[Path]:
    """Return the migrations, and whatever of ours they import, however far."""
    found, waiting = {HERE / "schema.py", HERE / "prepared.py", SETTINGS}, list(_migrations())
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        if path.suffix == ".py" and path.is_relative_to(ROOT) and ".venv" not in path.parts:
            waiting += _imported(path)
    return found


def _migrations() -> Iterator[Path]:
    for app in apps.get_app_configs():
        folder = Path(app.path) / "migrations"
        yield from (path for path in folder.glob("*") if path.is_file())


def _imported(path: Path) -> Iterator[Path]:
    """Yield the files of ours that a file imports, wherever in it; a name in a package may be a module of it."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            names = [module, *(f"{module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            yield from _paths(name)


def _paths(name: str) -> Iterator[Path]:
    """Yield the files that importing a dotted name runs: the module's and its packages'."""
    parts = name.split(".")
    for n in range(1, len(parts) + 1):
        place = ROOT.joinpath(*parts[:n])
        yield from (p for p in (place / "__init__.py", place.with_suffix(".py")) if p.is_file())
