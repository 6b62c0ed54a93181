"""Whether a registration takes work is said twice: of one row, and as a condition for many. Both say the same."""

import datetime as dt
import itertools

import pytest
from django.db import connection

from centres.enums import RegistrationState
from centres.models import Registration
from centres.queries import places_of, takes_work, taking_work
from common.append_only import suspended
from qualifications.models import Qualification
from tests.unguarded import unguarded

DAYS = (-1, 0, 1, None)


def rows_of(world):
    rows = Registration.objects.for_centre(world.centres["10001"].pk)
    return rows.filter(pk=world.registrations["LA1"].pk).select_related("qualification")


def end_certificates(world, day):
    with suspended(connection), unguarded(Qualification), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE qualifications_qualification SET last_certification_on = %s, last_registration_on = %s WHERE id = %s",
            [day, day, world.diploma.pk],
        )


@pytest.mark.parametrize("last", DAYS)
def test_both_say_the_same_on_every_edge(world, last):
    day = [None if n is None else world.today + dt.timedelta(days=n) for n in DAYS]
    end_certificates(world, day[DAYS.index(last)])
    said = set()
    for state, starts, ends in itertools.product(RegistrationState, day[:3], day):
        if ends is not None and ends < starts:
            continue
        rows_of(world).update(state=state, starts_on=starts, ends_on=ends)
        one = takes_work(rows_of(world).get(), world.today)
        assert rows_of(world).filter(taking_work(world.today)).exists() is one, (state, starts, ends)
        (place,) = places_of(world.people["LA1"].pk, world.today)
        assert place.takes_work is one
        said.add(one)
    assert said == ({False} if last == -1 else {True, False})


def test_only_of_that_person_in_that_centre(world):
    """DUO learns in B and assesses in A: the registration in B is no reason to add anything in A."""
    places = {place.centre_number: place.takes_work for place in places_of(world.people["DUO"].pk, world.today)}
    assert places == {"10001": False, "10002": True}
    assert [place.takes_work for place in places_of(world.people["AA1"].pk, world.today)] == [False]
