"""`/readyz`: does every part that the site stands on work? For whoever watches it. (`/healthz`: for who sends traffic.)

A server whose Redis or store is away still lets people read and decide, so a balancer must not take it out for that: it
asks `/healthz`. Here each part is named with one word and nothing else: no address, no version, no error's text.
"""

import datetime as dt
import os
import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import default_storage, storages
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from common.caching import RedisOrOwn
from common.outages import Outage, outage_of
from common.storing import local_path
from jobs import queries

#: Work that is due waits for a worker no longer than this, unless there is none or it cannot keep up.
LONGEST_WAIT: Final = dt.timedelta(minutes=5)
#: Bytes: with less than this left on the disk the next film does not fit.
LEAST_ROOM: Final = 512 * 1024 * 1024
OK: Final = "ok"
#: Not empty once this process has seen the tables to be those of its code: to look takes half a second.
_seen_applied: list[bool] = []


@require_safe
def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - Django's signature
    """Answer 200 when every part works, else 503; in both cases which do."""
    parts = states()
    well = all(state == OK for state in parts.values())
    return JsonResponse({"ready": well, "parts": parts}, status=200 if well else 503)


def states() -> dict[str, str]:
    """Return one word for each part: "ok", or what is wrong ("away", "full", "behind", "unknown")."""
    found = {"database": _word(_database)}
    for name, look in (("migrations", _migrations), ("worker", _worker)):
        found[name] = _word(look) if found["database"] == OK else "unknown"
    return found | {"cache": _cache(), "store": _word(_store), "disk": _disk()}


def _word(look: Callable[[], str]) -> str:
    try:
        return look()
    except (Error, OSError, ClientError, BotoCoreError) as error:
        return "full" if outage_of(error) == Outage.ROOM else "away"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def _migrations() -> str:
    """Say whether the tables are those of this code. Once they are they stay so, until another process is started."""
    if not _seen_applied:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "behind"
        _seen_applied.append(True)
    return OK


def _worker() -> str:
    """Say whether the work that is due is done: the oldest of it tells, whatever does it and wherever."""
    now = queries.database_now()
    oldest = queries.due(now).values_list("available_at", flat=True).first()
    return OK if oldest is None or now - oldest <= LONGEST_WAIT else "behind"


def _cache() -> str:
    own = caches["default"]
    return OK if not isinstance(own, RedisOrOwn) or own.answers() else "away"


def _store() -> str:
    root = local_path(default_storage, "")
    if root is None:
        _probe(settings.S3_BUCKET)
        return OK
    return OK if _writable(root) else "away"


def _writable(root: Path) -> bool:
    nearest = root if root.exists() else root.parent  # the first file makes the folder
    return os.access(nearest, os.R_OK | os.W_OK | os.X_OK)


def _probe(bucket: str) -> None:
    """Ask the store for its bucket, with little patience: whoever watches has none."""
    _impatient(bucket).head_bucket(Bucket=bucket)


@lru_cache(maxsize=2)
def _impatient(bucket: str) -> Any:
    options = settings.STORAGES["default"]["OPTIONS"]
    impatient = Config(connect_timeout=2, read_timeout=2, retries={"total_max_attempts": 1})
    config = options.get("client_config", Config()).merge(impatient)
    own = {**settings.STORAGES["default"], "OPTIONS": {**options, "bucket_name": bucket, "client_config": config}}
    return storages.create_storage(own).connection.meta.client  # type: ignore[attr-defined]  # the S3 storage has one


def _disk() -> str:
    return OK if shutil.disk_usage(settings.VAR_DIR).free >= LEAST_ROOM else "full"
