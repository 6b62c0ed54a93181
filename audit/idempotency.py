"""The answers already given: a form that arrives twice changes things once (reliability, T01–T05).

A key stands for one form: whose it is, where it goes (address) and what is in it (content, as a digest). The same form
again gets the first answer again; another form under a key that is known is no repetition, and its sender is told so.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from audit.models import IdempotencyKey

#: How long an answer is kept: longer than any tab, retry or queue of a phone without signal goes on trying.
KEEP = dt.timedelta(hours=72)
BATCH = 1000

Said = tuple[int, str]  # level of the message, and its words


@dataclass(frozen=True, slots=True)
class Form:
    """One form as it came: its key, whose it is, the path it was sent to, the digest of what is in it."""

    person_id: int
    key: str
    path: str
    digest: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the first post was answered with: where to go and what was said, each with its level."""

    location: str
    said: Sequence[Said] = ()


@dataclass(frozen=True, slots=True)
class Other:
    """The key is known, but for another form: other content, or another address. `location` answered that one."""

    location: str
    same_address: bool


def begin(form: Form, *, at: dt.datetime) -> Answer | Other | None:
    """Take the key, or return what its first use got, or say that it stands for another form.

    Call inside a transaction. A second post that arrives while the first one runs waits here for the first one's
    commit (the unique key holds it); when that one gives the key back, this one takes it.
    """
    try:
        with transaction.atomic():
            IdempotencyKey.objects.create(
                person_id=form.person_id, key=form.key, path=form.path, digest=form.digest, created_at=at
            )
    except IntegrityError:
        row = IdempotencyKey.objects.get(person_id=form.person_id, key=form.key)
    else:
        return None
    if (row.path, row.digest) != (form.path, form.digest):
        return Other(location=row.location, same_address=row.path == form.path)
    return Answer(location=row.location, said=[(level, words) for level, words in row.said])


def keep(form: Form, answer: Answer) -> None:
    """Store the answer in the transaction that made the change."""
    rows = IdempotencyKey.objects.filter(person_id=form.person_id, key=form.key)
    rows.update(location=answer.location, said=[list(one) for one in answer.said])


def forget(form: Form) -> None:
    """Give the key back: nothing was changed, the person may mend the form and send it again."""
    IdempotencyKey.objects.filter(person_id=form.person_id, key=form.key).delete()


def purge(*, before: dt.datetime) -> int:
    """Remove the keys taken before then, a batch at a time, and return how many. Safe to run twice, also at once."""
    total = 0
    old = IdempotencyKey.objects.filter(created_at__lt=before).order_by("created_at")
    while ids := list(old.values_list("pk", flat=True)[:BATCH]):
        removed, _by_model = IdempotencyKey.objects.filter(pk__in=ids).delete()
        total += removed
    return total
