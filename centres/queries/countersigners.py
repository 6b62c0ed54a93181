"""In which qualifications a trainee's countersigners assure from inside, and so countersign nothing (R8, section 4)."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Q

from centres.enums import LEFT, Role
from centres.models import Allocation, Assurance, Registration

#: Who assures from inside the centre.
INSIDE = frozenset({Role.IQA, Role.LEAD_IQA})


@dataclass(frozen=True, slots=True)
class Apart:
    """The titles of qualifications in which a trainee looks after learners, and what each other person assures of them.

    `assured` has a person's id only where they assure something of it; where nobody does, nothing else is read either.
    """

    titles: frozenset[str] = frozenset()
    assured: dict[int, frozenset[str]] = field(default_factory=dict)

    def of(self, person_id: int) -> frozenset[str]:
        """Return the titles of what this person assures of it."""
        return self.assured.get(person_id, frozenset())


def countersigners_apart(centre_id: int, trainee_id: int, people: Collection[int], since: dt.date) -> Apart:
    """Return what these people assure, from a day on, of what a trainee's learners do.

    One query where none of them assures anything, which is the rule; two otherwise, however many they are.
    """
    assured = Assurance.objects.for_centre(centre_id).filter(
        membership__person_id__in=people, membership__role__in=INSIDE
    )
    assured = assured.exclude(membership__ends_on__lt=since).exclude(ends_on__lt=since)
    held = set(assured.values_list("membership__person_id", "awarding_body", "entry_code"))
    if not held:
        return Apart()
    done = _done(centre_id, trainee_id, since)
    found: dict[int, set[str]] = {}
    for person, body, code in held:
        titles = {title for its_body, its_code, title in done if its_code == code and body in {"", its_body}}
        if titles:
            found.setdefault(person, set()).update(titles)
    return Apart(
        frozenset(title for _, _, title in done), {person: frozenset(titles) for person, titles in found.items()}
    )


def _done(centre_id: int, trainee_id: int, since: dt.date) -> set[tuple[str, str, str]]:
    """Return awarding body, code and title of each qualification in which somebody looks after a learner."""
    held = Allocation.objects.for_centre(centre_id).filter(assessor_id=trainee_id).exclude(ends_on__lt=since)
    everything = Q(learner_id__in=held.filter(registration=None).values("learner_id"))
    named = Q(pk__in=held.exclude(registration=None).values("registration_id"))
    rows = Registration.objects.for_centre(centre_id).exclude(state__in=LEFT).filter(everything | named)
    shapes = [f"qualification__{name}" for name in ("awarding_body", "entry_code", "title")]
    return set(rows.values_list(*shapes).distinct())
