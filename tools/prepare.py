"""Make the database ready to be served: tables, catalogue and, when nobody is in it yet, the demo centres."""

import io
import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django  # noqa: E402 - the path and the settings come first
from django.core.management import call_command  # noqa: E402 - as above


def _step(words: str, command: str, **options: object) -> None:
    begun = time.monotonic()
    call_command(command, verbosity=0, stdout=io.StringIO(), **options)
    print(f"  {words} ({time.monotonic() - begun:.1f} s)", flush=True)


def _make_demo(told: Path) -> None:
    """Run the demo once and keep what it says: it names the people who can sign in."""
    out = io.StringIO()
    begun = told.with_suffix(".begun")
    begun.touch()
    print("  making the demo centres (about a minute, once)", flush=True)
    call_command("demo", stdout=out)
    told.write_text(out.getvalue())
    begun.unlink()


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model

    if not settings.DEBUG:  # then pages name styles and scripts by their fingerprints
        _step("styles and scripts", "collectstatic", interactive=False)
    _step("tables", "migrate")
    _step("catalogue", "load_catalogue")
    told = settings.VAR_DIR / "demo.txt"
    if not get_user_model()._default_manager.exists():  # noqa: SLF001 - Django's documented way to any user model
        _make_demo(told)
    elif told.with_suffix(".begun").exists():
        print(f"  the demo was interrupted: stop, delete {settings.VAR_DIR} and start again to have it whole")


if __name__ == "__main__":
    main()
