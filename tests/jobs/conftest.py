"""Jobs, clocks and worker processes for these tests."""

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from jobs import services
from jobs.models import Job
from tests.jobs.sample import tasks as sample_tasks

ROOT = Path(__file__).resolve().parents[2]
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def lines(room: Path) -> Path:
    """The file in which the sample tasks leave a line each time they run."""
    assert sample_tasks
    return room / "lines"


def read(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def claim_one(name: str = "w", **options: object) -> Job:
    (job,) = services.claim(name, **options)
    return job


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def state_of(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def let_lease_run_out(job: Job) -> None:
    """Do what a minute would do to the lease of a worker that is gone."""
    Job.objects.filter(pk=job.pk).update(lease_until=Job.objects.get(pk=job.pk).lease_until - 2 * MINUTE)


@pytest.fixture
def start(room: Path) -> Iterator[Callable[..., subprocess.Popen]]:
    """Start programs on the test's database; whatever still runs at the end of the test is ended."""
    running: list[subprocess.Popen] = []
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.jobs.worker_settings",
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "TEST_BROKER": settings.REDIS_URL,
        "VAR_DIR": str(room),
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }

    def launch(*command: str) -> subprocess.Popen:
        with (room / f"program-{len(running)}.log").open("wb") as log:
            program = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        running.append(program)
        return program

    yield launch
    for program in running:
        program.kill()
        program.wait()
