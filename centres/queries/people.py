"""What the centre's admins read about people: who is here as what, who was invited, who countersigns.

Names are those the centre typed itself: somebody's account may carry other ones, and belongs to other centres too.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from accounts.models import Invitation, User
from centres.actor import Actor
from centres.enums import ASSESSING, STAFF, Role
from centres.models import Allocation, Countersigner, Learner, Membership
from centres.queries import on_day
from centres.queries.countersigners import Apart, countersigners_apart
from centres.queries.letters import invitations_stuck
from centres.queries.people_names import named, names_of
from centres.queries.seen import days_mark, roles_mark
from centres.rules import countersigner_warning
from common.refusals import NotFound
from qualifications.enums import EDITORS
from qualifications.queries import current_versions

#: What screens call somebody's account: they know no models.
Person = User
A_PAGE = 30
LONGEST_SEARCH = 100
MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role somebody holds, held or will hold. `state` is now, later or over."""

    public_id: str
    role: Role
    starts_on: dt.date
    ends_on: dt.date | None
    state: str
    granted_by: str = ""
    entry_codes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the role in words."""
        return str(self.role.label)

    @property
    def seen(self) -> str:
        """Return the mark of what a page with this row shows."""
        return days_mark(self)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of the list of people; `invited_at` is set while a one-time link of this centre is open.

    `letter` says what became of its letter where that did not leave.
    """

    public_id: str
    name: str
    email: str
    roles: tuple[RoleRow, ...]
    invited_at: dt.datetime | None
    letter: str = ""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people. `page` is what the pager reads; the counts are of the whole centre."""

    rows: tuple[PersonRow, ...]
    page: "Page[User]"
    here: int
    left: int


@dataclass(frozen=True, slots=True)
class LinkRow:
    """Somebody who countersigns for somebody. `name` is the other person's."""

    id: int
    public_id: str
    name: str
    starts_on: dt.date
    ends_on: dt.date | None
    over: bool
    warning: str = ""  # they quality-assure what they would countersign

    @property
    def seen(self) -> str:
        """Return the mark of what a page with this row shows."""
        return days_mark(self)


@dataclass(frozen=True, slots=True)
class PersonDetail:
    """Everything the page of a person shows to an admin."""

    person: User
    name: str
    roles: tuple[RoleRow, ...]
    invited_at: dt.datetime | None
    letter: str
    learner_public_id: str
    learners: int
    countersigned_by: tuple[LinkRow, ...]
    countersigns_for: tuple[LinkRow, ...]

    @property
    def seen(self) -> str:
        """Return the mark of what this page shows, as `person_mark` makes it."""
        roles = [(row.role.value, row.starts_on, row.ends_on) for row in self.roles]
        return roles_mark(roles, [(link.starts_on, link.ends_on) for link in self.countersigned_by])

    @property
    def here(self) -> bool:
        """Say whether a role is in force or will be."""
        return any(row.state != "over" for row in self.roles)

    @property
    def countersigned(self) -> bool:
        """Say whether somebody countersigns this person's decisions now or later."""
        return any(not link.over for link in self.countersigned_by)

    def holds(self, *roles: Role) -> bool:
        """Say whether one of these roles is in force or will be."""
        return any(row.role in roles and row.state != "over" for row in self.roles)


def roles_in(actor: Actor) -> QuerySet[Membership]:
    """Return the centre's roles, past ones too."""
    rows: QuerySet[Membership] = Membership.objects.for_centre(actor.centre_id)
    return rows


def editors(actor: Actor) -> dict[int, str]:
    """Return who may edit the centre's catalogue today, by name (R23). One query."""
    here = roles_in(actor).filter(on_day(actor.on), person_id=OuterRef("pk"), role__in=EDITORS)
    rows = named(actor, User.objects.filter(Exists(here), is_active=True))
    return dict(rows.order_by("name").values_list("pk", "name"))


def people_page(actor: Actor, *, text: str, role: str, left: bool, page: int) -> PeoplePage:
    """Return staff by name, 30 a page: those with a role now or later, or those who left. Six queries.

    Every word of `text` stands in the name or the address; `role` narrows to one role ("" for all).
    """
    coming = roles_in(actor).filter(person_id=OuterRef("pk"), role__in=STAFF).exclude(ends_on__lt=actor.on)
    ever = roles_in(actor).filter(person_id=OuterRef("pk"), role__in=STAFF)
    staff = named(actor, User.objects.filter(Exists(ever))).annotate(here=Exists(coming))
    counts = staff.aggregate(now=Count("pk", filter=Q(here=True)), before=Count("pk", filter=Q(here=False)))
    found = _search(staff.filter(here=not left), text)
    if role:
        among = ever if left else coming
        found = found.filter(Exists(among.filter(role=role)))
    shown = Paginator(found.order_by(Lower("name"), "pk"), A_PAGE).get_page(page)
    people = list(shown.object_list)
    roles, invited = _roles(actor, people), _invited(actor, people)
    stuck = invitations_stuck(actor.centre_id, [p.pk for p in people])
    rows = tuple(
        PersonRow(p.public_id, p.name, p.email, roles.get(p.pk, ()), invited.get(p.pk), stuck.get(p.pk, ""))
        for p in people
    )
    return PeoplePage(rows, shown, counts["now"], counts["before"])


def _search(people: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    for word in text[:LONGEST_SEARCH].split()[:MOST_WORDS]:
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return people


def _roles(actor: Actor, people: Iterable[User]) -> dict[int, tuple[RoleRow, ...]]:
    """Return the roles that are not over, by person; of somebody without any, the past ones."""
    rows = roles_in(actor).filter(person__in=people).order_by("starts_on", "id")
    found: dict[int, list[RoleRow]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(role_row(row, actor.on))
    return {pk: tuple(r for r in roles if r.state != "over") or tuple(roles) for pk, roles in found.items()}


def role_row(row: Membership, day: dt.date, granted_by: str = "", codes: tuple[str, ...] = ()) -> RoleRow:
    """Return a membership as its page shows it on a day."""
    over = row.ends_on is not None and row.ends_on < day
    state = "over" if over else "later" if row.starts_on > day else "now"
    return RoleRow(row.public_id, Role(row.role), row.starts_on, row.ends_on, state, granted_by, codes)


def _invited(actor: Actor, people: Iterable[User]) -> dict[int, dt.datetime]:
    rows = Invitation.objects.filter(person__in=people, centre_number=actor.centre_number, used_at=None)
    return dict(rows.order_by("created_at").values_list("person_id", "created_at"))


def person_of_centre(actor: Actor, public_id: str) -> User:
    """Return somebody who has or had a role in the actor's centre; anybody else is not found (R126)."""
    here = roles_in(actor).filter(person_id=OuterRef("pk"))
    person = User.objects.filter(Exists(here), public_id=public_id).first()
    if person is None:
        raise NotFound("person.view", public_id)
    return person


def membership_of(actor: Actor, person: User, public_id: str) -> Membership:
    """Return a role of a person in the actor's centre; anything else is not found."""
    row = roles_in(actor).filter(person=person, public_id=public_id).select_related("person").first()
    if row is None:
        raise NotFound("role.view", public_id)
    return row


def link_of(actor: Actor, trainee: User, public_id: str) -> Countersigner:
    """Return the newest open link between a trainee and the countersigner with this id; else not found."""
    rows = Countersigner.objects.for_centre(actor.centre_id).filter(trainee=trainee, countersigner__public_id=public_id)
    row = rows.exclude(ends_on__lt=actor.on).order_by("-id").first()
    if row is None:
        raise NotFound("countersigner.view", public_id)
    return row


def person_detail(actor: Actor, person: User) -> PersonDetail:
    """Return what an admin's page of a person shows. At most ten queries, whatever the number of rows."""
    rows = list(roles_in(actor).filter(person=person).prefetch_related("assurances").order_by("-starts_on", "-id"))
    links = list(
        Countersigner.objects.for_centre(actor.centre_id)
        .filter(Q(trainee=person) | Q(countersigner=person))
        .order_by("starts_on", "id")
    )
    others = {link.trainee_id for link in links} | {link.countersigner_id for link in links}
    names = names_of(actor, {person.pk, *others, *(row.granted_by_id for row in rows if row.granted_by_id)})
    learner = Learner.objects.for_centre(actor.centre_id).filter(person=person).values_list("public_id", flat=True)
    mine = Allocation.objects.for_centre(actor.centre_id).filter(on_day(actor.on), assessor=person)
    ids = dict(User.objects.filter(pk__in=others).values_list("pk", "public_id"))
    by = {link.countersigner_id for link in links if link.trainee_id == person.pk}
    apart = countersigners_apart(actor.centre_id, person.pk, by, actor.on) if by else Apart()
    return PersonDetail(
        person=person,
        name=names[person.pk],
        roles=tuple(
            role_row(
                row,
                actor.on,
                names.get(row.granted_by_id or 0, ""),
                tuple(sorted({a.entry_code for a in row.assurances.all()})),
            )
            for row in rows
        ),
        invited_at=_invited(actor, [person]).get(person.pk),
        letter=invitations_stuck(actor.centre_id, [person.pk]).get(person.pk, ""),
        learner_public_id=learner.first() or "",
        learners=mine.aggregate(n=Count("learner_id", distinct=True))["n"],
        countersigned_by=tuple(
            replace(_link(x, x.countersigner_id, ids, names, actor.on), warning=_warning(x, names, apart))
            for x in links
            if x.trainee_id == person.pk
        ),
        countersigns_for=tuple(
            _link(x, x.trainee_id, ids, names, actor.on) for x in links if x.countersigner_id == person.pk
        ),
    )


def _warning(x: Countersigner, names: dict[int, str], apart: Apart) -> str:
    return countersigner_warning(names[x.countersigner_id], apart.of(x.countersigner_id))


def _link(x: Countersigner, other: int, ids: dict[int, str], names: dict[int, str], day: dt.date) -> LinkRow:
    over = x.ends_on is not None and x.ends_on < day
    return LinkRow(x.pk, ids[other], names[other], x.starts_on, x.ends_on, over)


@dataclass(frozen=True, slots=True)
class AssessorRow:
    """Somebody who looks after learners now or later, and how many they have."""

    person_id: int
    public_id: str
    name: str
    trainee: bool
    countersigned: bool
    learners: int


def assessing(actor: Actor) -> QuerySet[Membership]:
    """Return the assessing roles of the centre that are in force or will be."""
    return roles_in(actor).filter(role__in=ASSESSING).exclude(ends_on__lt=actor.on)


def assessors(actor: Actor) -> list[AssessorRow]:
    """Return everybody who assesses here now or later, by name, with the learners they have. Two queries."""
    roles = assessing(actor).filter(person_id=OuterRef("pk"))
    links = Countersigner.objects.for_centre(actor.centre_id).filter(trainee_id=OuterRef("pk"))
    people = named(actor, User.objects.filter(Exists(roles))).annotate(
        trainee=Exists(roles.filter(role=Role.TRAINEE)), linked=Exists(links.exclude(ends_on__lt=actor.on))
    )
    loads = dict(
        Allocation.objects.for_centre(actor.centre_id)
        .exclude(ends_on__lt=actor.on)
        .order_by()
        .values_list("assessor_id")
        .annotate(n=Count("learner_id", distinct=True))
    )
    return [
        AssessorRow(x.pk, x.public_id, x.name, x.trainee, x.linked, loads.get(x.pk, 0))
        for x in people.order_by(Lower("name"), "pk")
    ]


def assessor_names(actor: Actor) -> list[tuple[str, str]]:
    """Return public id and name of everybody who assesses here now or later, by name. One query."""
    roles = assessing(actor).filter(person_id=OuterRef("pk"))
    people = named(actor, User.objects.filter(Exists(roles)))
    return list(people.order_by(Lower("name"), "pk").values_list("public_id", "name"))


def assurable(actor: Actor) -> list[tuple[str, str]]:
    """Return entry code and title of every qualification that somebody can look after. One query."""
    return list(current_versions(actor.centre_id).annotate(code=F("entry_code")).values_list("code", "title"))
