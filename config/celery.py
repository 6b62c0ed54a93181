"""The Celery application of a full installation: `celery -A config.celery worker` and `… beat`.

A message holds the number of a job row and nothing else. Whatever becomes of the message, the row decides.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from jobs import transport

if not settings.REDIS_URL:
    raise ImproperlyConfigured("REDIS_URL is not set: embedded, `manage.py work` does the background work")

app = transport.celery_app(settings.REDIS_URL)


@app.task(name=transport.RUN)
def run(job_id: int) -> bool:
    """Do that job if it is still due; a second delivery finds nothing to do."""
    from jobs import runner, worker

    return runner.run_one(worker.new_name(), job_id)


@app.task(name=transport.SWEEP)
def sweep() -> list[int]:
    """Announce what nobody heard of and take back what lost workers left."""
    from jobs import services

    found = services.sweep()
    return [found.reaped, found.announced, found.forgotten]
