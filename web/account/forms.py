"""What a person fills in about their own account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.enums import Appearance, Density
from accounts.rules import LONGEST_ADDRESS, plain_address

LONGEST_PASSWORD = 1024  # hashing more only serves someone who wants the server busy (H08)


class PreferencesForm(forms.Form):
    density = forms.ChoiceField(label=_("Size of text and buttons"), choices=Density.choices, widget=forms.RadioSelect)
    appearance = forms.ChoiceField(label=_("Light or dark"), choices=Appearance.choices, widget=forms.RadioSelect)
    shortcuts = forms.BooleanField(
        label=_("Keyboard shortcuts"),
        help_text=_("For assessing. Each one needs Alt or Ctrl; the list is on the page."),
        required=False,
    )


class PlainAddressField(forms.EmailField):
    """An address as it is kept: what is looked at is what is stored and compared."""

    def to_python(self, value: str | None) -> str:
        return plain_address(str(super().to_python(value)))


NO_ADDRESS = _("Type an email address like name@example.org.")


class AddressForm(forms.Form):
    email = PlainAddressField(
        label=_("New email address"),
        max_length=LONGEST_ADDRESS,
        error_messages={
            "required": _("Type the new email address."),
            "invalid": NO_ADDRESS,
            "null_characters_not_allowed": NO_ADDRESS,
            "max_length": _("New email address: use at most %(limit_value)d characters, like name@example.org."),
        },
    )


class FirstPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Choose a password"),
        help_text=_("At least 10 characters. Three words that do not belong together work well."),
        widget=forms.PasswordInput,
        strip=False,
        max_length=LONGEST_PASSWORD,
        error_messages={
            "required": _("Choose a password."),
            "max_length": _("This password is longer than %(limit_value)d characters. Choose a shorter one."),
        },
    )


class KnownPersonForm(forms.Form):
    """Someone who has a password already: opening the link is all."""
