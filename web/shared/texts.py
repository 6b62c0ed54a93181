"""Fields for what people write: line breaks as they are stored, and a limit that says which field it is about."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class Words(forms.CharField):
    """A text of at most `longest` characters.

    A browser sends a line break as two characters in a form and as one by script: both are stored, and counted, as one.
    `counted` is what the page counts towards, where less is meant than may be kept: a draft may be longer than what is
    sent.
    """

    def __init__(self, *, longest: int, counted: int | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.max_length, self.counted = longest, counted or longest

    def to_python(self, value: Any) -> str | None:
        """Return the text with line breaks of one character."""
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text

    def validate(self, value: Any) -> None:
        """Refuse what is missing or too long."""
        super().validate(value)
        if len(value) > (self.max_length or 0):
            raise ValidationError(too_long(self.label, len(value), self.counted), code="max_length")


def too_long(label: object, length: int, most: int) -> str:
    """Return the sentence of every field that holds too much."""
    words = _("“%(name)s” is %(length)s characters long. Keep it to %(most)s.")
    return words % {"name": label, "length": f"{length:,}", "most": f"{most:,}"}
