"""A learner's record is put right by the office: with a trail, never for oneself, never for another person (R27 to R33)."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core import mail
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import User
from audit.models import Event
from centres.enums import CorrectionKind, RegistrationState, Role, UlnStatus
from centres.models import Correction, Learner, Membership, Registration
from centres.queries.records import (
    corrections_page,
    names_of_days,
    newest_corrections,
    news_of_record,
    proven_name,
    record_of,
)
from centres.queries.seen import record_mark
from centres.rules import Proof
from centres.services import Corrected, NumberStep, correct_record, send_correction, step_number
from common import clock
from common.refusals import Forbidden, Refused, Stale

WHY = "typed wrongly when they joined"
NUMBER, OTHER = "9276308686", "1000102504"
DAY = dt.timedelta(days=1)


def correct(world, who="LA1", by="CA", *, proof=None, at=None, seen=None, another=False, reason=WHY, **changed):
    row = again(world, who)
    said = Corrected(
        record=replace(record_of(row), **changed),
        reason=reason,
        proof=proof or Proof(),
        another_person=another,
    )
    return correct_record(actor=world.actor(by), learner=row, corrected=said, seen=seen, at=at or clock.now())


def step(world, to, who="LA1", by="CA", seen=None, **changed):
    said = NumberStep(**({"to": to, "day": world.today, "notice": "LRS 2024", "notice_on": world.today} | changed))
    return step_number(actor=world.actor(by), learner=again(world, who), step=said, seen=seen, at=clock.now())


def again(world, who="LA1"):
    return Learner.objects.for_centre(world.learners[who].centre_id).get(pk=world.learners[who].pk)


def seen_paper(world, days=0):
    return Proof("marriage certificate", "Rowan Ashdown", world.today - days * DAY)


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return {one.code for one in caught.value.refusals}


def also(world, code, role):
    Membership.objects.create(
        centre=world.centres["10001"],
        person=world.people[code],
        role=role,
        starts_on=world.today - 9 * DAY,
        created_at=world.at,
    )


def test_a_correction_keeps_what_it_was_with_who_when_and_why(world):
    old = again(world)
    row = correct(world, family_name=f"  {old.family_name}s ", gender="F", workplace="Quay Street Stores")
    assert again(world).family_name == f"{old.family_name}s"
    assert row.changes == [
        {"field": "family_name", "from": old.family_name, "to": f"{old.family_name}s"},
        {"field": "gender", "from": "X", "to": "F"},
        {"field": "workplace", "from": "Harbour Stores", "to": "Quay Street Stores"},
    ]
    assert (row.by_id, row.by_name, row.reason) == (world.people["CA"].pk, world.people["CA"].full_name, WHY)
    assert (row.renamed, row.proof, row.proof_seen_on) == (False, "", None)
    event = Event.objects.get(action="learner.corrected")
    assert event.facts == {"correction": row.public_id, "fields": ["family_name", "gender", "workplace"]}


def test_another_name_is_proven_and_a_proof_that_nobody_asked_for_is_not_kept(world):
    assert refused(correct, world, family_name="Ashdown") == {"no-proof", "no-proof-by", "no-proof-day"}
    row = correct(world, family_name="Ashdown", proof=seen_paper(world))
    assert (row.renamed, row.proof, row.proof_seen_by, row.proof_seen_on) == (
        True,
        "marriage certificate",
        "Rowan Ashdown",
        world.today,
    )
    assert correct(world, gender="F", proof=seen_paper(world)).proof == ""


@pytest.mark.parametrize("by", ["AA1", "QA", "EA", "LA1"])
def test_only_admins_correct(world, by):
    with pytest.raises(Forbidden):
        correct(world, by=by, gender="F")
    with pytest.raises(Forbidden):
        step(world, "requested", by=by)


def test_an_admin_of_another_centre_finds_nobody(world):
    with pytest.raises(Learner.DoesNotExist):
        correct(world, by="CB", gender="F")


def test_nobody_corrects_their_own_record(world):
    also(world, "LA1", Role.ADMIN)
    assert refused(correct, world, by="LA1", gender="F") == {"own-record"}
    assert refused(step, world, "requested", by="LA1") == {"own-record"}
    assert not Correction.objects.for_centre(world.centres["10001"].pk).exists()


def test_name_and_birthday_together_are_another_person_while_somebody_is_registered(world):
    old = again(world)
    both = {"given_names": f"{old.given_names}h", "date_of_birth": old.date_of_birth + DAY}
    paper = seen_paper(world)
    assert refused(correct, world, proof=paper, **both) == {"another-person"}
    rows = Registration.objects.for_centre(old.centre_id).filter(learner=old)
    rows.update(state=RegistrationState.COMPLETED)
    assert refused(correct, world, proof=paper, **both) == {"another-person"}
    rows.update(state=RegistrationState.WITHDRAWN)
    assert correct(world, proof=paper, **both).changes


def test_what_somebody_signed_for_is_not_handed_on_after_a_withdrawal(world):
    """Withdraw, make another person of the record, register it again: signatures never become somebody else's (R27)."""
    old = again(world)
    Registration.objects.for_centre(old.centre_id).filter(learner=old).update(
        state=RegistrationState.WITHDRAWN, ledger_length=1
    )
    both = {"family_name": "Ashdown", "date_of_birth": old.date_of_birth + DAY}
    assert refused(correct, world, proof=seen_paper(world), **both) == {"another-person"}
    correct(world, family_name="Ashdown", proof=seen_paper(world))
    later = {"date_of_birth": both["date_of_birth"], "proof": seen_paper(world)}
    assert refused(correct, world, **later) == {"another-person-in-steps"}


@pytest.mark.parametrize(("days", "allowed"), [(89, False), (90, True)])
def test_one_after_the_other_within_ninety_days_is_too(world, days, allowed):
    now, old = clock.now(), again(world)
    correct(world, family_name="Ashdown", proof=seen_paper(world, days), at=now - days * DAY)
    later = {"date_of_birth": old.date_of_birth + DAY, "proof": seen_paper(world), "at": now}
    if allowed:
        assert correct(world, **later).changes
    else:
        assert refused(correct, world, **later) == {"another-person-in-steps"}


def test_a_birthday_and_then_another_name_is_the_same(world):
    old = again(world)
    correct(world, date_of_birth=old.date_of_birth + DAY, proof=seen_paper(world))
    paper = seen_paper(world)
    assert refused(correct, world, family_name="Ashdown", proof=paper) == {"another-person-in-steps"}
    assert correct(world, family_name=f"{old.family_name}s").changes, "its spelling may be mended"


def test_a_name_in_small_steps_is_measured_from_where_it_was_proven(world):
    correct(world, given_names="Amena")
    assert proven_name(again(world))[0] == "Amina"
    correct(world, given_names="Amene")
    assert "no-proof" in refused(correct, world, given_names="Arlene")
    correct(world, given_names="Arlene", proof=seen_paper(world))
    assert proven_name(again(world))[0] == "Arlene"
    correct(world, given_names="Arlenne")
    assert proven_name(again(world))[0] == "Arlene"


def test_a_twin_is_asked_about_and_a_number_of_somebody_else_refused(world):
    other = again(world, "LA2")
    same = {"given_names": other.given_names, "family_name": other.family_name, "proof": seen_paper(world)}
    assert refused(correct, world, **same) == {"same-name"}
    correct(world, "LA2", uln=NUMBER)
    assert refused(correct, world, uln=NUMBER) == {"same-uln"}
    assert correct(world, another=True, **same).renamed
    assert correct(world, gender="F").changes, "that is no news any more"


def test_the_same_number_may_be_had_in_another_centre(world):
    correct(world, uln=NUMBER)
    correct(world, "LB1", by="CB", uln=NUMBER)
    assert again(world, "LB1").uln == NUMBER


def test_a_page_that_is_old_changes_nothing(world):
    seen = record_mark(again(world))
    correct(world, gender="F", seen=seen)
    with pytest.raises(Stale):
        correct(world, workplace="elsewhere", seen=seen)
    with pytest.raises(Stale):
        step(world, "requested", seen=seen)


# --- names elsewhere


def test_the_account_and_the_centres_lists_take_the_new_name(world):
    old = again(world)
    Membership.objects.for_centre(old.centre_id).filter(person=old.person).update(known_as=old.full_name)
    correct(world, family_name="Ashdown", proof=seen_paper(world))
    person = User.objects.get(pk=old.person_id)
    assert person.full_name == f"{old.given_names} Ashdown"
    assert Membership.objects.for_centre(old.centre_id).get(person=person).known_as == person.full_name
    assert Event.objects.get(action="account.renamed").person_id == world.people["CA"].pk


def test_an_account_that_another_centre_knows_keeps_its_name(world):
    old = again(world, "DUO")
    correct(world, "DUO", by="CB", family_name="Ashdown", proof=seen_paper(world))
    assert User.objects.get(pk=old.person_id).full_name == old.full_name
    assert again(world, "DUO").family_name == "Ashdown"


def test_a_learner_had_the_name_of_each_day(world):
    now = clock.now()
    correct(world, family_name="Ashdown", proof=seen_paper(world, 20), at=now - 20 * DAY)
    correct(world, family_name="Ashdowne", at=now - 10 * DAY)
    name = names_of_days(again(world))
    said = [name(now - days * DAY).split(maxsplit=1)[1] for days in (30, 20, 15, 10, 0)]
    assert said == ["Okafor-LA1", "Ashdown", "Ashdown", "Ashdowne", "Ashdowne"]


# --- the number


def test_a_number_goes_from_none_to_verified_and_back_to_be_compared(world):
    assert again(world).uln_status == UlnStatus.NONE
    step(world, "requested")
    row = again(world)
    assert (row.uln_status, row.lrs_notice, row.lrs_notice_on) == (UlnStatus.REQUESTED, "LRS 2024", world.today)
    assert row.uln_requested_on == world.today
    correct(world, uln=NUMBER)
    row = again(world)
    assert (row.uln, row.uln_status, row.uln_missing_reason) == (NUMBER, UlnStatus.FORMAT_OK, "")
    step(world, "mismatch", fields=("postcode", "gender"))
    row = again(world)
    assert (row.uln_mismatch, row.uln_checked_by_id) == ("postcode,gender", world.people["CA"].pk)
    step(world, "verified", fields=("gender",))
    row = again(world)
    assert (row.uln_status, row.uln_mismatch, row.uln_checked_on) == (UlnStatus.VERIFIED, "", world.today)
    correct(world, workplace="elsewhere")
    assert again(world).uln_status == UlnStatus.VERIFIED
    found = correct(world, gender="F").changes
    assert found[-1] == {"field": "uln_status", "from": "verified", "to": "format_ok"}
    row = again(world)
    assert (row.uln_status, row.uln_checked_by_id, row.uln_checked_on) == (UlnStatus.FORMAT_OK, None, None)
    correct(world, uln="", uln_missing_reason="It was her sister's number.")
    assert (again(world).uln, again(world).uln_status) == (None, UlnStatus.NONE)


def test_a_comparison_of_before_says_nothing_of_what_was_corrected_since(world):
    """R31: compared is what stands here now, so a day before the last change of it does not count."""
    correct(world, uln=NUMBER)
    assert refused(step, world, "verified", day=world.today - DAY) == {"number-day-before"}
    assert refused(step, world, "mismatch", day=world.today - DAY, fields=("gender",)) == {"number-day-before"}
    step(world, "verified")
    correct(world, workplace="elsewhere", at=clock.now())
    correct(world, gender="F", at=clock.now())
    assert refused(step, world, "verified", day=world.today - DAY) == {"number-day-before"}
    step(world, "verified")
    assert again(world).uln_status == UlnStatus.VERIFIED


def test_what_the_service_does_not_compare_changes_no_day(world):
    correct(world, uln=NUMBER, at=clock.now() - 9 * DAY)
    correct(world, workplace="elsewhere")
    step(world, "verified", day=world.today - 9 * DAY)
    assert again(world).uln_checked_on == world.today - 9 * DAY


def test_a_step_is_kept_with_who_and_what(world):
    row = step(world, "requested")
    assert row.kind == CorrectionKind.NUMBER
    assert {one["field"] for one in row.changes} == {"uln_status", "lrs_notice", "lrs_notice_on", "uln_requested_on"}
    assert refused(step, world, "verified") == {"number-step"}
    assert refused(step, world, "requested") == {"number-step"}


def test_a_step_says_of_each_field_what_it_was_and_is(world):
    day = world.today.isoformat()
    said = [(one["field"], one["from"], one["to"]) for one in step(world, "requested", notice=" LRS 2024 ").changes]
    assert said == [
        ("uln_status", "none", "requested"),
        ("lrs_notice", "", "LRS 2024"),
        ("lrs_notice_on", "", day),
        ("uln_requested_on", "", day),
    ]
    correct(world, uln=NUMBER)
    row = step(world, "mismatch", fields=("postcode", "gender", "postcode"))
    assert [(one["field"], one["from"], one["to"]) for one in row.changes] == [
        ("uln_status", "format_ok", "mismatch"),
        ("uln_checked_on", "", day),
        ("uln_mismatch", "", "postcode,gender"),
    ]
    facts = {"correction": row.public_id, "fields": ["uln_status", "uln_checked_on", "uln_mismatch"]}
    assert Event.objects.filter(action="learner.corrected").latest("pk").facts == facts
    said = [(one["field"], one["from"], one["to"]) for one in step(world, "verified").changes]
    assert said == [("uln_status", "mismatch", "verified"), ("uln_mismatch", "postcode,gender", "")]


def test_a_number_that_is_no_number_is_refused(world):
    assert refused(correct, world, uln="9999999999") == {"uln-placeholder"}
    assert refused(correct, world, uln="1000102508") == {"uln-check"}
    assert refused(correct, world, uln="", uln_missing_reason="") == {"uln-reason"}


# --- who reads it


def test_office_and_learner_read_it_in_words(world):
    correct(world, gender="F", date_of_birth=dt.date(2001, 5, 18), proof=seen_paper(world))
    step(world, "requested")
    number, first = corrections_page(world.actor("CA"), again(world), 1).rows
    assert [(one.label, one.before, one.after) for one in first.changes] == [
        ("Date of birth", "17 May 2001", "18 May 2001"),
        ("Gender", "Another, or prefers not to say", "Female"),
    ]
    assert number.number
    assert {one.before for one in number.changes} == {"No number yet", ""}
    assert number.labels == "State of the learner number"
    assert newest_corrections(world.actor("CA"), again(world), 1)[0].public_id == number.public_id
    news = news_of_record(world.actor("LA1"), clock.now())
    assert news.public_id == first.public_id, "a step of the number is no news"
    assert news_of_record(world.actor("LA1"), clock.now() + 14 * DAY) is None
    assert news_of_record(world.actor("LA2"), clock.now()) is None
    assert news_of_record(world.actor("AA1"), clock.now()) is None


def test_the_letter_names_what_was_corrected_and_no_value(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False):
        row = correct(world, uln=NUMBER, gender="F", workplace="Quay Street Stores")
    send_correction(centre_id=row.centre_id, correction_id=row.pk)
    [letter] = mail.outbox
    assert letter.to == [world.people["LA1"].email]
    assert "Gender, Workplace, Learner number" in letter.body
    assert "/c/10001/my/record/" in letter.body
    for value in (NUMBER, "Quay Street", "Female", "2001"):
        assert value not in letter.body + letter.subject


# --- rows


@pytest.mark.parametrize(
    "changed",
    [
        {"uln_status": "verified"},
        {"uln": NUMBER},
        {"uln_missing_reason": ""},
        {"uln_status": "requested"},
        {"uln": NUMBER, "uln_status": "verified"},
        {"uln": NUMBER, "uln_status": "mismatch", "uln_checked_on": dt.date(2026, 1, 1), "uln_checked_by": "CA"},
        {"uln": NUMBER, "uln_status": "verified", "uln_checked_on": dt.date(2026, 1, 1), "uln_checked_by": "LA1"},
        {"uln_status": "lost"},
    ],
    ids=["no number", "no state", "no reason", "no notice", "by nobody", "no field", "by oneself", "another word"],
)
def test_the_database_holds_number_and_state_together(world, changed):
    row = again(world)
    values = {name: world.people.get(value, value) for name, value in changed.items()}
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Learner.objects.for_centre(row.centre_id).filter(pk=row.pk).update(**values)


@pytest.mark.parametrize(
    "changed",
    [
        {"reason": ""},
        {"by": "LA1"},
        {"renamed": True},
        {"proof": "passport"},
        {"proof_seen_by": "Rowan"},
        {"kind": "wish"},
        {"centre": "10002"},
    ],
    ids=["no reason", "own", "no proof", "seen by nobody", "nothing seen", "another kind", "another centre"],
)
def test_the_database_holds_what_a_correction_is(world, changed):
    row = again(world)
    made = {"centre": world.centres["10001"], "learner": row, "by": world.people["CA"], "by_name": "C", "at": world.at}
    named = {**world.people, **world.centres}
    values = {"reason": WHY} | {name: named.get(value, value) for name, value in changed.items()}
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Correction.objects.create(**(made | values))


def test_a_correction_is_there_for_good(world):
    row = correct(world, gender="F")
    rows = Correction.objects.for_centre(row.centre_id)
    for act in (lambda: rows.update(reason="another"), rows.delete):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            act()
