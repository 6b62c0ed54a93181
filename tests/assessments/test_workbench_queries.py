"""The assess page as facts: files, mappings, what can be added, what was decided before."""

import dataclasses

import pytest
from django.utils.html import escape

from assessments.queries.reviews import history, same_bytes, talk
from assessments.queries.workbench import addable, stage_files, workbench
from assessments.services import ReviewAnswers, VerdictGiven, decide, reply
from common import clock
from common.refusals import Refused, Stale
from portfolio.services import Chosen, revise_evidence, set_mappings
from qualifications.models import Criterion
from tests.assessments.test_world import sent_for
from tests.factories import files, moving
from tests.factories import portfolio as made
from tests.factories.catalogue import CERTIFICATE
from tests.web.assessor.conftest import judged


def bench(world, version, who="AA1"):
    return workbench(world.actor(who), version.evidence, version)


def with_files(world, *contents, who="LA1"):
    piece = made.draft(world, who, kind="media")
    for name, content in contents:
        made.with_file(world, piece, who, name=name, content=content)
    made.choose(world, piece, who)
    return made.send(world, piece, who)


def test_files_know_how_they_are_shown(world):
    version = with_files(world, ("a.jpg", files.jpeg()), ("b.pdf", files.pdf(3)), ("c.wav", files.wav()))
    photo, pdf, voice = stage_files(world.actor("AA1"), version)
    assert (photo.shows, pdf.shows, voice.shows) == ("pictures", "pictures", "audio")
    assert [p.number for p in pdf.pictures] == [1, 2, 3]
    assert len(photo.pictures) == 1
    assert "I handed over the rota to Sam." in pdf.text
    assert photo.thumb
    assert photo.device
    assert (voice.seconds, photo.seconds) == (1.0, 0)
    assert len({photo.sha256, pdf.sha256, voice.sha256}) == 3


def test_a_file_without_previews_is_still_there(world):
    version = with_files(world, ("a.csv", b"name,number\nSam,1\n"))
    [file] = stage_files(world.actor("AA1"), version)
    assert file.name == "a.csv"
    assert file.shows in {"text", "none"}


def test_a_version_without_files_has_none(world):
    assert stage_files(world.actor("AA1"), made.sent(world)) == ()


def test_bytes_seen_elsewhere_name_only_the_same_learners_piece(world):
    photo = files.jpeg(seed=31)
    with_files(world, ("x.jpg", photo), who="LA2")
    first = with_files(world, ("x.jpg", photo))
    second = with_files(world, ("x.jpg", photo))
    found = bench(world, second)
    assert found.seen_before
    others = same_bytes(world.actor("AA1"), found.evidence, {f.sha256 for f in found.files})
    assert {(one.same_learner, one.public_id) for one in others} == {(True, first.evidence.public_id), (False, "")}
    assert not bench(world, with_files(world, ("y.jpg", files.jpeg(seed=32)))).seen_before


def test_mappings_know_their_unit_place_and_other_pieces(world):
    made.sent(world, numbers=("1.1",))
    version = made.sent(world, numbers=("1.1", "4.1"))
    knows, does = bench(world, version).mappings
    assert (knows.code, knows.others, knows.competence, knows.open) == ("1.1.1", 1, False, True)
    assert (does.code, does.others, does.competence, does.barred) == ("1.4.1", 0, True, False)


@pytest.mark.parametrize(("setting", "barred"), [("simulation", True), ("classroom", True), ("realistic", True)])
def test_what_was_not_real_bars_doing_only(world, setting, barred):
    version = made.sent(world, numbers=("1.1", "4.1"), setting=setting)
    assert [mapping.barred for mapping in bench(world, version).mappings] == [False, barred]


def test_whose_it_is_and_whether_it_can_be_judged(world):
    version = made.sent(world)
    assert bench(world, version).mine
    assert not bench(world, version, "QA").mine
    assert bench(world, version).judgeable
    assert not bench(world, version).all_seen, "nobody has opened it"
    made.open_it(world, version)
    assert bench(world, version).all_seen
    assert not bench(world, version, "QA").all_seen


def test_an_older_version_is_not_the_latest(world):
    first = made.sent(world)
    judged(world, first, not_yet=(0,))
    assert bench(world, first).mappings[0].status == "back"
    piece = revise_evidence(actor=world.actor("LA1"), evidence=made.again(first.evidence), at=clock.now())
    assert not bench(world, first).latest
    second = made.send(world, piece)
    assert not bench(world, first).latest
    assert bench(world, second).latest


def test_what_can_be_added_is_searched_by_code_text_and_unit(world):
    version = made.opened(world, numbers=("1.1",))
    actor, piece = world.actor("AA1"), version.evidence
    assert addable(actor, piece, "  ") == []
    assert addable(actor, piece, "no such words") == []
    assert "1.1.1" not in {one.code for one in addable(actor, piece, "1.1. deliver customer service")}
    [one] = addable(actor, piece, "2.1 BRAND matters")
    assert one.code == "1.2.1"
    assert one.key.split() == [world.unit("LA1", made.UNIT).public_id, world.criterion(made.UNIT, "2.1").public_id]
    assert len(addable(actor, piece, "e")) == 30


def test_history_tells_every_version_with_its_decisions(world):
    first = made.sent(world, numbers=("1.1", "1.2"))
    judged(world, first, not_yet=(1,), next_action="One more call")
    piece = revise_evidence(actor=world.actor("LA1"), evidence=made.again(first.evidence), at=clock.now())
    second = made.send(world, piece)
    now, then = history(world.actor("AA1"), made.again(second.evidence))
    assert (now.number, now.reviews) == (second.number, ())
    [review] = then.reviews
    assert (review.who, review.sent_back, review.next_action) == (world.people["AA1"].full_name, False, "One more call")
    assert [(d.code, d.verdict) for d in review.decisions] == [("1.1.1", "met"), ("1.1.2", "not_yet")]
    assert review.decisions[1].reason == "Say more."
    assert review.decisions[0].countersigned is None


def test_the_talk_knows_who_is_the_learner(world):
    version = made.opened(world)
    for code in ("AA1", "LA1"):
        reply(actor=world.actor(code), evidence=version.evidence, text=f"From {code}", at=clock.now())
    said = talk(world.actor("AA1"), version.evidence)
    assert [(line.text, line.by_learner) for line in said] == [("From AA1", False), ("From LA1", True)]


# --- which is which


def test_equal_codes_of_two_registrations_are_told_apart(world):
    second = moving.register(world, CERTIFICATE, who="LA1")
    alone = sent_for(world, world.registrations["LA1"])
    assert [row.code for row in bench(world, alone).mappings] == ["1.1.1"]
    both = sent_for(world, world.registrations["LA1"], second)
    assert [row.code for row in bench(world, both).mappings] == ["10379 1.1.1", "10378 1.1.1"]


def test_a_refusal_names_equal_codes_of_two_registrations_as_the_chips_do(world):
    second = moving.register(world, CERTIFICATE, who="LA1")
    version = made.open_it(world, sent_for(world, world.registrations["LA1"], second))
    rows = bench(world, version).mappings
    assert [row.code for row in rows] == ["10379 1.1.1", "10378 1.1.1"]
    with pytest.raises(Refused) as caught:
        not_yet(world, version, rows)
    said = [one.sentence for one in caught.value.refusals if one.code == "no-reason"]
    assert [row.code in sentence for row, sentence in zip(rows, said, strict=True)] == [True, True]
    not_yet(world, version, rows[:1], reason="The end is missing.")
    with pytest.raises(Stale) as faster:
        not_yet(world, version, rows, reason="The end is missing.")
    assert "decided 10379 1.1.1 while you were working" in faster.value.refusals[0].sentence


def not_yet(world, version, rows, reason=""):
    decide(
        actor=world.actor("AA1"),
        evidence=made.again(version.evidence),
        version_number=version.number,
        verdicts=[VerdictGiven(row.public_id, row.round, "not_yet", reason) for row in rows],
        answers=ReviewAnswers(feedback="Please say more about it."),
        at=clock.now(),
    )


def test_a_criterion_of_a_unit_without_a_number_names_its_unit(world, as_client):
    group = moving.group("A", moving.HIGHER_UNITS[2], mandatory=True)
    places = tuple(dataclasses.replace(place, number=None) for place in group.places)
    moving.publish_shaped(world.at, dataclasses.replace(group, places=places))
    unit = moving.unit_of(moving.register(world, moving.SHAPED, who="LA1"), moving.HIGHER_UNITS[2])
    criterion = Criterion.objects.filter(unit_id=unit.unit_id).order_by("position").first()
    piece = made.draft(world)
    chosen = [Chosen(unit.public_id, criterion.public_id)]
    set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=chosen, unsure=False, at=clock.now())
    version = made.send(world, piece)
    [row] = bench(world, version).mappings
    assert (row.code, row.unnumbered) == (criterion.number, True)
    page = as_client("AA1").get(f"/c/10001/assess/evidence/{piece.public_id}/").content.decode()
    assert f"<span>{escape(unit.unit.title)}</span>" in page
