"""Ready phrases for feedback: a start, to be finished in one's own words. Copied words help nobody (R70)."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: The quick comment of R62 comes first: it is needed most.
PHRASES: Final[tuple[str | Promise, ...]] = (
    _("Relate it to your own organisation: name what your team does and how you know."),
    _("Tell me what happened just before and just after. I want to see how you decided."),
    _("You let the customer finish before you spoke. That changed the talk."),
    _("Say why you did it this way, not only what you did."),
    _("Give one more example, from a different day or a different customer."),
    _("Take out what identifies the customer, then send it again."),
    _("I could not hear the other person. Write down in two lines what they wanted."),
    _("This shows it well. Keep this for your unit."),
)
