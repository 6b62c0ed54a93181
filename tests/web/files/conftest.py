"""A sent photo to hand out, and how to read an answer."""

import pytest
from django.urls import reverse

from tests.factories import files
from tests.factories import portfolio as make

CENTRE = "10001"


@pytest.fixture
def photo(world):
    """The file of a sent photo of LA1."""
    return make.sent(world, kind="media").evidence.files.get()


@pytest.fixture
def beach(world):
    """The file of a sent photo of LA1 that says where it was taken."""
    piece = make.draft(world, kind="media")
    file = make.with_file(world, piece, name="beach.jpg", content=files.jpeg(gps=True))
    make.choose(world, piece)
    make.send(world, piece)
    return file


@pytest.fixture
def original():
    return lambda file, centre=CENTRE: reverse("files:original", args=[centre, file.public_id])


@pytest.fixture
def preview():
    return lambda file, kind="thumb", centre=CENTRE: reverse(
        "files:preview", args=[centre, file.previews.get(kind=kind).public_id]
    )


def body_of(response):
    return b"".join(response.streaming_content) if response.streaming else response.content
