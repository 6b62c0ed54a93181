"""What an admin types about who looks after whom. The rules of the centre decide; forms only read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from web.centre.forms import Choices, choose, text_field
from web.shared.days import day_field


class AllocateForm(forms.Form):
    """Who looks after a learner from a day on, in which registration, until when, and why it changes."""

    registration = forms.ChoiceField(
        label=_("In"),
        required=False,
        error_messages={"invalid_choice": _("Choose a qualification from the list.")},
    )
    assessor = forms.ChoiceField(
        label=_("Assessor"),
        error_messages={
            "required": _("Choose an assessor from the list."),
            "invalid_choice": _("Choose an assessor from the list."),
        },
    )
    starts_on = day_field(_("From"))
    ends_on = day_field(
        _("Last day"),
        required=False,
        help_text=_("For cover: from the day after, whoever looks after them now does so again."),
    )
    reason = text_field(_("Why"), 300, help_text=_("Stays on record. Nothing private."))
    exception = text_field(
        _("Why it has to be who registered them"),
        300,
        help_text=_("Only if this assessor registered the learner. Quality assurers read it."),
    )
    alongside = forms.BooleanField(label=_("The present assessor stays as well"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=600)

    def __init__(self, data: Any = None, *, people: Choices = (), registrations: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "assessor", people)
        field = self.fields["registration"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("All qualifications")), *registrations]


class MoveForm(forms.Form):
    """Several learners get one assessor."""

    learners = forms.MultipleChoiceField(
        error_messages={
            "required": _("Tick at least one learner."),
            "invalid_choice": _("One of these learners is not on this page any more. Look again, then move them."),
        },
        widget=forms.CheckboxSelectMultiple,
    )
    assessor = forms.ChoiceField(
        label=_("Move to"),
        error_messages={
            "required": _("Choose an assessor from the list."),
            "invalid_choice": _("Choose an assessor from the list."),
        },
    )
    starts_on = day_field(_("From"))
    reason = text_field(_("Why"), 300, missing=_("Say why the learners change assessor."))

    def __init__(self, data: Any = None, *, people: Choices = (), learners: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "assessor", people)
        field = self.fields["learners"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = list(learners)
