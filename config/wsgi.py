"""What gunicorn serves. Settings that would lose data or leak it end here, whoever starts it."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from config.checks import refuse_unsafe  # noqa: E402 - the settings come first
from web.shared.door import Handler  # noqa: E402 - as above

refuse_unsafe()
application = Handler()
