"""Installations of a test alone, reached as an operator reaches them: by `manage.py` in a process of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from tests.database import schema
from tests.database.prepared import PREFIX

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "HOME", "LANG", "USER", "S3_ENDPOINT_URL", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_ADDRESSING_STYLE")


class Place:
    """An empty installation of the kind under test: SQLite and a folder, or PostgreSQL and a bucket of their own."""

    def __init__(self, folder: Path, number: int = 0) -> None:
        self.folder = folder
        self.name = f"attest_drill_{os.getpid()}_{number}"
        folder.mkdir(parents=True, exist_ok=True)

    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        found = {**kept, "VAR_DIR": str(self.folder), "ATTEST_TESTING": "1", "SECRET_KEY": "only-for-tests"}
        if connection.vendor == "postgresql":
            found["DATABASE_URL"] = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}").geturl()
        if settings.S3_BUCKET:
            found["S3_BUCKET"] = self.bucket
        return found

    @property
    def bucket(self) -> str:
        return self.name.replace("_", "-")

    def make(self, *, with_tables: bool = False) -> None:
        """Make the place; `with_tables`: with every migration in it, as the tests have prepared them."""
        prepared = schema.fingerprint(connection)
        if connection.vendor == "postgresql":
            template = f' TEMPLATE "{PREFIX}{prepared}"' if with_tables else ""
            self._in_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            self._in_server(f'CREATE DATABASE "{self.name}"{template}')
        elif with_tables:
            shutil.copyfile(settings.VAR_DIR / "prepared" / f"{prepared}.sqlite3", self.folder / "attest.sqlite3")
        if settings.S3_BUCKET:
            default_storage.connection.meta.client.create_bucket(Bucket=self.bucket)

    def remove(self) -> None:
        if connection.vendor == "postgresql":
            self._in_server(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        if settings.S3_BUCKET:
            bucket = default_storage.connection.Bucket(self.bucket)
            bucket.objects.all().delete()
            bucket.delete()

    def _in_server(self, sql: str) -> None:
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(sql)

    def manage(self, *arguments: object, **more: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False, **more
        )

    def ask(self, script: str) -> str:
        """What a script says that runs inside."""
        done = self.manage("shell", "--verbosity", "0", "--command", script)
        assert done.returncode == 0, done.stderr
        return done.stdout
