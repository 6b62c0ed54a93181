"""Registering by form, and changing who looks after whom."""

import datetime as dt

import pytest

from centres.models import Allocation
from tests.factories import moving
from tests.factories.world import A
from tests.web.centre.forms import BASE, learner_url, move, registration, state


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


def test_what_is_wrong_is_said_in_the_order_of_the_page(admin):
    text = admin.post(f"{BASE}/learners/register/", {}).content.decode()
    summary = text[text.index("govuk-error-summary__list") :]
    parts = [summary.index(f'"#id_{name}"') for name in ("given_names", "date_of_birth", "qualification", "starts_on")]
    assert parts == sorted(parts)


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
    answer = admin.post(f"{BASE}/caseload/move/", move(world, "LA1", "LA3", reason=""))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert text.count(" checked>") == 2
    assert "Say why" in text


def test_moved_learners_are_counted_and_shown_with_their_new_assessor(world, admin):
    answer = admin.post(f"{BASE}/caseload/move/", move(world, "LA1", "LA3"), follow=True)
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


# --- cover, and one registration --------------------------------------------------------------------------------


def open_now(world):
    """What the page of LA1 shows to be in force."""
    rows = Allocation.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["LA1"])
    return " ".join(rows.exclude(ends_on__lt=world.today).values_list("public_id", flat=True))


def test_cover_is_typed_with_its_last_day_and_the_page_says_who_comes_after(world, admin):
    url = learner_url(world, "LA1", "assessor/")
    first, last = world.today + dt.timedelta(days=7), world.today + dt.timedelta(days=14)
    data = {"assessor": world.people["AA2"].public_id, "reason": "a holiday", "seen": open_now(world)}
    days = {"starts_on": first.strftime("%d/%m/%Y"), "ends_on": last.strftime("%d/%m/%Y")}
    assert admin.post(url, data | days).status_code == 303
    rows = (
        Allocation.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["LA1"]).order_by("starts_on")
    )
    assert [(row.assessor, row.ends_on) for row in rows] == [
        (world.people["AA1"], first - dt.timedelta(days=1)),
        (world.people["AA2"], last),
        (world.people["AA1"], None),
    ]
    page = admin.get(learner_url(world, "LA1")).content.decode()
    assert "nobody looks after this learner" not in page.lower()
    assert 'name="registration"' not in page  # there is one only


@pytest.mark.parametrize("days", [-1, 0])
def test_a_last_day_before_the_first_is_refused_and_kept(world, admin, days):
    last = world.today + dt.timedelta(days=days)
    data = {
        "assessor": world.people["AA2"].public_id,
        "reason": "a holiday",
        "seen": open_now(world),
        "starts_on": world.today.strftime("%d/%m/%Y"),
        "ends_on": last.strftime("%d/%m/%Y"),
    }
    answer = admin.post(learner_url(world, "LA1", "assessor/"), data)
    assert answer.status_code == (422 if days < 0 else 303)
    if days < 0:
        assert "The last day comes after the first day." in answer.content.decode()


def test_an_assessor_for_one_qualification_and_the_warning_for_the_other(world, admin):
    moving.publish_more(world.at)
    second = moving.register(world, moving.LEGACY, who="LA1")
    page = learner_url(world, "LA1")
    assert 'name="registration"' in admin.get(page).content.decode()
    data = {
        "assessor": world.people["AA2"].public_id,
        "registration": second.public_id,
        "starts_on": world.today.strftime("%d/%m/%Y"),
        "reason": "they know it best",
        "seen": open_now(world),
    }
    assert admin.post(learner_url(world, "LA1", "assessor/"), data).status_code == 303
    row = Allocation.objects.for_centre(second.centre_id).get(assessor=world.people["AA2"], learner=second.learner)
    assert row.registration == second
    text = admin.get(page).content.decode()
    assert f"only {moving.LEGACY}" in text
    assert admin.post(learner_url(world, "LA1", f"assessor/{row.public_id}/end/")).status_code == 303
    assert f"Nobody looks after {moving.LEGACY}." in admin.get(page).content.decode()
    foreign = data | {"seen": open_now(world), "registration": world.registrations["LA2"].public_id}
    answer = admin.post(learner_url(world, "LA1", "assessor/"), foreign)
    assert answer.status_code == 422
    assert "Choose a qualification from the list." in answer.content.decode()


def test_the_page_says_from_when_nobody_looks_after_the_learner(world, admin):
    rows = Allocation.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["LA1"])
    rows.update(ends_on=world.today + dt.timedelta(days=5))
    text = admin.get(learner_url(world, "LA1")).content.decode()
    assert "nobody looks after this learner." in text
    rows.update(ends_on=world.today - dt.timedelta(days=1))
    assert "Nobody looks after this learner." in admin.get(learner_url(world, "LA1")).content.decode()
