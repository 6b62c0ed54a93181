"""manage.py doctor [--files] [--only CHECK …] [--list]"""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import health
from upkeep.examining import OBJECTS, examine, names


class Command(BaseCommand):
    help = (
        "Compare everything that is stored with the rows and bytes it follows from. Writes nothing, stops nobody. "
        "Ends with 0 when all is sound, and with 1 when something is not: each fault has a line."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--files", action="store_true", help="read every stored byte and compare its SHA-256")
        parser.add_argument("--only", action="append", choices=names(), default=[], help="ask this alone (again: both)")
        parser.add_argument("--list", action="store_true", help="say what is asked, and ask nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["list"]:
            for one in (*health.checks(), OBJECTS):
                self.stdout.write(f"{one.name:14} {one.says}")
            return
        counts: Counter[str] = Counter()
        found = 0
        for fault in examine(counts, files=options["files"], only=options["only"]):
            found += 1
            self.stdout.write(str(fault))
        if found:
            raise CommandError(f"{found} faults, each with a line above.", returncode=1)
        self.stdout.write(said(counts, files=options["files"]))


def said(counts: Counter[str], *, files: bool) -> str:
    """Return what was looked at where nothing was wrong."""
    read = f"{counts['bytes']} bytes read" if files else "their bytes not read"
    return f"Sound: {counts['checks']} checks, {counts['objects']} objects ({read})."
