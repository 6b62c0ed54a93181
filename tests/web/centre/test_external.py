"""The screens of letting somebody look from outside: proposed by one, let in by another (R99, R100)."""

import datetime as dt

import pytest

from centres.enums import Role
from centres.models import ExternalProposal, Membership
from tests.factories import rules as made
from tests.web.assessor.conftest import text_of
from tests.web.centre.forms import BASE, person_url

LIST = f"{BASE}/people/external/"


def typed(world, **changed):
    said = {
        "given_name": "Vera",
        "family_name": "Visitor",
        "email": "vera@people.example",
        "entry_codes": [world.diploma.entry_code],
        "starts_on": world.today.isoformat(),
        "ends_on": (world.today + dt.timedelta(days=14)).isoformat(),
        "proof": "Letter of the awarding body of 2 November.",
        "idempotency_key": "one",
    }
    return said | changed


def proposals():
    return ExternalProposal.objects.across_centres(reason="a test looks")


def test_from_a_proposal_to_somebody_who_is_let_in(world, as_client):
    admin = as_client("CA")
    assert LIST in admin.get(f"{BASE}/").content.decode()
    for _ in range(2):
        assert admin.post(f"{LIST}new/", typed(world)).status_code == 303
    row = proposals().get()
    there = f"{LIST}{row.public_id}/"
    page = text_of(admin.get(there))
    assert "Another admin or lead quality assurer decides." in page
    assert 'name="agrees"' not in page
    assert "Vera Visitor" in text_of(admin.get(LIST))
    made.lead(world, "QA")
    lead = as_client("QA")
    assert lead.get(f"{LIST}new/").status_code == 403
    assert "Choose whether they are let in." in text_of(lead.post(there, {"idempotency_key": "a"}))
    assert lead.post(there, {"agrees": "no", "idempotency_key": "b"}).status_code == 422
    assert lead.post(there, {"agrees": "yes", "seen": "another", "idempotency_key": "c"}).status_code == 409
    assert lead.post(there, {"agrees": "yes", "idempotency_key": "d"}).status_code == 303
    rows = Membership.objects.across_centres(reason="a test looks").filter(person=row.person)
    assert [one.role for one in rows] == [Role.EQA]
    assert "Let in" in text_of(admin.get(LIST, {"show": "all", "page": "99"}))
    assert "Nothing waits" in text_of(admin.get(LIST))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ends_on": ""}, "Choose a day."),
        ({"proof": ""}, "Say how the awarding body confirmed who comes"),
        ({"entry_codes": []}, "Choose the qualifications that this person looks after."),
        ({"email": "ab1@people.example"}, "not independent of the centres of this awarding body"),
        ({"email": "aa2@people.example"}, "has no role and no registration in the centre"),
    ],
)
def test_a_proposal_that_cannot_stand_is_shown_again(world, as_client, changed, words):
    answer = as_client("CA").post(f"{LIST}new/", typed(world, **changed))
    assert (answer.status_code, words in text_of(answer)) == (422, True)
    assert not proposals().exists()


def test_the_role_is_in_no_other_form(world, as_client):
    admin = as_client("CA")
    for url in (f"{BASE}/people/invite/", person_url(world, "AA2")):
        assert 'value="eqa"' not in admin.get(url).content.decode()


def test_a_third_person_says_why_the_registrar_assesses(world, as_client):
    from tests.web.centre.forms import learner_url

    rows = Membership.objects.for_centre(world.centres["10001"].pk)
    for code, role in (("CA", Role.ASSESSOR), ("AA2", Role.ADMIN)):
        rows.create(
            centre=world.centres["10001"],
            person=world.people[code],
            role=role,
            starts_on=world.today,
            created_at=world.at,
        )
    said = {
        "assessor": world.people["CA"].public_id,
        "starts_on": world.today.isoformat(),
        "reason": "moves",
        "seen": " ".join(world.learners["LA1"].allocations.values_list("public_id", flat=True)),
        "idempotency_key": "one",
    }
    there = learner_url(world, "LA1", "assessor/")
    answer = as_client("AA2").post(there, said)
    assert (answer.status_code, "say on the learner’s own page why it has to be them" in text_of(answer)) == (422, True)
    again = said | {"exception": "Nobody else assesses this here.", "idempotency_key": "two"}
    assert as_client("AA2").post(there, again).status_code == 303
    assert world.learners["LA1"].allocations.order_by("-pk").first().exception == "Nobody else assesses this here."


def test_who_assesses_and_assures_finds_both_areas(world, as_client):
    rows = Membership.objects.for_centre(world.centres["10001"].pk)
    rows.create(
        centre=world.centres["10001"],
        person=world.people["AA1"],
        role=Role.IQA,
        starts_on=world.today,
        created_at=world.at,
    )
    page = as_client("AA1").get("/c/10001/assess/").content.decode()
    for address in ("assess/", "assess/learners/", "assess/sign-off/", "assess/countersign/", "exemptions/"):
        assert f'href="/c/10001/{address}"' in page, address
    assert f'href="{BASE}/rules/"' in page
    assert "Exempt" not in as_client("AA2").get("/c/10001/assess/").content.decode()
