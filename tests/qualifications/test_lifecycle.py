"""Where a version stands in its life, and what that means for those at work on it (R16)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualifications.enums import Life
from qualifications.rules import (
    ClaimFacts,
    LifecycleFacts,
    asks_for_confirmation,
    kind_words,
    life_on,
    warnings_for,
    why_not_claim,
    why_not_confirmed,
    why_not_registrable,
)
from qualifications.rules.lifecycle import months_before

END = dt.date(2018, 8, 31)
DAY = dt.timedelta(days=1)
DAYS = st.dates(dt.date(2010, 1, 1), dt.date(2030, 12, 31))
MAYBE = st.none() | DAYS


def version(entry=None, certificates=None, listed=None, body="OCR"):
    return LifecycleFacts("L1 NVQ", entry, certificates, listed, body)


def codes(entry, certificates, on):
    return [r.code for r in why_not_registrable(version(entry, certificates), on)]


@pytest.mark.parametrize(
    ("entry", "certificates", "on", "expected"),
    [
        (None, None, END, []),
        (END, None, END, []),
        (END, None, END + DAY, ["closed-to-entry"]),
        (None, END, END, []),
        (None, END, END + DAY, ["closed-to-certification"]),
        (END - DAY, END, END, ["closed-to-entry"]),
        (END, END, END + DAY, ["closed-to-entry", "closed-to-certification"]),
    ],
)
def test_last_days_count_and_the_day_after_does_not(entry, certificates, on, expected):
    assert codes(entry, certificates, on) == expected


def test_the_sentences_name_the_qualification_and_the_day():
    entry, certificates = why_not_registrable(version(END, END), END + DAY)

    assert entry.sentence == "New learners could join L1 NVQ until 31 August 2018."
    assert certificates.sentence == "Certificates for L1 NVQ could be claimed until 31 August 2018."
    assert {entry.field, certificates.field} == {"qualification"}
    (early,) = why_not_registrable(version(listed=END), END - DAY)
    assert (early.code, early.sentence) == ("not-open-yet", "L1 NVQ takes learners from 31 August 2018.")


@pytest.mark.parametrize(
    ("dates", "on", "expected"),
    [
        ({}, END, Life.NOT_KNOWN),
        ({"listed": END}, END - DAY, Life.NOT_YET),
        ({"listed": END}, END, Life.NOT_KNOWN),
        ({"entry": END}, END, Life.OPEN),
        ({"entry": END}, END + DAY, Life.CLOSED_TO_ENTRY),
        ({"entry": END, "certificates": END + 2 * DAY}, END + DAY, Life.CERTIFICATES_ONLY),
        ({"entry": END, "certificates": END + 2 * DAY}, END + 2 * DAY, Life.CERTIFICATES_ONLY),
        ({"entry": END, "certificates": END + 2 * DAY}, END + 3 * DAY, Life.CLOSED),
        ({"certificates": END}, END, Life.NOT_KNOWN),
        ({"certificates": END}, END + DAY, Life.CLOSED),
    ],
)
def test_a_version_passes_through_its_life_by_its_dates(dates, on, expected):
    assert life_on(version(**dates), on) == expected


@given(entry=MAYBE, certificates=MAYBE, listed=MAYBE, on=DAYS)
def test_the_word_and_the_refusal_never_disagree(entry, certificates, listed, on):
    facts = version(entry, certificates, listed)
    life = life_on(facts, on)
    assert bool(why_not_registrable(facts, on)) == (life not in {Life.OPEN, Life.NOT_KNOWN})
    asked = why_not_confirmed(facts, on, "")
    assert bool(asked) == asks_for_confirmation(facts, on) == (life == Life.NOT_KNOWN)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", ["entry-unknown"]),
        ("         ", ["entry-unknown"]),
        ("ask later", ["entry-unknown"]),  # nine letters
        ("ask them 1", []),
        ("x" * 300, []),
        ("x" * 301, ["too-long"]),
    ],
)
def test_an_unknown_last_entry_is_confirmed_by_a_person_in_words(said, expected):
    assert [r.code for r in why_not_confirmed(version(), END, said)] == expected
    assert why_not_confirmed(version(entry=END), END, said) == []
    assert why_not_confirmed(version(entry=END), END + DAY, said) == []  # closed is another refusal


def test_what_is_asked_says_what_to_answer():
    [asked] = why_not_confirmed(version(), END, "")
    assert (asked.field, asked.sentence) == (
        "entry_confirmed",
        (
            "The last day of entry for L1 NVQ is not known. Say how you know that it still takes learners, and where that"
            " is written."
        ),
    )


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (dt.date(2017, 8, 30), []),
        (dt.date(2017, 8, 31), ["months-12"]),
        (dt.date(2018, 2, 27), ["months-12"]),
        (dt.date(2018, 2, 28), ["months-6"]),
        (dt.date(2018, 5, 31), ["months-3"]),
        (dt.date(2018, 6, 30), ["months-3"]),
        (dt.date(2018, 7, 1), ["no-visits", "months-3"]),
        (dt.date(2018, 8, 17), ["no-visits", "months-3"]),
        (dt.date(2018, 8, 31), ["no-visits", "months-3"]),
        (dt.date(2018, 9, 1), ["ended"]),
    ],
)
def test_who_is_at_work_is_warned_earlier_and_harder(on, expected):
    found = warnings_for(version(END, END), on)
    assert [w.code for w in found] == expected
    assert [w.hard for w in found] == [code in {"no-visits", "ended"} for code in expected]


def test_the_july_warning_says_what_to_do_and_when_it_is_too_late():
    before, after = (warnings_for(version(None, END), day)[0].sentence for day in (dt.date(2018, 7, 2), END))
    assert "do not visit from 18 August 2018 to 31 August 2018" in before
    assert "a visit has to come before" in before
    assert "Only a centre with direct claims can still claim." in after


@pytest.mark.parametrize(
    ("body", "end"), [("Another", END), ("OCR", dt.date(2018, 8, 17)), ("OCR", dt.date(2018, 9, 1))]
)
def test_only_ends_in_the_days_without_visits_are_hard(body, end):
    on = min(end, dt.date(2018, 8, 10))
    assert [w.code for w in warnings_for(version(None, end, body=body), on)] == ["months-3"]


@given(end=DAYS, on=DAYS)
def test_warnings_grow_as_the_end_comes_nearer(end, on):
    facts = version(None, end)
    assert len(warnings_for(facts, on + DAY)) >= len(warnings_for(facts, on)) or on >= end
    assert bool(kind_words(facts, on)) == bool(warnings_for(facts, on))


def test_no_end_means_no_warning():
    assert warnings_for(version(END), END + DAY) == []
    assert kind_words(version(END), END + DAY) == ""


def test_learners_read_kind_words():
    soon, over = (kind_words(version(None, END), day) for day in (END - DAY, END + DAY))
    assert (
        soon == "This qualification ends on 31 August 2018. Ask your assessor for a plan that gets you there in time."
    )
    assert over == "This qualification ended on 31 August 2018. Everything you did stays here to read."


@given(day=DAYS, months=st.integers(1, 30))
def test_months_before_is_a_calendars(day, months):
    earlier = months_before(day, months)
    assert (day.year * 12 + day.month) - (earlier.year * 12 + earlier.month) == months
    assert earlier.day == day.day or (earlier + DAY).day == 1


# --- claims of the day ------------------------------------------------------------------------------------------------

SIGNED = dt.date(2018, 6, 4)


def claim(on, **changed):
    facts = {"registered_on": dt.date(2018, 2, 5), "achieved_on": SIGNED, "last_signed_on": SIGNED, **changed}
    return why_not_claim(ClaimFacts(version(END, END), **facts), on)


def test_a_claim_counts_on_the_last_day_and_not_on_the_next():
    assert claim(END) == []
    (refusal,) = claim(END + DAY)
    assert refusal.code == "certification-ended"
    assert refusal.sentence.startswith("Certificates for L1 NVQ could be claimed until 31 August 2018.")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"achieved_on": SIGNED - DAY}, "back-dated"),
        ({"achieved_on": END, "last_signed_on": END - DAY}, "achieved-later"),
        ({"registered_on": SIGNED + DAY}, "achieved-before-entry"),
        ({"last_signed_on": None}, "nothing-signed"),
    ],
)
def test_a_day_of_achievement_that_the_record_does_not_bear_is_refused(changed, code):
    refusals = claim(END - 2 * DAY, **changed)
    assert [r.code for r in refusals] == [code]
    assert {r.field for r in refusals} == {"achieved_on"}


@given(achieved=st.dates(dt.date(2017, 1, 1), dt.date(2020, 1, 1)), signed=MAYBE, on=st.dates(END + DAY))
def test_no_day_of_achievement_opens_a_version_that_has_ended(achieved, signed, on):
    refusals = claim(on, achieved_on=achieved, last_signed_on=signed)
    assert "certification-ended" in {r.code for r in refusals}
