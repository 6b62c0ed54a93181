"""Words that a person reads, for code that must not know Django (rules, enums)."""

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext as count

__all__ = ["_", "count", "say"]
