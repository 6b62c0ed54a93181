"""Whole numbers in forms: the digits 0 to 9, in a range that the column holds. `int("١")` would be 1."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.plain import WHOLE, whole_number


class WholeNumberField(forms.IntegerField):
    """A whole number from `min_value` (0 where none is said) to `max_value` (the column's, where none is said)."""

    def __init__(self, *, min_value: int = 0, max_value: int = WHOLE, **options: Any) -> None:
        super().__init__(min_value=min_value, max_value=max_value, **options)

    def to_python(self, value: Any) -> int | None:
        """Return the number; a far too long one is out of range, and anything but digits is no number."""
        text = str(value).strip() if value not in self.empty_values else ""
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        number = whole_number(text, most=WHOLE)
        return WHOLE + 1 if number is None else number
