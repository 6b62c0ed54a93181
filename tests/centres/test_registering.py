"""Registering learners and choosing their units."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core import mail

from audit.models import Event
from centres import queries, services
from centres.enums import RegistrationState, Role, UlnStatus, UnitState
from centres.models import Allocation, Learner, LearnerUnit, Membership, Registration
from common.refusals import Refused
from jobs.models import Job
from qualifications.models import Place
from tests.factories.world import A, B, found

DAY = dt.timedelta(days=1)
WHO = services.Identity(
    given_names="Zoë  Mae",
    family_name=" O’Brien-Łukasz ",
    date_of_birth=dt.date(2003, 2, 28),
    gender="F",
    email="Zoe@People.example",
    uln="927 630-8686",
    workplace="  Corner   Shop ",
)
REASON = "why: asked for on 20 November"


def register(world, by="CA", **changed):
    identity = {k: changed.pop(k) for k in list(changed) if k in services.Identity.__dataclass_fields__}
    facts = {
        "qualification_id": world.diploma.pk,
        "place_ids": (),
        "assessor_id": world.people["AA1"].pk,
        "starts_on": world.today,
        "initial": found(world, made_on=min(world.today, changed.get("starts_on", world.today))),
        "at": world.at,
    }
    return services.register_learner(actor=world.actor(by), identity=replace(WHO, **identity), **(facts | changed))


def counts():
    tables = (Learner, Registration, LearnerUnit, Membership, Allocation)
    return [*(t.objects.across_centres(reason="a test counts").count() for t in tables), Job.objects.count()]


def places(world, *, mandatory):
    rows = Place.objects.filter(group__qualification=world.diploma, group__mandatory=mandatory)
    return list(rows.order_by("group__position", "position"))


def units_of(world, row):
    rows = LearnerUnit.objects.for_centre(row.centre_id).filter(registration=row)
    return {unit.place_id: unit.state for unit in rows}


def refused(world, **changed):
    before = counts()
    with pytest.raises(Refused) as caught:
        register(world, **changed)
    assert counts() == before
    return {r.code: r for r in caught.value.refusals}


def test_a_learner_is_registered_with_units_assessor_membership_and_letter(world, run_jobs):
    optional = places(world, mandatory=False)[0]
    row = register(world, place_ids=[optional.pk])
    learner = row.learner
    assert (learner.given_names, learner.family_name, learner.workplace) == ("Zoë Mae", "O’Brien-Łukasz", "Corner Shop")
    assert (learner.uln, learner.uln_status) == ("9276308686", UlnStatus.FORMAT_OK)
    assert learner.person.email == "zoe@people.example"
    wanted = {p.pk for p in places(world, mandatory=True)} | {optional.pk}
    assert set(units_of(world, row)) == wanted
    assert set(units_of(world, row).values()) == {UnitState.SELECTED}
    (allocation,) = Allocation.objects.for_centre(row.centre_id).filter(learner=learner)
    assert (allocation.assessor, allocation.starts_on) == (world.people["AA1"], world.today)
    (place,) = queries.places_of(learner.person_id, world.today)
    assert place.roles == {Role.LEARNER}
    assert place.learner_id == learner.pk
    run_jobs()
    assert [m.to for m in mail.outbox] == [["zoe@people.example"]]
    assert Event.objects.filter(action="learner.registered", object_id=row.public_id).count() == 1


def test_units_stand_in_the_order_of_the_structure(world):
    everything = [*places(world, mandatory=True), *places(world, mandatory=False)]
    row = register(world, place_ids=[p.pk for p in reversed(everything)])
    stored = LearnerUnit.objects.for_centre(row.centre_id).filter(registration=row).order_by("position")
    ordered = Place.objects.filter(group__qualification=world.diploma).order_by("group__position", "position")
    assert [u.place_id for u in stored] == [p.pk for p in ordered]


def test_without_an_assessor_nobody_looks_after_the_learner(world):
    row = register(world, assessor_id=None)
    assert not Allocation.objects.for_centre(row.centre_id).filter(learner=row.learner).exists()


def test_a_later_start_is_the_first_day_of_the_assessor_too(world):
    row = register(world, starts_on=world.today + 30 * DAY)
    assert Allocation.objects.for_centre(row.centre_id).get(learner=row.learner).starts_on == row.starts_on


def test_an_earlier_start_is_kept_and_rights_begin_today(world):
    row = register(world, starts_on=world.today - 20 * DAY)
    assert row.starts_on == world.today - 20 * DAY
    assert Allocation.objects.for_centre(row.centre_id).get(learner=row.learner).starts_on == world.today


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"given_names": ""}, "name-missing"),
        ({"family_name": "\u200bX"}, "name-signs"),
        ({"family_name": "---"}, "name-letters"),
        ({"given_names": "x" * 81}, "too-long"),
        ({"workplace": "x" * 161}, "too-long"),
        ({"gender": "?"}, "gender"),
        ({"email": "nobody"}, "email"),
        ({"uln": "", "uln_missing_reason": " "}, "uln-reason"),
        ({"uln": "", "uln_missing_reason": "x" * 201}, "too-long"),
        ({"uln": "9999999999"}, "uln-placeholder"),
        ({"uln": "927630868"}, "uln-form"),
        ({"uln": "９２７６３０８６８６"}, "uln-form"),
        ({"uln": "9276308687"}, "uln-check"),
        ({"qualification_id": 0}, "qualification-missing"),
        ({"place_ids": [0]}, "unit-elsewhere"),
        ({"assessor_id": 0}, "assessor-missing"),
    ],
)
def test_what_a_registration_refuses(world, changed, code):
    assert code in refused(world, **changed)


@pytest.mark.parametrize(("years", "day", "fits"), [(10, 0, True), (10, 1, False), (101, 0, False), (101, 1, True)])
def test_a_learner_is_between_ten_and_a_hundred(world, years, day, fits):
    born = world.today.replace(year=world.today.year - years) + day * DAY
    if fits:
        assert register(world, date_of_birth=born).learner.date_of_birth == born
    else:
        assert set(refused(world, date_of_birth=born)) == {"birthday"}


@pytest.mark.parametrize("days", [-367, 367])
def test_the_first_day_is_near(world, days):
    assert set(refused(world, starts_on=world.today + days * DAY)) == {"start-far"}


def test_all_reasons_come_at_once(world):
    found = refused(world, given_names="", uln="9999999999", place_ids=[0], assessor_id=world.people["QA"].pk)
    assert set(found) == {"name-missing", "uln-placeholder", "unit-elsewhere", "not-an-assessor"}


def test_units_of_another_qualification_are_refused(world):
    foreign = Place.objects.filter(group__qualification=world.certificate).first()
    assert set(refused(world, place_ids=[foreign.pk])) == {"unit-elsewhere"}


def test_closed_qualifications_take_nobody_whatever_the_first_day_says(world):
    facts = {f.name: getattr(world.diploma, f.name) for f in world.diploma._meta.concrete_fields if f.name != "id"}
    closed = type(world.diploma)(
        **(facts | {"public_id": "0" * 26, "version": 2, "last_registration_on": world.today - DAY})
    )
    closed.save()
    found = refused(world, qualification_id=closed.pk, starts_on=world.today - 30 * DAY)
    assert "closed-to-entry" in found


def test_the_same_address_is_the_same_learner(world):
    found = refused(world, email=world.people["LA1"].email.upper())
    assert found["same-email"].target == ("learner", world.learners["LA1"].public_id)


def test_the_same_name_and_birthday_is_asked_about(world):
    first = register(world)
    again = {"email": "other@people.example", "uln": "1000102504", "family_name": "o’BRIEN-łukasz"}
    found = refused(world, **again)
    assert found["same-name"].target == ("learner", first.learner.public_id)
    second = register(world, **again, another_person=True)
    assert second.learner.pk != first.learner.pk
    assert (
        register(
            world, email="third@people.example", uln="1000000043", date_of_birth=WHO.date_of_birth + DAY
        ).learner.family_name
        == "O’Brien-Łukasz"
    )


def test_a_learner_number_is_held_once_in_a_centre(world):
    first = register(world)
    found = refused(world, email="other@people.example", given_names="Somebody", family_name="Else")
    assert found["same-uln"].target == ("learner", first.learner.public_id)
    elsewhere = register(world, by="CB", assessor_id=None, email="other@people.example")
    assert elsewhere.learner.uln == first.learner.uln


def test_a_person_known_elsewhere_becomes_a_learner_and_keeps_their_names(world):
    person = world.people["LB1"]
    row = register(world, email=person.email)
    person.refresh_from_db()
    assert row.learner.person == person
    assert row.learner.family_name == "O’Brien-Łukasz"
    assert "LB1" in person.family_name
    assert {p.centre_number for p in queries.places_of(person.pk, world.today)} == {A, B}


def test_nobody_assesses_themselves(world):
    found = refused(world, email=world.people["AA1"].email)
    assert set(found) == {"own-assessor"}


@pytest.mark.parametrize(
    ("code", "why"), [("QA", "not-an-assessor"), ("AB1", "assessor-missing"), ("LA1", "not-an-assessor")]
)
def test_the_assessor_is_one_of_this_centre(world, code, why):
    assert set(refused(world, assessor_id=world.people[code].pk)) == {why}


def test_a_trainee_without_a_countersigner_gets_no_learners(world):
    services.grant_role(
        actor=world.actor("CA"), person=world.people["DUO"], role=Role.TRAINEE, starts_on=world.today, at=world.at
    )
    assert set(refused(world, assessor_id=world.people["DUO"].pk)) == {"trainee-alone"}
    assert register(world, assessor_id=world.people["AT1"].pk)


# --- one more qualification, other units --------------------------------------------------------------------------


def test_a_learner_takes_one_more_qualification_and_no_qualification_twice(world):
    learner, actor = world.learners["LA1"], world.actor("CA")
    more = {"learner": learner, "place_ids": (), "starts_on": world.today, "at": world.at}
    more["initial"] = found(world, world.certificate.level, reason="Level 1 first, as agreed.")
    row = services.add_registration(actor=actor, qualification_id=world.certificate.pk, **more)
    assert len(units_of(world, row)) == 1
    for qualification in (world.certificate, world.diploma):
        with pytest.raises(Refused) as caught:
            services.add_registration(actor=actor, qualification_id=qualification.pk, **more)
        assert [r.code for r in caught.value.refusals] == ["registered"]
    Registration.objects.for_centre(row.centre_id).filter(pk=row.pk).update(state=RegistrationState.WITHDRAWN)
    assert services.add_registration(actor=actor, qualification_id=world.certificate.pk, **more)
