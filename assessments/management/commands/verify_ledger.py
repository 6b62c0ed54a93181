"""manage.py verify_ledger [--export FILE] [--without-files] [--anchor FILE …]"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessments.queries.chain import export_lines
from assessments.queries.chain_faults import broken_links
from assessments.services.verification import altered_records, tombstones
from common import clock
from ledger.queries.anchors import check_anchor
from ledger.queries.checking import faults as sealed_rows_faults


class Command(BaseCommand):
    help = (
        "Recompute every sign-off chain, the hash of everything sent and decided, and the log of sealed rows. "
        "Ends with 1 and names everything that was altered, removed or cannot be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--export", type=Path, help="write the chains as JSON lines for checking without Attest")
        parser.add_argument(
            "--without-files", action="store_true", help="do not read the stored files: quick, and blind to their bytes"
        )

        parser.add_argument(
            "--anchor",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="a checkpoint that was kept outside",
        )

    def handle(self, *_args: Any, export: Path | None = None, **options: Any) -> None:
        if export is not None:
            with export.open("w", encoding="utf-8") as out:
                out.writelines(f"{line}\n" for line in export_lines())
            self.stdout.write(f"Exported to {export}.")
        counts: Counter[str] = Counter()
        read = not options["without_files"]
        first = ""
        looked_for = (
            _links(counts),
            altered_records(counts, files=read),
            sealed_rows_faults(counts, at=clock.now()),
            _anchors(options["anchor"]),
        )
        for fault in chain.from_iterable(looked_for):
            counts["faults"] += 1
            first = first or fault
            self.stderr.write(f"Broken: {fault}")
        if counts["faults"]:
            raise CommandError(f"{counts['faults']} things do not hold. The first: {first}", returncode=1)
        self.stdout.write(f"All {counts['chains']} chains hold ({counts['entries']} entries).")
        files = f"{counts['files']} files" if read else "files not read"
        self.stdout.write(
            f"Unaltered: {counts['texts']} published texts, {counts['versions']} versions, "
            f"{counts['judgements']} judgements, {files}."
        )
        self.stdout.write(
            f"Sealed and unaltered: {counts['leaves']} rows. Waiting for their seal: {counts['waiting']}."
        )
        for path in options["anchor"]:
            self.stdout.write(f"{path}: the log of today begins with it.")
        for stone in tombstones():
            self.stdout.write(f"Removed for privacy: {stone}")


def _anchors(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        yield from (f"{path}: {fault}" for fault in check_anchor(text))


def _links(counts: Counter[str]) -> Iterator[str]:
    return (str(broken) for broken in broken_links(counts))
