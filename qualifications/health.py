"""What `manage.py doctor` asks of the catalogue: does a search look in what is published?

The published texts themselves are the ledger's to verify.
"""

from collections.abc import Iterator

from django.db.models import QuerySet

from common.health import Stored, called, check, each, objects
from qualifications.models import Draft, UnitWords
from qualifications.queries.files import unit_file
from qualifications.services.publishing import words_of

REASON = "the doctor looks at all centres"


def _drafts() -> QuerySet[Draft]:
    return Draft.objects.across_centres(reason=REASON)


def _draft(row: Draft) -> Stored:
    return Stored(row.storage_key, None, row.sha256, f"import {row.public_id}")


objects("imports", _drafts, _draft)


@check("words", "A search looks in the words of the units themselves.")
def words() -> Iterator[str]:
    yield from each(UnitWords.objects.select_related("unit"), _words)


def _words(row: UnitWords) -> Iterator[str]:
    wanted = words_of(row.unit, unit_file(row.unit))
    names = ("centre_id", "key", "level", "title", "title_words", "words")
    if any(getattr(row, name) != getattr(wanted, name) for name in names):
        yield f"what a search finds of {called(row.unit)} is not what it says"
