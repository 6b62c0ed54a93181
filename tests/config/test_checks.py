"""Unsafe mixes of settings are refused by name; a safe one is not."""

import pytest
from django.core.checks import run_checks
from django.test import override_settings

from config.checks import files_host_is_its_own, production_is_safe

SAFE = {
    "DEBUG": False,
    "SECRET_KEY": "k" * 50,
    "SECRET_KEY_GIVEN": True,
    "LEDGER_KEY": "l" * 50,
    "WEB_PROCESSES": 2,
    "WEB_HOSTS": 2,
    "EMBEDDED_DATABASE": False,
    "S3_BUCKET": "evidence",
    "REDIS_URL": "redis://cache",
    "HTTPS": True,
    "ALLOWED_HOSTS": ["attest.example"],
    "CLAMD_ADDRESS": "clamav:3310",
    "FILES_ORIGIN": "https://files.example",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
}


def ids(**changes):
    with override_settings(**(SAFE | changes)):
        return sorted(m.id for m in production_is_safe())


def test_a_safe_production_passes():
    assert ids() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"DEBUG": True}, ["attest.E001"]),
        ({"SECRET_KEY_GIVEN": False}, ["attest.E002"]),
        ({"SECRET_KEY": "short"}, ["attest.E002"]),
        ({"EMBEDDED_DATABASE": True}, ["attest.E003"]),
        ({"EMBEDDED_DATABASE": True, "WEB_PROCESSES": 1, "WEB_HOSTS": 1}, []),
        ({"S3_BUCKET": ""}, ["attest.E004"]),
        ({"S3_BUCKET": "", "WEB_HOSTS": 1}, []),
        ({"LEDGER_KEY": ""}, ["attest.E012"]),
        ({"LEDGER_KEY": "l" * 39}, ["attest.E012"]),
        ({"LEDGER_KEY": "", "WEB_HOSTS": 1}, []),
        ({"REDIS_URL": ""}, ["attest.E005"]),
        ({"HTTPS": False}, ["attest.E006"]),
        ({"ALLOWED_HOSTS": ["*"]}, ["attest.E007"]),
        ({"CLAMD_ADDRESS": ""}, ["attest.W001"]),
        ({"FILES_ORIGIN": ""}, ["attest.W002"]),
        ({"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"}, ["attest.W003"]),
    ],
)
def test_each_unsafe_mix_is_named(changes, expected):
    assert ids(**changes) == expected


HOSTS = {"SITE_ORIGIN": "https://attest.example", "HTTPS": True, "ALLOWED_HOSTS": ["attest.example", "files.example"]}


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("", []),
        ("https://files.example", []),
        ("https://files.example:8443", []),
        ("https://FILES.example", []),
        ("https://attest.example", ["attest.E009"]),
        ("https://attest.example:8443", ["attest.E009"]),  # cookies know no ports
        ("https://ATTEST.example", ["attest.E009"]),
        ("https://attest.example.", ["attest.E009"]),
        ("https://other.example", ["attest.E010"]),
        ("http://files.example", ["attest.E011"]),
        ("files.example", ["attest.E008"]),
        ("ftp://files.example", ["attest.E008"]),
        ("https://files.example/x", ["attest.E008"]),
        ("https://", ["attest.E008"]),
    ],
)
def test_files_have_a_host_of_their_own(origin, expected):
    with override_settings(**HOSTS, FILES_ORIGIN=origin):
        assert [m.id for m in files_host_is_its_own()] == expected


def test_files_on_the_sites_host_are_refused_by_every_command():
    with override_settings(**HOSTS, FILES_ORIGIN="https://attest.example:8443"):
        found = run_checks(tags=["security"], include_deployment_checks=False)
    assert "attest.E009" in {message.id for message in found}
