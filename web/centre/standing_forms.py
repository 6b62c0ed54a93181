"""What an admin says about the state of a registration. The rules decide; the form only reads."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from web.centre.forms import Choices, text_field
from web.shared.days import day_field


class StateForm(forms.Form):
    """What happens to a registration, on which day, and why."""

    act = forms.ChoiceField(
        label=_("What happens"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what happens."), "invalid_choice": _("Choose from the list.")},
    )
    on = day_field(
        _("Last day"),
        required=False,
        help_text=_("For leaving and for completed. Today when it is empty; a break or a stop begins today."),
    )
    reason = text_field(
        _("Why"),
        300,
        help_text=_(
            "Needed for a break, a stop, for leaving and for taking “completed” back; for completed the number of the"
            " certificate, if you like. Stays on record. Nothing private."
        ),
    )

    def __init__(self, data: Any = None, *, acts: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        self.offer(acts)

    def offer(self, acts: Choices) -> None:
        """Let these be chosen, and nothing else."""
        field = self.fields["act"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = list(acts)
