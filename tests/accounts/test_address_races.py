"""Addresses when two acts meet."""

import pytest
from django.core import mail

from accounts import services
from accounts.models import AddressChange, User
from common import clock
from tests.accounts.acts import NEW, ask, confirm, key_of, own, person, together


@pytest.mark.django_db(transaction=True)
def test_many_people_ask_at_once_and_many_times():
    people = [person(f"p{n}") for n in range(4)]
    acts = [lambda p=p: ask(p) for p in people for _ in range(2)]
    assert all(done in {True, False} for done in together(*acts))
    assert AddressChange.objects.count() == 4
    assert all(own(p) for p in people)


@pytest.mark.django_db(transaction=True)
def test_one_person_wishes_different_addresses_at_once():
    daisy = person("daisy")
    done = together(*[lambda n=n: ask(daisy, f"n{n}@people.example") for n in range(6)])
    assert done == [True] * 6
    assert AddressChange.objects.count() == 1
    assert own(daisy)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_confirm_one_address_at_once_one_has_it():
    people = [person(f"p{n}") for n in range(6)]
    for p in people:
        ask(p, at=clock.now())
    keys = [key_of(p) for p in people]
    done = together(*[lambda k=k: confirm(k, clock.now()) for k in keys])
    assert [d for d in done if d != "address-taken"] == [User.objects.get(email=NEW)]
    assert all(own(p) for p in people)


@pytest.mark.django_db(transaction=True)
def test_one_link_opened_many_times_at_once_confirms_once():
    daisy = person("daisy")
    ask(daisy)
    mail.outbox.clear()
    key = key_of(daisy)
    done = together(*[lambda: confirm(key) for _ in range(6)])
    assert done.count("link-gone") == 5
    assert own(daisy)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_an_invitation_and_a_confirmation_for_one_address_at_once():
    for n in range(5):
        daisy, address = person(f"daisy{n}"), f"new{n}@people.example"
        ask(daisy, address)
        key = key_of(daisy)
        done = together(
            lambda k=key: confirm(k), lambda a=address: services.person_for(email=a, given_name="N", family_name="P")
        )
        holder = User.objects.get(email=address)
        assert done == ([daisy, daisy] if holder == daisy else ["address-taken", holder])
        assert own(daisy)
        assert own(holder)
