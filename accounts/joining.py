"""Finding or making the person behind an address."""

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.queries import person_by_email


def person_for(*, email: str, given_name: str, family_name: str) -> User:
    """Return the person with this address, or a new one with these names who cannot sign in yet (R128).

    The names of somebody who is known already stay as they are: they are theirs, not the asking centre's.
    """
    known = person_by_email(email)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return User.objects.create_user(email, given_name=given_name, family_name=family_name)
    except IntegrityError:  # another centre was faster with the same new address
        return User.objects.get(email=email.strip().lower())
