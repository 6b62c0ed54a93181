"""Before the containers of a release start: tables, catalogue, and the bucket if there is none. Safe to repeat."""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.core.management import call_command


def make_bucket() -> None:
    """Create the bucket of the settings unless it is there."""
    from django.conf import settings
    from django.core.files.storage import default_storage

    if not settings.S3_BUCKET:
        return
    client = default_storage.connection.meta.client  # type: ignore[attr-defined]
    known = {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}
    if settings.S3_BUCKET not in known:
        client.create_bucket(Bucket=settings.S3_BUCKET)


def main() -> None:
    django.setup()
    call_command("check", deploy=True)
    call_command("migrate", interactive=False)
    call_command("load_catalogue")
    make_bucket()


if __name__ == "__main__":
    main()
