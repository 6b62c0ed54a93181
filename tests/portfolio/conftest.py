"""Short ways to look at what a test did."""

from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from audit.models import Event
from portfolio.models import EvidenceMapping
from tests.factories import portfolio as make


@pytest.fixture
def events():
    """`events()` → the actions recorded so far, in order."""
    return lambda: list(Event.objects.order_by("id").values_list("action", flat=True))


@pytest.fixture
def last_event():
    """`last_event("evidence.submitted")` → the latest row of that action."""
    return lambda action: Event.objects.filter(action=action).order_by("-id").first()


@pytest.fixture
def mappings():
    """`mappings(evidence)` → number of the criterion → state, closed ones left out."""
    return lambda evidence: dict(
        EvidenceMapping.objects.for_centre(evidence.centre_id)
        .filter(evidence=evidence)
        .exclude(state="closed")
        .values_list("criterion__number", "state")
    )


@pytest.fixture
def stored():
    """`stored()` → the keys that the storage holds now and did not hold before the test."""
    before = _keys()
    return lambda: _keys() - before


def _keys():
    if hasattr(default_storage, "bucket"):
        return {found.key for found in default_storage.bucket.objects.all()}
    root = Path(default_storage.location)
    return {str(p.relative_to(root)) for p in root.rglob("*") if p.is_file()} if root.exists() else set()


@pytest.fixture
def received(world):
    """`received("photo.jpg", bytes)` → a file that waits for the worker."""
    piece = make.draft(world, kind="media")
    return lambda name="photo.jpg", content=b"": make.with_file(world, piece, name=name, content=content, checked=False)
