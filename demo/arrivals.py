"""How everybody of the demo comes to their centre: invited, given roles, registered, allocated."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from accounts.services import accept_invitation, invite
from centres import rules
from centres import services as centres
from centres.enums import ApprovalStatus, Gender, IdDocument, IdMethod, Purpose, Role
from centres.models import Centre, Membership
from centres.queries.gates import policy_of
from centres.rules.initial import MANAGING_LEVEL
from common import clock
from demo.moments import Story
from demo.people import CENTRES, FIRST_ADMINS, LEARNERS, PASSWORD, SECONDS, STAFF
from demo.shapes import Enrolment, Person, Seat
from demo.stage import Stage
from qualifications.models import Place, Qualification
from qualifications.queries import current_versions

#: What some of the learners are moved to.
MOVED_TO = "10379"
#: What the admins of the demo say where the last day of entry is not known (R16).
ENTRY_CONFIRMED = "Asked the awarding body by telephone: entries are still taken. Noted in the centre’s file."


def arrivals(stage: Stage) -> Iterator[Story]:
    """Yield the stories of all arrivals, admins first."""
    for person in STAFF:
        for seat in person.seats:
            opens = FIRST_ADMINS[seat.centre] == person.key
            if seat.role == Role.EQA:
                yield _visiting(stage, person, seat)
            else:
                yield _opening(stage, person, seat) if opens else _joining(stage, person, seat)
    for enrolment in LEARNERS:
        yield _registering(stage, enrolment)


def _opening(stage: Stage, person: Person, seat: Seat) -> Story:
    at = yield stage.calendar.at(seat.since, "08:30")
    opened = centres.open_centre(
        number=seat.centre,
        name=CENTRES[seat.centre],
        admin_email=person.email,
        given_name=person.given,
        family_name=person.family,
        at=at,
    )
    stage.people[person.key] = opened.admin
    for qualification in _offered(seat.centre):
        centres.record_approval(
            actor=stage.actor(person.key, seat.centre, at),
            qualification=qualification,
            said=_approval(qualification, stage.calendar.day(seat.since)),
            at=at,
        )


def _offered(number: str) -> list[Qualification]:
    """Return what a centre of the demo is approved for: what its learners do, and where they move to."""
    codes = {enrolment.entry_code for enrolment in LEARNERS if enrolment.centre == number} | {MOVED_TO}
    return list(current_versions(None).filter(entry_code__in=codes).order_by("entry_code"))


def _approval(qualification: Qualification, day: dt.date) -> centres.ApprovalSaid:
    words = f"We approve your centre for {qualification.entry_code} {qualification.title} until further notice."
    return centres.ApprovalSaid(f"CA-{qualification.entry_code}", ApprovalStatus.APPROVED, day, None, words)


def _joining(stage: Stage, person: Person, seat: Seat) -> Story:
    at = yield stage.calendar.at(seat.since, "09:00")
    day = stage.calendar.day(seat.since)
    invited = centres.invite_person(
        actor=stage.actor(FIRST_ADMINS[seat.centre], seat.centre, at),
        email=person.email,
        given_name=person.given,
        family_name=person.family,
        roles=[seat.role],
        starts_on=day,
        ends_on=day + dt.timedelta(days=seat.days) if seat.days else None,
        entry_codes=seat.codes,
        at=at,
    )
    stage.people[person.key] = invited.person


def _visiting(stage: Stage, person: Person, seat: Seat) -> Story:
    """Propose somebody whom the awarding body sends; a second person lets them in on the same morning."""
    at = yield stage.calendar.at(seat.since, "09:00")
    day = stage.calendar.day(seat.since)
    proposal = centres.propose_external(
        actor=stage.actor(FIRST_ADMINS[seat.centre], seat.centre, at),
        email=person.email,
        given_name=person.given,
        family_name=person.family,
        entry_codes=seat.codes,
        starts_on=day,
        ends_on=day + dt.timedelta(days=seat.days or 1),
        proof="Letter of the awarding body of last week; confirmed when we rang its own number.",
        at=at,
    )
    at = yield stage.calendar.at(seat.since, "09:40")
    second = stage.actor(SECONDS[seat.centre], seat.centre, at)
    centres.decide_external(actor=second, proposal=proposal, agrees=True, at=at)
    stage.people[person.key] = proposal.person


def _registering(stage: Stage, enrolment: Enrolment) -> Story:
    at = yield stage.calendar.at(enrolment.since, "09:30")
    qualification = current_versions(None).get(entry_code=enrolment.entry_code)
    registration = centres.register_learner(
        actor=stage.actor(FIRST_ADMINS[enrolment.centre], enrolment.centre, at),
        identity=_identity(enrolment),
        qualification_id=qualification.pk,
        place_ids=_places(qualification, enrolment),
        assessor_id=stage.people[enrolment.assessor].pk if enrolment.assessor else None,
        starts_on=stage.calendar.day(enrolment.since),
        initial=_initial(qualification, stage.calendar.day(enrolment.since)),
        entry_confirmed=ENTRY_CONFIRMED,
        at=at,
    )
    stage.people[enrolment.key] = registration.learner.person
    if enrolment.joined:
        at = yield stage.calendar.at(enrolment.since, "09:50")
        _settling_in(stage, enrolment, at)


def _settling_in(stage: Stage, enrolment: Enrolment, at: dt.datetime) -> None:
    """Somebody of the office sees who the learner is; the learner reads what everybody is told at the start."""
    seen = centres.IdentitySeen(IdDocument.PASSPORT, IdMethod.FACE_TO_FACE, clock.london_date(at), matches=True)
    office = stage.actor(FIRST_ADMINS[enrolment.centre], enrolment.centre, at)
    centres.record_identity(actor=office, learner=stage.learner(enrolment.key), said=seen, at=at)
    learner = stage.actor(enrolment.key, enrolment.centre, at)
    centres.acknowledge_induction(actor=learner, ticked=rules.PARTS, at=at)


def _initial(qualification: Qualification, day: dt.date) -> centres.Initial:
    """Return what was found out on the first day: this level fits."""
    managing = qualification.level >= MANAGING_LEVEL
    return centres.Initial(
        made_on=day,
        role_fit="The work offers something for every unit chosen.",
        outcome_level=qualification.level,
        manages_people=True if managing else None,
        purpose=Purpose.CONFIRM if managing else "",
    )


def _identity(enrolment: Enrolment) -> centres.Identity:
    return centres.Identity(
        given_names=enrolment.given,
        family_name=enrolment.family,
        date_of_birth=dt.date.fromisoformat(enrolment.born),
        gender=Gender(enrolment.gender),
        email=enrolment.email,
        uln=enrolment.uln,
        uln_missing_reason=enrolment.no_uln,
        workplace=enrolment.workplace,
    )


def _places(qualification: Qualification, enrolment: Enrolment) -> list[int]:
    rows = Place.objects.filter(group__qualification=qualification, unit__key__in=enrolment.units)
    return list(rows.values_list("pk", flat=True))


def countersigner(stage: Stage, trainee: str, other: str, number: str) -> Story:
    """Name the qualified assessor who countersigns for a trainee, on the trainee's second day."""
    at = yield stage.calendar.at(209, "09:00")
    centres.set_countersigner(
        actor=stage.actor(FIRST_ADMINS[number], number, at),
        trainee_id=stage.people[trainee].pk,
        countersigner_id=stage.people[other].pk,
        starts_on=stage.calendar.day(209),
        at=at,
    )


def asking_first(stage: Stage, number: str) -> Story:
    """Let an office say from what age on evidence is asked about."""
    at = yield stage.calendar.at(40, "16:10")
    actor = stage.actor(FIRST_ADMINS[number], number, at)
    centres.change_policy(
        actor=actor,
        wanted=replace(policy_of(actor.centre_id), currency_days=3 * 365),
        reason="Our learners work in seasons; the awarding body accepts three years.",
        at=at,
    )


def second_assessor(stage: Stage, learner: str, other: str) -> Story:
    """Let a second assessor look after a learner beside the first one."""
    at = yield stage.calendar.at(60, "09:00")
    row = stage.learner(learner)
    centres.allocate(
        actor=stage.actor(FIRST_ADMINS[row.centre.number], row.centre.number, at),
        learner=row,
        assessor_id=stage.people[other].pk,
        starts_on=stage.calendar.day(60),
        reason="Knows the contact centre",
        alongside=True,
        at=at,
    )


def let_in(stage: Stage, at: dt.datetime) -> None:
    """Give everybody who has joined the one password, through links as their centres send them."""
    away = {enrolment.key for enrolment in LEARNERS if not enrolment.joined}
    for key, person in stage.people.items():
        if key in away:
            continue
        rows = Membership.objects.across_centres(reason="the demo lets its people in").filter(person=person)
        for centre in Centre.objects.filter(pk__in=rows.values("centre_id")):
            token = invite(
                person=person,
                invited_by_id=None,
                centre_number=centre.number,
                centre_name=centre.name,
                roles="",
                at=at,
            )
            accept_invitation(token=token, password=PASSWORD, at=at)


def roles_of(key: str) -> str:
    """Return what somebody is, in words: each role once."""
    roles = [seat.role for person in STAFF if person.key == key for seat in person.seats]
    roles += [Role.LEARNER for enrolment in LEARNERS if enrolment.key == key]
    return ", ".join(dict.fromkeys(str(role.label) for role in roles))
