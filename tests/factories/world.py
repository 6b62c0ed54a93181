"""Two centres with twin people, so that a leak has something to leak (the cast of the abuse cases).

    A 10001: learners LA1 LA2 LA3, assessors AA1 (LA1) AA2 (LA2), trainee AT1 (LA3) countersigned by AA2,
             QA internal quality assurer, EA external one, CA admin, DUO assessor here without a caseload
    B 10002: learners LB1 and DUO (assessor in A), assessor AB1 (LB1 and DUO), QB, CB

Everybody's family name ends in their code: `"LB1" in page` finds a leak. All learners do the diploma; all its units are
chosen. `world.actor("AA1")` is what the walls make of somebody on a day; their password is PASSWORD.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.contrib.auth.hashers import make_password

from accounts.models import User
from centres import queries
from centres.actor import Actor
from centres.enums import ApprovalStatus, Gender, IdDocument, IdMethod, Role, UnitState
from centres.models import (
    Allocation,
    Approval,
    Assurance,
    Centre,
    Countersigner,
    IdentityCheck,
    Induction,
    Learner,
    LearnerUnit,
    Membership,
    Registration,
)
from centres.rules import Initial
from centres.rules.gates import INDUCTION, PARTS
from common import clock
from qualifications.models import Criterion, Place, Qualification
from tests.factories.catalogue import CERTIFICATE, DIPLOMA, publish_small
from tests.factories.remembered import remembered

PASSWORD = "three small green boats"
A = "10001"
B = "10002"
#: How long everybody has been here.
DAYS = 120

CAST: dict[str, tuple[tuple[str, Role], ...]] = {
    "LA1": ((A, Role.LEARNER),),
    "LA2": ((A, Role.LEARNER),),
    "LA3": ((A, Role.LEARNER),),
    "AA1": ((A, Role.ASSESSOR),),
    "AA2": ((A, Role.ASSESSOR),),
    "AT1": ((A, Role.TRAINEE),),
    "QA": ((A, Role.IQA),),
    "EA": ((A, Role.EQA),),
    "CA": ((A, Role.ADMIN),),
    "DUO": ((A, Role.ASSESSOR), (B, Role.LEARNER)),
    "LB1": ((B, Role.LEARNER),),
    "AB1": ((B, Role.ASSESSOR),),
    "QB": ((B, Role.IQA),),
    "CB": ((B, Role.ADMIN),),
}
GIVEN = ("Amina", "Ben", "Cerys", "Dev", "Ewa", "Finn", "Grace", "Hamza", "Isla", "Jo", "Kofi", "Lena", "Marek", "Nia")
FAMILY = (
    "Okafor",
    "Price",
    "Rossi",
    "Singh",
    "Tanaka",
    "Usman",
    "Vance",
    "Walsh",
    "Xu",
    "Young",
    "Zeman",
    "Abbot",
    "Bell",
    "Cole",
)
CASELOADS = (("AA1", "LA1"), ("AA2", "LA2"), ("AT1", "LA3"), ("AB1", "LB1"), ("AB1", "DUO"))


@dataclass(frozen=True)
class World:
    """The cast, by code. Learners, registrations and units are found by the learner's code and the unit's key."""

    at: dt.datetime
    centres: dict[str, Centre]
    people: dict[str, User]
    learners: dict[str, Learner]
    registrations: dict[str, Registration]
    diploma: Qualification
    certificate: Qualification

    @property
    def today(self) -> dt.date:
        """The day in London on which the world was made."""
        return clock.london_date(self.at)

    def centre_of(self, code: str) -> str:
        """The number of the first centre in which somebody is."""
        return CAST[code][0][0]

    def actor(self, code: str, *, centre: str = "", on: dt.date | None = None) -> Actor:
        """What the walls make of a person in a centre (their first one unless said) on a day (today unless said)."""
        person, day = self.people[code], on or self.today
        places = queries.places_of(person.pk, day)
        found = queries.actor_at(places, person, centre or self.centre_of(code), on=day, request_id=f"test-{code}")
        assert found is not None, f"{code} is nobody there on {day}"
        return found

    def unit(self, code: str, key: str) -> LearnerUnit:
        """A chosen unit of a learner, fresh from the database."""
        rows = LearnerUnit.objects.across_centres(reason="a test picks a unit")
        found: LearnerUnit = rows.select_related("unit").get(registration=self.registrations[code], unit__key=key)
        return found

    def criterion(self, key: str, number: str) -> Criterion:
        """A criterion of a unit: ("A-506-2130", "4.1")."""
        found: Criterion = Criterion.objects.get(unit__key=key, number=number)
        return found


@cache
def _password() -> str:
    return make_password(PASSWORD)


def two_centres(at: dt.datetime | None = None) -> World:
    """Return the world as it is now, or at a moment of your own. The first one of a process is built, others replayed."""
    return build_world(at) if at else remembered("world", build_world, clock.now())


def build_world(at: dt.datetime) -> World:
    """Make the world: about 80 rows, written directly, because who is where is not what most tests are about."""
    since = clock.london_date(at) - dt.timedelta(days=DAYS)
    publish_small(at)
    centres = {A: _centre(A, "Harbour College"), B: _centre(B, "Hillside Training")}
    people = _people()
    _memberships(centres, people, since, at)
    learners = _learners(centres, people, at)
    approve_all(at)
    _settle_in(learners, people, since, at)
    diploma = Qualification.objects.get(entry_code=DIPLOMA)
    certificate = Qualification.objects.get(entry_code=CERTIFICATE)
    by = {A: people["CA"], B: people["CB"]}
    registrations = {code: _register(row, diploma, by[row.centre.number], since, at) for code, row in learners.items()}
    _caseloads(learners, people, since, at)
    Countersigner.objects.create(
        centre=centres[A], trainee=people["AT1"], countersigner=people["AA2"], starts_on=since, created_at=at
    )
    return World(at, centres, people, learners, registrations, diploma, certificate)


def _centre(number: str, name: str) -> Centre:
    return Centre.objects.create(number=number, name=name)


def _people() -> dict[str, User]:
    names = zip(CAST, GIVEN, FAMILY, strict=True)
    rows = [
        User(email=f"{c.lower()}@people.example", given_name=g, family_name=f"{f}-{c}", password=_password())
        for c, g, f in names
    ]
    return dict(zip(CAST, User.objects.bulk_create(rows), strict=True))


def _memberships(centres: dict[str, Centre], people: dict[str, User], since: dt.date, at: dt.datetime) -> None:
    for code, seats in CAST.items():
        for number, role in seats:
            row = Membership.objects.create(
                centre=centres[number], person=people[code], role=role, starts_on=since, created_at=at
            )
            if role in {Role.IQA, Role.EQA}:
                Assurance.objects.create(centre=row.centre, membership=row, entry_code=DIPLOMA)


def _learners(centres: dict[str, Centre], people: dict[str, User], at: dt.datetime) -> dict[str, Learner]:
    seats = [(c, n) for c, seats in CAST.items() for n, role in seats if role == Role.LEARNER]
    return {code: _learner(centres[number], people[code], at) for code, number in seats}


def _learner(centre: Centre, person: User, at: dt.datetime) -> Learner:
    return Learner.objects.create(
        centre=centre,
        person=person,
        given_names=person.given_name,
        family_name=person.family_name,
        date_of_birth=dt.date(2001, 5, 17),
        gender=Gender.OTHER,
        uln_missing_reason="Asked for at the last school",
        workplace="Harbour Stores",
        created_at=at,
    )


def _register(
    learner: Learner, qualification: Qualification, by: User, since: dt.date, at: dt.datetime
) -> Registration:
    row = Registration.objects.create(
        centre=learner.centre,
        learner=learner,
        qualification=qualification,
        starts_on=since,
        registered_by=by,
        created_at=at,
    )
    choose_units(
        row, Place.objects.filter(group__qualification=qualification).order_by("group__position", "position"), at
    )
    return row


def choose_units(registration: Registration, places: Iterable[Place], at: dt.datetime) -> None:
    """Write the chosen units of a registration."""
    LearnerUnit.objects.bulk_create(
        LearnerUnit(
            centre=registration.centre,
            registration=registration,
            learner=registration.learner,
            unit_id=place.unit_id,
            place=place,
            position=position,
            state=UnitState.SELECTED,
            changed_at=at,
        )
        for position, place in enumerate(places)
    )


def approve_all(at: dt.datetime) -> None:
    """Put on record that every centre is approved for whatever the catalogue holds and it is not approved for yet."""
    known = set(Approval.objects.across_centres(reason="a test approves").values_list("centre_id", "entry_code"))
    admins = Membership.objects.across_centres(reason="a test approves").filter(role=Role.ADMIN)
    by = dict(admins.values_list("centre_id", "person_id"))
    missing = [
        (centre_id, body, code)
        for centre_id in sorted(by)
        for body, code in sorted(set(Qualification.objects.values_list("awarding_body", "entry_code")))
        if (centre_id, code) not in known
    ]
    Approval.objects.bulk_create(
        Approval(
            centre_id=centre_id,
            awarding_body=body,
            entry_code=code,
            number=f"A-{code}",
            status=ApprovalStatus.APPROVED,
            approved_on=dt.date(2010, 9, 1),
            letter="Approved until further notice.",
            recorded_by_id=by[centre_id],
            recorded_by_name="The office",
            created_at=at,
        )
        for centre_id, body, code in missing
    )


def _settle_in(learners: dict[str, Learner], people: dict[str, User], since: dt.date, at: dt.datetime) -> None:
    """Everybody's identity was seen on their first day, and everybody has read what is told at the start."""
    office = {A: people["CA"], B: people["CB"]}
    for learner in learners.values():
        settle_in(learner, office[learner.centre.number], since, at)


def settle_in(learner: Learner, by: User, since: dt.date, at: dt.datetime) -> None:
    """Write that somebody saw who a learner is, and that the learner has read what is told at the start."""
    IdentityCheck.objects.create(
        centre_id=learner.centre_id,
        learner=learner,
        document=IdDocument.PASSPORT,
        method=IdMethod.FACE_TO_FACE,
        seen_on=since,
        matches=True,
        seen_by=by,
        seen_by_name=by.full_name,
        created_at=at,
    )
    Induction.objects.create(
        centre_id=learner.centre_id,
        learner=learner,
        version=INDUCTION,
        parts=list(PARTS),
        by_id=learner.person_id,
        by_name=learner.full_name,
        at=at,
    )


def found(world: "World", level: int = 2, **changed: object) -> Initial:
    """What was found out about somebody today: this level fits."""
    return Initial(**{"made_on": world.today, "outcome_level": level, "manages_people": True, **changed})


def _caseloads(learners: dict[str, Learner], people: dict[str, User], since: dt.date, at: dt.datetime) -> None:
    for assessor, learner in CASELOADS:
        Allocation.objects.create(
            centre=learners[learner].centre,
            learner=learners[learner],
            assessor=people[assessor],
            starts_on=since,
            created_at=at,
        )
