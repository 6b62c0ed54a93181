from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.refusals import NotFound, Refused
from jobs import queries, services
from jobs.models import Job

SHOWN = 50


class Command(BaseCommand):
    help = "Show the background work that waits and what needs attention; give it another chance."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dead", action="store_true", help="show only what needs attention")
        parser.add_argument("--retry", metavar="ID", help="try one job that needs attention again, or 'all'")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["retry"]:
            self._retry(options["retry"])
            return
        self.stdout.write("  ".join(f"{state} {n}" for state, n in queries.counts().items()))
        self._show("Needs attention", list(queries.dead_letters()[:SHOWN]))
        if not options["dead"]:
            self._show("Waiting", list(queries.waiting()[:SHOWN]))

    def _show(self, title: str, jobs: list[Job]) -> None:
        self.stdout.write(f"\n{title}:" if jobs else f"\n{title}: none")
        for job in jobs:
            when = f"{job.available_at:%Y-%m-%d %H:%M:%S}Z"
            said = job.why or job.state
            line = f"  {job.public_id}  {job.name}  {said}  {when}  tried {job.attempts}, broke off {job.crashes}"
            self.stdout.write(f"{line}  {job.last_error}".rstrip())

    def _retry(self, which: str) -> None:
        ids = list(queries.dead_letters().values_list("public_id", flat=True)) if which == "all" else [which]
        for public_id in ids:
            try:
                job = services.retry_dead(public_id)
            except NotFound:
                raise CommandError(f"no job {public_id} needs attention") from None
            except Refused as refused:
                self.stdout.write(f"{public_id}: {refused.refusals[0].sentence}")
            else:
                self.stdout.write(f"{public_id}: {job.name} is waiting again")
