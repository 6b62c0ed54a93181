"""manage.py backup FOLDER"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from upkeep.backing_up import lasting, make_backup
from upkeep.manifest import BackupError


class Command(BaseCommand):
    help = (
        "Write the database and every stored file to a new folder, while people go on. Ends with 0 when all of it is "
        "there and was read again, with 1 when there is no backup, and with 2 when there is one, but the store lacked "
        "a file or held another than came in: each has a line."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a name that is not taken yet, in a folder that is there")

    def handle(self, *_args: Any, folder: Path, **_options: Any) -> None:
        try:
            manifest, proof = make_backup(folder)
        except BackupError as refused:
            raise CommandError(f"No backup was made. {refused}", returncode=1) from refused
        for fault in manifest.faults:
            self.stderr.write(fault)
        took = lasting(manifest).total_seconds()
        rows = sum(manifest.rows.values())
        self.stdout.write(
            f"{folder}: {rows} rows of {manifest.began}, "
            f"{manifest.objects} objects ({manifest.bytes} bytes), in {took:.0f} s."
        )
        self.stdout.write(f"Keep this elsewhere, to know the backup again: {proof}")
        if manifest.faults:
            raise CommandError(
                f"The backup is made, but {len(manifest.faults)} objects were not as they should be: see above.",
                returncode=2,
            )
