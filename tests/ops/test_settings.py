"""The example of a full installation passes the product's own checks."""

import os
import re
import subprocess
import sys

from tests.ops.conftest import ROOT


def check(environment):
    """Run the deployment checks in a process of their own, as the first container does."""
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "ERROR"]
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(command, cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True, check=False)


def containers_environment(services, example, **changes):
    filled = {name: value or "x" * 48 for name, value in example.items()} | changes
    found = {}
    for name, template in services["web1"]["environment"].items():
        found[name] = re.sub(r"\$\{(\w+)(:\?[^}]*)?\}", lambda match: filled[match.group(1)], template)
    return found


def test_the_example_once_filled_in_is_accepted(services, example, tmp_path):
    done = check({**containers_environment(services, example), "VAR_DIR": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert "attest.W" not in done.stderr


def test_the_same_without_encryption_is_refused(services, example, tmp_path):
    plain = containers_environment(services, example, SITE_ORIGIN="http://attest.localhost:8080")
    done = check({**plain, "VAR_DIR": str(tmp_path)})
    assert done.returncode != 0
    assert "SITE_ORIGIN is not https" in done.stderr


def test_a_mail_server_is_spoken_to_by_the_connection_that_knows_what_was_handed_over(services, example, tmp_path):
    """Without it a server that takes a letter and hangs would get it again and again."""
    environment = containers_environment(services, example) | {"VAR_DIR": str(tmp_path), "PATH": os.environ["PATH"]}
    ask = "from config import settings; print(settings.EMAIL_BACKEND)"
    told = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "common.smtp.Backend"
