"""manage.py verify_ledger [--export FILE]"""

from argparse import ArgumentParser
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.queries.chain import broken_links, chains, export_lines

SHOWN = 20


class Command(BaseCommand):
    help = "Recompute every sign-off chain. Ends with 1 and names the first broken link when anything was altered."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--export", type=Path, help="write the chains as JSON lines for checking without Attest")

    def handle(self, *_args: Any, export: Path | None = None, **_options: Any) -> None:
        if export is not None:
            export.write_text("".join(f"{line}\n" for line in export_lines()), encoding="utf-8")
            self.stdout.write(f"Exported to {export}.")
        broken = list(islice(broken_links(), SHOWN))
        for fault in broken:
            self.stderr.write(f"Broken: {fault}")
        if broken:
            raise CommandError(f"The first broken link: {broken[0]}", returncode=1)
        entries = [len(found) for _registration, found in chains()]
        self.stdout.write(f"All {len(entries)} chains hold ({sum(entries)} entries).")
