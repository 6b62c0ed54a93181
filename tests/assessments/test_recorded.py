"""What each act of assessing leaves in the record: its name, who did it, on what, and the facts beside it."""

import json

import pytest

from assessments import queries, services
from assessments.models import Judgement, LedgerEntry
from assessments.services import ReviewAnswers
from common import clock
from tests.assessments.conftest import GOOD, KEY, verdicts
from tests.assessments.test_exempting import MISTAKE, WHY_NOT, certificate, put
from tests.assessments.test_sign_off import WHY, complete, confirm, countersign, sign
from tests.assessments.test_undoing import ANSWER, gone
from tests.factories import portfolio as made
from tests.portfolio.steps import recorded

BACK = ReviewAnswers(feedback="The end of the talk is missing.")


def entries(world):
    return LedgerEntry.objects.across_centres(reason="a test looks").order_by("pk")


@pytest.mark.parametrize(
    ("act", "name", "answers"),
    [(services.decide, "evidence.decided", GOOD), (services.send_back, "evidence.returned", BACK)],
)
def test_a_review(world, opened, act, name, answers):
    piece = opened(numbers=["4.1", "4.2"])
    verdict = "met" if act is services.decide else "not_yet"
    given = verdicts(piece, verdict, "The end is missing." if verdict == "not_yet" else "")
    found = recorded(world, "AA1", act, evidence=piece, version_number=1, verdicts=given, answers=answers)
    told = {world.criterion(KEY, number).public_id: verdict for number in ("4.1", "4.2")}
    version = piece.versions.get()
    assert found == [(name, "AA1", piece.public_id, {"version": 1, "digest": version.digest, "verdicts": told})]


def test_the_talk_about_a_piece(world, opened):
    piece = opened()
    said = recorded(world, "LA1", services.reply, evidence=piece, text=" What do you mean? ")
    assert said == [("evidence.replied", "LA1", piece.public_id, {})]
    read = recorded(world, "LA1", services.read_feedback, version=piece.versions.get())
    assert read == [("evidence.opened", "LA1", piece.public_id, {"version": 1})]


@pytest.mark.parametrize(("agrees", "reason"), [(True, ""), (False, "The end is missing.")])
def test_a_countersignature(world, opened, agrees, reason):
    piece = opened("LA3", by="AT1")
    given = {"evidence": piece, "version_number": 1, "verdicts": verdicts(piece), "answers": GOOD}
    services.decide(actor=world.actor("AT1"), at=clock.now(), **given)
    made.open_it(world, piece.versions.get(), "AA2")
    row = Judgement.objects.for_centre(piece.centre_id).get()
    found = recorded(world, "AA2", services.countersign, judgement=row, agrees=agrees, reason=reason)
    told = {"agrees": agrees, "digest": row.digest}
    assert found == [("judgement.countersigned", "AA2", row.public_id, told)]


def test_what_is_asked_to_be_removed(world):
    piece = made.draft(world, kind="media")
    left = made.with_file(world, piece)
    made.choose(world, piece)
    version = made.open_it(world, made.send(world, piece))
    ask = {"evidence": made.again(piece), "version_number": 1, "reason": WHY}
    for words, agrees in ((False, False), (True, True)):
        asked = recorded(world, "AA1", services.ask_purge, words=words, **ask)
        back = [("evidence.returned", "AA1", piece.public_id, {"version": 1, "verdicts": {}})]
        told = ("evidence.purge_asked", "AA1", piece.public_id, {"version": 1, "words": words})
        assert asked == [*(back if not words else []), told], "it goes back once"
        purge = version.purge_requests.latest("pk")
        found = recorded(world, "CA", services.decide_purge, purge=purge, agrees=agrees, note="" if agrees else WHY)
        name = "evidence.purged" if agrees else "evidence.purge_refused"
        removed = [left.sha256, version.digest] if agrees else []
        assert found == [(name, "CA", piece.public_id, {"version": 1, "removed": removed})]


def on_unit(world, who, by, act, **given):
    """Do it on the unit, and return (name, who) and the facts; the unit is what it was done on."""
    unit = world.unit(who, KEY)
    ((name, person, on, facts),) = recorded(world, by, act, learner_unit=unit, **given)
    assert on == unit.public_id
    return name, person, facts


def last(world):
    row = entries(world).last()
    return row, json.loads(row.payload)


def test_signatures_of_a_trainees_unit(world):
    complete(world, "LA3", by="AT1")
    while queries.to_countersign(world.actor("AA2")).exists():
        countersign(world)
    proved = {"reauthenticated": True}
    steps = [
        ("AT1", services.sign_off, {"declared": True}, "unit.signed", True),
        ("AA2", services.countersign_unit, {"agrees": False, "reason": WHY}, "unit.countersign_refused", False),
        ("AT1", services.sign_off, {"declared": True}, "unit.signed", True),
        ("AA2", services.countersign_unit, {"agrees": True}, "unit.countersigned", False),
        ("LA3", services.confirm_unit, {"agrees": True}, "unit.confirmed", False),
    ]
    for n, (by, act, given, name, digest) in enumerate(steps, start=1):
        found = on_unit(world, "LA3", by, act, **given, **proved)
        entry, payload = last(world)
        assert found == (name, by, {"digest": entry.digest} if digest else {})
        assert (entry.sequence, entry.person_id) == (n, world.people[by].pk)
        assert payload["person"] == world.people[by].public_id


def test_a_dispute_its_answer_and_what_comes_after(world):
    complete(world)
    sign(world)
    disputed = on_unit(world, "LA1", "LA1", services.confirm_unit, agrees=False, reason=WHY, reauthenticated=True)
    dispute, _payload = last(world)
    assert disputed == ("unit.disputed", "LA1", {})
    answered = on_unit(world, "LA1", "AA1", services.answer_dispute, answer=ANSWER)
    entry, payload = last(world)
    assert answered == ("unit.dispute_answered", "AA1", {"digest": entry.digest})
    assert payload["answers"] == dispute.digest
    signed = sign(world)
    confirm(world)
    reopened = on_unit(world, "LA1", "AA1", services.reopen_unit, reason=WHY, reauthenticated=True)
    entry, payload = last(world)
    assert reopened == ("unit.reopened", "AA1", {"digest": entry.digest})
    assert payload["voids"] == signed.digest
    sign(world)
    gone(world)
    absent = on_unit(world, "LA1", "CA", services.confirm_for_absent, reason=WHY, reauthenticated=True)
    entry, payload = last(world)
    assert absent == ("unit.confirmed_absent", "CA", {"digest": entry.digest})
    assert (entry.act, payload["person"]) == ("confirmed_absent", world.people["CA"].public_id)


def test_a_certificate_on_its_way(world):
    unit = world.unit("LA1", "L-506-2133")
    found = recorded(world, "CA", services.record_exemption, learner_unit=unit, certificate=certificate(world))
    row = unit.exemptions.get()
    told = {"unit": unit.public_id}
    assert found == [("exemption.recorded", "CA", row.public_id, told)]
    no = {"exemption": row, "approves": False, "reason": WHY_NOT}
    assert recorded(world, "QA", services.settle_exemption, **no) == [("exemption.refused", "QA", row.public_id, told)]
    other = put(world, certificate_number="C-101")
    yes = {"exemption": other, "approves": True, "reauthenticated": True}
    assert recorded(world, "QA", services.settle_exemption, **yes) == [
        ("exemption.approved", "QA", other.public_id, told)
    ]
    entry, payload = last(world)
    assert payload["exemption"] == other.public_id
    assert payload["person"] == world.people["QA"].public_id
    assert payload["recorded_by"] == world.people["CA"].public_id
    back = {"exemption": other, "reason": MISTAKE, "reauthenticated": True}
    revoked = recorded(world, "QA", services.revoke_exemption, **back)
    opened, payload = last(world)
    assert revoked == [("exemption.revoked", "QA", other.public_id, told | {"digest": opened.digest})]
    assert (payload["voids"], payload["exemption"]) == (entry.digest, other.public_id)
