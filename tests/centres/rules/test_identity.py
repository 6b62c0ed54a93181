"""Who a learner is and how their record is corrected: every refusal with its field, each limit on both sides (R27 to R33)."""

import datetime as dt
from dataclasses import replace

import pytest

from centres.enums import UlnStatus
from centres.rules import correcting, identity
from centres.rules.correcting import CorrectFacts, NumberFacts, Proof, Record
from centres.rules.identity import Identity
from centres.rules.likeness import distance, is_same_name, is_spelling, letters
from centres.rules.registering import Known
from tests.saying import said

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
ELLA = Identity("Ella", "Fernwick", dt.date(2001, 2, 2), "F", "ella@people.example", uln="9276308686")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"given_names": ""}, "name-missing:given_names"),
        ({"given_names": "x" * 80}, ""),
        ({"given_names": "x" * 81}, "too-long:given_names"),
        ({"family_name": "1 2"}, "name-letters:family_name"),
        ({"family_name": "Fern\u200bwick"}, "name-signs:family_name"),
        ({"family_name": "Fern\x07wick"}, "name-signs:family_name"),
        ({"family_name": "Fern\ue000wick"}, "name-signs:family_name"),
        ({"family_name": "Fern\ud800wick"}, "name-signs:family_name"),
        ({"family_name": "Fern\u0378wick"}, "name-signs:family_name"),
        ({"date_of_birth": dt.date(2016, 11, 30)}, ""),
        ({"date_of_birth": dt.date(2016, 12, 1)}, "birthday:date_of_birth"),
        ({"date_of_birth": dt.date(1925, 12, 1)}, ""),
        ({"date_of_birth": dt.date(1925, 11, 30)}, "birthday:date_of_birth"),
        ({"gender": "?"}, "gender:gender"),
        ({"uln": ""}, "uln-reason:uln_missing_reason"),
        ({"uln": "", "uln_missing_reason": "x" * 200}, ""),
        ({"uln": "", "uln_missing_reason": "x" * 201}, "too-long:uln_missing_reason"),
        ({"uln": "9999999999"}, "uln-placeholder:uln"),
        ({"uln": "92763086860"}, "uln-form:uln"),
        ({"uln": "92763O8686"}, "uln-form:uln"),
        ({"uln": "٩٢٧٦٣٠٨٦٨٦"}, "uln-form:uln"),
        ({"uln": "1000102508"}, "uln-check:uln"),
        ({"workplace": "x" * 160}, ""),
        ({"workplace": "x" * 161}, "too-long:workplace"),
    ],
)
def test_what_is_asked_of_a_new_learner(changed, expected):
    assert said(identity.why_not_identity(replace(ELLA, **changed), TODAY)) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"given_names": "ELLA"}, "name-capitals:family_name"),
        ({"family_name": "FERNWICK"}, "name-capitals:family_name"),
        ({"family_name": "FW"}, "name-capitals:family_name"),
        ({"given_names": "E", "family_name": "F"}, "name-one-letter:family_name"),
        ({"uln": "1000000000"}, "uln-unlikely:uln"),
    ],
)
def test_what_looks_odd(changed, expected):
    assert said(identity.why_to_look_again(replace(ELLA, **changed))) == expected


def test_what_is_stored_of_an_identity():
    names = "  Ella  May ", "Fern\u00a0wick"
    typed = Identity(*names, ELLA.date_of_birth, "F", " Ella@People.Example ", "", "  not  yet ", " A  shop ")
    stored = identity.tidied(typed)
    assert (stored.given_names, stored.family_name) == ("Ella May", "Fern wick")
    assert (stored.email, stored.uln, stored.uln_missing_reason) == ("ella@people.example", "", "not yet")
    assert stored.workplace == "A shop"


def test_accents_in_either_name_are_told():
    told = ["The name has letters with accents. Ask the awarding body how its certificates print them."]
    assert identity.name_notes("Zoë", "Price") == identity.name_notes("Zoe", "Prïce") == told


# --- a correction


RECORD = Record("Ella", "Fernwick", dt.date(2001, 2, 2), "F", "Harbour Stores", "9276308686")
SEEN = Proof("passport", "Rowan Ashdown", TODAY)
OTHER = Known("pub", "Maya Fernwick")
FACTS = CorrectFacts(RECORD, replace(RECORD, gender="X"), RECORD.name, "x" * 10, SEEN, TODAY)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"own": True}, "own-record:"),
        ({"after": RECORD}, "nothing-changed:"),
        ({"after": replace(RECORD, workplace="x" * 161)}, "too-long:workplace"),
        ({"after": replace(RECORD, given_names="")}, "name-missing:given_names"),
        ({"after": replace(RECORD, family_name="")}, "name-missing:family_name"),
        ({"reason": "x" * 9}, "no-reason:reason"),
        ({"reason": "x" * 300}, ""),
        ({"reason": "x" * 301}, "too-long:reason"),
        ({"taken": {"uln": OTHER}}, "same-uln:uln"),
        ({"same_name": OTHER}, "same-name:family_name"),
        ({"same_name": OTHER, "another_person": True}, ""),
    ],
)
def test_what_can_be_corrected(changed, expected):
    found = correcting.why_not_correct(replace(FACTS, **changed))
    assert said(found) == expected
    same = [one for one in found if one.code.startswith("same-")]
    assert all(one.target == ("learner", "pub") and OTHER.name in one.sentence for one in same)


RENAMED = replace(FACTS, after=replace(RECORD, family_name="Archer"), proof=SEEN)
REBORN = replace(FACTS, after=replace(RECORD, date_of_birth=dt.date(2001, 2, 3)), proof=SEEN)
BOTH = replace(FACTS, after=replace(RECORD, family_name="Fernwyck", date_of_birth=dt.date(2001, 2, 3)), proof=SEEN)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (RENAMED, ""),
        (REBORN, ""),
        (BOTH, "another-person:date_of_birth"),
        (replace(BOTH, registered=False), ""),
        (replace(RENAMED, renamed_lately=True), ""),
        (replace(REBORN, reborn_lately=True), ""),
        (replace(RENAMED, reborn_lately=True), "another-person-in-steps:date_of_birth"),
        (replace(REBORN, renamed_lately=True), "another-person-in-steps:date_of_birth"),
        (replace(REBORN, renamed_lately=True, registered=False), ""),
        (replace(FACTS, renamed_lately=True, reborn_lately=True), ""),
    ],
)
def test_no_record_is_handed_on(facts, expected):
    found = correcting.why_not_correct(facts)
    assert said(found) == expected
    assert all("within 90 days" in one.sentence for one in found if one.code == "another-person-in-steps")


@pytest.mark.parametrize("facts", [RENAMED, REBORN])
@pytest.mark.parametrize(
    ("proof", "expected"),
    [
        (Proof(), "no-proof:proof no-proof-by:proof_seen_by no-proof-day:proof_seen_on"),
        (replace(SEEN, what="x" * 200), ""),
        (replace(SEEN, what="x" * 201), "too-long:proof"),
        (replace(SEEN, seen_by="x" * 200), ""),
        (replace(SEEN, seen_by="x" * 201), "too-long:proof_seen_by"),
        (replace(SEEN, seen_on=TODAY + DAY), "no-proof-day:proof_seen_on"),
        (replace(SEEN, seen_on=dt.date(2001, 2, 3)), ""),
        (replace(SEEN, seen_on=dt.date(2001, 2, 1)), "no-proof-day:proof_seen_on"),
    ],
)
def test_what_proof_is_asked(facts, proof, expected):
    assert said(correcting.why_not_correct(replace(facts, proof=proof))) == expected


@pytest.mark.parametrize(
    ("proven", "after", "renamed"),
    [
        (("Ella", "Fernwick"), ("Fernwick", "Ella"), False),
        (("Ella", "Archer"), ("Ella", "Fernwyck"), True),
        (("Ella", "Archer"), ("Ella", "Fernwick"), False),
        (("Fernwick", "Ella"), ("Ella", "Fernwick-"), False),
    ],
)
def test_spelling_is_measured_from_what_was_proven(proven, after, renamed):
    record = replace(RECORD, given_names=after[0], family_name=after[1])
    facts = replace(FACTS, after=record, proven=proven)
    assert (facts.renamed, facts.needs_proof, facts.reborn) == (renamed, renamed, False)


def test_what_changes_is_told_field_by_field():
    after = replace(RECORD, date_of_birth=dt.date(2001, 2, 3), workplace="")
    assert correcting.changes(RECORD, after) == [
        {"field": "date_of_birth", "from": "2001-02-02", "to": "2001-02-03"},
        {"field": "workplace", "from": "Harbour Stores", "to": ""},
    ]
    typed = replace(RECORD, given_names=" Ella  May", family_name=" F ", workplace=" A  shop ", uln_missing_reason="x")
    assert correcting.tidied_record(typed) == Record("Ella May", "F", RECORD.date_of_birth, "F", "A shop", RECORD.uln)
    without = correcting.tidied_record(replace(typed, uln=" - "))
    assert (without.uln, without.uln_missing_reason) == ("", "x")


# --- the learner number


STEP = NumberFacts(UlnStatus.NONE, UlnStatus.REQUESTED, TODAY, TODAY, notice="LRS 2024", notice_on=TODAY)
FIRST = dt.date(2007, 1, 1)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"own": True}, "own-record:"),
        ({"to": UlnStatus.VERIFIED}, "number-step:step"),
        ({"to": UlnStatus.FORMAT_OK}, "number-step:step"),
        ({"to": "lost"}, "number-step:step"),
        ({"day": None}, "number-day:day"),
        ({"day": FIRST, "notice_on": FIRST}, ""),
        ({"day": FIRST - DAY, "notice_on": FIRST}, "number-day:day no-notice-day:notice_on"),
        ({"day": TODAY + DAY}, "number-day:day"),
        ({"notice": ""}, "no-notice:notice"),
        ({"notice": "x" * 60}, ""),
        ({"notice": "x" * 61}, "too-long:notice"),
        ({"notice_on": None}, "no-notice-day:notice_on"),
        ({"notice_on": FIRST - DAY}, "no-notice-day:notice_on"),
        ({"notice_on": TODAY + DAY, "day": None}, "number-day:day no-notice-day:notice_on"),
        ({"notice_on": TODAY, "day": TODAY - DAY}, "no-notice-day:notice_on"),
    ],
)
def test_a_number_is_asked_for(changed, expected):
    found = correcting.why_not_step(replace(STEP, **changed))
    assert said(found) == expected
    assert all("“No number yet”" in one.sentence for one in found if one.code == "number-step")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"changed_on": TODAY}, ""),
        ({"changed_on": TODAY, "day": TODAY - DAY}, "number-day-before:day"),
        ({"changed_on": TODAY, "day": None}, "number-day:day"),
        ({"to": UlnStatus.MISMATCH}, "no-field:fields"),
        ({"to": UlnStatus.MISMATCH, "fields": ("gender",)}, ""),
        ({"to": UlnStatus.MISMATCH, "fields": ("gender", "shoes")}, "no-field:fields"),
        ({"fields": ("shoes",)}, ""),
    ],
)
def test_a_number_is_compared(changed, expected):
    compared = NumberFacts(UlnStatus.FORMAT_OK, UlnStatus.VERIFIED, TODAY, TODAY)
    assert said(correcting.why_not_step(replace(compared, **changed))) == expected


# --- likeness


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("", "", 0), ("", "ab", 2), ("ab", "", 2), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "ab", 1),
        ("ab", "ba", 1), ("abc", "acb", 1), ("ab", "bca", 3), ("abcd", "badc", 2), ("aab", "abb", 1), ("ca", "abc", 3),
        ("kitten", "sitting", 3), ("xab", "yba", 2),
    ],
)  # fmt: skip
def test_how_far_two_words_are_apart(one, other, far):
    assert distance(one, other) == distance(other, one) == far


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Li", "Lo", False), ("Lea", "Lee", True), ("Lea", "Loe", False), ("Marys", "Merxs", True),
        ("Mary", "Merx", False), ("Marys", "Mexxs", False), ("Fernwicks", "Fexxxicks", True),
        ("Fernwick", "Fexxxick", False), ("Fernwicks", "Fexxxxcks", False), ("Lea", "Le", False), ("Li", "li", True),
    ],
)  # fmt: skip
def test_how_many_slips_a_name_may_have(one, other, same):
    assert is_spelling(one, other) is is_spelling(other, one) is same


def test_both_parts_together_differ_by_two_slips_at_most():
    assert is_same_name(("Elena", "Fernwick"), ("Elina", "Fernwyck"))
    assert not is_same_name(("Elena", "Fernwick"), ("Elina", "Fernwyyk"))
    assert is_same_name(("Elena", "Fernwick"), ("Elena", "Fernwyyk"))
    assert is_same_name(("Elena", "Fernwick"), ("elena", "Fernwyyk"))
    assert letters("Zoë O’Brien-3") == "zoeobrien"
