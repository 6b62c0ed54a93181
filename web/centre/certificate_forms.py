"""The form of a certificate that may stand for a unit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.services import Certificate
from web.centre.forms import text_field
from web.shared.days import day_field


class CertificateForm(forms.Form):
    """A certificate that may stand for a unit, and where it was checked (R79)."""

    awarding_body = text_field(_("Awarding body"), 120, missing=_("Type who awarded it."))
    unit_reference = text_field(
        _("Unit reference"),
        40,
        missing=_("Type the reference of the unit as the certificate prints it."),
        help_text=_("Like A/506/2130."),
    )
    unit_title = text_field(_("Unit title"), 250, missing=_("Type the title as the certificate prints it."))
    awarded_on = day_field(_("Date on the certificate"))
    certificate_number = text_field(_("Certificate number"), 60, missing=_("Type the number of the certificate."))
    checked_at = text_field(
        _("Where you checked it"),
        300,
        missing=_("Say where you checked it: the paper itself, or the awarding body's own service."),
        help_text=_("The paper itself, the awarding body's service or by telephone, with the day."),
    )
    reused = text_field(
        _("Why this number is right here too"),
        300,
        help_text=_("For example: one certificate lists several units, and you compared each with the paper."),
    )

    def certificate(self) -> Certificate:
        """Return what stands on the certificate, without the words about its number."""
        return Certificate(**{name: value for name, value in self.cleaned_data.items() if name != "reused"})
