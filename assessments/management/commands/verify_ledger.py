"""manage.py verify_ledger [--export FILE] [--without-files]"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.queries.chain import broken_links, chains, export_lines
from assessments.services.verification import altered_records, tombstones

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Recompute every sign-off chain, and the hash of everything sent and decided. "
        "Ends with 1 and names the first broken link when anything was altered."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--export", type=Path, help="write the chains as JSON lines for checking without Attest")
        parser.add_argument(
            "--without-files", action="store_true", help="do not read the stored files: quick, and blind to their bytes"
        )

    def handle(self, *_args: Any, export: Path | None = None, **options: Any) -> None:
        if export is not None:
            export.write_text("".join(f"{line}\n" for line in export_lines()), encoding="utf-8")
            self.stdout.write(f"Exported to {export}.")
        counts: Counter[str] = Counter()
        read = not options["without_files"]
        broken = list(islice(chain(_links(), altered_records(counts, files=read)), SHOWN))
        for fault in broken:
            self.stderr.write(f"Broken: {fault}")
        if broken:
            raise CommandError(f"The first broken link: {broken[0]}", returncode=1)
        entries = [len(found) for _registration, found in chains()]
        self.stdout.write(f"All {len(entries)} chains hold ({sum(entries)} entries).")
        files = f"{counts['files']} files" if read else "files not read"
        self.stdout.write(f"Unaltered: {counts['versions']} versions, {counts['judgements']} judgements, {files}.")
        for stone in tombstones():
            self.stdout.write(f"Removed for privacy: {stone}")


def _links() -> Iterator[str]:
    return (str(broken) for broken in broken_links())
