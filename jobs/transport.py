"""Telling a worker that there is work. News may be lost or come twice: the row decides, a sweep finds all."""

import logging
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings

from jobs.enums import Lane

if TYPE_CHECKING:
    from celery import Celery

logger = logging.getLogger(__name__)

RUN = "jobs.run"
SWEEP = "jobs.sweep"
SWEEP_SECONDS = 30
#: A queue a lane. A worker that is told none (`-Q`) takes from all of them.
QUEUES = {Lane.QUICK: "attest", Lane.SLOW: "attest.slow", Lane.MAIL: "attest.mail"}
#: After the broker refused a message, none is tried for so long: a page must not wait for it each time.
QUIET_SECONDS = 10.0
_quiet: dict[str, float] = {}


@lru_cache(maxsize=4)
def celery_app(url: str) -> "Celery":
    """Return the Celery application for a broker address: JSON only, acknowledged after the work."""
    from celery import Celery
    from kombu import Queue

    app = Celery("attest", broker=url)
    app.conf.update(
        accept_content=["json"],
        task_serializer="json",
        result_serializer="json",
        task_ignore_result=True,
        task_acks_late=True,
        task_default_queue=QUEUES[Lane.QUICK],
        task_queues=[Queue(name) for name in QUEUES.values()],
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,  # a worker waits for its broker as long as it takes
        worker_cancel_long_running_tasks_on_connection_loss=False,  # work in hand does not need the broker
        broker_transport_options={
            # The row's lease brings lost work back; these two keep Redis from holding messages for an hour.
            "visibility_timeout": 600,
            "unacked_restore_throttle": 1,
            "socket_connect_timeout": 1,
            "socket_timeout": 5,
            # Without a bound here publishing waits for a missing broker for ever.
            "max_retries": 0,
        },
        timezone="UTC",
        beat_schedule={
            SWEEP: {
                "task": SWEEP,
                "schedule": float(SWEEP_SECONDS),
                # Beside the letters, which are short: behind an hour of photos it would announce nothing for an hour.
                "options": {"expires": SWEEP_SECONDS, "queue": QUEUES[Lane.MAIL]},
            }
        },
    )
    return app


def has_broker() -> bool:
    """Tell whether this installation has a broker at all."""
    return bool(settings.REDIS_URL)


def announce(job_id: int, lane: str = Lane.QUICK) -> bool:
    """Tell the workers of its lane of a job; say whether the broker took it. A broker away raises nothing (R5).

    Embedded there is no broker: the local worker looks at the rows by itself.
    """
    url = settings.REDIS_URL
    if not url or time.monotonic() < _quiet.get(url, 0.0):
        return False
    try:
        celery_app(url).send_task(RUN, [job_id], queue=QUEUES[Lane(lane)], retry=False)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the row is already safe
        _quiet[url] = time.monotonic() + QUIET_SECONDS
        logger.warning("broker away (%s): jobs wait for the sweep", type(error).__name__)
        return False
    return True


def forget_faults() -> None:
    """Try the broker again at once, whatever it did before."""
    _quiet.clear()
