"""Drafts as an import leaves them: read, whole, not yet sent to anybody."""

import datetime as dt
from typing import Any

import yaml

from accounts.models import User
from centres.enums import Role
from centres.models import Centre, Membership
from common import clock
from qualifications.enums import DraftState, Source
from qualifications.models import Draft
from tests.factories.catalogue import DIPLOMA_UNITS, FOLDER

#: The unit that drafts of these tests change: part of the small diploma.
KEY = DIPLOMA_UNITS[3]


def unit_words(key: str = KEY) -> dict[str, Any]:
    """Return a shipped unit in the words of its file."""
    found: dict[str, Any] = yaml.safe_load((FOLDER / "units" / f"{key}.yaml").read_text())
    return found


def reworded(text: str = "Explain our own policy on calls, word for word", number: str = "1.1") -> dict[str, Any]:
    """Return the content of a draft that says one criterion of KEY in other words."""
    unit = unit_words()
    next(c for o in unit["outcomes"] for c in o["criteria"] if c["number"] == number)["text"] = text
    unit["provenance"]["criteria"] = "official"
    return {"units": [unit], "qualifications": []}


def draft_of(centre: Centre, author: User, content: dict[str, Any] | None = None, **fields: Any) -> Draft:
    """Make a draft that somebody brought in a moment ago."""
    at = clock.now()
    made: Draft = Draft.objects.create(
        centre=centre,
        author=author,
        **{
            "title": "Speak with customers",
            "source": Source.YAML,
            "state": DraftState.DRAFT,
            "content": reworded() if content is None else content,
            "file_name": "speaking.yaml",
            "created_at": at,
            "changed_at": at,
            **fields,
        },
    )
    return made


def lead_iqa(centre: Centre, email: str = "lead@people.example", since: dt.date = dt.date(2020, 1, 1)) -> User:
    """Add a second editor to a centre: a lead internal quality assurer."""
    person: User = User.objects.create(email=email, given_name="Lea", family_name="Second")
    Membership.objects.create(centre=centre, person=person, role=Role.LEAD_IQA, starts_on=since, created_at=clock.now())
    return person
