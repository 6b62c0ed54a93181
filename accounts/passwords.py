"""Passwords that name the product or the trade are the first that a stranger tries (ASVS 6.1.2)."""

from typing import Any

from django.core.exceptions import ValidationError

from common.text import _

WORDS = ("attest", "portfolio", "assessor", "customer", "password", "welcome", "learner")


class NotOurWordsValidator:
    """Refuse a password that is one of our own words with digits or signs around it."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - the library's signature
        """Raise `ValidationError` when nothing but one of our words is left without digits and signs."""
        letters = "".join(c for c in password.casefold() if c.isalpha())
        if letters in WORDS:
            raise ValidationError(_("That password is easy to guess. Use three or four words of your own."))

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return str(_("Three or four words of your own make a good password."))
