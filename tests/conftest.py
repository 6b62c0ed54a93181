"""What every test stands on: quick and separate databases, files, caches and, where there is one, a Chromium.

The same tests run embedded (nothing set) and full (DATABASE_URL, REDIS_URL, S3_BUCKET set, see `make test-full`).
"""

import functools
import itertools
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase, override_settings

from tests import chromium
from tests.database import emptying, prepared, tables

pytest_plugins = ["tests.fixtures"]

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
ROOM = Path(tempfile.mkdtemp(prefix="attest-tests-"))


def _test_settings() -> dict[str, Any]:
    """Return the settings that differ under test: a cheap hash, and files and caches of this process alone."""
    storages = {**settings.STORAGES, "default": _own_files(settings.STORAGES["default"])}
    storages["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    changed: dict[str, Any] = {
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "STORAGES": storages,
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_AUTOREFRESH": True,
        "FILE_UPLOAD_TEMP_DIR": ROOM,
    }
    if settings.S3_BUCKET:
        changed["S3_BUCKET"] = storages["default"]["OPTIONS"]["bucket_name"]
    if settings.REDIS_URL:
        changed["REDIS_URL"] = _own_redis(settings.REDIS_URL)
        changed["CACHES"] = {"default": {**settings.CACHES["default"], "LOCATION": changed["REDIS_URL"]}}
    return changed


def _own_files(storage: dict[str, Any]) -> dict[str, Any]:
    own = {"bucket_name": f"attest-test-{WORKER}"} if settings.S3_BUCKET else {"location": str(ROOM / "media")}
    return {**storage, "OPTIONS": {**storage["OPTIONS"], **own}}


def _own_redis(url: str) -> str:
    """Return the address with a database number of this worker: 8 becomes 9 for the second one."""
    parts = urlsplit(url)
    number = int(parts.path.strip("/") or 0) + int(WORKER.removeprefix("gw"))
    return parts._replace(path=f"/{number}").geturl()


_changed = override_settings(**_test_settings())
_flush = TransactionTestCase._fixture_teardown
_reload = TransactionTestCase._should_reload_connections
#: How many rows each table has before any test, and the file to come back to.
_prepared: dict[str, int] = {}
_template = ROOM / "prepared.sqlite3"
#: Tests with a database so far, and after how many of them PostgreSQL's files are swept.
_since_sweeping, SWEPT_AFTER = itertools.count(1), 40


def _empty(_self: TransactionTestCase) -> None:
    """After a test that really committed: the database as it was prepared."""
    emptying.empty(connections["default"], _template, _prepared)


def _stay(_self: TransactionTestCase) -> bool:
    """Keep the connection after a test: a new one has to learn every table again. Django opens one for each such test."""
    return False


def pytest_configure() -> None:
    _changed.enable()
    TransactionTestCase._fixture_teardown = _empty
    TransactionTestCase._should_reload_connections = _stay
    own = connections["default"].settings_dict
    if connections["default"].vendor == "sqlite":
        # A file, so that threads and processes of a test see the same rows; a crash of the machine may lose them.
        own["TEST"]["NAME"] = str(ROOM / "attest.sqlite3")
        own["OPTIONS"]["init_command"] = own["OPTIONS"].get("init_command", "") + "PRAGMA synchronous=OFF;"
    else:
        options = own.setdefault("OPTIONS", {})
        # A crash may lose them here too; and no helpers and no machine code for statements over a hundred tiny tables.
        cheap = "-c synchronous_commit=off -c max_parallel_workers_per_gather=0 -c jit=off"
        options["options"] = f"{options.get('options', '')} {cheap}".strip()


def pytest_unconfigure() -> None:
    TransactionTestCase._fixture_teardown = _flush
    TransactionTestCase._should_reload_connections = _reload
    _changed.disable()
    shutil.rmtree(ROOM, ignore_errors=True)


ROOT = Path(__file__).resolve().parent
#: A whole demo, other programs: half a minute each.
LONG = {"demo/test_demo.py", "architecture/test_tools.py", "jobs/test_worker.py", "ops/test_run.py"}
#: Whoever asks for one of these needs a database.
DATABASE = {"db", "transactional_db", "live_server", "django_db_setup", "as_client"}
#: A module that names one of these may behave differently with other services, database or not.
SERVICES = re.compile(r"\b(connections?|cache|default_storage|storages|REDIS_URL|S3_\w+|DATABASE_URL|VAR_DIR)\b")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if "browser" in asked:
            item.add_marker(pytest.mark.browser)
        if not (
            asked & (DATABASE | {"settings"}) or item.get_closest_marker("django_db") or _names_services(item.path)
        ):
            item.add_marker(pytest.mark.pure)
    items.sort(key=_is_short)  # what takes long begins first, so that no worker is left alone with it at the end


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Sweep PostgreSQL's files now and then, before a test: after the last one there is no database any more."""
    if _prepared and not _is_pure(item) and next(_since_sweeping) % SWEPT_AFTER == 0:
        emptying.sweep(connections["default"])
    return (yield)


def _is_short(item: pytest.Item) -> bool:
    long = item.get_closest_marker("browser") or item.path.relative_to(ROOT).as_posix() in LONG
    return not long


def _is_pure(item: pytest.Item) -> bool:
    return item.get_closest_marker("pure") is not None


@functools.cache
def _names_services(path: Path) -> bool:
    return SERVICES.search(path.read_text()) is not None


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """A copy of the prepared database (tests/database) instead of migrations in each process; `--create-db`: again."""
    connection = connections["default"]
    with django_db_blocker.unblock():
        prepared.hand_out(connection, _template, again=request.config.getvalue("create_db"))
        _prepared.update(tables.counts(connection))
    yield
    with django_db_blocker.unblock():
        prepared.take_back(connection)


@pytest.fixture(autouse=True, scope="session")
def _empty_bucket(request: pytest.FixtureRequest) -> None:
    if not settings.S3_BUCKET or all(map(_is_pure, request.session.items)):
        return
    from django.core.files.storage import default_storage

    client = default_storage.connection.meta.client
    known = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
    if settings.S3_BUCKET not in known:
        client.create_bucket(Bucket=settings.S3_BUCKET)


@pytest.fixture(autouse=True)
def _empty_cache(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nothing counted or remembered by one test is seen by the next."""
    yield
    if not _is_pure(request.node):
        cache.clear()


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A folder of this test alone."""
    return tmp_path


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """`run_jobs()` does all background work that is due, in this thread, and returns how many jobs were tried."""
    from jobs import runner

    return lambda: runner.drain("test")


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for the session; without one the test is skipped, or refused where REQUIRE_BROWSER is set."""
    path = chromium.find()
    if path is None:
        (pytest.fail if os.environ.get("REQUIRE_BROWSER") else pytest.skip)(chromium.MISSING)
    with chromium.running(path) as started:
        yield started


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """`open_page(width=390, height=844, **context)` → a page of its own context. Script errors make the test fail."""
    pages = chromium.Pages(browser)
    yield pages.open
    pages.close()
    assert pages.faults == []
