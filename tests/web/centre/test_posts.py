"""What an admin's forms do: once, with reasons, and with everything typed still there."""

import datetime as dt

import pytest

from accounts.models import User
from centres.enums import Role
from centres.models import Allocation, LearnerUnit, Membership
from jobs.models import Job
from tests.assessments.test_exempting import KEY
from tests.centres.acts import invite
from tests.factories.world import DIPLOMA, A
from tests.web.centre.forms import (
    BASE,
    invitation,
    learner_url,
    move,
    paper,
    person_url,
    record,
    registration,
    roles,
    state,
)

DAY = dt.timedelta(days=1)
STRANGE = "<script>alert(1)</script>'\"{{7*7}}"


def newcomer(world):
    """Somebody who was invited and has not joined, the same one however often it is asked."""
    return (
        User.objects.filter(given_name="Newly").first()
        or invite(world, email="wrong@people.example", given_name="Newly").person
    )


def posts(world):
    """Every form of this area with what changes something, by address."""
    today = world.today.isoformat()
    role = Membership.objects.for_centre(world.centres[A].pk).get(person=world.people["QA"])
    row = Allocation.objects.for_centre(world.centres[A].pk).get(learner=world.learners["LA2"])
    kept = LearnerUnit.objects.for_centre(world.centres[A].pk).filter(registration=world.registrations["LA1"])
    return {
        f"{BASE}/people/invite/": invitation(world),
        person_url(world, "AA1", "roles/"): {"roles": "trainee", "starts_on": today},
        person_url(world, "QA", f"roles/{role.public_id}/end/"): {"on": today},
        person_url(world, "AA1", "link/"): {},
        person_url(world, "DUO", "end-access/"): {},
        f"{BASE}/people/{newcomer(world).public_id}/address/": {
            "email": "right@people.example",
            "reason": "A letter less.",
        },
        person_url(world, "AT1", "countersigner/"): {
            "countersigner": world.people["AA1"].public_id,
            "starts_on": today,
        },
        person_url(world, "AT1", f"countersigner/{world.people['AA2'].public_id}/end/"): {},
        f"{BASE}/learners/register/": registration(world),
        learner_url(world, "LA1", "register/"): {
            "qualification": world.certificate.public_id,
            "starts_on": today,
            "initial_on": today,
            "outcome_level": "1",
        },
        learner_url(world, "LA2", f"move/{world.registrations['LA2'].public_id}/"): {
            "qualification": world.certificate.public_id,
            "reason": "level 1 suits better",
        },
        learner_url(world, "LA3", f"exempt/{world.unit('LA3', KEY).public_id}/"): paper(world),
        learner_url(world, "LA1", f"units/{world.registrations['LA1'].public_id}/"): {
            "units": [unit.unit.public_id for unit in kept.select_related("unit")[3:5]],
            "reason": "another counter",
        },
        learner_url(world, "LA1", "assessor/"): {
            "assessor": world.people["AA2"].public_id,
            "starts_on": today,
            "reason": "longer leave",
            "seen": Allocation.objects.for_centre(world.centres[A].pk).get(learner=world.learners["LA1"]).public_id,
        },
        learner_url(world, "LA2", f"assessor/{row.public_id}/end/"): {},
        f"{BASE}/caseload/move/": move(world, "LA1"),
        learner_url(world, "LA2", f"state/{world.registrations['LA2'].public_id}/"): {
            "act": "on_break",
            "reason": "Away until spring.",
        },
        learner_url(world, "LA3", "record/"): record(world, "LA3", family_name=f"{world.learners['LA3'].family_name}s"),
        learner_url(world, "LA2", "number/"): {
            "step": "requested",
            "notice": "LRS 2024",
            "notice_on": today,
            "day": today,
        },
    }


NUMBER = 19


def test_the_list_of_forms_is_whole(world):
    from web.centre.urls import urlpatterns

    readers = {"people", "person", "learners", "learner", "caseload", "progression", "drafts", "rules"}
    readers |= {"approvals", "purges", "externals", "attention"}
    names = {p.name for p in urlpatterns} - readers - {"schedule", "exception", "propose_rule", "rule", "signed"}
    with_own_tests = {name for name in names if name.startswith(("draft", "import"))}
    with_own_tests |= {"approval", "identity", "policy", "purge", "external", "propose_external", "try_again"}
    assert len(posts(world)) == NUMBER == len(names - with_own_tests)


@pytest.mark.parametrize("index", range(NUMBER))
def test_a_form_sent_twice_changes_things_once(world, admin, index):
    url, data = list(posts(world).items())[index]
    before = state()
    first = admin.post(url, data | {"idempotency_key": "the same"})
    assert first.status_code == 303
    once = state()
    assert once != before
    second = admin.post(url, data | {"idempotency_key": "the same"})
    assert (second.status_code, second["Location"]) == (303, first["Location"])
    assert state() == once


@pytest.mark.parametrize("index", range(NUMBER))
@pytest.mark.parametrize("code", ["AA1", "LA1", "QA", "EA", "CB"])
def test_nobody_else_changes_anything(world, as_client, index, code):
    url, data = list(posts(world).items())[index]
    before = state()
    answer = as_client(code).post(url, data)
    assert answer.status_code == (404 if code == "CB" else 403)
    assert state() == before


@pytest.mark.parametrize("index", range(NUMBER))
def test_a_form_without_its_token_is_refused(world, as_client, index):
    url, data = list(posts(world).items())[index]
    before = state()
    assert as_client("CA", enforce_csrf_checks=True).post(url, data).status_code == 403
    assert state() == before


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "nobody", "like name@example.org"),
        ("email", "", "like name@example.org"),
        ("given_name", "", "Type the given name."),
        ("family_name", "x" * 81, "81 characters long. Keep it to 80."),
        ("roles", [], "at least one role"),
        ("roles", ["learner"], "from the list"),
        ("roles", ["iqa"], "looks after"),
        ("starts_on", "31/11/2026", "like 23/11/2026"),
        ("starts_on", "2020-01-01", "today or later"),
        ("ends_on", "2020-01-01", "comes after"),
    ],
)
def test_a_refused_invitation_says_why_and_keeps_what_was_typed(world, admin, field, value, words):
    before = state()
    answer = admin.post(f"{BASE}/people/invite/", invitation(world, **{field: value}))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert "There is a problem" in text
    assert "<title>Error:" in text
    if field not in {"email", "given_name"}:
        assert 'value="new@people.example"' in text
    assert state() == before


def test_known_and_unknown_addresses_are_answered_alike(world, admin):
    answers = []
    for email in ("lb1@people.example", "nobody@people.example"):
        answer = admin.post(f"{BASE}/people/invite/", invitation(world, email=email))
        page = admin.get(answer["Location"]).content.decode()
        person = answer["Location"].rstrip("/").rsplit("/", 1)[1]
        answers.append((answer.status_code, _plain(page, person, email)))
    assert answers[0] == answers[1]
    assert "LB1" not in answers[0][1]


def _plain(page, person, email):
    """Take out of a page what is different on every one."""
    import re

    page = page.replace(person, "PERSON").replace(email, "EMAIL")
    page = re.sub(r'(name="(?:csrfmiddlewaretoken|idempotency_key)" value=")[^"]+', r"\1", page)
    page = re.sub(r'(X-CSRFToken": ")[^"]+', r"\1", page)
    return re.sub(r"(end-|roles/)[0-9a-z]{26}", r"\1ROLE", page)


def test_strange_text_stays_text(world, admin):
    answer = admin.post(f"{BASE}/people/invite/", invitation(world, given_name=STRANGE, email=STRANGE))
    assert STRANGE not in answer.content.decode()
    assert "&lt;script&gt;" in answer.content.decode()
    answer = admin.post(
        f"{BASE}/learners/register/",
        registration(
            world, given_names=STRANGE, family_name=STRANGE, workplace=STRANGE, uln="", uln_missing_reason=STRANGE
        ),
    )
    assert answer.status_code == 303
    for url in (answer["Location"], f"{BASE}/learners/", f"{BASE}/caseload/", f"{BASE}/caseload/?assessor=" + STRANGE):
        assert STRANGE not in admin.get(url).content.decode()
    (letter,) = Job.objects.filter(name="centres.send_invitation")
    assert "script" not in str(letter.args)


def test_strange_reasons_stay_text(world, admin):
    data = {"assessor": world.people["AA2"].public_id, "starts_on": world.today.isoformat(), "reason": STRANGE}
    answer = admin.post(learner_url(world, "LA1", "assessor/"), data)
    assert answer.status_code in {303, 409}
    seen = Allocation.objects.for_centre(world.centres[A].pk).get(learner=world.learners["LA1"]).public_id
    answer = admin.post(learner_url(world, "LA1", "assessor/"), data | {"seen": seen})
    assert answer.status_code == 303
    text = admin.get(answer["Location"]).content.decode()
    assert STRANGE not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize("field", ["given_names", "email"])
def test_a_nul_byte_is_refused_in_words(world, admin, field):
    answer = admin.post(f"{BASE}/learners/register/", registration(world, **{field: "a\x00b@c.de"}))
    assert answer.status_code == 422


# --- roles ------------------------------------------------------------------------------------------------------


def test_a_role_is_ended_now_with_one_button(world, admin):
    row = Membership.objects.for_centre(world.centres[A].pk).get(person=world.people["QA"])
    answer = admin.post(person_url(world, "QA", f"roles/{row.public_id}/end/"), {"now": "1", "on": ""})
    assert answer.status_code == 303
    assert roles(world, "QA") is None


def test_a_role_of_somebody_else_is_not_found_under_this_person(world, admin):
    row = Membership.objects.for_centre(world.centres[A].pk).get(person=world.people["QA"])
    assert admin.post(person_url(world, "AA1", f"roles/{row.public_id}/end/"), {"now": "1"}).status_code == 404
    assert roles(world, "QA").roles == {Role.IQA}


def test_the_last_admin_is_told_why_they_stay(world, admin):
    answer = admin.post(person_url(world, "CA", "end-access/"))
    assert answer.status_code == 422
    assert "last admin" in answer.content.decode()
    row = Membership.objects.for_centre(world.centres[A].pk).get(person=world.people["CA"])
    answer = admin.post(person_url(world, "CA", f"roles/{row.public_id}/end/"), {"now": "1"})
    assert answer.status_code == 422
    assert "last admin" in answer.content.decode()


def test_own_power_is_refused_in_words(world, admin):
    answer = admin.post(
        person_url(world, "CA", "roles/"),
        {"roles": "iqa", "starts_on": world.today.isoformat(), "entry_codes": [DIPLOMA]},
    )
    assert answer.status_code == 422
    assert "You cannot give this role to yourself" in answer.content.decode()
    assert roles(world, "CA").roles == {Role.ADMIN}


def test_an_admin_who_ends_their_own_access_is_shown_out(world, admin):
    from centres import services

    services.grant_role(
        actor=world.actor("CA"), person=world.people["AA1"], role=Role.ADMIN, starts_on=world.today, at=world.at
    )
    answer = admin.post(person_url(world, "CA", "end-access/"))
    assert (answer.status_code, answer["Location"]) == (303, "/")


def test_people_of_the_other_centre_cannot_be_touched(world, admin):
    before = state()
    today = world.today.isoformat()
    for url, data in (
        (person_url(world, "AB1", "roles/"), {"roles": "admin", "starts_on": today}),
        (person_url(world, "AB1", "end-access/"), {}),
        (person_url(world, "AB1", "link/"), {}),
        (learner_url(world, "LB1", "assessor/"), {"assessor": world.people["AA1"].public_id, "starts_on": today}),
        (learner_url(world, "LB1", "register/"), {"qualification": world.certificate.public_id, "starts_on": today}),
        (f"{BASE}/caseload/move/", move(world, "LA1", "LB1")),
    ):
        assert admin.post(url, data).status_code == 404
    data = {"countersigner": world.people["AB1"].public_id, "starts_on": today}
    assert admin.post(person_url(world, "AT1", "countersigner/"), data).status_code == 422
    data = {"assessor": world.people["AB1"].public_id, "starts_on": today, "reason": "leave"}
    assert admin.post(learner_url(world, "LA1", "assessor/"), data).status_code == 422
    assert admin.post(f"{BASE}/learners/register/", registration(world, assessor=data["assessor"])).status_code == 422
    assert state() == before
