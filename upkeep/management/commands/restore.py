"""manage.py restore FOLDER [--proof SHA256] [--only-check]"""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from upkeep.examining import examine
from upkeep.management.commands.doctor import said
from upkeep.manifest import BackupError
from upkeep.restoring import checked, restore


class Command(BaseCommand):
    help = (
        "Take a backup into an empty installation, then look at all of it. Ends with 0 when it is sound, with 1 when "
        "nothing was restored, or when something is not as it should be: each fault has a line. Stop all else first."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="what `backup` wrote")
        parser.add_argument("--proof", default="", metavar="SHA256", help="what `backup` said to keep elsewhere")
        parser.add_argument("--only-check", action="store_true", help="read the backup and compare it; restore nothing")

    def handle(self, *_args: Any, folder: Path, **options: Any) -> None:
        try:
            if options["only_check"]:
                manifest = checked(folder, proof=options["proof"])
                self.stdout.write(f"{folder} is whole: of {manifest.began}, {manifest.objects} objects.")
                return
            manifest = restore(folder, proof=options["proof"], tell=self.stdout.write)
        except BackupError as refused:
            raise CommandError(f"Not restored. {refused}", returncode=1) from refused
        for fault in manifest.faults:
            self.stdout.write(f"It was made with a fault: {fault}")
        self._look()

    def _look(self) -> None:
        """Ask the doctor, with every byte, and then the ledger. Both speak, whatever the first one says."""
        self.stdout.write("Looking at all of it.")
        counts: Counter[str] = Counter()
        faults = [str(fault) for fault in examine(counts, files=True, without={"ledger"})]
        for fault in faults:
            self.stdout.write(fault)
        if not faults:
            self.stdout.write(said(counts, files=True))
        try:
            # Every byte was read a moment ago.
            call_command("verify_ledger", without_files=True, stdout=self.stdout, stderr=self.stderr)
        except CommandError as broken:
            raise CommandError(f"Restored, and not sound: {broken}", returncode=1) from broken
        if faults:
            raise CommandError(f"Restored, and not sound: {len(faults)} faults, see above.", returncode=1)
        self.stdout.write("Restored.")
