"""The answers already given: a form that arrives twice changes things once (reliability, T01–T05)."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from audit.models import IdempotencyKey


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first post was answered with: where to go and what was said."""

    location: str
    message: str


def begin(*, person_id: int, key: str, path: str, at: dt.datetime) -> Answer | None:
    """Take the key, or return the answer that its first use got. Call inside a transaction.

    A second post that arrives while the first one runs waits here for the first one's commit (the unique key holds it).
    """
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(person_id=person_id, key=key, path=path[:300], created_at=at)
    except IntegrityError:
        row = IdempotencyKey.objects.get(person_id=person_id, key=key)
        return Answer(location=row.location, message=row.message)
    return None


def keep(*, person_id: int, key: str, answer: Answer) -> None:
    """Store the answer in the transaction that made the change."""
    IdempotencyKey.objects.filter(person_id=person_id, key=key).update(location=answer.location, message=answer.message)


def forget(*, person_id: int, key: str) -> None:
    """Give the key back: nothing was changed, the person may mend the form and send it again."""
    IdempotencyKey.objects.filter(person_id=person_id, key=key).delete()
