"""Whoever is kept from a judgement, a unit or a registration is denied by the name of what they tried, and on what."""

from assessments import access, services
from centres.models import Registration
from common.refusals import Forbidden, NotFound
from portfolio.services import recall_evidence
from tests.assessments.conftest import judge
from tests.factories import portfolio as made
from tests.portfolio.steps import AT
from tests.portfolio.test_denied import denied


def test_a_judgement(world, opened):
    row = judge(world, opened("LA3", by="AT1"), by="AT1").judgements.get()
    expected = {
        ("LA3", "view"): None,
        ("AT1", "view"): None,
        ("AA2", "view"): None,
        ("AA2", "countersign"): None,
        ("LA3", "countersign"): NotFound,
        ("AT1", "countersign"): Forbidden,
        ("QA", "countersign"): Forbidden,
        ("AA1", "view"): NotFound,
        ("LA1", "view"): NotFound,
        ("LA1", "countersign"): NotFound,
        ("CB", "view"): NotFound,
    }
    for (who, action), kind in expected.items():
        given = world.actor(who), row.public_id, action
        if kind is None:
            assert access.judgement_for(*given) == row, (who, action)
        else:
            assert denied(access.judgement_for, *given) == (kind, f"judgement.{action}", row.public_id), (who, action)


def test_a_unit_that_waits_for_no_countersignature(world):
    unit = world.unit("LA1", made.UNIT)
    for who, kind, action in (("AA1", Forbidden, "unit.countersign"), ("LA2", NotFound, "unit.view")):
        told = denied(access.unit_to_countersign, world.actor(who), unit.public_id)
        assert told == (kind, action, unit.public_id), who
    own = world.unit("LA3", made.UNIT)
    assert access.unit_to_countersign(world.actor("AA2"), own.public_id) == own, "named for a trainee"


def test_acts(world):
    version, back = made.opened(world), made.sent(world)
    made.send(world, recall_evidence(actor=world.actor("LA1"), evidence=made.again(back.evidence), at=AT))
    purge = {"version_number": 1, "reason": "A card can be read.", "words": True, "at": AT}
    piece, recalled = made.again(version.evidence), made.again(back.evidence)
    registration = world.registrations["LA1"]
    far = Registration.objects.across_centres(reason="a test").get(pk=world.registrations["LB1"].pk)
    state = {"registration": far, "reason": "Back in spring.", "at": AT}
    offers = {"registration": registration, "values": ["a:b:c"], "at": AT}
    expected = [
        ("LA2", services.read_feedback, {"version": version, "at": AT}, NotFound, "feedback.read", version),
        ("AA1", services.read_feedback, {"version": version, "at": AT}, NotFound, "feedback.read", version),
        ("AA2", services.ask_purge, {"evidence": piece, **purge}, Forbidden, "evidence.purge", piece),
        ("CA", services.ask_purge, {"evidence": piece, **purge}, Forbidden, "evidence.purge", piece),
        ("AA1", services.ask_purge, {"evidence": recalled, **purge}, NotFound, "evidence.purge", recalled),
        ("CA", services.put_on_break, state, NotFound, "registration.view", far),
        ("AA2", services.accept_offers, offers, Forbidden, "registration.offer", registration),
        ("LA2", services.accept_offers, offers, Forbidden, "registration.offer", registration),
    ]
    for who, act, given, kind, action, on in expected:
        assert denied(act, actor=world.actor(who), **given) == (kind, action, on.public_id), (who, action)
