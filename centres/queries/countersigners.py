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
    """What each other person assures of the qualifications in which a trainee looks after learners, by their titles.

    `assured` has a person's id only where they assure something of it; `everything` where they assure all of it.
    """

    assured: dict[int, frozenset[str]] = field(default_factory=dict)
    everything: frozenset[int] = frozenset()

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
    found: dict[int, set[tuple[str, str, str]]] = {}
    for person, body, code in held:
        rows = {row for row in done if row[1] == code and body in {"", row[0]}}
        if rows:
            found.setdefault(person, set()).update(rows)
    return Apart(
        {person: frozenset(title for _, _, title in rows) for person, rows in found.items()},
        frozenset(person for person, rows in found.items() if rows == done),
    )


def _done(centre_id: int, trainee_id: int, since: dt.date) -> set[tuple[str, str, str]]:
    """Return awarding body, code and title of each qualification in which somebody looks after a learner."""
    held = Allocation.objects.for_centre(centre_id).filter(assessor_id=trainee_id).exclude(ends_on__lt=since)
    everything = Q(learner_id__in=held.filter(registration=None).values("learner_id"))
    named = Q(pk__in=held.exclude(registration=None).values("registration_id"))
    rows = Registration.objects.for_centre(centre_id).exclude(state__in=LEFT).filter(everything | named)
    shapes = [f"qualification__{name}" for name in ("awarding_body", "entry_code", "title")]
    return set(rows.values_list(*shapes).distinct())
