"""What is typed about rules for evidence. Whether it may be so is for the rules of the centre to say (R71)."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from qualifications.enums import Kind
from web.centre.forms import Choices, text_field
from web.centre.second_person import AnswerForm, answer_choice, answer_note
from web.shared.days import day_field
from web.shared.numbers import WholeNumberField

MOST: Final = 20
ALL: Final = "all"
#: The ways of showing something, as staff call them (R49); learners read other words.
METHODS: Final = (
    ("work_product", _("Something made at work")),
    ("media", _("A photo, sound or film")),
    ("in_situ", _("Something kept at work")),
    ("assignment", _("An answer to a question or assignment")),
    ("statement", _("The learner’s own account")),
    ("writing", _("A piece of writing")),
)
_NUMBER: Final = dict.fromkeys(
    ("required", "invalid", "min_value", "max_value"), _("Type a whole number from 1 to 20.")
)


def _number(label: Any) -> WholeNumberField:
    return WholeNumberField(label=label, min_value=1, max_value=MOST, initial=1, error_messages=_NUMBER)


class AskedForm(forms.Form):
    """The four things that can be asked of evidence, from a day on, with the reason."""

    pieces = _number(_("Accepted pieces, at least"))
    occasions = _number(_("From different days, at least"))
    methods = forms.MultipleChoiceField(
        label=_("Each of these among them"),
        choices=METHODS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    observed = forms.BooleanField(label=_("The assessor has to have seen it at work"), required=False)
    starts_on = day_field(_("From"))
    reason = text_field(
        _("Why"),
        500,
        missing=_("Say why, in a sentence. Quality assurers read it."),
        widget=forms.Textarea,
        help_text=_("Stays on record, also for external quality assurers. Nothing private."),
    )

    def asked(self) -> dict[str, Any]:
        """Return what is asked, as the services take it. Call when the form is valid."""
        return {name: self.cleaned_data[name] for name in ("pieces", "occasions", "methods", "observed")}


class RuleForm(AskedForm):
    """A rule of the centre."""

    unit = forms.ChoiceField(
        label=_("Unit"), required=False, error_messages={"invalid_choice": _("Choose a unit from the list.")}
    )
    kind = forms.ChoiceField(
        label=_("Criteria"),
        required=False,
        widget=forms.RadioSelect,
        initial=ALL,
        choices=[(ALL, _("All")), *Kind.choices],
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    field_order = ("unit", "kind")

    def clean_kind(self) -> str:
        """Return the kind, empty for both."""
        kind = str(self.cleaned_data["kind"])
        return "" if kind == ALL else kind

    def __init__(self, data: Any = None, *, units: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["unit"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("Every unit")), *units]


class ExceptionForm(AskedForm):
    """What differs for one learner."""

    criterion = forms.ChoiceField(
        label=_("Criterion"), required=False, error_messages={"invalid_choice": _("Choose a criterion of this unit.")}
    )
    eases = forms.ChoiceField(
        label=_("What changes"),
        widget=forms.RadioSelect,
        choices=[("less", _("Less is asked: this is enough")), ("more", _("More is asked: at least this"))],
        error_messages={"required": _("Choose whether more or less is asked."), "invalid_choice": _("Choose one.")},
    )
    field_order = ("criterion", "eases")

    def __init__(self, data: Any = None, *, criteria: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["criterion"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", _("The whole unit")), *criteria]


class DecideForm(AnswerForm):
    """A second person's answer."""

    agrees = answer_choice(_("I agree"), _("I do not agree"), _("Choose whether you agree."))
    note = answer_note(_("Why not"), 500, _("Only if you do not agree."))
