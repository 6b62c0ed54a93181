"""What a centre's editors type about a criterion. Whether it may be is for the rules to say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.refusals import Refused, Stale
from qualifications.enums import Theme
from qualifications.rules import LONGEST_EXAMPLES, LONGEST_WORDS
from web.shared.numbers import WholeNumberField
from web.shared.texts import Words


class _SeenForm(forms.Form):
    """A form that says which version its page showed."""

    seen = WholeNumberField(max_value=1_000_000, widget=forms.HiddenInput)


class ThemesForm(_SeenForm):
    """The themes of a criterion in this centre."""

    themes = forms.MultipleChoiceField(
        label=_("Themes"), choices=Theme.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class NoteForm(_SeenForm):
    """A criterion in plain words, with examples."""

    words = Words(
        label=_("In plain words"),
        help_text=_("As you would say it to a learner at work."),
        longest=LONGEST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    examples = Words(
        label=_("Examples of good evidence"),
        help_text=_("One a line. No names of learners or customers."),
        longest=LONGEST_EXAMPLES,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


def add_refusals(form: forms.Form, refused: Refused) -> int:
    """Put every sentence of a refusal at its field (or above the form) and return the status of the answer."""
    for refusal in refused.refusals:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    return 409 if isinstance(refused, Stale) else 422
