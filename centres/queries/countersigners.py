"""Who is named to countersign and may, and what a trainee's countersigners assure from inside (R6, R8, section 4)."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from django.db.models import Exists, OuterRef, Q, QuerySet

from centres.actor import Actor
from centres.enums import LEFT, Role
from centres.models import Allocation, Assurance, Countersigner, Membership, Registration
from centres.queries.core import on_day

#: Who assures from inside the centre.
INSIDE = frozenset({Role.IQA, Role.LEAD_IQA})
#: Reads the ids of who took part in a unit, by centre and a reference to the unit's key.
TookPart: TypeAlias = Callable[[int, OuterRef], tuple[QuerySet[Any], ...]]
QUALIFICATION = ("awarding_body", "entry_code")


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


def able_countersigners(actor: Actor, *, unit: str = "") -> QuerySet[Countersigner]:
    """Return who is named to countersign and may do so on this day, for a condition on a learner's unit (R6, R8).

    Not who has left or is in training, not the learner, and not who assures the qualification from inside: they count
    as nobody named, so that others may. `unit` leads from the outer row to the learner's unit ("learner_unit__").
    """
    rows = Countersigner.objects.for_centre(actor.centre_id).filter(on_day(actor.on))
    roles = Membership.objects.for_centre(actor.centre_id).filter(
        on_day(actor.on), person_id=OuterRef("countersigner_id")
    )
    qualified, training = roles.filter(role=Role.ASSESSOR), roles.filter(role=Role.TRAINEE)
    able = rows.filter(Exists(qualified), ~Exists(training), ~Exists(_assuring(actor, unit)))
    return able.exclude(countersigner_id=OuterRef(f"{unit}learner__person_id"))


def free_countersigners(actor: Actor) -> QuerySet[Countersigner]:
    """Return those of `able_countersigners` who took no part in the signed unit of the outer row (R6)."""
    rows = able_countersigners(actor)
    for people in _took_part(actor.centre_id, OuterRef(OuterRef("pk"))):
        rows = rows.exclude(countersigner_id__in=people)
    return rows


def register_took_part(read: TookPart) -> None:
    """Take what reads who decided in a unit or signed it: an app above this one keeps that."""
    global _took_part  # noqa: PLW0603 - set once, when the apps are ready
    _took_part = read


def _nobody(_centre_id: int, _unit: OuterRef) -> tuple[QuerySet[Any], ...]:
    return ()


_took_part: TookPart = _nobody


def _assuring(actor: Actor, unit: str) -> QuerySet[Assurance]:
    """Return what the person of a naming assures of the qualification of a unit, two queries out."""
    body, code = (OuterRef(OuterRef(f"{unit}registration__qualification__{name}")) for name in QUALIFICATION)
    rows = assured_inside(actor).filter(Q(awarding_body="") | Q(awarding_body=body), entry_code=code)
    return rows.filter(membership__person_id=OuterRef("countersigner_id"))


def assures_it(actor: Actor, *, unit: str = "") -> Exists:
    """Say of a row that this actor assures the qualification of its learner's unit from inside today (R8)."""
    body, code = (OuterRef(f"{unit}registration__qualification__{name}") for name in QUALIFICATION)
    rows = assured_inside(actor).filter(membership__person_id=actor.person_id, entry_code=code)
    return Exists(rows.filter(Q(awarding_body="") | Q(awarding_body=body)))


def assured_inside(actor: Actor) -> QuerySet[Assurance]:
    """Return what anybody assures from inside on this day, as `centres.services.apart.assured_in` reads it."""
    rows: QuerySet[Assurance] = Assurance.objects.for_centre(actor.centre_id).filter(
        on_day(actor.on, "membership__"), Q(ends_on=None) | Q(ends_on__gte=actor.on), membership__role__in=INSIDE
    )
    return rows


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
