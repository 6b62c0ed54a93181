"""manage.py anchor [FOLDER] [--since N] [--key] [--new-key]"""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common import clock
from ledger import services
from ledger.queries.keys import known_keys, signs_from
from ledger.rules.notes import Signer


class Command(BaseCommand):
    help = "Write the newest head of the log as a signed checkpoint: into a folder, or to the screen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?")
        parser.add_argument(
            "--since", type=int, metavar="N", help="for a witness who has seen N leaves: with the proof"
        )
        parser.add_argument("--key", action="store_true", help="show the public keys, and from which size each signs")
        parser.add_argument("--new-key", action="store_true", help="let another key sign from now on")

    def handle(self, *_args: Any, folder: Path | None, since: int | None, **options: Any) -> None:
        try:
            also = self._new_key() if options["new_key"] else []
            if options["key"]:
                self._keys()
            else:
                self._write(folder, since, also)
        except (services.KeyRefused, services.ForkedError, ValueError, OSError) as refused:
            raise CommandError(str(refused)) from None

    def _write(self, folder: Path | None, since: int | None, also: Sequence[Signer]) -> None:
        at = clock.now()
        if since is not None:
            self.stdout.write(services.growth_request(since, at=at), ending="")
        elif folder is not None:
            self.stdout.write(str(services.write_anchor(folder, at=at, also=also)))
        else:
            self.stdout.write(services.checkpoint(at=at, also=also)[1], ending="")

    def _new_key(self) -> list[Signer]:
        fresh, before = services.new_key(at=clock.now())
        self.stderr.write(f"From now on this key signs: {fresh.verifier}")
        return [before] if before else []

    def _keys(self) -> None:
        services.signer(at=clock.now())
        for key in known_keys():
            self.stdout.write(f"{key}  from {signs_from(key)}")
