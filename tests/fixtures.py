"""Fixtures that every test package shares: the world, signed-in clients, sample files."""

import json
from collections.abc import Callable, Iterator

import pytest
from django.db.models.signals import post_save
from django.test import Client

from accounts.models import User
from assessments.models import LedgerEntry
from audit.enums import Outcome
from audit.models import Event
from portfolio.models import EvidenceVersion
from tests.audit.acts import SENT_CRITERION, SENT_FILE, why_not_chained, why_not_recorded
from tests.factories import files
from tests.factories.world import World, two_centres

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def world(db: None) -> World:
    """Two centres with twin people (see tests/factories/world.py)."""
    return two_centres()


@pytest.fixture
def as_client(request: pytest.FixtureRequest) -> Callable[..., Client]:
    """`as_client("AA1")` or `as_client(person)` → a browser of theirs, signed in."""

    def sign_in(who: str | User, **options: object) -> Client:
        person = request.getfixturevalue("world").people[who] if isinstance(who, str) else who
        client = Client(**options)
        client.force_login(person, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def sample_jpeg() -> bytes:
    """A photo as a phone makes it, without a place."""
    return files.jpeg()


@pytest.fixture
def sample_pdf() -> bytes:
    """A PDF of two pages."""
    return files.pdf()


@pytest.fixture
def sample_wav() -> bytes:
    """A second of silence."""
    return files.wav()


@pytest.fixture
def sample_mp4() -> bytes:
    """A second of film."""
    return files.mp4()


@pytest.fixture(scope="session", autouse=True)
def _told_by_the_table() -> Iterator[None]:
    """Hold every event, entry of the chain and version that the product writes in a test against the table of acts."""

    def look(instance: Event, **_more: object) -> None:
        fault = why_not_recorded(instance.action, instance.facts)
        assert instance.outcome != Outcome.DONE or not fault, fault

    def look_at_entry(instance: LedgerEntry, **_more: object) -> None:
        fault = instance.payload != "{}" and why_not_chained(instance.act, json.loads(instance.payload))
        assert not fault, fault

    def look_at_version(instance: EvidenceVersion, **_more: object) -> None:
        assert all(one.keys() == SENT_FILE for one in instance.files), instance.files
        assert all(one.keys() == SENT_CRITERION for one in instance.mappings), instance.mappings

    looks = {Event: look, LedgerEntry: look_at_entry, EvidenceVersion: look_at_version}
    for model, one in looks.items():
        post_save.connect(one, sender=model, weak=False)
    yield
    for model, one in looks.items():
        post_save.disconnect(one, sender=model)
