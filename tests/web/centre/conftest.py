import pytest


@pytest.fixture
def admin(world, as_client):
    """A browser of the centre's admin."""
    return as_client("CA")
