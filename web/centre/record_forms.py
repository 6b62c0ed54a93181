"""What an admin types to put a learner's record right. The rules of the centre decide; forms only read."""

from collections.abc import Collection
from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from centres.enums import Demographic, UlnStatus
from centres.rules import Identity, Proof, Record
from centres.services import Corrected, NumberStep
from web.centre.forms import WhoForm, text_field
from web.shared.days import day_field

#: The fields of a record, in its order.
RECORD = tuple(one.name for one in fields(Record))


class RecordForm(WhoForm):
    """The record as it should be, why, and what was seen where another name or birthday needs proof (R27)."""

    candidate_number = text_field(
        _("Candidate number"), 8, help_text=_("Of your centre, up to four digits. Leave it empty where there is none.")
    )
    ocr_number = text_field(
        _("OCR number"), 16, help_text=_("Eight digits, from an earlier claim. Leave it empty for a first-timer.")
    )
    uci = text_field(
        _("UCI"),
        20,
        help_text=_("The unique candidate identifier: 13 letters and digits."),
    )
    another_number = forms.BooleanField(label=_("The earlier OCR number was wrong; this one is right"), required=False)
    reason = text_field(
        _("Why it is corrected"),
        300,
        missing=_("Say in a sentence why the record is corrected. The learner reads it."),
        help_text=_("The learner reads it. For example: typed wrongly when you joined."),
    )
    proof = text_field(_("What you saw"), 200, help_text=_("For example: passport, marriage certificate, deed poll."))
    proof_seen_by = text_field(_("Who saw it"), 200)
    proof_seen_on = day_field(_("Seen on"), required=False)

    def corrected(self) -> Corrected:
        """Return what was typed. Call when the form is valid."""
        said = self.cleaned_data
        return Corrected(
            record=self.record(),
            reason=said["reason"],
            proof=Proof(said["proof"], said["proof_seen_by"], said["proof_seen_on"]),
            another_person=said["another_person"],
            another_number=said["another_number"],
        )

    def record(self) -> Record:
        """Return the record as it should be."""
        said = self.cleaned_data
        return Record(**{name: said[name] for name in RECORD})

    def identity(self) -> Identity:
        """Return what the rules about odd names look at."""
        said = self.cleaned_data
        names = ("given_names", "family_name", "date_of_birth", "gender", "uln", "uln_missing_reason", "workplace")
        return Identity(email="", **{name: said[name] for name in names})


class NumberForm(forms.Form):
    """A step of a learner number: asked for after the privacy notice, or compared, and what differs (R31, R33)."""

    step = forms.ChoiceField(
        label=_("What the Learning Records Service says"),
        choices=[(one.value, one.label) for one in (UlnStatus.VERIFIED, UlnStatus.MISMATCH, UlnStatus.REQUESTED)],
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what happened."),
            "invalid_choice": _("Choose what happened."),
        },
    )
    day = day_field(_("On"), required=False)
    notice = text_field(_("Privacy notice that the learner was shown"), 60, help_text=_("For example: LRS, May 2024."))
    notice_on = day_field(_("Shown on"), required=False)
    fields_that_differ = forms.MultipleChoiceField(
        label=_("What does not match"),
        choices=Demographic.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose what differs: the learner and the service have to be asked.")},
    )

    def __init__(self, data: Any = None, *, steps: Collection[UlnStatus], **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["step"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        if data is None:  # what cannot follow is not offered; what is sent all the same, the rule refuses with a word
            field.choices = [(value, label) for value, label in UlnStatus.choices if value in steps]

    def number_step(self) -> NumberStep:
        """Return what was typed. Call when the form is valid."""
        said = self.cleaned_data
        return NumberStep(
            to=said["step"],
            day=said["day"],
            notice=said["notice"],
            notice_on=said["notice_on"],
            fields=tuple(said["fields_that_differ"]),
        )


def as_typed(record: Record, name: str, today: Any) -> dict[str, Any]:
    """Return what the form shows first: the record as it is, and who would see a proof when."""
    return {one: getattr(record, one) for one in RECORD} | {"proof_seen_by": name, "proof_seen_on": today}
