"""Registering learners and choosing their units."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from django.db import transaction

from accounts.queries import person_by_email
from accounts.services import person_for
from audit.services import record
from centres import rules
from centres.actor import Actor
from centres.enums import LEFT, Role, UlnStatus
from centres.models import InitialAssessment, Learner, LearnerUnit, Membership, Registration
from centres.permissions import require_admin
from centres.queries.external import looks_in_elsewhere
from centres.queries.gates import approval_facts
from centres.queries.learners import ChoicePlace, places_of_qualification
from centres.queries.seen import registrations_mark
from centres.services.apart import assurers_looking_after, looks_after, visitors_of_ours
from centres.services.caseload import allocate_first, reasons_against
from centres.services.holding import hold_centre, hold_person
from centres.services.letters import ask_for_letter
from centres.services.on_a_day import ONE_DAY, not_over, today_of
from common.refusals import Refusal, refuse_if
from common.seen import refuse_other
from common.text import say
from qualifications.models import Qualification
from qualifications.queries import current_versions, life_facts, visible
from qualifications.rules import LifecycleFacts, asks_for_confirmation


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody is to be registered for: the qualification with its places, the optional ones ticked, from when."""

    qualification: Qualification | None
    places: tuple[ChoicePlace, ...]
    chosen: frozenset[int]
    starts_on: dt.date
    at: dt.datetime
    confirmed: str = ""  # how somebody knows that entry is open, where its last day is not known (R16)
    superseded: bool = False  # another version counts for new learners of this centre (R23)

    @property
    def mandatory(self) -> frozenset[int]:
        """Return the places that everybody takes."""
        return mandatory_places(self.places)

    @property
    def kept_confirmation(self) -> str:
        """Return what was said about entry where it had to be said; what nobody asked for is not kept."""
        life = _lifecycle(self.qualification)
        asked = life is not None and asks_for_confirmation(life, today_of(self.at))
        return self.confirmed if asked else ""

    @property
    def wanted(self) -> list[ChoicePlace]:
        """Return the places to be learned, in order."""
        ids = self.mandatory | self.chosen
        return [p for p in self.places if p.place_id in ids]


def entry_for(
    actor: Actor,
    qualification_id: int,
    place_ids: Collection[int],
    starts_on: dt.date,
    *,
    at: dt.datetime,
    confirmed: str = "",
) -> Entry:
    """Return what somebody is to be registered for at the actor's centre, read from the catalogue. Three queries.

    A version that another centre brought in is not there.
    """
    wanted = visible(Qualification.objects.filter(pk=qualification_id), actor.centre_id).first()
    counts = current_versions(actor.centre_id).filter(pk=qualification_id)
    return Entry(
        wanted,
        tuple(places_of_qualification(qualification_id)) if wanted else (),
        frozenset(place_ids),
        starts_on,
        at,
        rules.plain(confirmed),
        superseded=wanted is not None and not counts.exists(),
    )


@transaction.atomic
def register_learner(
    *,
    actor: Actor,
    identity: rules.Identity,
    qualification_id: int,
    place_ids: Collection[int],
    assessor_id: int | None,
    starts_on: dt.date,
    initial: rules.Initial,
    entry_confirmed: str = "",
    at: dt.datetime,
) -> Registration:
    """Make a person a learner of this centre, registered for one qualification, and invite them by e-mail.

    `place_ids` are the places of optional units; the mandatory ones are taken anyway. Refuses what
    `why_not_identity`, `why_not_register` and, with an assessor, `why_not_allocate` say, all reasons at once; a
    learner who is here already comes with a target to link to. Where the last day of entry is not known,
    `entry_confirmed` says how somebody knows that the qualification takes learners; it is kept (R16). It also refuses
    what `why_not_initial` says of `initial`, and keeps it (R39). Emits learner.registered; all or nothing is written.
    """
    require_admin(actor, "learner.register")
    hold_centre(actor.centre_id)
    who = rules.tidied(identity)
    first_day = max(starts_on, today_of(at))
    entry = entry_for(actor, qualification_id, place_ids, starts_on, at=at, confirmed=entry_confirmed)
    known = person_by_email(who.email)
    reasons = [
        *rules.why_not_enter(_entering(actor, known.pk if known else 0, entry)),
        *rules.why_not_identity(who, today_of(at)),
        *rules.why_not_register(_facts(actor, who, entry)),
        *_reasons_against_assessor(actor, who, assessor_id, first_day, entry),
        *_reasons_against_level(entry, initial),
    ]
    refuse_if(reasons)
    learner = _new_learner(actor, who, at)
    row = write_registration(actor, learner, entry)
    _keep_initial(actor, row, initial, at)
    if assessor_id is not None:
        allocate_first(actor, learner, assessor_id, first_day, at)
    ask_for_letter(actor.centre_id, learner.person_id, actor.person_id)
    return row


def _reasons_against_assessor(
    actor: Actor, who: rules.Identity, assessor_id: int | None, first_day: dt.date, entry: Entry
) -> list[Refusal]:
    if assessor_id is None:
        return []
    known = person_by_email(who.email)
    return reasons_against(
        actor=actor,
        learner_person_id=known.pk if known else 0,
        name=f"{who.given_names} {who.family_name}",
        assessor_id=assessor_id,
        starts_on=first_day,
        today=today_of(entry.at),
        qualification=entry.qualification,
    )


@transaction.atomic
def add_registration(
    *,
    actor: Actor,
    learner: Learner,
    qualification_id: int,
    place_ids: Collection[int],
    starts_on: dt.date,
    initial: rules.Initial,
    entry_confirmed: str = "",
    seen: str | None = None,
    at: dt.datetime,
) -> Registration:
    """Register a learner who is or was here for one more qualification (one open registration each).

    Somebody who left is a learner here again from today on. Emits learner.registered.
    `entry_confirmed` and `initial` as in `register_learner`. Refuses what `why_not_register` and `why_not_initial` say
    (R1, R39). Stale when the learner's registrations are no longer as the page showed them (`seen`,
    of `registrations_mark`).
    """
    require_admin(actor, "learner.register")
    hold_centre(actor.centre_id)
    if seen is not None:
        words = say("The registrations of %(name)s changed while you had this page open. Look, then save again.")
        now = registrations_mark(actor.centre_id, learner.pk)
        refuse_other(seen, now, sentence=words % {"name": learner.full_name})
    entry = entry_for(actor, qualification_id, place_ids, starts_on, at=at, confirmed=entry_confirmed)
    facts = entry_facts(actor.centre_id, entry, learner.person.email)
    here = replace(facts, registered=is_registered(learner, entry.qualification))
    refuse_if(
        [
            *rules.why_not_enter(
                replace(
                    _entering(actor, learner.person_id, entry),
                    looks_after=looks_after(actor, learner),
                    assurers=assurers_looking_after(learner, entry.qualification, actor.on),
                )
            ),
            *rules.why_not_register(here),
            *_reasons_against_level(entry, initial),
        ]
    )
    row = write_registration(actor, learner, entry)
    _keep_initial(actor, row, initial, at)
    return row


def _entering(actor: Actor, person_id: int, entry: Entry) -> rules.EnteringFacts:
    ours = ours_looking_in(actor, entry, person_id)
    if person_id:
        hold_person(person_id)
    today = today_of(entry.at)
    rows = not_over(actor.centre_id, person_id, today).values_list("role", flat=True)
    bodies = {entry.qualification.awarding_body} if entry.qualification else set()
    return rules.EnteringFacts(
        own=person_id == actor.person_id,
        held=frozenset(Role(role) for role in rows),
        looks_in=looks_in_elsewhere(actor.centre_id, person_id, (today, None), bodies),
        ours=ours,
    )


def ours_looking_in(actor: Actor, entry: Entry, person_id: int = 0) -> frozenset[str]:
    """Return who of the centre looks into others for a body that the centre comes under by this entry (R99)."""
    if entry.qualification is None:
        return frozenset()
    body = entry.qualification.awarding_body
    return visitors_of_ours(actor.centre_id, body, today_of(entry.at), also=person_id)


def _reasons_against_level(entry: Entry, initial: rules.Initial) -> list[Refusal]:
    if entry.qualification is None:
        return []
    return rules.why_not_initial(initial, entry.qualification.level, today_of(entry.at), entry.starts_on)


def _keep_initial(actor: Actor, row: Registration, initial: rules.Initial, at: dt.datetime) -> None:
    InitialAssessment.objects.create(
        centre_id=actor.centre_id,
        registration=row,
        learner_id=row.learner_id,
        made_on=initial.made_on,
        prior_learning=initial.prior_learning.strip(),
        role_fit=initial.role_fit.strip(),
        outcome_level=initial.outcome_level,
        chosen_level=row.qualification.level,
        reason=initial.reason.strip(),
        manages_people=initial.manages_people,
        purpose=initial.purpose,
        made_by_id=actor.person_id,
        created_at=at,
    )


def is_registered(learner: Learner, qualification: Qualification | None, *, besides: int | None = None) -> bool:
    """Say whether a registration other than `besides` holds a learner for any version of a qualification."""
    if qualification is None:
        return False
    rows = Registration.objects.for_centre(learner.centre_id).filter(learner=learner)
    same = rows.filter(
        qualification__awarding_body=qualification.awarding_body, qualification__entry_code=qualification.entry_code
    )
    return bool(same.exclude(state__in=LEFT).exclude(pk=besides or 0).exists())


def entry_facts(centre_id: int, entry: Entry, email: str) -> rules.RegisterFacts:
    """Return what the rules ask of an entry in a centre. At most two queries."""
    return rules.RegisterFacts(
        email=email,
        lifecycle=_lifecycle(entry.qualification),
        starts_on=entry.starts_on,
        today=today_of(entry.at),
        chosen=entry.chosen,
        places=frozenset(p.place_id for p in entry.places),
        mandatory=entry.mandatory,
        approval=approval_facts(centre_id, entry.qualification),
        entry_confirmed=entry.confirmed,
        superseded=entry.superseded,
    )


def _facts(actor: Actor, who: rules.Identity, entry: Entry) -> rules.RegisterFacts:
    here = Learner.objects.for_centre(actor.centre_id)
    name = (who.given_names.casefold(), who.family_name.casefold())
    born = here.filter(date_of_birth=who.date_of_birth)
    # Compared here: SQLite knows the case of ASCII letters only.
    same_name = (x for x in born if (x.given_names.casefold(), x.family_name.casefold()) == name)
    return replace(
        entry_facts(actor.centre_id, entry, who.email),
        same_email=known_of(here.filter(person__email=who.email).first()),
        same_name=known_of(next(same_name, None)),
        same_uln=known_of(here.filter(uln=who.uln).first() if who.uln else None),
        another_person=who.another_person,
    )


def _lifecycle(qualification: Qualification | None) -> LifecycleFacts | None:
    return None if qualification is None else life_facts(qualification)


def mandatory_places(places: Iterable[ChoicePlace]) -> frozenset[int]:
    """Return the places that everybody takes. No query."""
    return frozenset(p.place_id for p in places if p.mandatory)


def known_of(learner: Learner | None) -> rules.Known | None:
    """Return what a refusal says of another learner of the centre."""
    return rules.Known(learner.public_id, learner.full_name) if learner else None


def _new_learner(actor: Actor, who: rules.Identity, at: dt.datetime) -> Learner:
    person = person_for(email=who.email, given_name=who.given_names, family_name=who.family_name)
    learner: Learner = Learner.objects.create(
        centre_id=actor.centre_id,
        person=person,
        given_names=who.given_names,
        family_name=who.family_name,
        date_of_birth=who.date_of_birth,
        gender=who.gender,
        uln=who.uln or None,
        uln_status=UlnStatus.FORMAT_OK if who.uln else UlnStatus.NONE,
        uln_missing_reason=who.uln_missing_reason,
        workplace=who.workplace,
        created_at=at,
    )
    return learner


def _admit(actor: Actor, learner: Learner, at: dt.datetime) -> None:
    """Make sure that a registered person is a learner here today: one who left comes back with a registration (B8).

    One who is to come back later is a learner until the day before as well, and then as it was planned.
    """
    today = today_of(at)
    first = not_over(actor.centre_id, learner.person_id, today).filter(role=Role.LEARNER).order_by("starts_on").first()
    if first is None or first.starts_on > today:
        Membership.objects.create(
            centre_id=actor.centre_id,
            person_id=learner.person_id,
            role=Role.LEARNER,
            starts_on=today,
            ends_on=first.starts_on - ONE_DAY if first else None,
            known_as=learner.full_name,
            granted_by_id=actor.person_id,
            created_at=at,
        )


def write_registration(
    actor: Actor, learner: Learner, entry: Entry, *, moved_from: Registration | None = None, reason: str = ""
) -> Registration:
    """Write a registration with its units, and let its learner in; the rules were asked. Emits learner.registered."""
    assert entry.qualification is not None  # noqa: S101 - the rules refused a missing one
    _admit(actor, learner, entry.at)
    row: Registration = Registration.objects.create(
        centre_id=actor.centre_id,
        learner=learner,
        qualification=entry.qualification,
        starts_on=entry.starts_on,
        registered_by_id=actor.person_id,
        created_at=entry.at,
        moved_from=moved_from,
        moved_reason=reason,
        entry_confirmed=entry.kept_confirmation,
    )
    add_units(row, entry.wanted, entry.at)
    facts = {
        "learner": learner.public_id,
        "units": len(entry.wanted),
        "starts_on": entry.starts_on.isoformat(),
        **({"entry_confirmed": row.entry_confirmed} if row.entry_confirmed else {}),
    }
    record("learner.registered", actor=actor, obj=row, at=entry.at, facts=facts)
    return row


def add_units(registration: Registration, places: Iterable[ChoicePlace], at: dt.datetime) -> None:
    """Write places as chosen units. One query a unit; asks for no right: that is the caller's."""
    for place in places:
        LearnerUnit.objects.create(
            centre_id=registration.centre_id,
            registration=registration,
            learner_id=registration.learner_id,
            unit_id=place.unit_id,
            place_id=place.place_id,
            position=place.position,
            changed_at=at,
        )
