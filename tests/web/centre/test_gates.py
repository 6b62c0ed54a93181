"""The screens about approvals, a learner's identity, and what the centre asks first (R1, R37, R41)."""

import pytest

from centres.models import Approval, IdentityCheck, PolicyChange
from centres.queries import gates as reads
from tests.factories import rules as made
from tests.factories.world import A
from tests.web.assessor.conftest import statements, text_of
from tests.web.centre.forms import BASE, learner_url, registration

LOOK = "a test looks"


@pytest.fixture
def admin(as_client):
    return as_client("CA")


def approval_url(one):
    return f"{BASE}/approvals/{one.public_id}/"


def letter(world, **changed):
    day = world.today.isoformat()
    said = {"status": "suspended", "number": "A-7", "approved_on": day, "lapses_on": "", "letter": "No entries now."}
    return {**said, "idempotency_key": "one", **changed}


def approvals():
    return Approval.objects.across_centres(reason=LOOK)


def test_the_office_records_a_letter_once_and_everybody_who_oversees_reads_it(world, admin, as_client):
    before, url = approvals().count(), approval_url(world.diploma)
    assert "Approved" in text_of(admin.get(f"{BASE}/approvals/"))
    for _ in range(2):
        assert admin.post(url, letter(world)).status_code == 303
    assert approvals().count() == before + 1
    assert "Suspended" in text_of(admin.get(f"{BASE}/approvals/"))
    page = text_of(as_client("EA").get(url))
    assert "No entries now." in page
    assert "Put it on record" not in page
    assert as_client("EA").post(url, letter(world, idempotency_key="two")).status_code == 403


def test_a_letter_that_is_not_whole_is_shown_again(world, admin):
    answer = admin.post(approval_url(world.diploma), letter(world, letter="", number=""))
    assert answer.status_code == 422
    assert "Copy what the letter says" in text_of(answer)
    late = admin.post(approval_url(world.diploma), letter(world, lapses_on="2001-01-01"))
    assert "The last day comes after the day of approval." in text_of(late)


def test_registering_says_what_to_do_without_an_approval(world, admin):
    admin.post(approval_url(world.diploma), letter(world, status="withdrawn"))
    answer = admin.post(f"{BASE}/learners/register/", registration(world))
    assert answer.status_code == 422
    assert "Ask the awarding body; when it approves again, record that under Rules, Approvals." in text_of(answer)


def test_lists_are_read_a_page_at_a_time(world, admin):
    assert admin.get(f"{BASE}/approvals/", {"page": "999"}).status_code == 200
    assert admin.get(approval_url(world.diploma), {"page": "9"}).status_code == 200
    rows = statements(admin, f"{BASE}/approvals/")
    assert len(rows) <= 12


def seen(world, **changed):
    said = {"document": "passport", "method": "in_person", "seen_on": world.today.isoformat(), "same": "yes"}
    return {**said, "note": "", "idempotency_key": "one", **changed}


@pytest.mark.parametrize("who", ["CA", "AA1"])
def test_the_office_and_the_assessor_record_an_identity_once(world, as_client, who):
    client, url = as_client(who), learner_url(world, "LA1", "identity/")
    rows = IdentityCheck.objects.across_centres(reason=LOOK).filter(learner=world.learners["LA1"])
    assert "Passport" in text_of(client.get(url))
    for _ in range(2):
        assert client.post(url, seen(world, document="licence")).status_code == 303
    assert (rows.count(), rows.first().document) == (2, "licence")
    assert "Driving licence" in text_of(client.get(url))


def test_what_does_not_match_says_why_and_is_seen_on_the_learners_page(world, admin):
    url = learner_url(world, "LA1", "identity/")
    refused = admin.post(url, seen(world, same="no"))
    assert (refused.status_code, "Say what does not match" in text_of(refused)) == (422, True)
    assert admin.post(url, seen(world, same="no", note="Another face.", idempotency_key="two")).status_code == 303
    assert "Does not match" in text_of(admin.get(learner_url(world, "LA1")))
    assert "Check identity" not in text_of(admin.get(learner_url(world, "LA1")))


def test_the_assessor_is_told_on_the_learners_page(world, admin, as_client):
    page = f"/c/{A}/assess/learners/{world.learners['LA1'].public_id}/"
    assert "Identity seen" in text_of(as_client("AA1").get(page))
    admin.post(learner_url(world, "LA1", "identity/"), seen(world, same="no", note="Another face."))
    assert "Check identity" in text_of(as_client("AA1").get(page))


def policy(**changed):
    said = {"asks_approval": "on", "asks_induction": "on", "currency_days": "365"}
    return {**said, "reason": "Agreed with the awarding body.", "idempotency_key": "one", **changed}


def test_the_policy_is_changed_once_with_a_reason(world, admin):
    url = f"{BASE}/policy/"
    assert "Nobody has changed anything." in text_of(admin.get(url))
    for _ in range(2):
        assert admin.post(url, policy()).status_code == 303
    assert PolicyChange.objects.across_centres(reason=LOOK).count() == 1
    now = reads.policy_of(world.centres[A].pk)
    assert (now.asks_approval, now.asks_identity, now.asks_induction, now.currency_days) == (True, False, True, 365)
    page = text_of(admin.get(url))
    assert "Identity before signing off: off" in page
    assert "Age of evidence: 365 days, before 730" in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reason": ""}, "Say in a sentence why it changes."),
        ({"currency_days": "29"}, "Type a whole number of days from 30 to 3650."),
        ({"currency_days": "730", "asks_identity": "on"}, "Nothing is different yet."),
    ],
)
def test_a_policy_that_is_not_whole_is_shown_again(world, admin, changed, words):
    answer = admin.post(f"{BASE}/policy/", policy(**changed))
    assert (answer.status_code, words in text_of(answer)) == (422, True)


def test_the_rules_lead_there(world, admin, as_client):
    assert f"{BASE}/policy/" in admin.get(f"{BASE}/rules/").content.decode()
    page = as_client("QA").get(f"{BASE}/rules/").content.decode()
    assert f"{BASE}/approvals/" in page
    assert f"{BASE}/policy/" not in page
    made.lead(world, "QA")
    lead = as_client("QA")
    assert f"{BASE}/policy/" in lead.get(f"{BASE}/rules/").content.decode()
    assert lead.post(f"{BASE}/policy/", policy()).status_code == 303
