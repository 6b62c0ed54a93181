"""The local worker: looks at the rows by itself, needs no broker. Stops gently when told to."""

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from django.db import Error, close_old_connections, connection

from jobs import rules, runner, services

logger = logging.getLogger(__name__)
T = TypeVar("T")

SHORTEST_PAUSE = 0.05
LONGEST_PAUSE = 1.0
PAUSE_AFTER_FAULT = 3.0
HOUSEKEEPING_SECONDS = 5.0


def new_name() -> str:
    """Return a name for a worker that no other has: machine, process and a few random letters."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(3)}"


def serve(stop: threading.Event, *, threads: Mapping[str, int]) -> None:
    """Work with so many threads for each lane until `stop` is set, then let each finish the job it is at."""
    name = new_name()
    crew = [
        threading.Thread(target=_loop, args=(stop, partial(runner.run_next, name, lane)), name=f"work-{lane}-{n}")
        for lane, number in threads.items()
        for n in range(number)
    ]
    for thread in crew:
        thread.start()
    while not stop.is_set():
        _careful(services.sweep)
        stop.wait(HOUSEKEEPING_SECONDS)
    for thread in crew:
        thread.join()


def _loop(stop: threading.Event, step: Callable[[], bool]) -> None:
    pause = SHORTEST_PAUSE
    while not stop.is_set():
        did = _careful(step)
        if did:
            pause = SHORTEST_PAUSE
            continue
        stop.wait(PAUSE_AFTER_FAULT if did is None else pause)
        pause = min(pause * 2, LONGEST_PAUSE)
    connection.close()


def _careful(step: Callable[[], T]) -> T | None:
    """Do a step; when the database is away, say so and go on later (None)."""
    try:
        return step()
    except Error as error:
        logger.warning("worker waits for the database: %s", rules.describe_fault(error))
        connection.close()
        return None
    finally:
        close_old_connections()
