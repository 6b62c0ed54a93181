"""What is typed about approvals, identities and the centre's policy. The rules of the centre decide (R1, R37, R41)."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from centres.enums import ApprovalStatus, IdDocument, IdMethod
from centres.rules import ApprovalSaid, IdentitySeen, Policy
from centres.rules.gates import CURRENCY, LONGEST_LETTER, LONGEST_NOTE, LONGEST_NUMBER
from web.centre.forms import text_field
from web.shared.days import day_field
from web.shared.numbers import WholeNumberField

_CHOOSE: Final = _("Choose from the list.")
_DAYS: Final = dict.fromkeys(
    ("required", "invalid", "min_value", "max_value"), _("Type a whole number of days from 30 to 3650.")
)


def _choice(label: Any, choices: Any, missing: Any, **options: Any) -> forms.ChoiceField:
    words = {"required": missing, "invalid_choice": _CHOOSE}
    return forms.ChoiceField(label=label, choices=choices, error_messages=words, widget=forms.RadioSelect, **options)


class ApprovalForm(forms.Form):
    """A letter of the awarding body about one qualification."""

    status = _choice(_("What the awarding body says"), ApprovalStatus.choices, _("Choose what the awarding body says."))
    number = text_field(
        _("Its approval number"), LONGEST_NUMBER, missing=_("Type the number that the awarding body gave it.")
    )
    approved_on = day_field(_("From"), help_text=_("Nobody is registered for a day before this one."))
    lapses_on = day_field(_("Until"), required=False, help_text=_("Empty when the letter names no end."))
    letter = text_field(
        _("What the letter says"),
        LONGEST_LETTER,
        missing=_("Copy what the letter says, so that anybody can check it."),
        widget=forms.Textarea,
        help_text=_("Its own words, with its date and who signed it."),
    )

    def said(self) -> ApprovalSaid:
        """Return what is to be recorded. Call when the form is valid."""
        return ApprovalSaid(**self.cleaned_data)


class IdentityForm(forms.Form):
    """What somebody saw of a learner. Never a number of a document."""

    document = _choice(_("What you saw"), IdDocument.choices, _("Choose what you saw."))
    method = _choice(_("How you saw it"), IdMethod.choices, _("Choose how you saw it."))
    seen_on = day_field(_("Day"))
    same = _choice(
        _("Are name and photo those of the learner?"),
        [("yes", _("Yes, both")), ("no", _("No, or I am not sure"))],
        _("Choose whether they match."),
    )
    note = text_field(
        _("Note"),
        LONGEST_NOTE,
        widget=forms.Textarea,
        help_text=_("Needed for another document, or if something does not match. No numbers of documents."),
    )

    def said(self) -> IdentitySeen:
        """Return what is to be recorded. Call when the form is valid."""
        data = self.cleaned_data
        matches = data["same"] == "yes"
        return IdentitySeen(data["document"], data["method"], data["seen_on"], matches, data["note"].strip())


class PolicyForm(forms.Form):
    """What a centre asks for before an act, and how old evidence may be."""

    asks_approval = forms.BooleanField(
        label=_("Nobody is registered without the awarding body’s approval on record"), required=False
    )
    asks_identity = forms.BooleanField(
        label=_("No unit is signed off before somebody has seen who the learner is"), required=False
    )
    asks_induction = forms.BooleanField(
        label=_("Learners read their rights and duties before they send for the first time"), required=False
    )
    currency_days = WholeNumberField(
        label=_("Ask about evidence that is older than so many days"),
        min_value=CURRENCY[0],
        max_value=CURRENCY[1],
        error_messages=_DAYS,
        help_text=_("730 days are two years. Learners are warned, and assessors say why it still counts."),
    )
    reason = text_field(
        _("Why it changes"),
        LONGEST_NOTE,
        missing=_("Say in a sentence why it changes. Quality assurers read it."),
        widget=forms.Textarea,
        help_text=_("Stays on record, also for external quality assurers. Nothing private."),
    )

    def wanted(self) -> Policy:
        """Return the policy that is wished for. Call when the form is valid."""
        names = ("asks_approval", "asks_identity", "asks_induction", "currency_days")
        return Policy(**{name: self.cleaned_data[name] for name in names})
