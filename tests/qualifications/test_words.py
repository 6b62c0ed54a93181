"""Words that a search finds by: tokens, stems, what is looked for, and what is marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualifications.rules.words import _singular, looked_for, marked, searchable, tokens

ODD = "Réfunds are DUE… e-mail, £5½, naïve ß 日本 Ⅷ don’t x²\x00 T/506/2134"


def test_a_text_is_its_words_without_small_ones():
    assert tokens("Explain WHEN a refund is due") == ["explain", "refund", "due"]
    assert tokens("T/506/2134") == ["t", "506", "2134"]
    assert tokens("the customer’s e-mail") == ["customer", "e", "mail"]
    assert tokens("") == tokens("…") == tokens("is it") == []


def test_an_index_holds_each_word_once_as_it_stands_and_as_its_stem():
    assert searchable(["Handling calls", "Handle a call"]) == "cal call calls handl handle handling"
    assert searchable([]) == ""


@pytest.mark.parametrize(
    ("word", "one"),
    [
        *(("policies", "policy"), ("boxes", "box"), ("watches", "watch"), ("wishes", "wish"), ("passes", "pass")),
        *(("calls", "call"), ("process", "process"), ("status", "status"), ("basis", "basis"), ("stock", "stock")),
    ],
)
def test_a_word_of_many_is_that_of_one(word, one):
    assert _singular(word) == one


def test_a_word_is_looked_for_as_a_beginning_or_by_its_stem():
    assert looked_for("complaints") == ((("complaints", True), ("complaint", False)),)
    assert looked_for("IT be 5") == ((("5", False),),), "one or two letters are no beginning"
    assert looked_for("the") == ()


def test_what_was_looked_for_is_marked():
    count, parts = marked("Deal with a customer’s complaint.", looked_for("complaining shopper zebra"))
    assert count == 2
    assert parts == (("Deal with a ", False), ("customer’s", True), (" ", False), ("complaint", True), (".", False))


@pytest.mark.parametrize("word", ODD.split())
def test_every_word_of_an_odd_text_is_marked_by_itself(word):
    wanted = looked_for(word)
    count, _parts = marked(ODD, wanted)
    assert count == len(wanted)


@given(st.text(max_size=200), st.text(max_size=60))
def test_marking_takes_no_letter_away(text, query):
    _count, parts = marked(text, looked_for(query))
    assert "".join(words for words, _found in parts) == text


@given(st.text(max_size=300))
def test_an_index_holds_tokens_and_blanks_only(text):
    held = searchable([text])
    assert not held or all(token.isalnum() for token in held.split(" "))
    assert marked(text, looked_for(text))[0] == len(looked_for(text)), "a text answers to all of its own words"
