"""Previews: inline, ours, with the type that we gave them."""

import pytest

from tests.factories import files
from tests.factories import portfolio as make
from tests.web.files.conftest import body_of
from tests.web.files.test_original import harmless


@pytest.mark.parametrize("kind", ["thumb", "image"])
@pytest.mark.parametrize("who", ["LA1", "AA1", "QA", "EA"])
def test_a_picture_is_shown_inline(as_client, photo, preview, who, kind):
    response = as_client(who).get(preview(photo, kind))
    made = photo.previews.get(kind=kind)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith('inline; filename="photo.jpg"')
    assert len(body_of(response)) == made.size == int(response["Content-Length"])
    assert harmless(response, cache="private, max-age=600")


def test_a_film_plays_in_parts(world, as_client, preview):
    film = make.with_file(world, make.draft(world, kind="media"), name="till.mov.mp4", content=files.mp4())
    client = as_client("LA1")
    whole = client.get(preview(film, "playable"))
    assert whole["Content-Type"] == "video/mp4"
    content = body_of(whole)
    part = client.get(preview(film, "playable"), headers={"Range": "bytes=100-199"})
    assert (part.status_code, body_of(part)) == (206, content[100:200])
    assert part["Content-Range"] == f"bytes 100-199/{len(content)}"
    assert client.head(preview(film, "playable"))["Content-Length"] == str(len(content))


def test_the_type_is_ours_whatever_the_name_says(world, as_client, preview):
    shot = make.with_file(world, make.draft(world, kind="media"), name="page.html.jpg")
    response = as_client("LA1").get(preview(shot))
    assert response["Content-Type"] == "image/jpeg"
    assert "page.html.jpg" in response["Content-Disposition"]


def test_the_picture_of_a_place_has_no_place(as_client, beach, preview):
    for who in ("LA1", "AA1"):
        assert b"Exif" not in body_of(as_client(who).get(preview(beach, "image")))


def test_a_removed_file_has_no_pictures_any_more(world, as_client, preview, photo):
    piece = make.draft(world, kind="media")
    file = make.with_file(world, piece, content=files.jpeg(seed=9))
    address = preview(file)
    assert as_client("LA1").get(address).status_code == 200
    from portfolio.services import remove_file

    remove_file(actor=world.actor("LA1"), evidence=piece, file=file, at=world.at)
    assert as_client("LA1").get(address).status_code == 404
