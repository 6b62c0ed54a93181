"""A sign of life beside long work: said again and again from a thread, until the work ends or the process is killed."""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import Error, close_old_connections, connection

logger = logging.getLogger(__name__)


@contextmanager
def beating(every: dt.timedelta, beat: Callable[[], bool], name: str) -> Iterator[None]:
    """Call `beat` every so often while the block runs; it says False once nobody listens any more.

    A database that is away is said in the log and stops nothing: the work goes on, and so do the beats.
    """
    done = threading.Event()
    heart = threading.Thread(target=_beat, args=(done, every, beat, name), name=f"heart {name}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        done.set()
        heart.join()


def _beat(done: threading.Event, every: dt.timedelta, beat: Callable[[], bool], name: str) -> None:
    try:
        while not done.wait(every.total_seconds()):
            try:
                if not beat():
                    return
            except Error as error:
                logger.warning("%s: no sign of life: %s", name, type(error).__name__)
                close_old_connections()
    finally:
        connection.close()
