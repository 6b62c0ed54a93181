"""Who looks after which learner, in all registrations or in one of them."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from audit.services import record
from centres import rules
from centres.actor import Actor
from centres.enums import ASSESSING, LEFT, Role
from centres.models import Allocation, Countersigner, Learner, Membership, Registration
from centres.permissions import require_admin
from centres.queries import on_day
from centres.queries.seen import days_mark
from centres.services.apart import assured_by
from centres.services.holding import hold_centre
from centres.services.on_a_day import ONE_DAY, close, known_as, roles_on, today_of
from common.refusals import Refusal, Stale, refuse_if
from common.seen import refuse_other
from common.text import say
from qualifications.models import Qualification


@dataclass(frozen=True, slots=True)
class _Move:
    """To whom, from when until when, in which registration (None: all), why, and whether the present assessors stay."""

    assessor_id: int | None
    starts_on: dt.date
    at: dt.datetime
    ends_on: dt.date | None = None
    reason: str = ""
    alongside: bool = False
    registration_id: int | None = None
    exception: str = ""

    def meets(self, row: Allocation) -> bool:
        """Say whether an allocation is about the same registration on one of the same days."""
        before = row.ends_on is not None and row.ends_on < self.starts_on
        after = self.ends_on is not None and self.ends_on < row.starts_on
        apart = None not in {row.registration_id, self.registration_id} and row.registration_id != self.registration_id
        return not (before or after or apart)

    def covered_by(self, row: Allocation) -> bool:
        """Say whether an allocation is the same person's and reaches as far: as many registrations, all these days."""
        same = row.assessor_id == self.assessor_id and row.registration_id in {None, self.registration_id}
        lasts = row.ends_on is None or (self.ends_on is not None and self.ends_on <= row.ends_on)
        return same and lasts and row.starts_on <= self.starts_on

    def wider(self, row: Allocation) -> bool:
        """Say whether an allocation is the same person's, and this one reaches further: cover that becomes lasting."""
        return row.assessor_id == self.assessor_id and not self.covered_by(row)


@transaction.atomic
def allocate(
    *,
    actor: Actor,
    learner: Learner,
    assessor_id: int | None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    registration: Registration | None = None,
    reason: str = "",
    exception: str = "",
    alongside: bool = False,
    seen: Collection[str] | None = None,
    at: dt.datetime,
) -> Allocation:
    """Give a learner to an assessor; whoever looked after them stops the day before, unless `alongside`.

    With a last day it is cover: whoever stopped looks after the learner again from the day after. With a registration
    it is about that one alone, and the others stay where they are. Work that waits goes with the learner: the queue
    follows the allocation. Refuses what `why_not_allocate` says (R6, R8, R13): whoever registered the learner needs an
    `exception` that a third person gives, with the reason. `seen` are the public ids of the open
    allocations that the person looked at; other ones now mean Stale.
    Emits learner.allocated, and learner.allocation_resumed for what goes on beside or after it.
    """
    require_admin(actor, "learner.allocate")
    hold_centre(actor.centre_id)
    named = registration.pk if registration is not None else None
    move = _Move(assessor_id, starts_on, at, ends_on, rules.plain(reason), alongside, named, rules.plain(exception))
    return _allocate(actor, learner, move, seen)


@transaction.atomic
def move_learners(
    *,
    actor: Actor,
    learners: Sequence[Learner],
    assessor_id: int | None,
    starts_on: dt.date,
    reason: str,
    seen: Mapping[str, Collection[str]] | None = None,
    at: dt.datetime,
) -> int:
    """Give several learners to one assessor, all or none, and return how many they are.

    `seen` are the public ids of the open allocations that the page showed, by learner (public id). Refuses what
    `allocate` refuses for any of them, and an empty choice. Whoever looks after one of them already, from that day on
    and without an end, keeps them: that learner is not counted.
    """
    require_admin(actor, "learner.allocate")
    hold_centre(actor.centre_id)
    if not learners:
        refuse_if([Refusal("no-learner", say("Tick at least one learner."), "learners")])
    move = _Move(assessor_id, starts_on, at, reason=rules.plain(reason))
    rows = _open(actor, today_of(at)).filter(assessor_id=assessor_id)
    staying = {row.learner_id for row in rows if move.covered_by(row)}
    moving = [learner for learner in learners if learner.pk not in staying]
    for learner in moving:
        _allocate(actor, learner, move, seen.get(learner.public_id) if seen else None, one_of=len(learners))
    return len(moving)


def _allocate(
    actor: Actor, learner: Learner, move: _Move, seen: Collection[str] | None = None, one_of: int = 1
) -> Allocation:
    today = today_of(move.at)
    current = list(_open(actor, today).filter(learner=learner))
    if seen is not None and {row.public_id for row in current} != set(seen):
        words = say("Somebody gave %(name)s to another assessor meanwhile. Look, then save again.")
        this = say("Somebody gave this learner to another assessor meanwhile. Look, then save again.")
        raise Stale(sentence=this if one_of == 1 else words % {"name": learner.full_name})
    met = [row for row in current if move.meets(row)]
    at_work = _at_work(learner) if move.registration_id is not None else set()
    facts = rules.AllocateFacts(
        learner_person_id=learner.person_id,
        learner_name=learner.full_name,
        assessor=_assessor(actor.centre_id, move.assessor_id, move.starts_on),
        starts_on=move.starts_on,
        ends_on=move.ends_on,
        today=today,
        reason=move.reason,
        current=frozenset(row.assessor_id for row in met if not move.wider(row)),
        alongside=move.alongside,
        registered_by=_registrars(learner),
        exception=move.exception,
        acting=actor.person_id,
        assures=_assured(learner, move),
        own=learner.person_id == actor.person_id,
        registration_open=move.registration_id is None or move.registration_id in at_work,
    )
    refuse_if(rules.why_not_allocate(facts))
    for row in met:
        if not move.alongside or move.wider(row):
            _give_way(actor, row, move, at_work)
    needed = move.assessor_id in facts.registered_by
    return _write(actor, learner, move if needed else replace(move, exception=""))


def _assured(learner: Learner, move: _Move) -> frozenset[str]:
    """Return the titles of what the assessor quality-assures on these days, among what the learner works on."""
    rows = Registration.objects.for_centre(learner.centre_id).filter(learner=learner).exclude(state__in=LEFT)
    if move.registration_id is not None:
        rows = rows.filter(pk=move.registration_id)
    qualifications = [row.qualification for row in rows.select_related("qualification")]
    return assured_by(learner.centre_id, move.assessor_id or 0, qualifications, (move.starts_on, move.ends_on))


def _registrars(learner: Learner) -> frozenset[int]:
    """Return who entered the learner for what they work on now, and for what that was moved from (ids of people).

    Whoever moves somebody enters them too, but takes nobody's place: else a second admin's move would free the first
    from the exception that a third person gives.
    """
    rows = {row.pk: row for row in Registration.objects.for_centre(learner.centre_id).filter(learner=learner)}
    found: set[int] = set()
    for row in rows.values():
        one = None if row.state in LEFT else row
        while one is not None:
            found.add(one.registered_by_id)
            one = rows.get(one.moved_from_id or 0)
    return frozenset(found)


def _at_work(learner: Learner) -> set[int]:
    """Return the registrations of a learner that nobody has left, moved or taken back (ids)."""
    rows = Registration.objects.for_centre(learner.centre_id).filter(learner=learner).exclude(state__in=LEFT)
    return set(rows.values_list("pk", flat=True))


def _give_way(actor: Actor, row: Allocation, move: _Move, at_work: Collection[int]) -> None:
    """End an allocation the day before a move, and let it go on where that does not reach: beside it and after it."""
    last, first = row.ends_on, max(move.starts_on, row.starts_on)
    close([row], move.starts_on - ONE_DAY)
    if move.registration_id is not None and row.registration_id is None:
        during = (first, min((day for day in (last, move.ends_on) if day is not None), default=None))
        for other in sorted(set(at_work) - {move.registration_id}):
            _resume(actor, row, during, other, at=move.at)
    if move.ends_on is not None and (last is None or last > move.ends_on):
        after = (max(move.ends_on + ONE_DAY, row.starts_on), last)
        _resume(actor, row, after, row.registration_id, at=move.at)


def _resume(
    actor: Actor,
    row: Allocation,
    days: tuple[dt.date, dt.date | None],
    registration_id: int | None,
    *,
    at: dt.datetime,
) -> None:
    """Write that whoever had this allocation has it again on these days, in all registrations or in one."""
    again: Allocation = Allocation.objects.create(
        centre_id=row.centre_id,
        learner_id=row.learner_id,
        assessor_id=row.assessor_id,
        registration_id=registration_id,
        starts_on=days[0],
        ends_on=days[1],
        reason=row.reason,
        exception=row.exception,
        created_at=at,
    )
    facts = {"starts_on": days[0].isoformat(), "after": row.public_id}
    record("learner.allocation_resumed", actor=actor, obj=again, at=at, facts=facts)


def follow_registration(*, actor: Actor, old: Registration, new: Registration, at: dt.datetime) -> None:
    """Let whoever looks after a registration that was moved look after the one it led to (R34).

    Only where an allocation names it: any other covers all of the learner's. Call inside the act's transaction. Emits
    learner.allocation_resumed.
    """
    for row in list(_open(actor, today_of(at)).filter(registration=old)):
        last = row.ends_on
        if last is None or last >= new.starts_on:
            close([row], new.starts_on - ONE_DAY)
            _resume(actor, row, (max(new.starts_on, row.starts_on), last), new.pk, at=at)


def _open(actor: Actor, today: dt.date) -> QuerySet[Allocation]:
    rows: QuerySet[Allocation] = Allocation.objects.for_centre(actor.centre_id).exclude(ends_on__lt=today)
    return rows


def _write(actor: Actor, learner: Learner, move: _Move) -> Allocation:
    assert move.assessor_id is not None  # noqa: S101 - the rules refused nobody
    row: Allocation = Allocation.objects.create(
        centre_id=actor.centre_id,
        learner=learner,
        assessor_id=move.assessor_id,
        registration_id=move.registration_id,
        starts_on=move.starts_on,
        ends_on=move.ends_on,
        reason=move.reason,
        exception=move.exception,
        created_at=move.at,
    )
    facts = {
        "learner": learner.public_id,
        "assessor": row.assessor.public_id,
        "starts_on": move.starts_on.isoformat(),
        "ends_on": move.ends_on.isoformat() if move.ends_on else None,
        "registration": row.registration.public_id if row.registration else None,
        **({"exception": row.exception} if row.exception else {}),
    }
    record("learner.allocated", actor=actor, obj=row, at=move.at, facts=facts)
    return row


def _assessor(centre_id: int, person_id: int | None, day: dt.date) -> rules.AssessorFacts | None:
    """Return what the rule needs to know of a person on a day; None: nobody, or nobody of this centre."""
    roles = roles_on(centre_id, person_id, day) if person_id is not None else frozenset()
    here = Membership.objects.for_centre(centre_id).filter(person_id=person_id) if person_id is not None else None
    person = User.objects.filter(pk__in=here.values("person")).first() if here is not None else None
    if person is None:
        return None
    return rules.AssessorFacts(
        person_id=person.pk,
        name=known_as(centre_id, person),
        assesses=bool(roles & ASSESSING),
        trainee=Role.TRAINEE in roles,
        countersigned=_is_countersigned(centre_id, person.pk, day),
    )


def _is_countersigned(centre_id: int, trainee_id: int, day: dt.date) -> bool:
    """Say whether somebody who is a qualified assessor that day countersigns for a trainee (R6)."""
    rows = Countersigner.objects.for_centre(centre_id).filter(on_day(day), trainee_id=trainee_id)
    return any(is_qualified(centre_id, person_id, day) for person_id in rows.values_list("countersigner_id", flat=True))


def is_qualified(centre_id: int, person_id: int, day: dt.date) -> bool:
    """Say whether a person is an assessor and no trainee on a day."""
    roles = roles_on(centre_id, person_id, day)
    return Role.ASSESSOR in roles and Role.TRAINEE not in roles


def reasons_against(
    *,
    actor: Actor,
    learner_person_id: int,
    name: str,
    assessor_id: int,
    starts_on: dt.date,
    today: dt.date,
    qualification: Qualification | None = None,
) -> list[Refusal]:
    """Return why an assessor cannot look after a learner who is being registered."""
    facts = rules.AllocateFacts(
        learner_person_id=learner_person_id,
        learner_name=name,
        assessor=_assessor(actor.centre_id, assessor_id, starts_on),
        starts_on=starts_on,
        ends_on=None,
        today=today,
        reason="",
        registered_by=frozenset({actor.person_id}),
        assures=assured_by(actor.centre_id, assessor_id, [qualification] if qualification else [], (starts_on, None)),
    )
    return rules.why_not_allocate(facts)


def allocate_first(actor: Actor, learner: Learner, assessor_id: int, starts_on: dt.date, at: dt.datetime) -> Allocation:
    """Write the first allocation of a learner whose rules were asked by the registration."""
    return _write(actor, learner, _Move(assessor_id, starts_on, at))


@transaction.atomic
def end_allocation(
    *, actor: Actor, allocation: Allocation, on: dt.date, seen: str | None = None, at: dt.datetime
) -> None:
    """Give an allocation the last day `on`; yesterday means at once. The learner may be left without an assessor.

    Refuses what `why_not_end_link` says. Stale when its dates changed (`seen`, of `days_mark`). Emits
    learner.allocation_ended.
    """
    require_admin(actor, "learner.allocate")
    hold_centre(actor.centre_id)
    now = Allocation.objects.for_centre(actor.centre_id).get(pk=allocation.pk)
    refuse_other(seen, days_mark(now), sentence=_dates_changed())
    refuse_if(rules.why_not_own(own=allocation.learner.person_id == actor.person_id))
    refuse_if(rules.why_not_end_link(allocation.starts_on, allocation.ends_on, on, today_of(at)))
    same = Allocation.objects.for_centre(actor.centre_id).filter(pk=allocation.pk, ends_on=allocation.ends_on)
    if not same.update(ends_on=on):
        raise Stale(sentence=_dates_changed())
    record("learner.allocation_ended", actor=actor, obj=allocation, at=at, facts={"on": on.isoformat()})


def _dates_changed() -> str:
    return say("Somebody changed this meanwhile. Look at the dates, then save again.")
