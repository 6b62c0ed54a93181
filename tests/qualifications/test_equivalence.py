"""Likeness of criteria: the same words first, always a reason, never a decision (R34)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualifications.rules import Wording, likenesses
from qualifications.rules.equivalence import THEME_BONUS

GREET = Wording(1, "Greet callers by name in a friendly tone", "1.1", "competence", "A/1", ("verbal-communication",))


def one(text, **more):
    facts = {"number": "9.9", "kind": "competence", "reference": "", "themes": (), **more}
    return Wording(id=7, text=text, **facts)


def best(new, old=GREET):
    found = likenesses([old], [new])[old.id]
    return found[0].how if found else ""


def test_the_same_wording_is_the_same_wherever_it_stands():
    assert best(one("Greet callers by  name in a friendly tone")) == "same"


def test_the_same_place_in_the_same_unit_says_that_the_wording_is_another():
    [found] = likenesses([GREET], [one("Deal with visitors", number="1.1", reference="A/1")])[1]
    assert found.how == "reference"
    assert "wording is another" in found.reason


def test_words_in_common_are_named():
    [found] = likenesses([GREET], [one("Greet callers on the telephone with their name")])[1]
    assert found.how == "words"
    assert "“" in found.reason


def test_a_theme_needs_a_word_beside_it():
    new = "Describe tone and pace suited to speaking over the telephone with visitors"
    others = [Wording(n, f"Something about subject{n} and matter{n}", "1", "competence") for n in range(20, 40)]
    assert best(one("Answer letters at once", themes=("verbal-communication",))) == ""
    assert likenesses([GREET], [one(new, themes=()), *others])[1] == ()


@pytest.mark.parametrize(
    ("themes", "how"),
    [
        (("verbal-communication",), "theme"),
        (("digital", "verbal-communication"), "theme"),
        (("digital",), ""),
        ((), ""),
    ],
)
def test_words_and_a_theme_in_common_are_a_reason_where_the_words_alone_are_none(themes, how):
    found = likenesses([GREET], [one("Use a friendly tone with visitors at the desk and in letters", themes=themes)])[1]
    assert [like.how for like in found] == [how] * bool(how)
    for like in found:
        assert like.reason == "Both belong to the theme “Talking with people”."


def test_a_theme_in_common_adds_to_words_in_common():
    text = "Greet callers on the telephone with their name"
    (plain,), (themed,) = (likenesses([GREET], [one(text, themes=t)])[1] for t in ((), GREET.themes))
    assert round(themed.score - plain.score, 6) == THEME_BONUS


def test_knowing_and_doing_are_told_apart():
    text = "Greet callers warmly, take notes, and refer orders"
    assert best(one(text)) in {"words", "theme", ""}
    assert best(one("Describe ways to greet callers and take long notes of orders", kind="knowledge")) == ""


def test_nothing_in_common_is_nothing():
    assert best(one("Reconcile the ledger")) == ""
    assert likenesses([GREET], []) == {1: ()}
    assert likenesses([], [GREET]) == {}


TEXTS = st.lists(
    st.sampled_from(
        [
            "greet",
            "callers",
            "customer",
            "complaint",
            "letter",
            "explain",
            "solve",
            "refund",
            "team",
            "safety",
            "record",
            "listen",
        ]
    ),
    min_size=1,
    max_size=6,
).map(" ".join)
MANY = st.lists(TEXTS, min_size=1, max_size=8)


@given(MANY, MANY)
def test_every_suggestion_has_a_reason_its_order_and_its_bound(old, new):
    was = [Wording(n, text, "1", "competence") for n, text in enumerate(old)]
    now = [Wording(100 + n, text, "2", "competence") for n, text in enumerate(new)]
    found = likenesses(was, now)
    assert found == likenesses(was, now)
    assert set(found) == {w.id for w in was}
    for likes in found.values():
        assert len(likes) <= 2
        assert [x.score for x in likes] == sorted((x.score for x in likes), reverse=True)
        assert len({x.id for x in likes}) == len(likes)
        assert all(x.reason.endswith(".") and x.id >= 100 for x in likes)


@given(TEXTS)
def test_a_criterion_is_most_like_itself(text):
    own = Wording(1, text, "1", "competence")
    other = Wording(2, f"{text} and more besides", "1", "competence")
    found = likenesses([own], [other, own])[1]
    # A text of nothing but commands and small words is about nothing: then there is nothing to find.
    assert not found or (found[0].id, found[0].how) == (1, "same")
