"""What the assessor's pages send. Shapes only: whether it is allowed is for the rules to say."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.enums import Vacsr, Verdict
from assessments.rules.judging import LONGEST_FEEDBACK, LONGEST_NEXT_ACTION
from assessments.services import ReviewAnswers, VerdictGiven
from common.plain import whole_number
from portfolio.enums import Setting
from web.shared.days import day_field
from web.shared.numbers import WholeNumberField
from web.shared.texts import Words

VERDICT: Final = re.compile(r"^verdict-([0-9a-z]{26})$")
#: What may stand in an autosaved draft; everything else that a script sends is dropped.
DRAFT_NAMES: Final = re.compile(
    r"^((verdict|reason)-[0-9a-z]{26}|version|feedback|next_action|next_by|vacsr_note|setting_confirmed|setting_basis"
    r"|currency_note|days_note|inspected_on|observed_on|(vacsr|doubt)-(valid|authentic|current|sufficient|reliable))$"
)
LONGEST_VALUE: Final = 10_000


class JudgeForm(forms.Form):
    """Everything on the judgement side but the verdicts themselves, whose names depend on the piece."""

    version = WholeNumberField(min_value=1, widget=forms.HiddenInput)
    feedback = Words(required=False, strip=False, longest=LONGEST_FEEDBACK, widget=forms.Textarea, label=_("Feedback"))
    next_action = Words(required=False, longest=LONGEST_NEXT_ACTION, label=_("Next step"))
    next_by = day_field(_("By"), required=False)
    vacsr_note = forms.CharField(required=False, strip=False, widget=forms.Textarea, label=_("Why it is taken off"))
    setting_confirmed = forms.ChoiceField(
        required=False, choices=[("", _("Choose where it happened")), *Setting.choices], label=_("Where it happened")
    )
    setting_basis = forms.CharField(required=False, strip=False, label=_("How you know"))
    currency_note = forms.CharField(required=False, strip=False, label=_("Why it still counts"))
    inspected_on = day_field(_("You saw it there on"), required=False)
    observed_on = day_field(_("You saw it yourself at work on"), required=False)
    days_note = forms.CharField(required=False, strip=False, label=_("Why on that day"))

    def answers(self) -> ReviewAnswers:
        """Return the answers for the service. Call when the form is valid."""
        said = self.cleaned_data
        return ReviewAnswers(
            feedback=said["feedback"],
            next_action=said["next_action"],
            next_by=said["next_by"],
            vacsr=stood_for(self.data),
            vacsr_note=said["vacsr_note"],
            setting_confirmed=said["setting_confirmed"],
            setting_basis=said["setting_basis"],
            currency_note=said["currency_note"],
            days_note=said["days_note"],
            inspected_on=said["inspected_on"],
            observed_on=said["observed_on"],
        )


def stood_for(typed: Mapping[str, Any]) -> dict[str, bool]:
    """Return the five answers of R70: the page names the words that saving confirms, a doubt takes one off."""
    named = {word: f"vacsr-{word}" in typed for word in Vacsr.values}
    return {word: f"doubt-{word}" not in typed for word, shown in named.items() if shown or f"doubt-{word}" in typed}


def verdicts(typed: Mapping[str, Any]) -> list[VerdictGiven]:
    """Return the radio buttons that were chosen, each with the round its page showed."""
    found = []
    for name in typed:
        match = VERDICT.match(name)
        if match and typed[name] in Verdict.values:
            mapping = match.group(1)
            reason = str(typed.get(f"reason-{mapping}", ""))
            found.append(VerdictGiven(mapping, round_typed(typed, mapping), typed[name], reason))
    return found


def round_typed(typed: Mapping[str, Any], mapping: str) -> int:
    """Return the round the page was made in, or -1 for one that no page ever showed."""
    number = whole_number(str(typed.get(f"round-{mapping}", "")))
    return -1 if number is None else number


def draft_of(sent: Any) -> dict[str, str]:
    """Return what of a script's (or a form's) fields may be kept as a draft: known names with their whole texts."""
    if not isinstance(sent, Mapping):
        return {}
    known = ((name, sent[name]) for name in sent if isinstance(name, str) and DRAFT_NAMES.match(name))
    return {name: value for name, value in known if isinstance(value, str)}


class ReplyForm(forms.Form):
    """A line of the talk."""

    text = forms.CharField(required=False, strip=False, widget=forms.Textarea, label=_("Write to the learner"))


class SignForm(forms.Form):
    """The declaration of a sign-off."""

    declared = forms.BooleanField(required=False, label=_("I declare this and sign."))


class ReasonForm(forms.Form):
    """Words that go with reopening a unit."""

    reason = Words(required=False, longest=2000, widget=forms.Textarea, label=_("Why"))


class AnswerForm(forms.Form):
    """Words to a learner who did not agree."""

    answer = Words(required=False, longest=2000, widget=forms.Textarea, label=_("Your answer"))


class AgreeForm(forms.Form):
    """A countersigner's answer."""

    agrees = forms.ChoiceField(
        choices=[("yes", _("I agree")), ("no", _("I do not agree"))],
        widget=forms.RadioSelect,
        label=_("Your answer"),
        error_messages={"required": _("Choose whether you agree."), "invalid_choice": _("Choose whether you agree.")},
    )
    reason = Words(required=False, longest=500, strip=False, widget=forms.Textarea, label=_("Your reason"))

    def answer(self) -> tuple[bool, str]:
        """Return whether they agree, and why. Call when the form is valid."""
        return self.cleaned_data["agrees"] == "yes", self.cleaned_data["reason"]
