"""What of a version was shown to a person (R69)."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from portfolio.models import EvidenceVersion, Opening, VersionFile


@dataclass(frozen=True, slots=True)
class Shown:
    """`something`: any part of it was shown. `waits`: public id and name of the files that never were, in order."""

    something: bool
    waits: tuple[tuple[str, str], ...]

    @property
    def unseen(self) -> tuple[str, ...]:
        """The names of the files that wait to be seen."""
        return tuple(name for _public_id, name in self.waits)

    @property
    def all(self) -> bool:
        """Whether nothing waits to be seen."""
        return self.something and not self.waits


def shown_to(person_id: int, version: EvidenceVersion) -> Shown:
    """Return what of a version was shown to a person at any time. Two queries.

    Of a piece with files every file has to be; without files its words have to be, and `something` says whether.
    """
    files = (
        VersionFile.objects.for_centre(version.centre_id)
        .filter(version=version)
        .annotate(shown=Exists(openings_of(person_id, version.centre_id).filter(file_id=OuterRef("file_id"))))
        .order_by("file__position", "file_id")
        .values_list("file__public_id", "file__name", "shown")
    )
    opened = openings_of(person_id, version.centre_id).filter(version=version)
    return Shown(opened.exists(), tuple((one, name) for one, name, shown in files if not shown))


def openings_of(person_id: int, centre_id: int) -> QuerySet[Opening]:
    """Return what was shown to a person in a centre. A file that was shown in one version is the same in the next."""
    return Opening.objects.for_centre(centre_id).filter(person_id=person_id)
