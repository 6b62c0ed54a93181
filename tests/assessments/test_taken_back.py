"""What was completed can be taken back, so that a wrong certificate or signature in it is put right (R79, R84, R113)."""

import pytest
from django.urls import reverse

from assessments import services
from assessments.enums import ExemptionState
from assessments.queries.chain_faults import broken_links
from assessments.rules.certificates import Certificate
from audit.models import Event
from centres.enums import RegistrationState, UnitState
from centres.models import StateChange
from centres.queries.award import award_complete
from common import clock
from common.refusals import Forbidden, Stale
from tests.assessments.test_exempting import revoke, settle
from tests.assessments.test_standing import act, fresh, refused
from tests.assessments.test_undoing import lead
from tests.factories import moving as made
from tests.web.assessor.test_sign_off import prove
from tests.web.centre.forms import learner_url

S = RegistrationState
WHY = "The awarding body says that the certificate is somebody else's."


def completed(world):
    """LA1's small award: two units signed off, one exempt by a certificate that QA approved; closed as completed."""
    row = made.whole_award(world, but=1)
    unit = made.unit_of(row, made.HIGHER_UNITS[3])
    paper = Certificate("OCR", unit.unit.reference, "The same unit", world.today, "123", "the paper itself")
    put = services.record_exemption(actor=world.actor("CA"), learner_unit=unit, certificate=paper, at=clock.now())
    settle(world, put)
    act("complete_registration", world, row)
    return fresh(row), put


def back(world, row, by="CA", **said):
    return act("resume_registration", world, row, by, **{"reason": WHY, "reauthenticated": True, **said})


def test_a_wrong_certificate_is_withdrawn_once_completed_is_taken_back(world):
    row, certificate = completed(world)
    refused(lambda: revoke(world, certificate), "registration-completed")
    back(world, row)
    now = fresh(row)
    assert (now.state, now.ends_on) == (S.ACTIVE, None)
    change = StateChange.objects.for_centre(row.centre_id).filter(registration=row).first()
    assert (change.was, change.to, change.reason) == (S.COMPLETED, S.ACTIVE, WHY)
    assert change.by_name == world.people["CA"].full_name
    assert Event.objects.filter(action="registration.state_changed").last().facts["was"] == "completed"
    assert revoke(world, certificate).state == ExemptionState.REVOKED
    assert not award_complete(fresh(row))
    refused(lambda: act("complete_registration", world, row), "award-not-complete")
    unit = made.unit_of(row, made.HIGHER_UNITS[3])
    made.achieved(world, unit, "LA1", "AA1")
    act("complete_registration", world, row)
    assert (fresh(row).state, fresh(row).ends_on) == (S.COMPLETED, world.today)
    assert list(broken_links()) == []


def test_a_wrong_signature_is_reopened_once_completed_is_taken_back(world):
    row, _certificate = completed(world)
    unit = made.unit_of(row, made.SHARED[0])
    opens = {"actor": world.actor("AA1"), "learner_unit": unit, "reason": WHY, "reauthenticated": True}
    refused(lambda: services.reopen_unit(**opens, at=clock.now()), "registration-completed")
    back(world, row)
    services.reopen_unit(**opens, at=clock.now())
    assert made.unit_of(row, made.SHARED[0]).state == UnitState.IN_PROGRESS


def test_it_takes_the_office_a_reason_and_a_proof_of_who_it_is(world):
    row, _certificate = completed(world)
    for by in ("QA", "AA1", "LA1", "EA"):
        with pytest.raises(Forbidden):
            back(world, row, by)
    refused(lambda: back(world, row, reason=""), "no-reason")
    refused(lambda: back(world, row, reauthenticated=False), "prove-again")
    with pytest.raises(Stale):
        back(world, row, seen="another")
    assert fresh(row).state == S.COMPLETED


def test_the_pages_say_the_way_and_ask_who_it_is(world, as_client):
    row, certificate = completed(world)
    lead(world, code=made.SHAPED)
    office, assurer = as_client("CA"), as_client("QA")
    url = learner_url(world, "LA1", f"state/{row.public_id}/")
    item = reverse("exemptions:item", args=["10001", certificate.public_id])
    assert "an admin takes that back first" in assurer.get(item).content.decode()
    assert url in office.get(item).content.decode()
    signed = f"/c/10001/centre/signed/{made.unit_of(row, made.SHARED[0]).public_id}/"
    assert url in office.get(signed).content.decode()
    page = office.get(url).content.decode()
    assert "Take “completed” back" in page
    asked = office.post(url, {"act": "active", "reason": WHY})
    assert "reauthenticate" in asked["Location"]
    assert fresh(row).state == S.COMPLETED
    prove(office)
    kept = office.get(url).content.decode()
    assert "The awarding body says that the certificate" in kept, "what was typed is kept"
    assert office.post(url, {"act": "active", "reason": ""}).status_code == 422
    done = office.post(url, {"act": "active", "reason": WHY}, follow=True).content.decode()
    assert "The registration goes on." in done
    assert "Completed: taken back" in done
    assert "Withdraw the exemption" in assurer.get(item).content.decode()
