"""What an admin's forms do: once, with reasons, and with everything typed still there."""

import datetime as dt

import pytest

from audit.models import Event
from centres import queries
from centres.enums import Role
from centres.models import Allocation, Countersigner, Learner, LearnerUnit, Membership, Registration
from jobs.models import Job
from tests.factories.world import DIPLOMA, A

DAY = dt.timedelta(days=1)
BASE = f"/c/{A}/centre"
STRANGE = "<script>alert(1)</script>'\"{{7*7}}"


@pytest.fixture
def admin(world, as_client):
    return as_client("CA")


def state():
    """Count and sum up everything that these forms may change."""
    tables = (Membership, Allocation, Countersigner, Learner, Registration, LearnerUnit)
    rows = {t.__name__: list(t.objects.across_centres(reason="a test counts").order_by("pk").values()) for t in tables}
    return rows, Job.objects.count(), Event.objects.exclude(outcome="denied").count()


def roles(world, code):
    return next(iter(queries.places_of(world.people[code].pk, world.today)), None)


def person_url(world, code, rest=""):
    return f"{BASE}/people/{world.people[code].public_id}/{rest}"


def learner_url(world, code, rest=""):
    return f"{BASE}/learners/{world.learners[code].public_id}/{rest}"


def invitation(world, **changed):
    return {
        "given_name": "Nadia",
        "family_name": "Newcomer",
        "email": "new@people.example",
        "roles": ["assessor"],
        "starts_on": world.today.isoformat(),
        "ends_on": "",
    } | changed


def registration(world, **changed):
    return {
        "given_names": "Zoë",
        "family_name": "Fernwick",
        "date_of_birth": "2003-02-28",
        "gender": "F",
        "email": "zoe@people.example",
        "uln": "9276308686",
        "qualification": world.diploma.public_id,
        "starts_on": world.today.isoformat(),
        "assessor": world.people["AA1"].public_id,
    } | changed


def posts(world):
    """Every form of this area with what changes something, by address."""
    today = world.today.isoformat()
    role = Membership.objects.for_centre(world.centres[A].pk).get(person=world.people["QA"])
    row = Allocation.objects.for_centre(world.centres[A].pk).get(learner=world.learners["LA2"])
    kept = LearnerUnit.objects.for_centre(world.centres[A].pk).filter(registration=world.registrations["LA1"])
    move = {"learners": [world.learners["LA1"].public_id], "assessor": world.people["AA2"].public_id}
    return {
        f"{BASE}/people/invite/": invitation(world),
        person_url(world, "AA1", "roles/"): {"roles": "trainee", "starts_on": today},
        person_url(world, "QA", f"roles/{role.public_id}/end/"): {"on": today},
        person_url(world, "AA1", "link/"): {},
        person_url(world, "DUO", "end-access/"): {},
        person_url(world, "AT1", "countersigner/"): {
            "countersigner": world.people["AA1"].public_id,
            "starts_on": today,
        },
        person_url(world, "AT1", f"countersigner/{world.people['AA2'].public_id}/end/"): {},
        f"{BASE}/learners/register/": registration(world),
        learner_url(world, "LA1", "register/"): {
            "qualification": world.certificate.public_id,
            "starts_on": today,
        },
        learner_url(world, "LA1", f"units/{world.registrations['LA1'].public_id}/"): {
            "units": [unit.unit.public_id for unit in kept.select_related("unit")[3:5]]
        },
        learner_url(world, "LA1", "assessor/"): {
            "assessor": world.people["AA2"].public_id,
            "starts_on": today,
            "reason": "longer leave",
            "seen": Allocation.objects.for_centre(world.centres[A].pk).get(learner=world.learners["LA1"]).public_id,
        },
        learner_url(world, "LA2", f"assessor/{row.public_id}/end/"): {},
        f"{BASE}/caseload/move/": move | {"starts_on": today, "reason": "longer leave"},
    }


NUMBER = 13


def test_the_list_of_forms_is_whole(world):
    from web.centre.urls import urlpatterns

    readers = {"people", "person", "learners", "learner", "caseload"}
    assert len(posts(world)) == NUMBER == len({p.name for p in urlpatterns} - readers)


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
        ("family_name", "x" * 81, "at most 80"),
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
        (f"{BASE}/caseload/move/", _move(world, "LA1", "LB1")),
    ):
        assert admin.post(url, data).status_code == 404
    data = {"countersigner": world.people["AB1"].public_id, "starts_on": today}
    assert admin.post(person_url(world, "AT1", "countersigner/"), data).status_code == 422
    data = {"assessor": world.people["AB1"].public_id, "starts_on": today, "reason": "leave"}
    assert admin.post(learner_url(world, "LA1", "assessor/"), data).status_code == 422
    assert admin.post(f"{BASE}/learners/register/", registration(world, assessor=data["assessor"])).status_code == 422
    assert state() == before


def _move(world, *codes, **changed):
    return {
        "learners": [world.learners[code].public_id for code in codes],
        "assessor": world.people["AA2"].public_id,
        "starts_on": world.today.isoformat(),
        "reason": "longer leave",
    } | changed


# --- registering ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("given_names", "", "Type the given names"),
        ("date_of_birth", "", "Choose a day."),
        ("date_of_birth", "2031-01-01", "between 10 and 100"),
        ("gender", "", "awarding body should be told"),
        ("uln", "9276308687", "last digit"),
        ("uln", "9999999999", "stands for a missing number"),
        ("uln", "", "why there is no number"),
        ("qualification", "", "Choose a qualification"),
        ("qualification", "0" * 26, "Choose a qualification"),
        ("units", ["0" * 26], "of this qualification only"),
        ("starts_on", "2020-01-01", "more than a year away"),
        ("assessor", "0" * 26, "from the list"),
    ],
)
def test_a_refused_registration_says_why_and_keeps_what_was_typed(world, admin, field, value, words):
    before = state()
    answer = admin.post(f"{BASE}/learners/register/", registration(world, **{field: value}))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert 'value="Fernwick"' in text
    assert state() == before


def test_showing_units_saves_nothing_complains_of_nothing_and_keeps_what_was_typed(world, admin):
    before = state()
    data = {"family_name": "Fernwick", "uln": "12", "qualification": world.diploma.public_id, "action": "units"}
    answer = admin.post(f"{BASE}/learners/register/", data | {"idempotency_key": "k"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Fernwick"' in text
    assert "govuk-error" not in text
    assert 'name="units"' in text
    assert state() == before
    whole = registration(world, idempotency_key="k")
    assert admin.post(f"{BASE}/learners/register/", whole).status_code == 303


def test_ticked_units_stay_ticked(world, admin):
    unit = world.unit("LA1", "D-506-2119").unit
    data = registration(world, units=[unit.public_id], uln="1")
    text = admin.post(f"{BASE}/learners/register/", data).content.decode()
    assert f'value="{unit.public_id}" checked' in text


def test_odd_names_are_asked_about_once(world, admin):
    before = state()
    data = registration(world, family_name="FERNWICK")
    answer = admin.post(f"{BASE}/learners/register/", data)
    assert answer.status_code == 422
    assert "All capitals" in answer.content.decode()
    assert state() == before
    answer = admin.post(f"{BASE}/learners/register/", data | {"looked": "on"})
    assert answer.status_code == 303
    assert "FERNWICK" in admin.get(answer["Location"]).content.decode()


def test_a_learner_who_is_here_already_is_linked(world, admin):
    answer = admin.post(f"{BASE}/learners/register/", registration(world, email="la2@people.example"))
    assert answer.status_code == 422
    assert learner_url(world, "LA2") in answer.content.decode()


def test_a_namesake_can_be_said_to_be_another_person(world, admin):
    twin = world.learners["LA1"]
    data = registration(
        world,
        given_names=twin.given_names,
        family_name=twin.family_name,
        date_of_birth=twin.date_of_birth.isoformat(),
    )
    answer = admin.post(f"{BASE}/learners/register/", data)
    assert answer.status_code == 422
    assert 'name="another_person"' in answer.content.decode()
    assert admin.post(f"{BASE}/learners/register/", data | {"another_person": "on"}).status_code == 303


# --- caseload ---------------------------------------------------------------------------------------------------


def test_ticked_learners_stay_ticked_when_refused(world, admin):
    answer = admin.post(f"{BASE}/caseload/move/", _move(world, "LA1", "LA3", reason=""))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert text.count(" checked>") == 2
    assert "Say why" in text


def test_moved_learners_are_counted_and_shown_with_their_new_assessor(world, admin):
    answer = admin.post(f"{BASE}/caseload/move/", _move(world, "LA1", "LA3"), follow=True)
    text = answer.content.decode()
    assert "2 learners moved." in text
    found = {row.name.rsplit("-", 1)[1] for row in answer.context["found"].rows}
    assert found == {"LA1", "LA2", "LA3"}


def test_a_stale_change_of_assessor_says_so_and_keeps_the_reason(world, admin):
    seen = Allocation.objects.for_centre(world.centres[A].pk).get(learner=world.learners["LA1"]).public_id
    data = {"starts_on": world.today.isoformat(), "seen": seen, "reason": "a long reason"}
    url = learner_url(world, "LA1", "assessor/")
    assert admin.post(url, data | {"assessor": world.people["AA2"].public_id}).status_code == 303
    answer = admin.post(url, data | {"assessor": world.people["DUO"].public_id})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Somebody gave this learner to another assessor" in text
    assert 'value="a long reason"' in text
