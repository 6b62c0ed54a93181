"""Days as people type them: written one way everywhere, in years that somebody alive can mean."""

import datetime as dt
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

FIRST: Final = dt.date(1900, 1, 1)
LAST: Final = dt.date(2100, 12, 31)
WORDS: Final = {"required": _("Choose a day."), "invalid": _("This is not a day. Write it like 23/11/2026.")}
_YEAR: Final = _("Look at the year again.")


class DayField(forms.DateField):
    """A day in the digits 0 to 9: the library would read any script's."""

    def to_python(self, value: Any) -> dt.date | None:
        """Return the day. Refuses foreign digits like any other text that is no day."""
        if isinstance(value, str) and not value.strip().isascii():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


def day_field(label: Any, *, required: bool = True, **options: Any) -> forms.DateField:
    """Return a field for a day."""
    return DayField(
        label=label,
        required=required,
        error_messages=WORDS,
        widget=forms.DateInput(),
        validators=[MinValueValidator(FIRST, _YEAR), MaxValueValidator(LAST, _YEAR)],
        **options,
    )
