"""What the catalogue's rules say, word by word: lives, drafts, settings, reasons, groups, how much evidence."""

import datetime as dt
from dataclasses import replace

import pytest

from qualifications.enums import DRAFT_TRANSITIONS, DraftState, Level
from qualifications.rules import drafting, guidance, lifecycle, reasons, settings
from qualifications.rules import sufficiency as enough
from qualifications.rules.combination.words import GroupRule, group_in_words, takes_everything, total_in_words
from qualifications.rules.drafting import DraftFacts
from qualifications.rules.imports import findings
from qualifications.rules.lifecycle import ClaimFacts, LifecycleFacts
from qualifications.rules.matching import Match
from qualifications.rules.reasons import Ground
from qualifications.rules.sufficiency import Accepted, Layer, Need
from tests.saying import said

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
WHOLE = LifecycleFacts("A diploma", None, None)


@pytest.mark.parametrize(
    ("changed", "life", "expected"),
    [
        ({}, "not_known", ""),
        ({"listed_on": TODAY}, "not_known", ""),
        ({"listed_on": TODAY + DAY}, "not_yet", "not-open-yet:qualification"),
        ({"last_registration_on": TODAY}, "open", ""),
        ({"last_registration_on": TODAY - DAY}, "closed_to_entry", "closed-to-entry:qualification"),
        (
            {"last_registration_on": TODAY - DAY, "last_certification_on": TODAY},
            "certificates_only", "closed-to-entry:qualification",
        ),
        ({"last_certification_on": TODAY}, "not_known", ""),
        ({"last_certification_on": TODAY - DAY}, "closed", "closed-to-certification:qualification"),
    ],
)  # fmt: skip
def test_where_a_version_stands(changed, life, expected):
    facts = replace(WHOLE, **changed)
    found = lifecycle.why_not_registrable(facts, TODAY)
    assert said(found) == expected
    assert all("A diploma" in one.sentence and " 2026." in one.sentence for one in found)
    assert lifecycle.life_on(facts, TODAY).name.lower() == life
    assert lifecycle.asks_for_confirmation(facts, TODAY) is (life == "not_known")


@pytest.mark.parametrize(
    ("confirmed", "expected"),
    [
        (" " + "x" * 9, "entry-unknown:entry_confirmed"),
        ("x" * 10, ""),
        ("x" * 300, ""),
        ("x" * 301, "too-long:entry_confirmed"),
    ],
)
def test_how_somebody_knows_that_entry_is_open(confirmed, expected):
    assert said(lifecycle.why_not_confirmed(WHOLE, TODAY, confirmed)) == expected
    assert lifecycle.why_not_confirmed(replace(WHOLE, last_registration_on=TODAY), TODAY, confirmed) == []
    assert lifecycle.why_not_confirmed(replace(WHOLE, last_certification_on=TODAY - DAY), TODAY, confirmed) == []


CLAIM = ClaimFacts(replace(WHOLE, last_certification_on=TODAY), TODAY - 9 * DAY, TODAY - DAY, TODAY - DAY)


@pytest.mark.parametrize(
    ("changed", "on", "expected"),
    [
        ({}, TODAY, ""),
        ({}, TODAY + DAY, "certification-ended:qualification"),
        ({"achieved_on": TODAY}, TODAY, ""),
        ({"achieved_on": TODAY}, TODAY - DAY, "achieved-later:achieved_on"),
        ({"registered_on": TODAY - DAY}, TODAY, ""),
        ({"registered_on": TODAY}, TODAY, "achieved-before-entry:achieved_on"),
        ({"last_signed_on": None}, TODAY, "nothing-signed:achieved_on"),
        ({"last_signed_on": TODAY}, TODAY, "back-dated:achieved_on"),
        ({"version": WHOLE}, TODAY + DAY, ""),
    ],
)
def test_when_a_certificate_is_claimed(changed, on, expected):
    assert said(lifecycle.why_not_claim(replace(CLAIM, **changed), on)) == expected


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        (dt.date(2026, 8, 24), ["no-visits", "months-3"]),
        (dt.date(2026, 7, 1), ["no-visits", "months-3"]),
        (dt.date(2026, 6, 30), ["months-3"]),
        (dt.date(2026, 5, 24), ["months-3"]),
        (dt.date(2026, 5, 23), ["months-6"]),
        (dt.date(2026, 2, 24), ["months-6"]),
        (dt.date(2026, 2, 23), ["months-12"]),
        (dt.date(2025, 8, 24), ["months-12"]),
        (dt.date(2025, 8, 23), []),
        (dt.date(2026, 8, 25), ["ended"]),
    ],
)
def test_when_a_version_ends_within_the_holidays(on, codes):
    facts = replace(WHOLE, last_certification_on=dt.date(2026, 8, 24), awarding_body="OCR")
    found = lifecycle.warnings_for(facts, on)
    assert [one.code for one in found] == codes
    assert [one.hard for one in found] == [one.code in {"ended", "no-visits"} for one in found]
    elsewhere = lifecycle.warnings_for(replace(facts, awarding_body="Other"), on)
    assert [one.code for one in elsewhere] == [code for code in codes if code != "no-visits"]
    if codes[:1] == ["no-visits"]:
        assert ("do not visit before" in found[0].sentence) is (on >= dt.date(2026, 8, 18))
    assert (lifecycle.kind_words(facts, on) == "") is (codes == [])
    assert ("ended on 24 August 2026" in lifecycle.kind_words(facts, on)) is (codes == ["ended"])


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (dt.date(2026, 5, 31), 3, dt.date(2026, 2, 28)),
        (dt.date(2024, 5, 31), 3, dt.date(2024, 2, 29)),
        (dt.date(2026, 1, 31), 1, dt.date(2025, 12, 31)),
        (dt.date(2026, 12, 31), 12, dt.date(2025, 12, 31)),
        (dt.date(2026, 12, 31), 1, dt.date(2026, 11, 30)),
        (dt.date(2026, 3, 1), 3, dt.date(2025, 12, 1)),
    ],
)
def test_months_before_a_day(day, months, before):
    assert lifecycle.months_before(day, months) == before


# --- drafts


DRAFT = DraftFacts(DraftState.DRAFT, mine=True)
SENT = DraftFacts(DraftState.SUBMITTED, mine=False, reason="x" * 10)


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        (drafting.why_not_submit, DRAFT, ""),
        (drafting.why_not_submit, replace(DRAFT, mine=False), "not-author:"),
        (drafting.why_not_submit, replace(DRAFT, problems=1, changes=0), "problems:"),
        (drafting.why_not_submit, replace(DRAFT, changes=0), "nothing-new:"),
        (drafting.why_not_approve, SENT, ""),
        (drafting.why_not_approve, replace(SENT, mine=True), "own-draft:"),
        (drafting.why_not_approve, replace(SENT, moved_on=("A", "B")), "moved-on:"),
        (drafting.why_not_approve, replace(SENT, problems=1), "problems:"),
        (drafting.why_not_reject, SENT, ""),
        (drafting.why_not_reject, replace(SENT, mine=True), "own-draft:"),
        (drafting.why_not_reject, replace(SENT, reason=" " + "x" * 9), "no-reason:reason"),
        (drafting.why_not_reject, replace(SENT, reason="x" * 500), ""),
        (drafting.why_not_reject, replace(SENT, reason="x" * 501), "long-reason:reason"),
        (drafting.why_not_reopen, replace(SENT, mine=True), ""),
        (drafting.why_not_reopen, SENT, "not-author:"),
        (drafting.why_not_withdraw, replace(DRAFT, mine=False), ""),
    ],
)
def test_who_moves_a_draft(rule, facts, expected):
    found = rule(facts)
    assert said(found) == expected
    assert all("with: A, B." in one.sentence for one in found if one.code == "moved-on")


@pytest.mark.parametrize("state", DraftState)
def test_from_where_a_draft_goes(state):
    mine, theirs = replace(DRAFT, state=state), replace(SENT, state=state)
    for rule, facts, to in (
        (drafting.why_not_submit, mine, DraftState.SUBMITTED),
        (drafting.why_not_approve, theirs, DraftState.PUBLISHED),
        (drafting.why_not_reject, theirs, DraftState.REJECTED),
        (drafting.why_not_reopen, mine, DraftState.DRAFT),
        (drafting.why_not_withdraw, theirs, DraftState.WITHDRAWN),
    ):
        found = rule(facts)
        assert said(found) == ("" if to in DRAFT_TRANSITIONS[state] else "not-open:")
        assert all(f"“{state.label}”" in one.sentence for one in found)


# --- what a centre says about a criterion


@pytest.mark.parametrize(
    ("words", "examples", "had", "expected"),
    [
        ("", "", False, "empty-note:words"),
        ("", "", True, ""),
        ("x", "", False, ""),
        ("", "x", False, ""),
        ("x" * 600, "x" * 1000, False, ""),
        ("x" * 601, "x" * 1001, False, "long-note:words long-note:examples"),
    ],
)
def test_a_note_on_a_criterion(words, examples, had, expected):
    assert said(guidance.why_not_note(words, examples, had=had)) == expected


def test_themes_of_a_criterion():
    from qualifications.enums import Theme  # the names are data

    six, seven = list(Theme.values)[:6], list(Theme.values)[:7]
    assert said(guidance.why_not_tag(six)) == ""
    assert said(guidance.why_not_tag([*six, six[0]])) == ""
    assert said(guidance.why_not_tag(seven)) == "many-themes:themes"
    assert said(guidance.why_not_tag(["?"])) == "unknown-theme:themes"
    assert guidance.themes_in_order([six[1], "?", six[0]]) == six[:2]
    assert guidance.themes_in_words(six[:1]) == (str(Theme(six[0]).label),)


@pytest.mark.parametrize(
    ("ground", "terms", "learner", "staff"),
    [
        (Ground.WORDS, ("till",), "Your words mention “till”.", "The piece mentions “till”."),
        (
            Ground.WORDS, ("till", "cash"),
            "Your words mention “till” and “cash”.", "The piece mentions “till” and “cash”.",
        ),
        (
            Ground.HEADING, ("till",),
            "Your words mention “till”, and so does the heading above it.", "The piece mentions “till”.",
        ),
        (
            Ground.ACCEPTED, (),
            "Assessors here have accepted this together with something you chose.",
            "Accepted in this centre together with a criterion of this piece.",
        ),
        (
            Ground.THEME_OF_WORDS, ("?",),
            "It has a theme in common with what you wrote.", "Same theme: ?.",
        ),
        (
            Ground.THEME_OF_CHOICE, ("?",),
            "It has a theme in common with what you chose.", "Same theme: ?.",
        ),
    ],
)  # fmt: skip
def test_why_a_criterion_is_suggested(ground, terms, learner, staff):
    match = Match(1, 1.0, ground, terms)
    assert (match.reason, match.reason_for_staff) == (learner, staff)
    assert (reasons.for_learner(ground, terms), reasons.for_staff(ground, terms)) == (learner, staff)


@pytest.mark.parametrize(
    ("stored", "allowed"),
    [
        ([], {"real_work"}),
        ([{"setting": "realistic", "by": "OCR", "source": "page 3", "text": "may"}], {"real_work", "realistic"}),
        ([{"setting": "realistic", "by": "Other", "source": "page 3", "text": "may"}], {"real_work"}),
        ([{"setting": "realistic", "by": "OCR", "source": " ", "text": "may"}], {"real_work"}),
        ([{"setting": "realistic", "by": "OCR", "source": "page 3"}], {"real_work"}),
        ([{"setting": "simulation", "by": "OCR", "source": "page 3", "text": "may"}], {"real_work"}),
        (["realistic"], {"real_work"}),
    ],
)
def test_where_competence_is_shown(stored, allowed):
    assert settings.allowed_settings(stored, "OCR") == allowed
    assert settings.counts_for_competence("realistic", stored, "OCR") is ("realistic" in allowed)
    assert not settings.counts_for_competence("", stored, "OCR")
    assert settings.settings_in_words(frozenset(allowed)).startswith(
        "Real work" + (", or" if len(allowed) > 1 else " only")
    )


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        (" Understand tills", "knowledge"), ("Know tills", "knowledge"), ("Be aware of tills", "knowledge"),
        ("be able to sell", "competence"), ("Demonstrate", "competence"), ("Use tills", "competence"),
        ("Apply", "competence"), ("Tills", ""),
    ],
)  # fmt: skip
def test_what_a_title_asks_for(title, kind):
    assert findings.kind_by_title(title) == kind


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        ([], "competence"),
        (["knowledge"], "knowledge"),
        (["competence"], "competence"),
        (["knowledge", "competence"], "mixed"),
    ],
)
def test_what_a_unit_asks_for(kinds, kind):
    assert findings.kind_of(kinds) == kind
    assert findings.gaps([1, 4, 2]) == [3]
    assert findings.gaps([]) == []


# --- groups in words


CHOICE = GroupRule(mandatory=False, complete=True, units=4, credit=20)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ["This group sets no limit of its own."]),
        ({"exact_credit": 1}, ["Exactly 1 credit."]),
        ({"exact_credit": 5, "max_units": 2}, ["Exactly 5 credits.", "At most 2 units."]),
        ({"min_credit": 1}, ["At least 1 credit."]),
        ({"min_credit": 5, "max_credit": 9}, ["From 5 to 9 credits."]),
        ({"max_credit": 9}, ["At most 9 credits."]),
        ({"max_units": 1}, ["Only one of these units counts."]),
        ({"max_units": 1, "min_units": 1}, ["One of these units."]),
        ({"min_units": 1}, ["At least 1 unit."]),
        ({"min_units": 2, "max_units": 3}, ["From 2 to 3 units."]),
        ({"mandatory": True}, ["All 4 units, 20 credits."]),
        ({"mandatory": True, "units": 1}, ["The one unit, 20 credits."]),
        ({"mandatory": True, "complete": False}, ["All 4 units listed, 20 credits."]),
        ({"mandatory": True, "min_credit": 20}, ["All 4 units, 20 credits."]),
        ({"mandatory": True, "exact_credit": 21}, ["All 4 units, 20 credits."]),
        ({"mandatory": True, "min_credit": 19}, ["At least 19 credits."]),
        ({"mandatory": True, "min_credit": 20, "max_units": 4}, ["At least 20 credits.", "At most 4 units."]),
    ],
)
def test_a_group_in_words(changed, words):
    rule = replace(CHOICE, **changed)
    assert group_in_words(rule) == words
    assert takes_everything(rule) is (words[0].startswith(("All", "The one")))


@pytest.mark.parametrize(
    ("level", "part", "words"),
    [
        (None, 5, "30 credits"),
        (2, None, "30 credits"),
        (2, 30, "30 credits, all at level 2 or above"),
        (2, 29, "30 credits, at least 29 of them at level 2 or above"),
    ],
)
def test_what_an_award_needs_in_words(level, part, words):
    assert total_in_words(30, level, part) == words


# --- how much evidence


MONDAY = Accepted("a", "media", TODAY)


@pytest.mark.parametrize(
    ("need", "words", "so_far"),
    [
        (Need(), (), "Accepted, but not yet seen at work"),
        (Need(pieces=2), ("Needs two pieces.",), "One of two pieces accepted"),
        (Need(occasions=2), ("Needs two pieces from different days.",), "One of two pieces accepted"),
        (
            Need(pieces=3, occasions=2),
            ("Needs three pieces, from two different days at least.",), "One of three pieces accepted",
        ),
        (
            Need(methods=frozenset({"writing"})),
            ("Needs a piece of writing.",), "Accepted, but a piece of writing is needed too",
        ),
        (Need(observed=True), ("The assessor has to see it at work.",), "Accepted, but not yet seen at work"),
    ],
)  # fmt: skip
def test_what_is_needed_and_there(need, words, so_far):
    assert enough.need_in_words(need) == words
    assert enough.so_far_in_words(need, [MONDAY]) == so_far
    assert need.usual is (words == ())
    assert enough.need_of(need.stored()) == need


@pytest.mark.parametrize(
    ("need", "expected"),
    [
        (Need(pieces=3, occasions=2), "few-occasions: few-pieces:"),
        (Need(pieces=2, occasions=2), "few-occasions:"),
        (Need(pieces=2), "few-pieces:"),
        (Need(methods=frozenset({"writing"})), "no-methods:"),
        (Need(observed=True), "no-observed:"),
    ],
)
def test_what_is_missing_has_a_code(need, expected):
    found = enough.why_not_enough("2.1", enough.standard_of([Layer(Level.CENTRE, need)]), [MONDAY])
    assert said(found) == expected
    assert all(one.params == {"code": "2.1"} for one in found)


def test_days_of_one_piece_and_numbers_in_words():
    other = replace(MONDAY, piece="b")
    assert enough.so_far_in_words(Need(occasions=2), [MONDAY, other]) == "Accepted, but another day is needed"
    assert [enough.in_words(n) for n in (0, 8, 9)] == ["none", "eight", "9"]
    assert enough.why_to_look("2.1", "competence", [replace(MONDAY, method="statement", seen_on=TODAY)]) == ""
    assert enough.why_to_look("2.1", "knowledge", [replace(MONDAY, method="statement")]) == ""
    assert enough.why_to_look("2.1", "competence", []) == enough.why_to_look("2.1", "competence", [MONDAY]) == ""
    assert "own words alone" in enough.why_to_look("2.1", "competence", [replace(MONDAY, method="writing")])
