"""A piece that was sent: what its page says in each state, and taking it back, mending it, withdrawing it."""

import pytest

from common import clock
from portfolio.models import EvidenceMapping
from portfolio.services import open_version, revise_evidence
from tests.factories import portfolio as made
from tests.web.learner.conftest import judge, signed_unit, url


def test_a_sent_piece_can_be_recalled_with_everything_in_it(world, learner):
    piece = made.again(made.sent(world, title="Till count").evidence)
    page = learner.post(url(piece, "recall/"), follow=True).content.decode()
    fresh = made.again(piece)
    assert fresh.state == "draft"
    assert "You have it back. Nothing is lost." in page
    assert 'value="Till count"' in page
    assert "What you sent then stays as it was." in page


def test_an_opened_piece_cannot_be_recalled_and_says_who_opened_it(world, learner):
    piece = made.opened(world).evidence
    page = learner.get(url(piece)).content.decode()
    assert "Dev has opened it" in page
    assert "/recall/" not in page
    page = learner.post(url(piece, "recall/"), follow=True).content.decode()
    assert "Dev Singh-AA1 has opened it" in page
    assert made.again(piece).state == "in_review"


def test_a_returned_piece_says_what_to_do_and_can_be_mended(world, learner):
    piece = judge(world, made.sent(world, title="Late delivery"), back=True, next_action="Cover the name in line 2.")
    page = learner.get(url(piece)).content.decode()
    assert "Cover the name in line 2." in page
    assert "Sent back" in page.split("Each thing")[1]
    answer = learner.post(url(piece, "revise/"))
    assert answer["Location"] == url(piece)
    fresh = made.again(piece)
    assert (fresh.state, fresh.version_number) == ("draft", 2)


def test_a_judged_piece_shows_each_thing_with_the_reason(world, learner):
    piece = judge(world, made.sent(world, numbers=("1.1", "1.2")), not_yet=("1.2",))
    page = learner.get(url(piece)).content.decode()
    assert "1 done, 1 not yet" in page
    assert "Not yet. Show the steps in order." in page
    assert "Read the feedback" in page
    for word in ("criterion", "failed", "rejected", "invalid", "pending"):
        assert word not in page.split("<main", 1)[1].split("</main>")[0].lower()


def test_earlier_versions_stay_readable(world, learner):
    piece = judge(world, made.sent(world, title="First words"), back=True)
    piece = revise_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())
    learner.post(url(piece), {"revision": piece.revision, "title": "Second words"})
    made.send(world, made.again(piece))
    page = learner.get(url(piece), {"v": "1"}).content.decode()
    assert "Second words" in page
    assert "First words" in page.split('id="earlier"')[1]
    assert learner.get(url(piece), {"v": "99"}).status_code == 200
    assert learner.get(url(piece), {"v": "x"}).status_code == 200


def test_withdrawing_puts_it_away_readable(world, learner):
    piece = made.again(made.sent(world, title="Till count").evidence)
    page = learner.post(url(piece, "withdraw/"), follow=True).content.decode()
    assert "It is withdrawn. You can still read it." in page
    assert made.again(piece).state == "withdrawn"
    page = learner.get(url(piece)).content.decode()
    assert "You withdrew this" in page
    assert "/withdraw/" not in page
    assert set(EvidenceMapping.objects.for_centre(piece.centre_id).values_list("state", flat=True)) == {"closed"}


def test_a_piece_under_a_signed_unit_stays(world, learner):
    signed_unit(world)
    piece = made.again(EvidenceMapping.objects.for_centre(world.centres["10001"].pk).first().evidence)
    page = learner.post(url(piece, "withdraw/"), follow=True).content.decode()
    assert "is signed off and rests on this piece" in page
    assert made.again(piece).state == "accepted"


@pytest.mark.parametrize("act", ["recall", "revise", "withdraw"])
def test_a_double_click_acts_once(world, learner, act):
    sent = made.sent(world)
    piece = judge(world, sent, back=True) if act == "revise" else made.again(sent.evidence)
    given = {"idempotency_key": "k" * 30}
    first, second = learner.post(url(piece, f"{act}/"), given), learner.post(url(piece, f"{act}/"), given)
    assert (
        (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (303, first["Location"])
    )
    assert made.again(piece).version_number == (1 if act == "withdraw" else 2)


@pytest.mark.parametrize("act", ["recall", "revise", "withdraw", "autosave"])
def test_looking_changes_nothing(world, learner, act):
    piece = made.again(made.sent(world).evidence)
    assert learner.get(url(piece, f"{act}/")).status_code == 405
    assert made.again(piece).state == "submitted"


def test_reading_ones_own_page_does_not_start_the_review(world, learner):
    piece = made.again(made.sent(world).evidence)
    learner.get(url(piece))
    assert made.again(piece).state == "submitted"


def test_the_files_of_what_was_sent_are_shown(world, learner):
    piece = made.again(made.sent(world, kind="media").evidence)
    page = learner.get(url(piece)).content.decode()
    assert "/files/preview/" in page
    assert "Download" in page


@pytest.mark.parametrize("many", [1, 10])
def test_queries_are_few_and_constant(world, counted, many):
    numbers = ("1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "2.4", "3.1")[:many]
    version = made.sent(world, kind="media", numbers=numbers)
    piece = judge(world, version)
    open_version(actor=world.actor("LA1"), version=version, at=clock.now())
    counted(12, f"evidence/{piece.public_id}/")
