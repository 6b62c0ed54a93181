"""Passwords: how they are kept, which are refused, and that none is cut short (H08)."""

import time

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import override_settings

from accounts.models import User
from accounts.passwords import WORDS, NotOurWordsValidator
from config import settings as product

ADA = User(email="ada.lovelace@people.example", given_name="Ada", family_name="Lovelace")


@pytest.fixture
def real_hashers():
    """Keep passwords as the product does; the other tests use a cheap hash."""
    with override_settings(PASSWORD_HASHERS=product.PASSWORD_HASHERS):
        yield


def test_passwords_are_kept_with_argon2id_and_nothing_older(real_hashers):
    assert product.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    kept = make_password("three small green boats")
    assert kept.startswith("argon2$argon2id$")
    hasher = identify_hasher(kept)
    params = hasher.decode(kept)
    assert params["memory_cost"] >= 19 * 1024
    assert params["time_cost"] >= 2


def test_the_same_password_is_kept_differently_each_time(real_hashers):
    assert make_password("three small green boats") != make_password("three small green boats")


@pytest.mark.parametrize(
    "password",
    [
        " leading and trailing ",
        "x" * 64,
        "x" * 128,
        "🦊🐢 four small animals 🐌🦉",
        "a\x00b hidden by a nul",
        "y" * 1_000_000,
    ],
)
def test_every_letter_counts_and_none_takes_long(real_hashers, password):
    begun = time.monotonic()
    kept = make_password(password)
    assert check_password(password, kept)
    assert not check_password(password[:-1], kept)
    assert not check_password(password.strip(), kept) or password == password.strip()
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("around", ["{}", "{}2026!", "123{}", "{}{}", " {} "])
def test_our_own_words_are_refused_with_signs_around_them(word, around):
    password = around.format(word, "1!") if around.count("{}") == 2 else around.format(word.title())
    with pytest.raises(ValidationError, match="easy to guess"):
        NotOurWordsValidator().validate(password)


def test_longer_passwords_with_our_words_in_them_are_fine():
    NotOurWordsValidator().validate("my learner eats green apples")
    assert "words of your own" in NotOurWordsValidator().get_help_text()


@pytest.mark.parametrize("password", ["short", "password123", "Lovelace1815", "ada.lovelace@people", "1234567890"])
def test_weak_passwords_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, ADA)


@pytest.mark.parametrize("password", ["five quiet garden snails", "ŷ ŵ three welsh hats", "🦊🐢 four small animals"])
def test_passwords_of_ones_own_words_are_fine(password):
    validate_password(password, ADA)
