"""What an admin types about people and learners. The rules of the centre decide; forms only read."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from centres.enums import Gender, Purpose, Role
from centres.rules import Initial
from common.refusals import Refused, Stale
from qualifications.rules import LONGEST_CONFIRMATION
from web.shared.days import day_field
from web.shared.http import ActorRequest
from web.shared.numbers import WholeNumberField
from web.shared.texts import Words

Choices = Iterable[tuple[str, Any]]
#: Roles that an invitation can give; learners are registered, and who looks from outside is proposed.
INVITABLE = tuple((str(role), role.label) for role in Role if role not in {Role.LEARNER, Role.EQA})


def text_field(label: Any, longest: int, *, missing: Any = "", **options: Any) -> forms.CharField:
    """Return a line of text; without `missing` it may stay empty."""
    words = {
        "required": missing,
        "null_characters_not_allowed": _("There is a sign in this that cannot be kept. Type it again."),
    }
    return Words(label=label, longest=longest, required=bool(missing), error_messages=words, **options)


def entry_field() -> forms.CharField:
    """Return the field in which somebody says how they know that a qualification takes learners (R16)."""
    return text_field(
        _("How you know that it still takes learners"),
        LONGEST_CONFIRMATION,
        help_text=_("Who said so, or where it is written, and when. It stays with the registration."),
    )


def add_refusals(form: forms.Form, refused: Refused) -> int:
    """Put every sentence of a refusal at its field (or above the form) and return the status of the answer."""
    for refusal in refused.refusals:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.sentence)
    return 409 if isinstance(refused, Stale) else 422


def asked(request: ActorRequest, name: str, longest: int = 100) -> str:
    """Return a word of the address."""
    return request.GET.get(name, "").strip()[:longest]


def posted(request: ActorRequest) -> Any:
    """Return what a form is filled with: the post, or nothing."""
    return request.POST if request.method == "POST" else None


class DraftForm(forms.Form):
    """An act on a draft: the revision its page showed."""

    revision = WholeNumberField(
        max_value=1_000_000,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            _("This page was incomplete. Look again, then repeat it."),
        ),
    )


class SendBackForm(DraftForm):
    """A draft goes back to its author, with what they have to work on."""

    reason = forms.CharField(
        label=_("What has to be different"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say in a sentence what has to be different.")},
    )


class InviteForm(forms.Form):
    """A new person of the centre and their first roles."""

    given_name = text_field(_("Given name"), 80, missing=_("Type the given name."))
    family_name = text_field(_("Family name"), 80, missing=_("Type the family name."))
    email = text_field(
        _("E-mail address"),
        254,
        missing=_("Type an e-mail address like name@example.org."),
        widget=forms.EmailInput,
        help_text=_("The link to join goes there. It is also how they sign in."),
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=INVITABLE,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role."), "invalid_choice": _("Choose from the list.")},
    )
    entry_codes = forms.MultipleChoiceField(
        label=_("Qualifications they look after"),
        help_text=_("For quality assurers: they see the learners of these."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"), required=False, help_text=_("Leave it empty when no end is agreed."))

    def __init__(self, data: Any = None, *, qualifications: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["entry_codes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = list(qualifications)


class RoleForm(forms.Form):
    """One more role for somebody."""

    roles = forms.ChoiceField(
        label=_("Role"),
        choices=(("", _("Choose")), *INVITABLE, (Role.LEARNER, _("Learner, back after leaving"))),
        error_messages={"required": _("Choose a role."), "invalid_choice": _("Choose from the list.")},
    )
    entry_codes = forms.MultipleChoiceField(
        label=_("Qualifications they look after"),
        help_text=_("For quality assurers: they see the learners of these."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"), required=False)

    def __init__(self, data: Any = None, *, qualifications: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["entry_codes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = list(qualifications)


class EndForm(forms.Form):
    """The last day of something."""

    on = day_field(_("Last day"), help_text=_("This day still counts."))


class PersonChoiceForm(forms.Form):
    """Somebody of the centre, from a day on."""

    countersigner = forms.ChoiceField(
        label=_("Who countersigns"),
        error_messages={"required": _("Choose somebody."), "invalid_choice": _("Choose from the list.")},
    )
    starts_on = day_field(_("First day"))

    def __init__(self, data: Any = None, *, people: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "countersigner", people)


class UnitsForm(forms.Form):
    """The optional units of a registration; the mandatory ones come along."""

    units = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose units of this qualification only.")},
    )

    def __init__(self, data: Any = None, *, units: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["units"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = list(units)


class ChangeForm(UnitsForm):
    """Another choice of units, and why. The rules say when a reason is needed."""

    reason = text_field(_("Why the units change"), 300, help_text=_("Stays on record. Nothing private."))
    confirmed = forms.BooleanField(label=_("Take them out all the same"), required=False)
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=26)


class EntryForm(UnitsForm):
    """A qualification with its units, from a day on."""

    # As on the page: what is wrong is said in that order.
    field_order: Sequence[str] = ("qualification", "starts_on", "entry_confirmed")

    qualification = forms.ChoiceField(
        label=_("Qualification"),
        error_messages={
            "required": _("Choose a qualification from the list."),
            "invalid_choice": _("Choose a qualification from the list."),
        },
    )
    starts_on = day_field(_("First day"))
    entry_confirmed = entry_field()
    # What was found out before (R39, R40). The rules say what is missing.
    initial_on = day_field(_("Made on"), required=False)
    outcome_level = forms.TypedChoiceField(
        label=_("Level it found"),
        choices=[("", _("Choose")), *((n, str(n)) for n in range(1, 9))],
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": _("Choose a level from the list.")},
    )
    prior_learning = text_field(_("Learning and experience so far"), 2000, widget=forms.Textarea(attrs={"rows": 2}))
    role_fit = text_field(_("How the job fits"), 500)
    level_reason = text_field(_("Why this level"), 500, help_text=_("When nothing was found out, or another level."))
    manages_people = forms.TypedChoiceField(
        label=_("Do they manage others?"),
        choices=(("yes", _("Yes")), ("no", _("No"))),
        coerce=lambda said: said == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose yes or no.")},
    )
    purpose = forms.ChoiceField(
        label=_("What is it for?"),
        choices=Purpose.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose from the list.")},
    )

    def __init__(self, data: Any = None, *, qualifications: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "qualification", qualifications)

    def found_before(self) -> Initial:
        """Return what was found out before the registration. Call when the form is valid."""
        said = self.cleaned_data
        return Initial(
            made_on=said["initial_on"],
            prior_learning=said["prior_learning"],
            role_fit=said["role_fit"],
            outcome_level=said["outcome_level"],
            reason=said["level_reason"],
            manages_people=said["manages_people"],
            purpose=said["purpose"],
        )


class TransferForm(UnitsForm):
    """Where a registration goes, with which units, and why."""

    field_order = ("qualification", "entry_confirmed")

    entry_confirmed = entry_field()
    qualification = forms.ChoiceField(
        label=_("Move to"),
        error_messages={
            "required": _("Choose a qualification from the list."),
            "invalid_choice": _("Choose a qualification from the list."),
        },
    )
    reason = text_field(
        _("Why the learner moves"),
        300,
        missing=_("Say in a sentence why the learner moves."),
        help_text=_("Stays on record. Nothing private."),
    )
    confirmed = forms.BooleanField(label=_("I know that this award is complete, and move the learner"), required=False)

    def __init__(self, data: Any = None, *, qualifications: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "qualification", qualifications)


class AddressForm(forms.Form):
    """The address that was meant, and what was wrong with the one that was typed."""

    email = text_field(
        _("The right e-mail address"),
        254,
        missing=_("Type an e-mail address like name@example.org."),
        widget=forms.EmailInput,
        help_text=_("A new link to join goes there. The one that went to the other address stops working."),
    )
    reason = text_field(_("What was wrong"), 300, help_text=_("For example: a letter was missing. It stays on record."))


class WhoForm(forms.Form):
    """Who a learner is, as the certificate prints it, and their number."""

    given_names = text_field(_("Given names"), 80, missing=_("Type the given names as the certificate prints them."))
    family_name = text_field(_("Family name"), 80, missing=_("Type the family name as the certificate prints it."))
    date_of_birth = day_field(_("Date of birth"))
    gender = forms.ChoiceField(
        label=_("Gender"),
        choices=Gender.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what the awarding body should be told."),
            "invalid_choice": _("Choose what the awarding body should be told."),
        },
    )
    workplace = text_field(_("Workplace"), 160)
    uln = text_field(_("Learner number (ULN)"), 20, help_text=_("Ten digits. Spaces do not matter."))
    uln_missing_reason = text_field(_("Why there is no number yet"), 200)
    another_person = forms.BooleanField(
        label=_("This is another person with the same name and birthday"), required=False
    )
    looked = forms.BooleanField(label=_("I have looked: it is right as typed"), required=False)


class RegisterForm(WhoForm, EntryForm):
    """A new learner: who they are, their number, what they learn, with whom."""

    field_order = (
        *("given_names", "family_name", "date_of_birth", "gender", "email", "workplace", "another_person"),
        *("uln", "uln_missing_reason", "looked", "qualification", "starts_on", "assessor", "entry_confirmed"),
    )

    email = text_field(
        _("E-mail address"),
        254,
        missing=_("Type an e-mail address like name@example.org."),
        widget=forms.EmailInput,
        help_text=_("The link to join goes there."),
    )
    assessor = forms.ChoiceField(
        label=_("Assessor"),
        required=False,
        help_text=_("Can be chosen later."),
        error_messages={"invalid_choice": _("Choose an assessor from the list.")},
    )

    def __init__(self, data: Any = None, *, people: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        choose(self, "assessor", people)


def choose(form: forms.Form, name: str, choices: Choices) -> None:
    """Give a select its choices, an empty one first."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101 - every caller declares one
    field.choices = [("", _("Choose")), *choices]


def first_day(today: dt.date) -> Mapping[str, Any]:
    """Return the initial value of a form that begins today."""
    return {"starts_on": today}
