"""`manage.py check_addresses`: does everybody sign in with the address that the product shows? `--mend` makes it so."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.queries import without_own_row
from accounts.services import mend_rows


class Command(BaseCommand):
    help = "Find people whose row in the sign-in library is missing or says another address than they have."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mend", action="store_true", help="write those rows again")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["mend"]:
            self.stdout.write(f"{mend_rows()} mended")
            return
        wrong = without_own_row().count()
        if wrong:
            raise CommandError(f"{wrong} people without their own address row: run check_addresses --mend")
        self.stdout.write("Everybody has their own address row.")
