"""The page of one criterion: plain words and themes, for those who write them; what is typed is never lost."""

import html

import pytest
from django.urls import reverse

from common import clock
from qualifications.models import Criterion, CriterionNote, CriterionTag, Unit
from qualifications.services import write_note
from tests.factories.world import A

KEY, NUMBER = "D-506-2119", "1.1"


@pytest.fixture
def url(world):
    unit = Unit.objects.get(key=KEY)
    row = Criterion.objects.get(unit=unit, number=NUMBER)
    return reverse("catalogue:criterion", args=[A, unit.public_id, row.public_id])


def unit_page(client):
    return text_of(client.get(reverse("catalogue:unit", args=[A, Unit.objects.get(key=KEY).public_id])))


def text_of(response):
    return " ".join(html.unescape(response.content.decode()).split())


def test_an_editor_writes_words_and_everybody_reads_them(world, as_client, url):
    client = as_client("CA")
    answer = client.post(url, {"about": "note", "seen": "0", "words": "Say hello <b>first</b>.", "examples": "A call"})
    assert answer.status_code == 303
    assert answer["Location"].endswith("#c1")
    for who in ("CA", "LA1", "QA"):
        page = unit_page(as_client(who))
        assert "In plain words" in page
        assert "Say hello <b>first</b>." in page  # the text of an escaped page
        assert world.people["CA"].full_name in page
    raw = as_client("LA1").get(reverse("catalogue:unit", args=[A, Unit.objects.get(key=KEY).public_id]))
    assert b"<b>first</b>" not in raw.content


def test_an_editor_changes_themes_and_the_unit_says_whose_they_are(world, as_client, url):
    client = as_client("CA")
    assert "Published: Talking with people." in text_of(client.get(url))
    client.post(url, {"about": "themes", "seen": "0", "themes": ["digital"]})
    page = unit_page(client)
    assert "Digital tools" in page
    assert "Themes of your centre" in page


def test_an_assessor_explains_but_sees_themes_only(world, as_client, url):
    client = as_client("AA1")
    page = text_of(client.get(url))
    assert "Save these words" in page
    assert "Save the themes" not in page
    assert client.post(url, {"about": "themes", "seen": "0", "themes": ["digital"]}).status_code == 403
    assert CriterionTag.objects.for_centre(world.actor("AA1").centre_id).count() == 0


def test_learners_and_others_read_without_a_pencil(world, as_client, url):
    for who in ("LA1", "AT1", "QA"):
        assert as_client(who).get(url).status_code == 403
        assert url not in unit_page(as_client(who))
    assert url in unit_page(as_client("AA1"))


@pytest.mark.parametrize(
    "sent",
    [
        {"words": "", "examples": ""},
        {"words": "x" * 601, "examples": "kept"},
        {"words": "kept", "seen": "many"},
    ],
)
def test_what_cannot_be_saved_stays_on_the_page(world, as_client, url, sent):
    answer = as_client("CA").post(url, {"about": "note", "seen": "0", **sent})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert sent.get("examples", "") in page
    assert CriterionNote.objects.for_centre(world.actor("CA").centre_id).count() == 0


def test_who_was_slower_sees_both_texts(world, as_client, url):
    client = as_client("CA")
    row = Criterion.objects.select_related("unit").get(unit__key=KEY, number=NUMBER)
    write_note(actor=world.actor("AA1"), criterion=row, words="Theirs", examples="", seen=0, at=clock.now())
    answer = client.post(url, {"about": "note", "seen": "0", "words": "Mine", "examples": ""})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Theirs" in page
    assert "> Mine</textarea>" in page
    assert 'name="seen" value="1"' in page
    assert client.post(url, {"about": "note", "seen": "1", "words": "Mine", "examples": ""}).status_code == 303


def test_a_double_click_is_one_note(world, as_client, url):
    client = as_client("CA")
    sent = {"about": "note", "seen": "0", "words": "Once", "examples": "", "idempotency_key": "k1"}
    assert [client.post(url, sent).status_code for _ in range(2)] == [303, 303]
    assert CriterionNote.objects.for_centre(world.actor("CA").centre_id).count() == 1


def test_unknown_and_foreign_ids_are_not_there(world, as_client, url):
    unit = Unit.objects.get(key="H-506-2154")
    row = Criterion.objects.get(unit__key=KEY, number=NUMBER)
    client = as_client("CA")
    assert client.get(reverse("catalogue:criterion", args=[A, unit.public_id, row.public_id])).status_code == 404
    assert client.get(reverse("catalogue:criterion", args=[A, unit.public_id, "0" * 26])).status_code == 404
    assert as_client("CB").get(url).status_code == 404


def test_few_queries_however_much_was_said(world, as_client, url, django_assert_num_queries):
    client = as_client("CA")
    client.get(url)
    with django_assert_num_queries(6):
        client.get(url)
    row = Criterion.objects.select_related("unit").get(unit__key=KEY, number=NUMBER)
    for n in range(30):
        write_note(actor=world.actor("CA"), criterion=row, words=f"Note {n}", examples="", seen=n, at=clock.now())
    with django_assert_num_queries(6):
        client.get(url)
