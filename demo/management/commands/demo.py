import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from common import clock
from demo import building
from demo.table import table
from qualifications.queries import current_versions


class Command(BaseCommand):
    help = "Make two centres with people and work in every state, to look around in. Never in production."

    def handle(self, *_args: Any, **options: Any) -> None:
        if not (settings.DEBUG or settings.TESTING):
            raise CommandError("The demo has one password that everybody knows: it is not made in production.")
        if building.has_data():
            self.stdout.write("There are centres here already: the demo keeps the data as it is.")
            return
        if not current_versions(None).exists():
            raise CommandError("The catalogue is empty. Run load_catalogue first.")
        begun = time.monotonic()
        building.build(now=clock.now())
        self.stdout.write(table())
        if options["verbosity"] > 1:
            self.stdout.write(f"Made in {time.monotonic() - begun:.1f} s.")
