"""manage.py witness FILE --name NAME --folder FOLDER --log KEY [--log KEY …]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from ledger import services
from ledger.rules.notes import Malformed, verifier


class Command(BaseCommand):
    help = (
        "Witness the log of another installation: sign its head when nothing before it changed since the last one, "
        "keep two that cannot both be true. FILE is what `manage.py anchor --since N` writes there. Needs no database."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="without one, the witness shows its own key")
        parser.add_argument("--name", required=True, help="of this witness: witness.example/w1")
        parser.add_argument("--folder", type=Path, required=True, help="where its key and what it saw are kept")
        parser.add_argument(
            "--log", action="append", default=[], metavar="KEY", help="verifier key of a log it watches"
        )

    def handle(self, *_args: Any, file: Path | None, name: str, folder: Path, **options: Any) -> None:
        own = services.witness(name, folder)
        if file is None:
            self.stdout.write(str(own.verifier))
            return
        try:
            logs = [verifier(text) for text in options["log"]]
        except Malformed as fault:
            raise CommandError(str(fault)) from None
        said = services.cosign(file.read_text(encoding="utf-8"), own=own, logs=logs, folder=folder, at=clock.now())
        if said.evidence:
            self.stderr.write(f"Kept as evidence: {said.evidence}")
        if said.refusal:
            raise CommandError(said.refusal, returncode=1)
        self.stdout.write(said.line, ending="")
