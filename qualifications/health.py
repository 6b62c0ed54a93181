"""What `manage.py doctor` asks of the catalogue: do published texts still have the digest they were published with?"""

from collections.abc import Iterator

from django.db.models import Prefetch, QuerySet

from common.health import Stored, called, check, each, objects
from qualifications.models import Draft, Group, Place, Qualification, Unit, UnitWords
from qualifications.queries.files import qualification_file, unit_file
from qualifications.services.publishing import words_of

REASON = "the doctor looks at all centres"


def _drafts() -> QuerySet[Draft]:
    return Draft.objects.across_centres(reason=REASON)


def _draft(row: Draft) -> Stored:
    return Stored(row.storage_key, None, row.sha256, f"import {row.public_id}")


objects("imports", _drafts, _draft)


@check("catalogue", "Published units and qualifications have the digest they were published with.")
def catalogue() -> Iterator[str]:
    yield from each(Unit.objects.all(), _unit)
    places = Place.objects.select_related("unit")
    groups = Group.objects.prefetch_related(Prefetch("places", places))
    yield from each(Qualification.objects.prefetch_related(Prefetch("groups", groups)), _qualification)


def _unit(row: Unit) -> Iterator[str]:
    file = unit_file(row)
    if file.digest() != row.content_digest:
        yield f"{called(row)} ({row.key}, version {row.version}) was altered"
    elif row.wording_digest and file.wording() != row.wording_digest:
        yield f"{called(row)} ({row.key}, version {row.version}) says that it has another wording"


def _qualification(row: Qualification) -> Iterator[str]:
    digests = {place.unit.key: place.unit.content_digest for group in row.groups.all() for place in group.places.all()}
    if qualification_file(row).digest(digests) != row.content_digest:
        yield f"{called(row)} ({row.entry_code}, version {row.version}) was altered"


@check("words", "A search looks in the words of the units themselves.")
def words() -> Iterator[str]:
    yield from each(UnitWords.objects.select_related("unit"), _words)


def _words(row: UnitWords) -> Iterator[str]:
    wanted = words_of(row.unit, unit_file(row.unit))
    names = ("centre_id", "key", "level", "title", "title_words", "words")
    if any(getattr(row, name) != getattr(wanted, name) for name in names):
        yield f"what a search finds of {called(row.unit)} is not what it says"
