"""`manage.py open_centre 12345 "Harbour College" admin@example.org Ada Price`: a centre and the way into it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from accounts.services import invite
from centres.services import open_centre
from common import clock
from common.refusals import Refused


class Command(BaseCommand):
    help = "Open a centre with its first admin, and print the admin's one-time link."

    def add_arguments(self, parser: CommandParser) -> None:
        for name in ("number", "name", "email", "given_name", "family_name"):
            parser.add_argument(name)

    def handle(self, *_args: Any, **options: Any) -> None:
        at = clock.now()
        try:
            opened = open_centre(
                number=options["number"],
                name=options["name"],
                admin_email=options["email"],
                given_name=options["given_name"],
                family_name=options["family_name"],
                at=at,
            )
        except Refused as refused:
            raise CommandError(" ".join(r.sentence for r in refused.refusals)) from refused
        token = invite(
            person=opened.admin,
            invited_by_id=None,
            centre_number=opened.centre.number,
            centre_name=opened.centre.name,
            roles="Centre admin",
            at=at,
        )
        link = settings.SITE_ORIGIN + reverse("web_account:invitation", args=[token])
        self.stdout.write(f"{opened.centre} is open. Its admin starts here, once, within 14 days:\n{link}")
