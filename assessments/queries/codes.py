"""The code of a criterion as people see it."""


def code_of(place: str | None, number: str) -> str:
    """Return the code people use: the unit's number in the qualification, where it has one, and the criterion's."""
    return f"{place}.{number}" if place else number
