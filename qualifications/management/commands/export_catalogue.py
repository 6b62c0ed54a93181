"""`manage.py export_catalogue CODE --format yaml|xlsx|case -o FILE`: hand out a qualification with all its units."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common.refusals import NotFound
from qualifications.services import FORMS, export_code


class Command(BaseCommand):
    help = "Write the current version of a qualification, with its units, to a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="the entry code, such as 10379")
        parser.add_argument("--format", choices=sorted(FORMS), default="yaml", dest="form")
        parser.add_argument("-o", "--output", type=Path, help="where to write (default: a name of its own, here)")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            made = export_code(code=options["code"], form=options["form"], origin=settings.SITE_ORIGIN)
        except NotFound:
            raise CommandError(f"No qualification {options['code']} is published. See: manage.py catalogue") from None
        path = options["output"] or Path(made.name)
        path.write_bytes(made.content)
        self.stdout.write(f"{path}: {len(made.content)} bytes")
