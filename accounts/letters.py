"""Letters about an address. Their words are templates beside those of the sign-in library's letters.

They are sent outside any transaction: a slow mail server holds no lock.
"""

import datetime as dt

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from common.text import say


def ask_to_confirm(address: str, key: str) -> None:
    """Write to a wished address. It may be a stranger's by a slip of the keys, so the letter names nobody."""
    link = settings.SITE_ORIGIN + reverse("account_confirm_email", args=[key])
    _send("email_confirmation", address, activate_url=link)


def tell_owner(owner: User) -> None:
    """Tell somebody that their address was wanted for another account, and that nothing has changed."""
    _send("address_wanted", owner.email, user=owner, email=owner.email)


def tell_old_address(person: User, old: str, *, seen_from: str, at: dt.datetime) -> None:
    """Tell the address that no longer signs in which one does now, and from where that was asked."""
    _send(
        "email_changed",
        old,
        user=person,
        from_email=old,
        to_email=person.email,
        timestamp=at,
        ip=seen_from or say("not known"),
    )


def _send(name: str, to: str, **facts: object) -> None:
    subject = render_to_string(f"account/email/{name}_subject.txt", facts)
    text = render_to_string(f"account/email/{name}_message.txt", facts).strip()
    EmailMessage(" ".join(subject.split()), text, to=[to]).send()
