"""Unsafe mixes of settings are refused by name; a safe one is not."""

import pytest
from django.test import override_settings

from config.checks import production_is_safe

SAFE = {
    "DEBUG": False,
    "SECRET_KEY": "k" * 50,
    "SECRET_KEY_GIVEN": True,
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
