"""What `manage.py doctor` asks of people: does everybody sign in with the address that the product shows?"""

from collections.abc import Iterator

from accounts.models import User
from accounts.queries import without_own_row
from common.health import called, check, each


@check("addresses", "Everybody has one verified address row, of the address that they see (check_addresses).")
def addresses() -> Iterator[str]:
    yield from each(without_own_row(), _person)


def _person(person: User) -> Iterator[str]:
    yield f"{called(person)} has no address row of their own: run check_addresses --mend"
