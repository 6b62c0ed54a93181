"""What a learner types. Forms only read and check the shape; whether it may be is decided by the services."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.services import LONGEST_REPLY
from common.refusals import Refusal, Refused
from portfolio.enums import AiUse, EvidenceKind, Setting
from portfolio.rules import KEPT, LENGTHS
from web.learner import learner_words as words
from web.shared.days import day_field
from web.shared.texts import Words

LONGEST_REASON = 1000
_NO_TEXT = _("This is no text. Reload the page and type it again.")
_NO_FIELD = _("This site has no place for one of the texts here. Copy what you typed, then reload the page.")
CHOOSE = {"invalid_choice": _("Choose one of the answers shown.")}


def text_of(name: str, label: Any, *, rows: int = 0) -> Words:
    """Return the field of a draft's text: as long as the column holds, counted towards what may be sent."""
    options: dict[str, Any] = {"widget": forms.Textarea(attrs={"rows": rows})} if rows else {}
    return Words(label=label, longest=KEPT[name], counted=LENGTHS[name], required=False, **options)


class DraftForm(forms.Form):
    """The piece itself: name, kind, words, or where it is kept."""

    title = text_of("title", _("Name"))
    kind = forms.ChoiceField(
        label=_("What is it?"), choices=EvidenceKind.choices, required=False, error_messages=CHOOSE
    )
    description = text_of("description", _("What happens in it?"), rows=3)
    body = text_of("body", _("Your words"), rows=8)
    location = text_of("location", _("Where is it kept?"))
    custodian = text_of("custodian", _("Who looks after it?"))


class SendForm(forms.Form):
    """What is said about the piece when it is sent."""

    title = text_of("title", _("Name"))
    description = text_of("description", _("What happens in it?"), rows=3)
    activity_date = day_field(_("When did it happen?"), required=False)
    place = text_of("place", _("Where was it?"))
    setting = forms.ChoiceField(
        label=_("How real was it?"),
        choices=Setting.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    people = text_of("people", _("Who else is in it?"))
    organisation = text_of("organisation", _("How is it done where you work?"))
    ai_use = forms.ChoiceField(
        label=_("Did an AI tool help?"),
        choices=AiUse.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    ai_note = text_of("ai_note", _("How did it help?"))


class DeclarationForm(forms.Form):
    """One tick for what is true of every piece that is sent (R57, R60)."""

    declared = forms.BooleanField(
        label=_("This is my own work. What I say above is true. No customer can be recognised."), required=False
    )


class ReplyForm(forms.Form):
    """One line to the assessor."""

    text = Words(
        label=_("Your answer"),
        longest=LONGEST_REPLY,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write something first.")},
    )


class ConfirmForm(forms.Form):
    """Does the learner agree with what the assessor signed? (R83)"""

    agrees = forms.ChoiceField(
        label=_("Is this right?"),
        choices=[("yes", _("Yes. I agree that this unit is done.")), ("no", _("No. Something is not right."))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose yes or no."), "invalid_choice": _("Choose yes or no.")},
    )
    reason = Words(
        label=_("What is not right?"),
        longest=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


#: What a page of ours sends beside the words; everything else that is no field is told to be no field.
BESIDE = frozenset({"csrfmiddlewaretoken", "idempotency_key", "revision", "unit", "thing", "declared", "files", "seen"})
FIELDS: dict[str, forms.Field] = {**DraftForm.base_fields, **SendForm.base_fields}


def clean_some(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Check single fields of a draft as they are typed. Return what can be kept, and a sentence for what cannot.

    A name that is no field of a draft is one that a page of another version had: nothing of it is kept, and it says so.
    """
    kept: dict[str, Any] = {}
    wrong = {name: str(_NO_FIELD) for name in given.keys() - FIELDS.keys() - BESIDE}
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
        form.add_error(name if name in form.fields else None, sentence_of(refusal))


def sentence_of(refusal: Refusal) -> str:
    """Return a reason in the learner's words; one that could be about any text says about which."""
    said = words.sentence(refusal)
    if refusal.code != "too-long" or refusal.field not in FIELDS:
        return said
    return gettext("%(name)s: %(sentence)s") % {"name": str(FIELDS[refusal.field].label).rstrip("?"), "sentence": said}


class InductionForm(forms.Form):
    """What a learner ticks once they have read it (R41). Whether all has to be ticked is the rule's to say."""

    appeals = forms.BooleanField(label=_("I know how I can appeal, and to whom"), required=False)
    malpractice = forms.BooleanField(
        label=_("I know what cheating is, and what I have to say about AI tools"), required=False
    )
    rest = forms.BooleanField(label=_("I have read the rest as well"), required=False)
