"""What gunicorn serves."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)

from web.shared.door import Handler  # noqa: E402 - the settings come first

application = Handler()
