"""Settings of a worker process that a test starts: the product's own, on the test's database and broker."""

import os

from config.settings import *  # noqa: F403

INSTALLED_APPS += ["tests.jobs.sample"]  # noqa: F405
DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]  # noqa: F405
REDIS_URL = os.environ.get("TEST_BROKER", "")
