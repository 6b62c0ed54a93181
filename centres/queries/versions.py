"""Who learns on which version of a qualification, and what staff have to know about that (R16, R23)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from centres.actor import Actor
from centres.enums import RegistrationState, UnitState
from centres.models import Registration
from centres.queries.world import visible_registrations
from qualifications.enums import Life
from qualifications.models import Place, Qualification
from qualifications.queries import current_versions, life_facts
from qualifications.queries.versions import same_qualification
from qualifications.rules import Warned, kind_words, life_on, warnings_for

LEARNERS_A_PAGE = 30
AT_WORK = (RegistrationState.ACTIVE, RegistrationState.ON_BREAK, RegistrationState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Standing:
    """The version somebody is registered on, as it stands on a day. `newest` is the one that counts now.

    `warnings` are for staff and empty once the registration is over; `kind` is the same for the learner.
    """

    public_id: str
    title: str
    version: int
    newest_public_id: str
    ends_on: dt.date | None
    life: Life
    warnings: tuple[Warned, ...]
    kind: str
    at_work: bool

    @property
    def superseded(self) -> bool:
        """Say whether somebody at work learns on words that no longer count for new learners."""
        return self.at_work and self.newest_public_id != self.public_id


@dataclass(frozen=True, slots=True)
class OnVersion:
    """A learner at work on a version. `changed` of their `units` say something else in the version that counts now."""

    learner_id: str
    name: str
    version: int
    public_id: str
    current: bool
    units: int
    changed: int


@dataclass(frozen=True, slots=True)
class OnVersions:
    """A page of the learners at work on a qualification, those on older versions first."""

    rows: tuple[OnVersion, ...]
    page: "Page[Any]"
    behind: int


def with_newest(registrations: QuerySet[Registration], centre_id: int) -> "QuerySet[Any]":
    """Add `newest`: the public id of the version that counts now for each registration's qualification. No query."""
    newest = current_versions(centre_id).filter(
        awarding_body=OuterRef("qualification__awarding_body"), entry_code=OuterRef("qualification__entry_code")
    )
    return registrations.select_related("qualification").annotate(
        newest=Subquery(newest.order_by().values("public_id")[:1])
    )


def standing(registration: Any, day: dt.date) -> Standing:
    """Return how a registration read through `with_newest` stands on a day."""
    q, at_work = registration.qualification, registration.state in AT_WORK
    facts = life_facts(q)
    return Standing(
        public_id=q.public_id,
        title=q.title,
        version=q.version,
        newest_public_id=registration.newest,
        ends_on=q.last_certification_on,
        life=life_on(facts, day),
        warnings=tuple(warnings_for(facts, day)) if at_work else (),
        kind=kind_words(facts, day) if at_work else "",
        at_work=at_work,
    )


def learners_on(actor: Actor, qualification: Qualification, current_public_id: str, page: int) -> OnVersions:
    """Return who is at work on any version of a qualification, as far as this actor sees it. Four queries."""
    mine = (
        visible_registrations(actor)
        .filter(state__in=AT_WORK, qualification__in=same_qualification(qualification, actor.centre_id).order_by())
        .exclude(learner__person_id=actor.person_id)
    )
    behind = Q(qualification__public_id=current_public_id)
    now = Place.objects.filter(group__qualification__public_id=current_public_id).values("unit_id")
    chosen = ~Q(units__state=UnitState.DROPPED)
    rows = mine.select_related("learner", "qualification").annotate(
        chosen=Count("units", filter=chosen), changed=Count("units", filter=chosen & ~Q(units__unit__in=now))
    )
    shown = Paginator(
        rows.order_by("qualification__published_at", "learner__family_name", "learner__given_names", "pk"),
        LEARNERS_A_PAGE,
    ).get_page(page)
    return OnVersions(
        rows=tuple(_on_version(row, current_public_id) for row in shown.object_list),
        page=shown,
        behind=mine.exclude(behind).count(),
    )


def _on_version(row: Any, current_public_id: str) -> OnVersion:
    return OnVersion(
        learner_id=row.learner.public_id,
        name=row.learner.full_name,
        version=row.qualification.version,
        public_id=row.qualification.public_id,
        current=row.qualification.public_id == current_public_id,
        units=row.chosen,
        changed=row.changed,
    )
