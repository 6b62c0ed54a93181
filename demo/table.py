"""Who can sign in to the demo, as text for a terminal."""

from collections.abc import Iterator

from demo.arrivals import roles_of
from demo.people import CENTRES, LEARNERS, PASSWORD, STAFF

Row = tuple[str, str, str, str]


def table() -> str:
    """Return who is there, as what, under which address and what to look at first."""
    rows = [("Who", "E-mail", "Role", "Look first"), *dict.fromkeys(_rows())]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row[:3], widths, strict=True)), row[3]]) for row in rows
    ]
    places = " and ".join(f"{name} ({number})" for number, name in CENTRES.items())
    head = f"The demo: {places}. Everybody's password is {PASSWORD}"
    return "\n".join([head, "", lines[0], "-" * len(lines[0]), *lines[1:], ""])


def _rows() -> Iterator[Row]:
    for person in STAFF:
        yield f"{person.given} {person.family}", person.email, roles_of(person.key), person.first
    for learner in LEARNERS:
        if learner.joined and learner.first:
            yield f"{learner.given} {learner.family}", learner.email, roles_of(learner.key), learner.first
