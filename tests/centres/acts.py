"""What several tests of centres do and look at."""

import datetime as dt

from accounts.models import User
from audit.models import Event
from centres import queries, services
from centres.enums import Role
from centres.models import Membership
from tests.factories.world import A

DAY = dt.timedelta(days=1)


def codes(caught):
    return {r.code for r in caught.value.refusals}


def invite(world, by="CA", **changed):
    facts = {
        "email": "new@people.example",
        "given_name": "Nadia",
        "family_name": "Newcomer",
        "roles": [Role.ASSESSOR],
        "starts_on": world.today,
        "ends_on": None,
        "at": world.at,
    }
    return services.invite_person(actor=world.actor(by), **(facts | changed))


def roles_of(world, person, number=A, day=None):
    places = queries.places_of(person.pk, day or world.today)
    return next((p.roles for p in places if p.centre_number == number), frozenset())


def held(world, code, role):
    rows = Membership.objects.across_centres(reason="a test looks")
    return rows.get(person=world.people[code], role=role)


def snapshot():
    """Count every row that an act here could write."""
    return {
        "memberships": Membership.objects.across_centres(reason="a test counts").count(),
        "people": User.objects.count(),
        "events": Event.objects.count(),
    }
