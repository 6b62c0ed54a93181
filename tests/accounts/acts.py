"""What several tests of addresses do and look at."""

import datetime as dt
import threading

import pytest
from allauth.account.models import EmailAddress
from django.db import connections

from accounts import queries, services
from accounts.models import AddressChange, User
from common.refusals import Refused

AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
PASSWORD = "five quiet garden snails"
NEW = "new@people.example"


def person(name, **fields):
    return User.objects.create_user(f"{name}@people.example", PASSWORD, given_name=name, family_name="Price", **fields)


def ask(who, address=NEW, at=AT):
    return services.ask_for_address(person=who, address=address, at=at)


def confirm(key, at=AT):
    return services.confirm_address(key=key, seen_from="203.0.113.5", at=at)


def key_of(who):
    return AddressChange.objects.get(person=who).key


def refused(act, *args, **options):
    with pytest.raises(Refused) as caught:
        act(*args, **options)
    return [r.code for r in caught.value.refusals]


def rows(who):
    return list(EmailAddress.objects.filter(user=who).values_list("email", "verified", "primary"))


def own(who):
    """Say whether somebody has the one right row, and nobody any other."""
    who.refresh_from_db()
    return rows(who) == [(who.email, True, True)] and not queries.without_own_row().exists()


def together(*acts):
    """Do all acts in threads of their own at once; return what each answered, refusals by their code."""
    start, done = threading.Barrier(len(acts)), [None] * len(acts)

    def run(n, act):
        start.wait()
        try:
            done[n] = act()
        except Refused as caught:
            done[n] = caught.refusals[0].code
        except Exception as fault:  # noqa: BLE001 - a thread must not die silently
            done[n] = fault
        connections.close_all()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return done
