"""Which criteria a text may be about (R68): sensible, explained, deterministic, quick."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualifications.enums import Theme
from qualifications.rules import THEME_HINTS, CriterionText, rank_criteria
from qualifications.rules.matching import _Weights
from qualifications.rules.themes import LIKE_YOUR_CHOICE, LIKE_YOUR_WORDS
from qualifications.rules.words import IRREGULAR, SAME, STOP, WEAK, fold, stem, stems, stems_by_word

REFUND = CriterionText(1, "Explain when a refund is due", ("legislation",))
TONE = CriterionText(2, "Use a tone that suits the caller", ("verbal-communication",))
SOLVE = CriterionText(3, "Choose between ways to put things right", ("problem-solving", "complaints"))
TEAM = CriterionText(4, "Share lessons with colleagues", ("team-working",))
PLAIN = CriterionText(5, "Count the stock", ())
FIVE = [REFUND, TONE, SOLVE, TEAM, PLAIN]


def ranked(words, criteria=FIVE, **more):
    return [(m.criterion_id, m.reason) for m in rank_criteria(words, criteria, **more)]


def test_a_theme_weighs_what_a_word_weighs_that_is_as_rare():
    criteria = [CriterionText(n, f"Explain refund{n}", (f"theme{n}", "all")) for n in range(3)]
    weights = _Weights({"refund1": "refund1"}, criteria)
    assert weights.theme("theme1") == weights.word("refund1") == math.log(4)
    assert weights.theme("all") == math.log(2)


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "family",
    [
        "complaint complaints complain complained complaining",
        "handle handles handled handling",
        "call calls called calling caller callers",
        "cancel cancelled cancelling cancels",
        "policy policies",
        "box boxes",
        "process processes processed processing",
        "polite politely",
        "write wrote written writing writes",
        "speak spoke spoken speaking verbal verbally",
        "phone phoned phoning telephone rang",
        "apologise apologised apology apologies sorry",
        "enquiry enquiries query asked question questions",
        "café cafe CAFÉS",
        "customer customers customer’s customer's client",
    ],
)
def test_forms_of_a_word_meet(family):
    assert len({stem(fold(word)) for word in family.split()}) == 1


@pytest.mark.parametrize("pair", ["refund fund", "need needle", "bring bed", "supply sup", "business bus", "thing the"])
def test_different_words_stay_apart(pair):
    one, other = pair.split()
    assert stem(one) != stem(other)


def test_the_lists_are_made_of_stems():
    assert {v: stem(v) for v in set(SAME.values())} == {v: v for v in set(SAME.values())}
    assert {w for w in WEAK if stem(w) != w} == set()
    assert not STOP & set(IRREGULAR)


def test_the_first_form_typed_is_kept():
    assert stems_by_word("Complaints, complained") == {"complaint": "Complaints"}


# --- ranking ----------------------------------------------------------------------------------------------------------


def test_a_shared_word_is_named_as_it_was_typed():
    assert ranked("She wanted Refunds!")[0] == (1, "Your words mention “Refunds”.")


def test_two_shared_words_are_both_named():
    criteria = [CriterionText(1, "Describe how to check a receipt before a refund"), *FIVE[1:]]

    assert ranked("refund without receipt", criteria)[0] == (1, "Your words mention “receipt” and “refund”.")


def test_a_theme_is_enough_and_says_so():
    found = dict(ranked("The kettle was faulty"))

    assert found == {3: "It is about complaints, like what you wrote."}


def test_a_rare_word_beats_a_theme():
    order = [i for i, _reason in ranked("Faulty kettle: I gave a refund")]

    assert order[0] == 1
    assert 3 in order


def test_telling_and_saying_hint_at_talking_but_name_nothing():
    criteria = [CriterionText(1, "Tell customers what you need", ()), TONE]

    assert ranked("I told her", criteria) == [(2, "It is about talking with people, like what you wrote.")]


def test_a_command_verb_is_no_subject():
    assert ranked("I explained, described and used", [REFUND, CriterionText(9, "Describe it")]) == []
    assert ranked("a description of use", [CriterionText(9, "Describe how tools are in use")])[0][0] == 9


def test_a_word_of_the_heading_counts_less_than_one_of_the_text():
    under = CriterionText(7, "Greet people", (), "Deal with refunds")

    assert ranked("refund", [under, REFUND]) == [
        (1, "Your words mention “refund”."),
        (7, "Your words mention “refund”, and so does the heading above it."),
    ]


def test_themes_already_chosen_bring_their_kind():
    assert ranked("", chosen_themes={"team-working"}) == [(4, "It is about working with others, like what you chose.")]


def test_nothing_in_common_is_nothing():
    assert ranked("") == []
    assert ranked("zebra") == []
    assert ranked("refund", []) == []
    assert ranked("the of and I") == []


def test_a_word_in_every_criterion_tells_nothing():
    many = [CriterionText(n, f"Serve customers {'politely' if n == 7 else ''}") for n in range(40)]

    assert [i for i, _r in ranked("customers politely", many)] == [7]


def test_own_hints_replace_ours():
    hints = {"team-working": ("kettle",), "digital": ("the of",)}

    assert [i for i, _r in ranked("faulty kettle", theme_hints=hints)] == [4]


def test_an_unknown_theme_still_has_a_sentence():
    odd = CriterionText(1, "Do it", ("juggling",))

    assert ranked("balls", [odd], theme_hints={"juggling": ("ball",)}) == [
        (1, "It has a theme in common with what you wrote.")
    ]
    assert ranked("", [odd], chosen_themes=["juggling"]) == [(1, "It has a theme in common with what you chose.")]


def test_every_theme_has_hints_and_sentences():
    assert set(THEME_HINTS) == set(LIKE_YOUR_WORDS) == set(LIKE_YOUR_CHOICE) == set(Theme.values)
    for theme, hints in THEME_HINTS.items():
        probe = CriterionText(1, "Xyzzy", (theme,))
        for hint in hints:
            assert ranked(hint, [probe]), f"{hint} does not hint at {theme}"


# --- properties -------------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        "refund",
        "faulty",
        "called",
        "colleague",
        "tone",
        "stock",
        "kettle",
        "the",
        "my",
        "safely",
        "wrote",
        "Café",
        "survey",
    ]
)
TEXTS = st.lists(WORDS, max_size=8).map(" ".join) | st.text(max_size=60)
CRITERIA = st.lists(
    st.builds(
        CriterionText,
        id=st.integers(1, 10**6),
        text=TEXTS,
        themes=st.lists(st.sampled_from(Theme.values), max_size=2, unique=True).map(tuple),
        heading=TEXTS,
    ),
    max_size=30,
    unique_by=lambda c: c.id,
)


@given(TEXTS, CRITERIA)
def test_scores_fall_ids_are_theirs_and_reasons_are_sentences(words, criteria):
    found = rank_criteria(words, criteria)

    ids = [m.criterion_id for m in found]
    assert len(set(ids)) == len(ids)
    assert set(ids) <= {c.id for c in criteria}
    assert [m.score for m in found] == sorted((m.score for m in found), reverse=True)
    assert all(m.score > 0 for m in found)
    assert all(m.reason.endswith(".") and len(m.reason) > 10 for m in found)


@given(TEXTS, CRITERIA, st.randoms(use_true_random=False))
def test_scores_do_not_depend_on_the_order_of_criteria(words, criteria, random):
    shuffled = random.sample(criteria, len(criteria))

    before = {m.criterion_id: (m.score, m.reason) for m in rank_criteria(words, criteria)}
    after = {m.criterion_id: (m.score, m.reason) for m in rank_criteria(words, shuffled)}

    assert before == after


@given(TEXTS, CRITERIA)
def test_the_same_question_has_the_same_answer(words, criteria):
    assert rank_criteria(words, criteria) == rank_criteria(words, criteria)


@given(st.lists(WORDS, max_size=8).map(" ".join), CRITERIA)
def test_shouting_changes_no_score(words, criteria):
    quiet = [(m.criterion_id, m.score) for m in rank_criteria(words, criteria)]

    assert [(m.criterion_id, m.score) for m in rank_criteria(words.upper(), criteria)] == quiet


@given(TEXTS, CRITERIA)
def test_a_quoted_word_was_typed(words, criteria):
    for match in rank_criteria(words, criteria):
        for quoted in match.reason.split("“")[1:]:
            assert quoted.split("”")[0] in words


@given(st.text(max_size=300))
def test_any_text_has_stems_that_are_their_own(text):
    for found in stems(text):
        assert found
        assert fold(found) == found


def test_a_letter_in_fancy_dress_is_that_letter():
    assert fold("0𝕬") == "0a"
    assert fold("ﬁne") == "fine"
