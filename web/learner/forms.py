"""What a learner types. Forms only read and check the shape; whether it may be is decided by the services."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.refusals import Refused
from portfolio.enums import AiUse, EvidenceKind, Setting
from web.learner import words
from web.shared.days import day_field

_NO_TEXT = _("This is no text. Reload the page and type it again.")
LONGEST_BODY = 20000
LONGEST_DESCRIPTION = 4000
LONGEST_REPLY = 2000
LONGEST_REASON = 1000


class DraftForm(forms.Form):
    """The piece itself: name, kind, words, or where it is kept."""

    title = forms.CharField(label=_("Name"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("What is it?"), choices=EvidenceKind.choices, required=False)
    description = forms.CharField(
        label=_("What happens in it?"),
        max_length=LONGEST_DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    body = forms.CharField(
        label=_("Your words"), max_length=LONGEST_BODY, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    location = forms.CharField(label=_("Where is it kept?"), max_length=200, required=False)
    custodian = forms.CharField(label=_("Who looks after it?"), max_length=120, required=False)


class SendForm(forms.Form):
    """What is said about the piece when it is sent."""

    title = forms.CharField(label=_("Name"), max_length=120, required=False)
    description = forms.CharField(
        label=_("What happens in it?"),
        max_length=LONGEST_DESCRIPTION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    activity_date = day_field(_("When did it happen?"), required=False)
    place = forms.CharField(label=_("Where was it?"), max_length=120, required=False)
    setting = forms.ChoiceField(
        label=_("How real was it?"), choices=Setting.choices, required=False, widget=forms.RadioSelect
    )
    people = forms.CharField(label=_("Who else is in it?"), max_length=300, required=False)
    organisation = forms.CharField(label=_("How is it done where you work?"), max_length=160, required=False)
    ai_use = forms.ChoiceField(
        label=_("Did an AI tool help?"), choices=AiUse.choices, required=False, widget=forms.RadioSelect
    )
    ai_note = forms.CharField(label=_("How did it help?"), max_length=300, required=False)


class DeclarationForm(forms.Form):
    """One tick for what is true of every piece that is sent (R57, R60)."""

    declared = forms.BooleanField(
        label=_("This is my own work. What I say above is true. No customer can be recognised."), required=False
    )


class ReplyForm(forms.Form):
    """One line to the assessor."""

    text = forms.CharField(
        label=_("Your answer"),
        max_length=LONGEST_REPLY,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write something first.")},
    )


class ConfirmForm(forms.Form):
    """Does the learner agree with what the assessor signed? (R83)"""

    agrees = forms.ChoiceField(
        label=_("Is this right?"),
        choices=[("yes", _("Yes. I agree that this unit is done.")), ("no", _("No. Something is not right."))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no.")},
    )
    reason = forms.CharField(
        label=_("What is not right?"),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


FIELDS: dict[str, forms.Field] = {**DraftForm.base_fields, **SendForm.base_fields}


def clean_some(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Check single fields of a draft as they are typed. Return what can be kept, and a sentence for what cannot.

    Names that are no field of a draft are left out.
    """
    kept: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name in FIELDS.keys() & given.keys():
        if not isinstance(given[name], str):
            wrong[name] = str(_NO_TEXT)
            continue
        try:
            kept[name] = FIELDS[name].clean(given[name])
        except forms.ValidationError as error:
            wrong[name] = " ".join(error.messages)
    return kept, wrong


def show_refusals(form: forms.Form, refused: Refused, where: Mapping[str, str] | None = None) -> None:
    """Put each reason at its field; one without a field of this form stands in the summary. `where` renames fields."""
    for refusal in refused.refusals:
        name = (where or {}).get(refusal.field, refusal.field)
        form.add_error(name if name in form.fields else None, words.sentence(refusal))
