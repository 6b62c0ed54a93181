"""Fixtures that every test package shares: the world, signed-in clients, sample files."""

from collections.abc import Callable, Iterator

import pytest
from django.db.models.signals import post_save
from django.test import Client

from accounts.models import User
from audit.enums import Outcome
from audit.models import Event
from tests.audit.acts import why_not_recorded
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
    """Hold every event that a test lets the product write against the table of acts."""

    def look(instance: Event, **_more: object) -> None:
        fault = why_not_recorded(instance.action, instance.facts)
        assert instance.outcome != Outcome.DONE or not fault, fault

    post_save.connect(look, sender=Event, weak=False)
    yield
    post_save.disconnect(look, sender=Event)
