"""What saving "met" confirms: the setting, the five words, the age, the days. The facts are right but for one."""

import dataclasses
import datetime as dt

import pytest

from assessments.enums import SettingDoubt
from assessments.rules.confirming import hints_in, says_something, setting_doubts, stood_for, why_old
from tests.assessments.test_judging_rules import ALL_FIVE, TODAY, asked, codes, facts

DAY = dt.timedelta(days=1)
KNOWS = (asked(kind="knowledge"),)
HOW = "I rang her supervisor Sam."
NOT_YET = {"asked": (asked(verdict="not_yet", reason="No end"),)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A role-play with Sam", ("role play",)),
        ("We ROLEPLAYED a complaint", ("roleplayed",)),
        ("role\u2011play", ("role play",)),
        ("It was a\nmock call in class.", ("mock", "in class")),
        ("Part of my induction training.", ("training",)),
        ("roleplays with a colleague", ("roleplays",)),
        ("Simulations and a rehearsal", ("simulations", "rehearsal")),
        ("\uff32\uff4f\uff4c\uff45\u3000\uff50\uff4c\uff41\uff59", ("role play",)),
        ("role\u00adplay, ro\u200ble play, tu\u200dtor", ("roleplay", "role play", "tutor")),
        ("I served a customer at the till. My rail was rained on.", ()),
        ("I mocked nothing; first-class service; pretender", ()),
        ("", ()),
    ],
)
def test_words_that_hint_at_role_play_or_training(text, expected):
    assert hints_in([text]) == expected


@pytest.mark.parametrize(
    ("text", "enough"),
    [
        ("x", False),
        ("", False),
        ("           .", False),
        ("Supercalifragilistic", False),
        ("I saw it all", False),
        ("I saw it then", True),
        ("Gwelais hi", False),
        ("Gwelais hi yno", True),
    ],
)
def test_a_reason_has_words_in_it(text, enough):
    assert says_something(text) is enough


@pytest.mark.parametrize("does", [True, False])
@pytest.mark.parametrize(
    ("earlier", "written", "supported", "expected"),
    [
        ((), (), True, []),
        (("real_work", ""), (), True, []),
        (("simulation", "real_work"), (), True, [SettingDoubt.CHANGED]),
        ((), ("Our role play",), True, [SettingDoubt.HINTED]),
        ((), (), False, [SettingDoubt.UNSUPPORTED]),
        (("classroom",), ("a scenario",), False, list(SettingDoubt)),
    ],
)
def test_what_puts_the_learners_word_in_doubt(earlier, written, supported, expected, does):
    found = setting_doubts("real_work", earlier, written, supported=supported, does=does)
    kept = [one for one in expected if does or one != SettingDoubt.UNSUPPORTED]
    assert list(found) == kept


@pytest.mark.parametrize(
    "doubt",
    [
        {"earlier_settings": ("simulation",)},
        {"written": ("How I handled it", "A role-play with Sam")},
        {"feedback": "That was a good role play."},
        {"supported": False},
    ],
)
def test_a_setting_in_doubt_needs_how_the_assessor_knows(doubt):
    assert codes(facts(**doubt)) == ["setting-basis"]
    assert codes(facts(**doubt, setting_basis="x")) == ["setting-basis"]
    assert codes(facts(**doubt, setting_basis=HOW)) == []
    assert codes(facts(**doubt, confirmed_setting="")) == ["setting", "setting-basis"]
    assert codes(facts(**doubt, **NOT_YET)) == []


def test_a_basis_does_not_make_a_role_play_real():
    assert codes(facts(learner_setting="simulation", setting_basis=HOW)) == ["not-real-work"]


def test_nothing_beside_the_word_matters_only_for_doing():
    assert codes(facts(supported=False, asked=KNOWS)) == []
    assert codes(facts(earlier_settings=("classroom",), asked=KNOWS)) == ["setting-basis"]


LIMIT = 730


@pytest.mark.parametrize(
    ("day", "registered", "old"),
    [
        (None, None, False),
        (TODAY, TODAY, False),
        (TODAY - LIMIT * DAY, None, False),
        (TODAY - (LIMIT + 1) * DAY, None, True),
        (TODAY - DAY, TODAY - DAY, False),
        (TODAY - 2 * DAY, TODAY - DAY, True),
        (dt.date(1999, 1, 1), dt.date(1998, 1, 1), True),
    ],
)
def test_old_evidence_asks_for_a_justification(day, registered, old):
    assert bool(why_old(day, TODAY, registered, LIMIT)) is old
    given = {"activity_on": day, "registered_on": registered, "currency_days": LIMIT}
    assert codes(facts(**given)) == (["not-current"] if old else [])
    assert codes(facts(**given, currency_note="Same till and same rules since.")) == []
    assert codes(facts(**given, **NOT_YET)) == []


def test_the_limit_is_data():
    given = {"activity_on": TODAY - 31 * DAY}
    assert codes(facts(**given, currency_days=31)) == []
    assert codes(facts(**given, currency_days=30)) == ["not-current"]


HAPPENED, SINCE = TODAY - 60 * DAY, TODAY - 300 * DAY
REGISTERED = {"activity_on": HAPPENED, "registered_on": SINCE}


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (HAPPENED, []),
        (HAPPENED + 31 * DAY, []),
        (HAPPENED + 32 * DAY, ["observed-doubtful"]),
        (HAPPENED - 31 * DAY, []),
        (HAPPENED - 32 * DAY, ["observed-doubtful"]),
        (dt.date(1999, 1, 1), ["observed-doubtful"]),
        (TODAY + DAY, ["observed-later"]),
    ],
)
def test_a_day_of_seeing_it_fits_or_is_explained(observed, expected):
    assert codes(facts(observed_on=observed, **REGISTERED)) == expected
    explained = codes(facts(observed_on=observed, days_note="Moved from the paper diary of the centre.", **REGISTERED))
    assert explained == [one for one in expected if one == "observed-later"]


def test_seen_before_the_registration_is_explained():
    on_day = {"activity_on": SINCE + DAY, "registered_on": SINCE}
    assert codes(facts(observed_on=SINCE, **on_day)) == []
    assert codes(facts(observed_on=SINCE - DAY, **on_day)) == ["observed-doubtful"]


@pytest.mark.parametrize(("days", "expected"), [(-1, ["inspected-doubtful"]), (0, []), (59, [])])
def test_nothing_is_looked_at_before_it_was_there(days, expected):
    given = {"in_situ": True, "inspected_on": HAPPENED + days * DAY, **REGISTERED}
    assert codes(facts(**given)) == expected


def test_notes_have_a_limit():
    for name in ("setting_basis", "currency_note", "days_note"):
        assert codes(facts(**{name: "word " * 200})) == []
        assert codes(facts(**{name: "word " * 200 + "x"})) == ["long-note"]


def test_the_five_words_are_stored_as_saving_confirmed_them():
    assert stood_for(facts()) == ALL_FIVE
    off = {"valid": False, "current": True}
    assert stood_for(facts(vacsr=off, **NOT_YET)) == {"valid": False}
    assert stood_for(facts(vacsr=ALL_FIVE, **NOT_YET)) == {}
    assert dataclasses.replace(facts(), vacsr={}).vacsr == {}
