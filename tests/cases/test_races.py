"""Interleavings on PostgreSQL, made certain with events. Each test states what should hold."""

import threading

import pytest
from django.db import connection

from assessments import queries, services
from assessments.models import Judgement
from assessments.services import countersigning as cs_service
from assessments.services import judging as judging_service
from assessments.services import signing
from centres.enums import UnitState
from common import clock
from common.refusals import Refused
from portfolio import services as ps
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import EvidenceMapping
from tests.assessments.conftest import GOOD, KEY, judge, mappings_of, open_it, sender
from tests.assessments.test_sign_off import complete
from tests.factories.world import two_centres

pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def only_postgres(db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite writes one transaction after another")


def thread(act, out, name):
    def run():
        try:
            act()
            out[name] = "done"
        except Refused as r:
            out[name] = r.refusals[0].code
        except BaseException as e:  # noqa: BLE001 - told to the test
            out[name] = repr(e)[:200]
        finally:
            connection.close()

    t = threading.Thread(target=run)
    t.start()
    return t


def _pause_sign_off(monkeypatch):
    read, go = threading.Event(), threading.Event()
    real = queries.readiness

    def slow(unit, actor):
        found = real(unit, actor)
        read.set()
        go.wait(15)
        return found

    monkeypatch.setattr(signing.queries, "readiness", slow)
    return read, go


def test_a_decision_taken_back_while_the_unit_is_signed(monkeypatch):
    world = two_centres()
    piece = complete(world)
    piece.refresh_from_db()
    unit = world.unit("LA1", KEY)
    read, go = _pause_sign_off(monkeypatch)
    out = {}
    a1 = world.actor("AA1")
    t1 = thread(
        lambda: services.sign_off(actor=a1, learner_unit=unit, declared=True, reauthenticated=True, at=clock.now()),
        out,
        "sign",
    )
    assert read.wait(15)
    # the same assessor's second tab, or a second assessor alongside: not yet after all
    given = [
        services.VerdictGiven(c.public_id, c.round, "not_yet", "Not shown after all.") for c in mappings_of(piece)[:1]
    ]
    t2 = thread(
        lambda: services.decide(
            actor=a1, evidence=piece, version_number=piece.version_number, verdicts=given, answers=GOOD, at=clock.now()
        ),
        out,
        "decide",
    )
    t2.join(5)
    go.set()
    t1.join(20)
    t2.join(20)
    unit = world.unit("LA1", KEY)
    states = set(
        EvidenceMapping.objects.for_centre(unit.centre_id).filter(learner_unit=unit).values_list("state", flat=True)
    )
    assert not (unit.state == UnitState.ASSESSOR_SIGNED and MappingState.NOT_YET in states), (out, unit.state, states)


def test_a_piece_withdrawn_while_the_unit_is_signed(monkeypatch):
    world = two_centres()
    piece = complete(world)
    piece.refresh_from_db()
    unit = world.unit("LA1", KEY)
    read, go = _pause_sign_off(monkeypatch)
    out = {}
    a1, la = world.actor("AA1"), world.actor("LA1")
    t1 = thread(
        lambda: services.sign_off(actor=a1, learner_unit=unit, declared=True, reauthenticated=True, at=clock.now()),
        out,
        "sign",
    )
    assert read.wait(15)
    t2 = thread(lambda: ps.withdraw_evidence(actor=la, evidence=piece, at=clock.now()), out, "withdraw")
    t2.join(5)
    go.set()
    t1.join(20)
    t2.join(20)
    unit = world.unit("LA1", KEY)
    piece.refresh_from_db()
    assert not (unit.state == UnitState.ASSESSOR_SIGNED and piece.state == EvidenceState.WITHDRAWN), out


def test_countersigning_and_judging_the_same_claim_at_once(monkeypatch):
    world = two_centres()
    piece = sender(world)("LA3", numbers=["4.1"])
    open_it(world, piece, "AT1")
    piece.refresh_from_db()
    judge(world, piece, by="AT1")
    v = piece.versions.first()
    ps.open_version(actor=world.actor("AA2"), version=v, at=clock.now())
    piece.refresh_from_db()
    j = Judgement.objects.for_centre(piece.centre_id).get(mapping__evidence=piece)
    holds_claim, holds_piece = threading.Event(), threading.Event()
    real_write, real_review = cs_service._write, judging_service._write_review

    def write(*a, **k):
        holds_claim.set()
        holds_piece.wait(10)
        return real_write(*a, **k)

    def review(*a, **k):
        holds_piece.set()
        holds_claim.wait(10)
        return real_review(*a, **k)

    monkeypatch.setattr(cs_service, "_write", write)
    monkeypatch.setattr(judging_service, "_write_review", review)
    out = {}
    at1, aa2 = world.actor("AT1"), world.actor("AA2")
    given = [services.VerdictGiven(c.public_id, c.round, "not_yet", "On second thought.") for c in mappings_of(piece)]
    t1 = thread(
        lambda: services.countersign(actor=aa2, judgement=j, agrees=False, reason="Not shown here.", at=clock.now()),
        out,
        "countersign",
    )
    t2 = thread(
        lambda: services.decide(
            actor=at1, evidence=piece, version_number=1, verdicts=given, answers=GOOD, at=clock.now()
        ),
        out,
        "decide",
    )
    t1.join(30)
    t2.join(30)
    assert not any("deadlock" in x.lower() for x in out.values()), out
