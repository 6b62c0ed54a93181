"""The application itself does not start with settings that lose data or leak it, whoever starts it (F15, J07)."""

import io
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from config.checks import Reach, reach, refuse_unsafe
from tests.config.test_checks import SAFE
from tests.ops.conftest import ROOT
from web.shared.door import Handler

MACHINE = {
    **SAFE,
    "SITE_ORIGIN": "http://127.0.0.1:8000",
    "FILES_ORIGIN": "",
    "HTTPS": False,
    "ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
    "EMBEDDED_DATABASE": True,
    "SECRET_KEY_GIVEN": False,
    "WEB_PROCESSES": 1,
    "WEB_HOSTS": 1,
    "DEBUG": True,
}
NETWORK = {**MACHINE, "DEBUG": False, "SITE_ORIGIN": "http://192.168.1.5:8000", "ALLOWED_HOSTS": ["192.168.1.5"]}
WORLD = {
    **SAFE,
    "SITE_ORIGIN": "https://attest.example",
    "ALLOWED_HOSTS": ["attest.example", "files.example", "127.0.0.1"],
}


@pytest.mark.parametrize("mix", [MACHINE, NETWORK, WORLD], ids=["machine", "network", "world"])
def test_a_safe_mix_starts(mix):
    with override_settings(**mix):
        refuse_unsafe()


@pytest.mark.parametrize(
    ("mix", "changes", "code"),
    [
        (NETWORK, {"DEBUG": True}, "attest.E001"),
        (WORLD, {"DEBUG": True}, "attest.E001"),
        (MACHINE, {"ALLOWED_HOSTS": ["*"]}, "attest.E001"),
        (NETWORK, {"ALLOWED_HOSTS": ["*"]}, "attest.E007"),
        (WORLD, {"SECRET_KEY": "short"}, "attest.E002"),
        (WORLD, {"HTTPS": False, "SITE_ORIGIN": "http://attest.example"}, "attest.E006"),
        (WORLD, {"EMBEDDED_DATABASE": True}, "attest.E003"),
        (MACHINE, {"WEB_PROCESSES": 2}, "attest.E003"),
        (WORLD, {"S3_BUCKET": ""}, "attest.E004"),
        (WORLD, {"REDIS_URL": ""}, "attest.E005"),
        (WORLD, {"FILES_ORIGIN": "https://attest.example"}, "attest.E009"),
    ],
)
def test_an_unsafe_mix_does_not_start_and_says_why(mix, changes, code):
    with override_settings(**(mix | changes)), pytest.raises(ImproperlyConfigured) as caught:
        refuse_unsafe()
    assert code in str(caught.value)
    assert "Attest does not start with these settings" in str(caught.value)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["127.0.0.1", "localhost", "attest.localhost", "[::1]"], Reach.MACHINE),
        (["10.1.2.3", "localhost"], Reach.OWN_NETWORK),
        (["8.8.8.8"], Reach.WORLD),
        (["attest.example"], Reach.WORLD),
        ([".localhost.example"], Reach.WORLD),
        (["localhost."], Reach.MACHINE),
        (["*"], Reach.WORLD),
    ],
)
def test_how_far_names_reach(names, expected):
    with override_settings(SITE_ORIGIN="http://127.0.0.1:8000", FILES_ORIGIN="", ALLOWED_HOSTS=names):
        assert reach() == expected


def test_gunicorn_ends_with_the_reason(tmp_path):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {**kept, "VAR_DIR": str(tmp_path), "DEBUG": "1", "SITE_ORIGIN": "https://attest.example"}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "config.wsgi:application",
        "--bind",
        "127.0.0.1:0",
        "--no-control-socket",
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert "DEBUG is on." in done.stderr


def asked(address):
    """Return the status that a request from an address gets."""
    said = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/nowhere", "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    environ |= {"REMOTE_ADDR": address, "wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http", "HTTP_HOST": "localhost"}
    Handler()(environ, lambda status, _headers: said.append(status))
    return int(said[0].split()[0])


@pytest.mark.parametrize(
    ("address", "status"),
    [("127.0.0.1", 404), ("::1", 404), ("::ffff:127.0.0.1", 404), ("", 404), ("192.168.1.7", 403), ("x", 403)],
)
def test_with_debug_only_this_machine_is_answered(db, settings, address, status):
    settings.DEBUG = True
    assert asked(address) == status


def test_without_debug_everybody_is(db):
    assert asked("192.168.1.7") == 404
