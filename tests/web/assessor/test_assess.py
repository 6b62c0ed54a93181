"""The assess page: what is seen, what is written by looking, what others see."""

import pytest

from common import clock
from portfolio.models import Evidence, Opening
from portfolio.services import recall_evidence, revise_evidence, withdraw_evidence
from tests.factories import files
from tests.factories import portfolio as made
from tests.web.assessor.conftest import (
    ASSESS,
    filled,
    judged,
    look,
    look_after,
    mappings,
    page,
    statements,
    text_of,
)

#: Of the page with what else a piece could serve, and of that part alone.
ALSO, PART = 18, 14


def openings(version):
    return Opening.objects.for_centre(version.centre_id).filter(version=version)


def test_a_look_by_itself_records_nothing_and_leaves_the_recall(world, assessor):
    version = made.sent(world)
    assessor.get(page(version))
    assessor.head(page(version))
    assessor.get(page(version), headers={"Sec-Purpose": "prefetch"})
    assert look(assessor, page(version), **{"Sec-Purpose": "prefetch;prerender"}).status_code == 400
    assert openings(version).count() == 0
    piece = made.again(version.evidence)
    assert piece.state == "submitted"
    recall_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}])
def test_who_only_fetches_ahead_is_not_here(world, assessor, as_client, headers):
    version = made.sent(world)
    look_after(world, "AA2", "LA1")
    as_client("AA2").get(page(version), headers=headers)
    assert "has this open too." not in text_of(assessor.get(page(version)))


def test_what_is_shown_is_noted_once_and_starts_the_review(world, assessor):
    version = made.sent(world)
    assert 'data-shows="words"' in text_of(assessor.get(page(version)))
    for _ in range(2):
        assert look(assessor, page(version)).json() == {"waits": [], "seen": True}
    assert openings(version).get().file is None
    assert made.again(version.evidence).state == "in_review"


def test_nothing_is_met_before_every_file_was_shown(world, assessor):
    piece = made.draft(world, kind="media")
    photo = made.with_file(world, piece, name="photo.jpg", content=files.jpeg())
    film = made.with_file(world, piece, name="film.mp4", content=files.mp4())
    made.choose(world, piece)
    version = made.send(world, piece)
    text = text_of(assessor.get(page(version)))
    assert "Met opens once you have seen:" in text
    assert 'value="met" disabled aria-describedby="waits"' in text
    assert look(assessor, page(version), file=photo.public_id).json() == {"waits": [film.public_id], "seen": False}
    answer = assessor.post(page(version, "decide/"), filled(version))
    assert answer.status_code == 422
    assert "Open “film.mp4” first." in text_of(answer)
    assert "Open “photo.jpg” first." not in text_of(answer)
    without_script = assessor.post(page(version, "shown/"), {"version": 1, "file": film.public_id})
    assert without_script.status_code == 303
    assert film.public_id in without_script.headers["Location"]
    assert "Met opens once" not in text_of(assessor.get(page(version)))
    assert assessor.post(page(version, "decide/"), filled(version)).status_code == 303


def test_without_a_script_met_all_waits_for_what_was_not_seen(world, assessor):
    version = made.sent(world)
    data = {"version": 1, "fill": "met", f"round-{mappings(version)[0].public_id}": 0}
    assert 'value="met" checked' not in text_of(assessor.post(page(version, "decide/"), data))
    assert "I have looked at it" in text_of(assessor.get(page(version)))
    look(assessor, page(version))
    assert 'value="met" checked' in text_of(assessor.post(page(version, "decide/"), data))


@pytest.mark.parametrize("file", ["0" * 26, "x", "of another piece"])
def test_a_file_that_is_not_in_it_cannot_have_been_shown(world, assessor, file):
    version = made.sent(world)
    other = made.sent(world, kind="media").evidence.files.get().public_id
    answer = look(assessor, page(version), file=other if " " in file else file)
    assert answer.status_code == 404
    assert openings(version).count() == 0


def test_the_page_shows_words_criteria_setting_and_the_five_words(world, assessor):
    version = made.sent(world, numbers=("1.1", "4.1"), body="She came with a kettle.")
    text = text_of(assessor.get(page(version)))
    for words in ("She came with a kettle.", "2 criteria", "Real work", "Valid", "Reliable", "0 of 2 decided", "Do it"):
        assert words in text
    assert text.count('value="met"') == 3, "two criteria and the button that fills them in"


def test_a_photo_a_pdf_and_a_film_have_their_places_on_the_stage(world, assessor):
    piece = made.draft(world, kind="media")
    made.with_file(world, piece, name="photo.jpg", content=files.jpeg())
    pdf = made.with_file(world, piece, name="pages.pdf", content=files.pdf(3))
    film = made.with_file(world, piece, name="film.mp4", content=files.mp4())
    made.choose(world, piece)
    version = made.send(world, piece)
    assert "at-view__img" in text_of(assessor.get(page(version)))
    third = text_of(assessor.get(page(version, f"?file={pdf.public_id}&page=3")))
    assert "Page 3 of 3" in third
    assert "I handed over the rota to Sam." in third
    moment = text_of(assessor.get(page(version, f"?file={film.public_id}&t=1")))
    assert "<video" in moment
    assert "#t=1" in moment
    assert "Page 1 of 3" in text_of(assessor.get(page(version, f"?file={pdf.public_id}&page=99"))), "falls back"


@pytest.mark.parametrize(
    ("tab", "words"),
    [
        ("note", "I listened, said sorry"),
        ("files", "SHA-256"),
        ("origin", "declared it their own work"),
        ("versions", "Nothing decided on this version yet"),
        ("nonsense", "I listened, said sorry"),
    ],
)
def test_each_tab_works_as_a_page_and_as_a_part(world, assessor, tab, words):
    version = made.sent(world, kind="media")
    assert words in text_of(assessor.get(page(version, f"?tab={tab}")))
    part = text_of(assessor.get(page(version, f"?tab={tab}"), headers={"HX-Request": "true", "HX-Target": "about"}))
    assert words in part
    assert "<html" not in part


def test_where_it_came_from_names_times_device_and_the_same_bytes(world, assessor):
    photo = files.jpeg(seed=5)
    for who in ("LA2", "LA1"):
        piece = made.draft(world, who, kind="media", title=f"Of {who}", people="Sam from the next desk")
        made.with_file(world, piece, who, content=photo)
        made.choose(world, piece, who)
        version = made.send(world, piece, who)
    text = text_of(assessor.get(page(version, "?tab=origin")))
    for words in ("Captured", "Received", "Sam from the next desk", "Of another learner of this centre"):
        assert words in text
    assert "Of LA2" not in text


def test_simulated_work_bars_met_for_doing_and_says_why(world, assessor):
    version = made.opened(world, numbers=("1.1", "4.1"), setting="simulation")
    text = text_of(assessor.get(page(version)))
    knows, does = mappings(version)
    assert f'name="verdict-{does.public_id}" value="met" disabled' in text
    assert f'name="verdict-{knows.public_id}" value="met" disabled' not in text
    assert "It cannot be met here." in text
    assert "Met: all 1" in text


def test_a_second_assessor_is_seen(world, assessor, as_client):
    version = made.sent(world)
    look_after(world, "AA2", "LA1")
    other = as_client("AA2")
    assert "has this open too." not in text_of(other.get(page(version)))
    assert f"{world.people['AA2'].full_name} has this open too." in text_of(assessor.get(page(version)))
    assert f"{world.people['AA2'].full_name} is on it" in text_of(assessor.get(ASSESS))


@pytest.mark.parametrize("who", ["QA", "EA"])
def test_an_assurer_sees_all_and_can_change_nothing(world, as_client, who):
    version = made.sent(world)
    text = text_of(as_client(who).get(page(version)))
    assert "You are here to look" in text
    assert "Save and next" not in text
    assert made.again(version.evidence).state == "submitted", "an assurer's look starts no review"
    look(as_client(who), page(version))
    assert openings(version).filter(person=world.people[who]).exists()
    assert made.again(version.evidence).state == "submitted"


@pytest.mark.parametrize(
    ("who", "status"), [("AA2", 404), ("AT1", 404), ("CA", 403), ("LA1", 403), ("AB1", 404), ("DUO", 404)]
)
def test_nobody_else_finds_the_piece(world, as_client, who, status):
    version = made.sent(world)
    assert as_client(who).get(page(version)).status_code == status
    assert openings(version).count() == 0


def test_a_draft_never_sent_is_not_there_for_its_assessor(world, assessor):
    assert assessor.get(page(made.draft(world))).status_code == 404


def test_an_earlier_version_can_be_read_and_not_judged(world, assessor):
    first = made.sent(world, title="First try")
    judged(world, first, not_yet=(0,))
    piece = made.again(first.evidence)
    revised = revise_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())
    assert "is working on a new version" in text_of(assessor.get(page(first)))
    second = made.send(world, revised)
    old = text_of(assessor.get(page(second, f"?v={first.number}")))
    assert "There is a newer one." in old
    assert "Save and next" not in old
    now = text_of(assessor.get(page(second, "?tab=versions")))
    assert "Say more." in now, "what was missing then"
    assert assessor.get(page(second, "?v=99")).status_code == 404


def test_a_withdrawn_piece_says_so(world, assessor):
    version = made.opened(world)
    withdraw_evidence(actor=world.actor("LA1"), evidence=made.again(version.evidence), at=clock.now())
    text = text_of(assessor.get(page(version)))
    assert "has withdrawn this piece" in text
    assert "Save and next" not in text


def test_what_learners_write_stays_text(world, assessor):
    evil = "<img src=x onerror=alert(1)>"
    version = made.sent(
        world, title=evil, body=evil, description=evil, people=evil, kind="in_situ", location=evil, custodian=evil
    )
    for tab in ("", "?tab=note", "?tab=origin", "?tab=versions"):
        assert evil not in text_of(assessor.get(page(version, tab)))


@pytest.mark.parametrize("tab", ["", "?tab=files", "?tab=origin", "?tab=versions"])
def test_the_page_asks_the_same_for_one_criterion_and_many(world, assessor, tab):
    small = made.sent(world, kind="media", at=clock.now())
    large = made.sent(world, kind="media", numbers=("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "2.1", "2.2", "4.1"))
    for version in (small, large):
        assessor.get(page(version, tab))
    few, many = (len(statements(assessor, page(version, tab))) for version in (small, large))
    assert few == many <= {"": 14, "?tab=files": 14}.get(tab, 15)


def test_a_decided_piece_reads_as_decided(world, assessor, as_client):
    version = made.sent(world, numbers=("1.1", "1.2"))
    judged(world, version, feedback="You let her finish, and then asked.")
    text = text_of(assessor.get(page(version)))
    assert "All 2 decided on" in text
    assert "by you" in text
    assert "You let her finish, and then asked." in text
    assert "Nothing to decide yet" not in text
    assert "Save changes" in text
    look_after(world, "AA2", "LA1")
    assert f"by {world.people['AA1'].full_name}" in text_of(as_client("AA2").get(page(version)))
    assert "You let her finish, and then asked." in text_of(as_client("QA").get(page(version)))


def test_a_decided_piece_stays_within_the_budget(world, assessor):
    version = made.sent(world, numbers=("1.1", "1.2"))
    judged(world, version)
    assessor.get(page(version))
    assert len(statements(assessor, page(version))) <= 15
    assert Evidence.objects.for_centre(version.centre_id).get(pk=version.evidence_id).state == "accepted"


# --- what else it could serve (R68)


def codes(text):
    """The codes in the one line."""
    line = text.split("It could also serve", 1)[1].split("</summary>", 1)[0]
    return [code.strip() for code in line.split(",")]


def test_what_else_it_could_serve_is_read_when_asked_for_and_never_ticked(world, assessor):
    version = made.sent(world, unit="H-506-2154", numbers=("3.1", "3.2"), title="A recorded call", body="A call.")
    made.open_it(world, version)
    plain = text_of(assessor.get(page(version)))
    assert "It could also serve" not in plain
    assert "What else could it serve?" in plain  # without a script it is a link
    for answer in (
        assessor.get(page(version), headers={"HX-Request": "true", "HX-Target": "also"}),
        assessor.get(page(version) + "?also=1"),
    ):
        text = text_of(answer)
        assert "It could also serve" in text
        assert {"6", "10"} <= {code.split(".")[0] for code in codes(text)}  # S26: they share talking with people
        assert "Same theme: Talking with people." in text
        box = text.split('name="add"', 1)[1].split(">", 1)[0]
        assert "checked" not in box
    key = box.split('value="', 1)[1].split('"', 1)[0]
    before = len(mappings(version))
    assert assessor.post(page(version, "criteria/"), {"add": key, "version": "1"}).status_code == 303
    assert len(mappings(version)) == before + 1


def test_who_only_looks_is_suggested_nothing(world, as_client):
    version = made.opened(world, unit="H-506-2154", numbers=("3.1",))
    text = text_of(as_client("QA").get(page(version) + "?also=1"))
    assert "It could also serve" not in text
    assert 'id="also"' not in text


def test_asking_what_else_costs_the_same_for_many(world, assessor):
    version = made.opened(world, unit="H-506-2154", numbers=("3.1",))
    url, ask = page(version), {"HX-Target": "also"}
    assessor.get(url)
    alone, whole = statements(assessor, url, **ask), statements(assessor, url + "?also=1")
    for n in range(8):
        judged(world, made.sent(world, title=f"Piece {n}", numbers=("1.1", "1.2")))
    assert len(statements(assessor, url, **ask)) == len(alone) == PART
    assert len(statements(assessor, url + "?also=1")) == len(whole) == ALSO


def test_the_centres_plain_words_stand_beside_the_criterion(world, assessor, as_client):
    from qualifications.services import write_note

    row = world.criterion(made.UNIT, made.KNOWLEDGE)
    write_note(actor=world.actor("AA1"), criterion=row, words="Say <i>hello</i>.", examples="", seen=0, at=clock.now())
    version = made.opened(world)
    for client in (assessor, as_client("QA")):
        text = text_of(client.get(page(version)))
        assert "In plain words" in text
        assert "Say &lt;i&gt;hello&lt;/i&gt;." in text
