"""Two people at once, as far as one connection shows it: who comes second is told, and nothing of theirs is kept.

Real threads do the same in `test_race_table.py`. Here the rules say nothing, as if both had asked them before either
wrote, and the last door is what holds.
"""

import pytest

from assessments import services
from assessments.models import Countersignature, Exemption, Judgement, LedgerEntry
from assessments.services import exempting, ledger
from audit.models import Event
from centres.models import Registration
from common import clock
from common.refusals import Refused, Stale
from portfolio.models import EvidenceMapping
from tests.assessments.conftest import judge, mappings_of
from tests.assessments.test_exempting import MISTAKE, WHY_NOT, put, revoke, settle
from tests.assessments.test_sign_off import complete, sign
from tests.factories import portfolio as made


def says_nothing(monkeypatch, rule):
    monkeypatch.setattr(rule, lambda *_args, **_given: [])


def test_of_two_countersignatures_one_counts(world, opened, monkeypatch):
    piece = opened("LA3", by="AT1")
    judge(world, piece, by="AT1")
    made.open_it(world, piece.versions.get(), "AA2")
    row = Judgement.objects.for_centre(piece.centre_id).get()
    says_nothing(monkeypatch, "assessments.rules.judging.why_not_countersign")
    said = {"actor": world.actor("AA2"), "judgement": row, "at": clock.now()}
    services.countersign(agrees=True, **said)
    with pytest.raises(Stale):
        services.countersign(agrees=False, reason="The end is missing.", **said)
    assert Countersignature.objects.for_centre(piece.centre_id).get().agrees
    assert mappings_of(piece)[0].state == "met"


def test_of_two_decisions_in_one_round_one_counts_and_is_named(world, opened):
    piece = opened()
    judge(world, piece)
    EvidenceMapping.objects.for_centre(piece.centre_id).update(round=0)
    with pytest.raises(Stale) as caught:
        judge(world, piece, verdict="not_yet")
    row = Judgement.objects.for_centre(piece.centre_id).get()
    assert (caught.value.who, caught.value.at) == (world.people["AA1"].full_name, row.at)
    assert (row.verdict, Event.objects.filter(action="evidence.decided").count()) == ("met", 1)


def test_of_two_certificates_for_a_unit_one_is_recorded(world, monkeypatch):
    says_nothing(monkeypatch, "assessments.rules.exempting.why_not_record")
    first = put(world)
    with pytest.raises(Refused) as caught:
        put(world, certificate_number="C-101")
    assert [one.code for one in caught.value.refusals] == ["recorded"]
    assert Exemption.objects.for_centre(first.centre_id).get() == first


def test_of_two_entries_after_the_same_one_the_second_is_stale(world, monkeypatch):
    """Somebody moved the head between our reading and our writing: the chain does not fork."""
    complete(world)
    first = sign(world)
    rows = Registration.objects.for_centre(first.centre_id).filter(pk=first.registration_id)
    moved, kept = ledger._move_head, rows.values("ledger_length", "ledger_head").get()
    for other in ({"ledger_length": 7}, {"ledger_head": "0" * 64}):

        def faster(registration, entry, other=other):
            rows.update(**other)
            moved(registration, entry)

        monkeypatch.setattr(ledger, "_move_head", faster)
        unit = world.unit("LA1", made.UNIT)
        said = {"learner_unit": unit, "agrees": True, "reauthenticated": True, "at": clock.now()}
        with pytest.raises(Stale):
            services.confirm_unit(actor=world.actor("LA1"), **said)
        assert rows.values("ledger_length", "ledger_head").get() == kept, "all of it is taken back"
    assert LedgerEntry.objects.for_centre(first.centre_id).get() == first


@pytest.mark.parametrize("act", [settle, revoke])
def test_whoever_waited_for_a_certificate_reads_it_anew(world, monkeypatch, act):
    """Somebody else was done with it while we waited for the unit: what they did is the reason that is told."""
    row, hold = put(world), exempting.hold_unit
    if act is revoke:
        settle(world, row)
    done = {"state": "revoked", "revoked_by": world.people["QA"], "revoked_at": clock.now(), "reason": MISTAKE}
    if act is settle:
        done = {"state": "refused", "decided_by": world.people["QA"], "decided_at": clock.now(), "reason": WHY_NOT}

    def late(unit):
        held = hold(unit)
        Exemption.objects.for_centre(row.centre_id).filter(pk=row.pk).update(**done)
        return held

    monkeypatch.setattr(exempting, "hold_unit", late)
    with pytest.raises(Refused) as caught:
        act(world, row)
    assert [one.code for one in caught.value.refusals] == ["decided" if act is settle else "not-approved"]
