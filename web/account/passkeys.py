"""Passkeys: what a browser hands over is a stranger's, and the library reads it without looking (decision 15)."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from allauth.mfa.webauthn import forms as library
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.contention import Error as DatabaseFault
from web.shared.http import Unreadable, object_in

#: A passkey's answer has some three thousand signs.
LONGEST: Final = 64 * 1024
NO_FIT: Final = _("This passkey does not fit or could not be read, so nothing was done. Try it once more.")
T = TypeVar("T")


class CredentialField(forms.Field):
    """What a browser's passkey said: an object that can be read and kept."""

    widget = forms.HiddenInput
    default_error_messages = {"required": NO_FIT}

    def to_python(self, value: Any) -> dict[str, Any] | None:
        """Return the object. Refuses what `object_in` refuses, and what is longer than any passkey says."""
        if value in self.empty_values:
            return None
        try:
            return object_in(value if len(value) <= LONGEST else "")
        except Unreadable:
            raise ValidationError(NO_FIT) from None


def _read(look: Callable[[], T]) -> T:
    """Return what the library finds in it; refuse what it falls over, whichever of its parts does.

    What is missing, of another kind or signed by nobody is a KeyError, TypeError, AttributeError or the fault of a
    library of its libraries. A fault of the database is one.
    """
    try:
        return look()
    except ValidationError as refused:
        raise (ValidationError(NO_FIT) if refused.code == "incorrect_code" else refused) from refused
    except DatabaseFault:
        raise
    except Exception as fault:
        raise ValidationError(NO_FIT) from fault


class _Asked:
    """A form that signs in, or proves again who somebody is."""

    def clean_credential(self) -> Any:
        """Return the passkey that it was, or refuse with a sentence."""
        return _read(super().clean_credential)  # type: ignore[misc]  # of the form beside it


class _Added:
    """A form that takes a new passkey."""

    def clean(self) -> Any:
        """Return what is to be kept, or refuse with a sentence."""
        return _read(super().clean)  # type: ignore[misc]  # of the form beside it


class SecondStepForm(_Asked, library.AuthenticateWebAuthnForm):  # type: ignore[misc]  # the library has no types
    credential = CredentialField()


class SignInForm(_Asked, library.LoginWebAuthnForm):  # type: ignore[misc]  # the library has no types
    credential = CredentialField()


class ProveForm(_Asked, library.ReauthenticateWebAuthnForm):  # type: ignore[misc]  # the library has no types
    credential = CredentialField()


class AddForm(_Added, library.AddWebAuthnForm):  # type: ignore[misc]  # the library has no types
    credential = CredentialField()


class SignUpForm(_Added, library.SignupWebAuthnForm):  # type: ignore[misc]  # the library has no types
    credential = CredentialField()
