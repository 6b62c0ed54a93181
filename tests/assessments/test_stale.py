"""A tab that was left open: nothing is written from it, and it is told what became of the thing meanwhile, and when."""

import datetime as dt

import pytest

from assessments import queries, services
from assessments.enums import Act
from assessments.models import Exemption, Judgement, LedgerEntry
from assessments.queries.seen import carry_mark, decision_mark, decisions_mark, exemption_mark
from assessments.services import ReviewAnswers
from audit.models import Event
from centres.models import Registration
from centres.queries.seen import registration_mark, unit_mark
from common import clock
from common.refusals import Refused, Stale
from portfolio.queries.purges import purge_for, purge_mark
from portfolio.queries.seen import piece_mark, rounds_mark
from tests.assessments.conftest import GOOD, KEY, judge, mappings_of, verdicts
from tests.assessments.test_exempting import KEY as EXEMPT
from tests.assessments.test_exempting import MISTAKE, certificate
from tests.assessments.test_moving import shared
from tests.assessments.test_sign_off import WHY, complete, countersign
from tests.assessments.test_undoing import ANSWER, gone
from tests.factories import moving
from tests.factories import portfolio as made

__all__ = ["shared"]
CHANGED = "This changed while you had the page open. Look at it as it is now, then decide again."
PROVED = {"reauthenticated": True}


def told(world, by, act, **given):
    """Do it from a page that showed something else, and return who, when and what is told; nothing is on record."""
    before = Event.objects.count()
    with pytest.raises(Stale) as caught:
        act(actor=world.actor(by), seen="another", at=clock.now(), **given)
    assert Event.objects.count() == before
    return caught.value.who, caught.value.at, caught.value.refusals[0].sentence


def do(world, by, act, seen, **given):
    """Do it from a page that shows it as it is."""
    return act(actor=world.actor(by), seen=seen, at=clock.now(), **given)


def signatures(world, who, steps):
    """Take each step on the unit, first from a stale page."""
    for by, act, given in steps:
        unit = world.unit(who, KEY)
        last = LedgerEntry.objects.for_centre(unit.centre_id).filter(learner_unit=unit).order_by("-pk").first()
        expected = ("", None, CHANGED)
        if last is not None:
            name, what = last.person.full_name, Act(last.act).label
            words = f"This unit changed while you had the page open. The last act in it: {what}, by {name}."
            expected = (name, last.at, words)
        assert told(world, by, act, learner_unit=unit, **given) == expected, act.__name__
        seen = decisions_mark(unit) if act is services.sign_off else unit_mark(unit)
        entry = do(world, by, act, seen, learner_unit=unit, **given)
        assert entry == LedgerEntry.objects.for_centre(unit.centre_id).latest("pk"), "what is done is what is answered"


def test_the_steps_of_a_trainees_unit(world):
    complete(world, "LA3", by="AT1")
    while queries.to_countersign(world.actor("AA2")).exists():
        countersign(world)
    sign = ("AT1", services.sign_off, {"declared": True} | PROVED)
    steps = [
        sign,
        ("AA2", services.countersign_unit, {"agrees": False, "reason": WHY} | PROVED),
        sign,
        ("AA2", services.countersign_unit, {"agrees": True} | PROVED),
        ("LA3", services.confirm_unit, {"agrees": True} | PROVED),
    ]
    signatures(world, "LA3", steps)


def test_a_dispute_its_answer_and_what_is_undone(world):
    complete(world)
    sign = ("AA1", services.sign_off, {"declared": True} | PROVED)
    steps = [
        sign,
        ("LA1", services.confirm_unit, {"agrees": False, "reason": WHY} | PROVED),
        ("AA1", services.answer_dispute, {"answer": ANSWER}),
        sign,
        ("AA1", services.reopen_unit, {"reason": WHY} | PROVED),
        sign,
    ]
    signatures(world, "LA1", steps)
    gone(world)
    signatures(world, "LA1", [("CA", services.confirm_for_absent, {"reason": WHY} | PROVED)])


def test_a_signature_is_stale_once_a_decision_is_another(world):
    piece = complete(world)
    unit = world.unit("LA1", KEY)
    seen = decisions_mark(unit)
    for verdict in ("not_yet", "met"):
        one = verdicts(piece, verdict, "" if verdict == "met" else "The end is missing.")[:1]
        said = {"evidence": made.again(piece), "version_number": 1, "verdicts": one, "answers": GOOD}
        services.decide(actor=world.actor("AA1"), at=clock.now(), **said)
    with pytest.raises(Stale):
        do(world, "AA1", services.sign_off, seen, learner_unit=unit, declared=True, **PROVED)
    assert do(world, "AA1", services.sign_off, decisions_mark(unit), learner_unit=unit, declared=True, **PROVED)


def test_a_certificate_on_its_way(world):
    unit = world.unit("LA1", EXEMPT)
    paper = {"learner_unit": unit, "certificate": certificate(world)}
    assert told(world, "CA", services.record_exemption, **paper) == ("", unit.changed_at, CHANGED)
    row = do(world, "CA", services.record_exemption, unit_mark(unit), **paper)
    assert isinstance(row, Exemption)
    state = "This certificate is “%s” by now."
    settle = {"exemption": row, "approves": True} | PROVED
    waiting = ("", None, state % "Waits for a second person")
    assert told(world, "QA", services.settle_exemption, **settle) == waiting
    row = do(world, "QA", services.settle_exemption, exemption_mark(row), **settle)
    approved = ("", row.decided_at, state % "Approved")
    revoke = {"exemption": row, "reason": MISTAKE} | PROVED
    assert told(world, "QA", services.settle_exemption, **settle) == approved
    assert told(world, "QA", services.revoke_exemption, **revoke) == approved
    row = do(world, "QA", services.revoke_exemption, exemption_mark(row), **revoke)
    assert row.revoked_at > row.decided_at
    withdrawn = ("", row.revoked_at, state % "Withdrawn")
    assert told(world, "QA", services.revoke_exemption, **revoke) == withdrawn


def test_a_registration(world):
    registration = world.registrations["LA1"]
    now = lambda: Registration.objects.for_centre(registration.centre_id).get(pk=registration.pk)  # noqa: E731
    steps = [
        (services.put_on_break, {"reason": WHY}, "on_break"),
        (services.resume_registration, {}, "active"),
        (services.suspend_registration, {"reason": WHY}, "suspended"),
        (services.resume_registration, {}, "active"),
        (services.withdraw_registration, {"reason": WHY, "last_day": world.today}, "withdrawn"),
    ]
    for act, given, state in steps:
        assert told(world, "CA", act, registration=registration, **given) == ("", None, CHANGED)
        found = do(world, "CA", act, registration_mark(now()), registration=registration, **given)
        assert (found.pk, found.state, now().state) == (registration.pk, state, state)


def test_a_unit_that_reads_the_same_elsewhere(world, shared):
    done, _new, unit = shared
    source = moving.unit_of(world.registrations["LA1"], moving.SHARED[0])
    assert source.pk == done.pk
    no = {"learner_unit": unit, "reason": "The till here is another one; show me."}
    assert told(world, "AA1", services.carry_over, learner_unit=unit, **PROVED) == ("", unit.changed_at, CHANGED)
    assert told(world, "AA1", services.decline_carry, **no) == ("", unit.changed_at, CHANGED)
    seen = carry_mark(unit, source, declined=False)
    do(world, "AA1", services.decline_carry, seen, **no)
    with pytest.raises(Stale):
        do(world, "AA1", services.decline_carry, seen, **no)
    with pytest.raises(Refused) as caught:
        do(world, "AA1", services.decline_carry, carry_mark(unit, source, declined=True), **no)
    assert [one.code for one in caught.value.refusals] == ["declined"]


def test_suggestions_of_before(world, shared):
    new = shared[1]
    offers = {"registration": new, "values": []}
    assert told(world, "AA1", services.accept_offers, **offers) == ("", None, CHANGED)
    with pytest.raises(Refused) as caught:
        do(world, "AA1", services.accept_offers, registration_mark(new), **offers)
    assert [(one.code, one.field) for one in caught.value.refusals] == [("nothing-ticked", "offers")]


def test_a_trainees_decision(world, opened):
    piece = opened("LA3", by="AT1")
    judge(world, piece, by="AT1")
    made.open_it(world, piece.versions.get(), "AA2")
    row = Judgement.objects.for_centre(piece.centre_id).get()
    given = {"judgement": row, "agrees": True}
    assert told(world, "AA2", services.countersign, **given) == ("", None, CHANGED)
    assert do(world, "AA2", services.countersign, decision_mark(row, mappings_of(piece)[0]), **given).agrees


def test_a_piece_sent_back(world, opened):
    piece = opened(numbers=["4.1", "4.2"])
    back = {"evidence": piece, "version_number": 1, "verdicts": [], "answers": ReviewAnswers(feedback="Film the end.")}
    words = "Something in this piece was decided while you were working. Your text is kept: look, then save again."
    assert told(world, "AA1", services.send_back, **back) == ("", None, words)
    seen = rounds_mark(piece, [(one.public_id, one.round) for one in mappings_of(piece)])
    one = {"evidence": piece, "version_number": 1, "verdicts": verdicts(piece)[:1], "answers": GOOD}
    services.decide(actor=world.actor("AA1"), at=clock.now(), **one)
    with pytest.raises(Stale):
        do(world, "AA1", services.send_back, seen, **back)
    mapping = mappings_of(piece)[1]
    mapping.state = "closed"  # what is closed is not on the page
    mapping.save()
    seen = rounds_mark(piece, [(one.public_id, one.round) for one in mappings_of(piece)[:1]])
    assert do(world, "AA1", services.send_back, seen, **back).kind == "returned"


def test_what_is_asked_to_be_removed(world, opened):
    piece = opened()
    ask = {"evidence": piece, "version_number": 1, "reason": WHY, "words": True}
    assert told(world, "AA1", services.ask_purge, **ask) == ("", None, CHANGED)
    purge = do(world, "AA1", services.ask_purge, piece_mark(piece), **ask)
    words = "Somebody answered this while you had the page open."
    assert told(world, "CA", services.decide_purge, purge=purge, agrees=True) == ("", None, words)
    seen = purge_mark(purge_for(world.actor("CA"), purge.public_id))
    assert do(world, "CA", services.decide_purge, seen, purge=purge, agrees=True).agrees


def test_a_decision_that_somebody_else_made(world, opened):
    piece = opened(numbers=["4.1"])
    old = {"evidence": piece, "version_number": 1, "verdicts": verdicts(piece), "answers": GOOD}
    judge(world, piece)
    row = Judgement.objects.for_centre(piece.centre_id).get()
    at = row.at + dt.timedelta(minutes=1)
    with pytest.raises(Stale) as caught:
        services.decide(actor=world.actor("AA1"), at=at, **old)
    name = world.people["AA1"].full_name
    sentence = caught.value.refusals[0].sentence
    assert (caught.value.who, caught.value.at) == (name, row.at)
    assert sentence.startswith(f"{name} decided ")
    assert sentence.endswith(".4.1 while you were working: Met. Your text is kept.")
