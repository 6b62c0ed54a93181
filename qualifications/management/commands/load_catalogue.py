"""`manage.py load_catalogue [--path DIR]`: publish the catalogue files; safe to run as often as one likes."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from common import clock
from qualifications.services import BrokenCatalogue, PublishedCounts, publish_catalogue, read_catalogue

OURS = Path(__file__).resolve().parent.parent.parent / "catalogue"


class Command(BaseCommand):
    help = "Publish the qualification catalogue: new versions for changed files, nothing for the others."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--path",
            type=Path,
            default=OURS,
            help="folder with qualifications/ and units/ (default: our own)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            counts = publish_catalogue(read_catalogue(options["path"]), at=clock.now())
        except BrokenCatalogue as broken:
            raise CommandError("\n".join(["Nothing was loaded. To mend:", *broken.problems])) from None
        except IntegrityError:
            raise CommandError("Nothing was loaded: somebody else loaded at the same moment. Run it again.") from None
        self.stdout.write(_line(counts))


def _line(c: PublishedCounts) -> str:
    return (
        f"Catalogue: {c.new_qualifications} new and {c.same_qualifications} unchanged qualifications, "
        f"{c.new_units} new and {c.same_units} unchanged units."
    )
