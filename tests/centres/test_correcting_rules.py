"""What may be corrected in a learner's record, and where their number stands (R27, R29 to R33; 3.5)."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centres.enums import NUMBERED, ULN_STEPS, Demographic, UlnStatus
from centres.rules import correcting as rules
from centres.rules.correcting import CorrectFacts, NumberFacts, Proof, Record
from centres.rules.likeness import distance, is_same_name, is_spelling
from centres.rules.registering import Known

TODAY = dt.date(2026, 11, 30)
ELLA = Record("Ella", "Fernwick", dt.date(2001, 2, 2), "F", "Harbour Stores", "9276308686")
SEEN = Proof("passport", "Rowan Ashdown", TODAY)
WHY = "typed wrongly when she joined"


def facts(after=ELLA, **changed):
    usual = {"before": ELLA, "proven": ELLA.name, "reason": WHY, "proof": SEEN, "today": TODAY}
    return CorrectFacts(after=after, **(usual | changed))


def codes(after=ELLA, **changed):
    return [one.code for one in rules.why_not_correct(facts(after, **changed))]


def test_every_field_can_be_corrected():
    for changed in (
        {"given_names": "Ela"},
        {"family_name": "Fernwyck"},
        {"date_of_birth": dt.date(2001, 2, 3)},
        {"gender": "X"},
        {"workplace": ""},
        {"uln": "1000102504"},
        {"uln": "", "uln_missing_reason": "It was her sister's."},
    ):
        assert codes(replace(ELLA, **changed)) == []


def test_nobody_corrects_themselves_and_nothing_is_no_correction():
    assert codes(replace(ELLA, gender="X"), own=True) == ["own-record"]
    assert codes() == ["nothing-changed"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"given_names": ""}, "name-missing"),
        ({"family_name": "12"}, "name-letters"),
        ({"date_of_birth": dt.date(2020, 1, 1)}, "birthday"),
        ({"gender": "?"}, "gender"),
        ({"uln": "9999999999"}, "uln-placeholder"),
        ({"uln": "927630868"}, "uln-form"),
        ({"uln": "1000102508"}, "uln-check"),
        ({"uln": "0000000042"}, "uln-check"),
        ({"uln": ""}, "uln-reason"),
        ({"workplace": "x" * 161}, "too-long"),
    ],
)
def test_what_registering_refuses_a_correction_refuses_too(changed, code):
    assert code in codes(replace(ELLA, **changed))


# --- a name, and another name


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        ("Zoe", "Zoë", True),
        ("Fernwick", "fernwick", True),
        ("O Brien", "O’Brien", True),
        ("Smith-Jones", "Smith Jones", True),
        ("Fernwick", "Fernwyck", True),
        ("Fernwick", "Fenrwikc", True),
        ("Fernwick", "Fenrwikcs", False),
        ("Ella", "Ela", True),
        ("Ella", "Elsa", True),
        ("Ella", "Elsie", False),
        ("Ann", "Anne", True),
        ("Ann", "Jane", False),
        ("Li", "Lu", False),
        ("X", "Y", False),
        ("Fernwick", "Ashdown", False),
        ("Ella", "Ella Rose", False),
        ("Bartholomew", "Bartolomeu", True),
    ],
)
def test_the_spelling_of_a_name_and_another_name(before, after, same):
    assert is_spelling(before, after) is same
    assert is_spelling(after, before) is same


@pytest.mark.parametrize(
    ("before", "after", "same"),
    [
        (("Mark", "Carter"), ("Mary", "Parker"), False),
        (("Sarah", "Jones"), ("Farah", "James"), False),
        (("Jon", "Smyth"), ("John", "Smith"), True),
        (("Zoe", "Fernwick"), ("Zoë", "Fenrwikc"), True),
        (("Ella", "Fenrwikc"), ("Ella", "Fernwick"), True),
    ],
)
def test_slips_in_both_parts_together_make_another_name(before, after, same):
    """Each part might be a slip by itself; a whole name of slips is somebody else (R27)."""
    assert is_same_name(before, after) is same
    assert is_same_name(after, before) is same
    names = {"given_names": after[0], "family_name": after[1]}
    before = replace(ELLA, given_names=before[0], family_name=before[1])
    found = facts(replace(ELLA, **names), before=before, proven=before.name)
    assert found.renamed is not same


@given(st.text("abcé", max_size=8), st.text("abcé", max_size=8))
def test_distances_are_symmetric_and_none_only_to_oneself(one, other):
    assert distance(one, other) == distance(other, one)
    assert (distance(one, other) == 0) == (one == other)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))


def test_spelling_needs_no_proof_and_another_name_does():
    nothing = {"proof": Proof()}
    assert codes(replace(ELLA, family_name="Fernwyck"), **nothing) == []
    assert codes(replace(ELLA, given_names="Fernwick", family_name="Ella"), **nothing) == [], "typed in the wrong boxes"
    married = replace(ELLA, family_name="Ashdown")
    assert codes(married, **nothing) == ["no-proof", "no-proof-by", "no-proof-day"]
    assert codes(married) == []
    assert codes(replace(ELLA, date_of_birth=dt.date(2001, 3, 2)), **nothing)[0] == "no-proof"


@pytest.mark.parametrize(
    ("proof", "code"),
    [
        (replace(SEEN, what=""), "no-proof"),
        (replace(SEEN, what="x" * 201), "too-long"),
        (replace(SEEN, seen_by=""), "no-proof-by"),
        (replace(SEEN, seen_by="x" * 201), "too-long"),
        (replace(SEEN, seen_on=None), "no-proof-day"),
        (replace(SEEN, seen_on=TODAY + dt.timedelta(days=1)), "no-proof-day"),
        (replace(SEEN, seen_on=ELLA.date_of_birth - dt.timedelta(days=1)), "no-proof-day"),
    ],
)
def test_a_proof_says_what_was_seen_by_whom_and_when(proof, code):
    assert codes(replace(ELLA, family_name="Ashdown"), proof=proof) == [code]


def test_many_small_steps_are_measured_from_the_name_that_was_proven():
    here = replace(ELLA, given_names="Elsa")
    there = replace(ELLA, given_names="Elsie")
    assert is_spelling("Elsa", "Elsie") is False
    assert codes(replace(here, given_names="Esa"), before=here, proof=Proof()) != [], "two slips from Ella"
    assert codes(there, before=there, proof=Proof()) == ["nothing-changed"]
    back = facts(ELLA, before=there)
    assert not back.renamed, "back to what was proven is no other name"


def test_name_and_birthday_together_make_another_person():
    both = replace(ELLA, family_name="Fernwyck", date_of_birth=dt.date(2001, 2, 3))
    assert codes(both) == ["another-person"]
    assert codes(both, registered=False) == []


@pytest.mark.parametrize(
    ("changed", "lately", "found"),
    [
        ({"date_of_birth": dt.date(2001, 2, 3)}, {"renamed_lately": True}, ["another-person-in-steps"]),
        ({"date_of_birth": dt.date(2001, 2, 3)}, {"reborn_lately": True}, []),
        ({"family_name": "Ashdown"}, {"reborn_lately": True}, ["another-person-in-steps"]),
        ({"family_name": "Ashdown"}, {"renamed_lately": True}, []),
        ({"family_name": "Fernwyck"}, {"reborn_lately": True}, []),
    ],
)
def test_nor_one_soon_after_the_other(changed, lately, found):
    assert codes(replace(ELLA, **changed), **lately) == found
    assert codes(replace(ELLA, **changed), **lately, registered=False) == []


def test_no_two_learners_have_one_number_or_unseen_one_name_and_birthday():
    other = Known("public", "Ella Fernwick")
    assert codes(replace(ELLA, uln="1000102504"), taken={"uln": other}) == ["same-uln"]
    twin = replace(ELLA, given_names="Ela")
    assert codes(twin, same_name=other) == ["same-name"]
    assert codes(twin, same_name=other, another_person=True) == []


@pytest.mark.parametrize(("reason", "code"), [("", ["no-reason"]), ("x" * 9, ["no-reason"]), ("x" * 10, [])])
def test_a_correction_says_why(reason, code):
    assert codes(replace(ELLA, gender="X"), reason=reason) == code
    assert codes(replace(ELLA, gender="X"), reason="x" * 301) == ["too-long"]


def test_blanks_go_and_accents_stay():
    typed = replace(ELLA, given_names="  Zoe\u0308  May ", uln=" 927 630-8686", uln_missing_reason="asked")
    tidy = rules.tidied_record(typed)
    assert (tidy.given_names, tidy.uln, tidy.uln_missing_reason) == ("Zoë May", "9276308686", "")
    assert rules.changes(ELLA, tidy) == [{"field": "given_names", "from": "Ella", "to": "Zoë May"}]


# --- the number


@pytest.mark.parametrize("status", sorted(NUMBERED))
@pytest.mark.parametrize("changed", [{"given_names": "Ela"}, {"family_name": "X"}, {"gender": "X"}])
def test_anything_that_is_compared_makes_it_compared_again(status, changed):
    after = replace(ELLA, **changed)
    assert rules.status_after(status, ELLA, after) == UlnStatus.FORMAT_OK
    assert rules.status_after(status, ELLA, replace(ELLA, workplace="elsewhere")) == status
    assert rules.status_after(status, ELLA, replace(ELLA, uln="1000102504")) == UlnStatus.FORMAT_OK
    assert rules.status_after(status, ELLA, replace(ELLA, uln="", uln_missing_reason="why")) == UlnStatus.NONE


def test_without_a_number_it_stays_none_or_asked_for_until_one_is_typed():
    none = replace(ELLA, uln="", uln_missing_reason="why")
    for status in (UlnStatus.NONE, UlnStatus.REQUESTED):
        assert rules.status_after(status, none, replace(none, given_names="Ela")) == status
        assert rules.status_after(status, none, ELLA) == UlnStatus.FORMAT_OK


def step(status, to, **changed):
    usual = {"today": TODAY, "day": TODAY, "notice": "LRS 2024", "notice_on": TODAY, "fields": ("gender",)}
    said = NumberFacts(status=status, to=to, **(usual | changed))
    return [one.code for one in rules.why_not_step(said)]


TYPED = {UlnStatus.NONE, UlnStatus.FORMAT_OK}


@pytest.mark.parametrize("status", UlnStatus)
@pytest.mark.parametrize("to", UlnStatus)
def test_each_step_follows_the_machine_and_typing_does_the_rest(status, to):
    allowed = to in ULN_STEPS[status] and to not in TYPED
    assert step(status, to) == ([] if allowed else ["number-step"])


def test_every_state_can_be_reached_and_left():
    reached = {to for steps in ULN_STEPS.values() for to in steps}
    assert reached == set(UlnStatus)
    assert all(ULN_STEPS[status] for status in UlnStatus)


def test_an_unknown_step_is_none():
    assert step(UlnStatus.NONE, "lost") == ["number-step"]


@pytest.mark.parametrize("to", [UlnStatus.VERIFIED, UlnStatus.MISMATCH])
def test_a_comparison_is_not_older_than_what_was_compared(to):
    day = dt.timedelta(days=1)
    assert step(UlnStatus.FORMAT_OK, to, changed_on=TODAY) == []
    assert step(UlnStatus.FORMAT_OK, to, changed_on=TODAY, day=TODAY - day) == ["number-day-before"]
    assert step(UlnStatus.NONE, UlnStatus.REQUESTED, changed_on=TODAY, day=TODAY - day, notice_on=TODAY - day) == []


@pytest.mark.parametrize("to", [UlnStatus.REQUESTED, UlnStatus.VERIFIED, UlnStatus.MISMATCH])
def test_no_number_is_older_than_the_service(to):
    status = UlnStatus.NONE if to == UlnStatus.REQUESTED else UlnStatus.FORMAT_OK
    first = rules.FIRST_NUMBERS_ON
    assert step(status, to, day=first, notice_on=first) == []
    before = first - dt.timedelta(days=1)
    assert step(status, to, day=before, notice_on=before)[0] == "number-day"
    assert step(UlnStatus.NONE, UlnStatus.REQUESTED, notice_on=before) == ["no-notice-day"]


def test_nobody_steps_their_own_number():
    assert step(UlnStatus.NONE, UlnStatus.REQUESTED, own=True) == ["own-record"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"notice": ""}, ["no-notice"]),
        ({"notice": "x" * 61}, ["too-long"]),
        ({"notice_on": None}, ["no-notice-day"]),
        ({"notice_on": TODAY, "day": TODAY - dt.timedelta(days=1)}, ["no-notice-day"]),
        ({"notice_on": TODAY - dt.timedelta(days=1), "day": TODAY - dt.timedelta(days=1)}, []),
        ({"day": None}, ["number-day"]),
        ({"day": TODAY + dt.timedelta(days=1)}, ["number-day"]),
    ],
)
def test_a_number_is_asked_for_after_the_notice(changed, code):
    assert step(UlnStatus.NONE, UlnStatus.REQUESTED, **changed) == code


@pytest.mark.parametrize(
    ("named", "code"), [((), ["no-field"]), (("height",), ["no-field"]), (tuple(Demographic.values), [])]
)
def test_a_mismatch_says_which_field(named, code):
    assert step(UlnStatus.FORMAT_OK, UlnStatus.MISMATCH, fields=named) == code
    assert step(UlnStatus.FORMAT_OK, UlnStatus.VERIFIED, fields=named) == []


def test_a_record_is_what_is_kept():
    assert Record("a", "b", dt.date(2001, 1, 1), "F").person == ("a", "b", dt.date(2001, 1, 1), "F")
