import logging
import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from jobs import queries, runner, services, worker
from jobs.enums import Lane

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Do the background work found in the database, without a broker."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do one job that is due, then stop")
        parser.add_argument("--drain", action="store_true", help="do all that is due, then stop")
        parser.add_argument("--threads", type=int, default=2, help="how many quick jobs at a time (2)")
        parser.add_argument("--lanes", default=",".join(Lane), help="which lanes to work in, with commas (all)")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["once"] or options["drain"]:
            self._do_and_stop(all_of_it=options["drain"])
            return
        stop = threading.Event()

        def told_to_stop(_signal: int, _frame: FrameType | None) -> None:
            stop.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, told_to_stop)
        threads = self._threads(options["lanes"], quick=max(1, options["threads"]))
        logger.info("worker ready: %s", ", ".join(f"{lane} {number}" for lane, number in threads.items()))
        worker.serve(stop, threads=threads)
        logger.info("worker stopped")

    def _threads(self, lanes: str, *, quick: int) -> dict[str, int]:
        """Return how many threads each lane has. One is enough for films and letters: they wait for nobody's click."""
        try:
            asked = [Lane(name.strip()) for name in lanes.split(",")]
        except ValueError:
            raise CommandError(f"The lanes are {', '.join(Lane)}.") from None
        return {lane: quick if lane == Lane.QUICK else 1 for lane in asked}

    def _do_and_stop(self, *, all_of_it: bool) -> None:
        services.reap()
        name = worker.new_name()
        tried = runner.drain(name) if all_of_it else int(runner.run_next(name))
        counts = queries.counts()
        self.stdout.write(f"{tried} tried, {counts['waiting']} waiting, {counts['dead']} given up")
