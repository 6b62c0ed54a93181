"""manage.py seals [--seal] [--anchor FILE …] [--trusted KEY …]"""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from ledger import services
from ledger.queries.anchors import check_anchor
from ledger.queries.checking import faults
from ledger.rules.notes import Malformed, Verifier, verifier


class Command(BaseCommand):
    help = (
        "Recompute the log of sealed rows from the rows themselves, and compare it with checkpoints that went out. "
        "Ends with 1 and names everything that was altered, taken away or put in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seal", action="store_true", help="seal what waits first")
        parser.add_argument("--anchor", type=Path, action="append", default=[], metavar="FILE", help="a checkpoint")
        parser.add_argument(
            "--trusted", action="append", default=[], metavar="KEY", help="a verifier key that was kept outside"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["seal"]:
            self.stdout.write(f"Sealed: {services.seal(at=clock.now())} rows.")
        counts: Counter[str] = Counter()
        trusted = [_key(text) for text in options["trusted"]]
        found = 0
        for fault in chain(faults(counts, at=clock.now()), _anchors(options["anchor"], trusted)):
            found += 1
            self.stderr.write(f"Broken: {fault}")
        if found:
            raise CommandError(f"{found} things do not hold.", returncode=1)
        self.stdout.write(
            f"All {counts['leaves']} sealed rows of {counts['tables']} tables are what they were"
            f" ({counts['heads']} heads)."
        )
        if counts["waiting"]:
            self.stdout.write(f"{counts['waiting']} rows wait for their seal.")
        for path in options["anchor"]:
            self.stdout.write(f"{path}: the log of today begins with it.")


def _key(text: str) -> Verifier:
    try:
        return verifier(text)
    except Malformed as fault:
        raise CommandError(f"{text}: {fault}") from None


def _anchors(paths: list[Path], trusted: list[Verifier]) -> Iterator[str]:
    for path in paths:
        text = path.read_text(encoding="utf-8", errors="replace")
        yield from (f"{path}: {fault}" for fault in check_anchor(text, trusted=trusted))
