"""Everything that is read inside is of one moment; others write meanwhile and do not wait."""

import threading

import pytest
from django.db import DatabaseError, connection, connections, transaction

from accounts.models import User
from upkeep.snapshot import snapshot


def add(number):
    """Somebody else, in a connection of their own, adds a person; returns once that is committed."""

    def act():
        try:
            User.objects.create_user(f"p{number}@people.example", given_name="P", family_name=str(number))
        finally:
            connections.close_all()

    one = threading.Thread(target=act)
    one.start()
    one.join(30)
    assert not one.is_alive(), "they had to wait"


@pytest.mark.django_db(transaction=True)
def test_what_others_write_meanwhile_is_seen_afterwards():
    add(1)
    with snapshot():
        assert User.objects.count() == 1
        add(2)
        assert User.objects.count() == 1
        assert list(User.objects.order_by("pk").values_list("family_name", flat=True).iterator(chunk_size=10)) == ["1"]
    assert User.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_inside_and_everything_afterwards():
    with pytest.raises(DatabaseError), snapshot(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations")
    add(1)
    with transaction.atomic():
        User.objects.update(given_name="Other")
    assert User.objects.get().given_name == "Other"


@pytest.mark.django_db
def test_inside_a_transaction_it_is_that_one():
    User.objects.create_user("a@people.example", given_name="A", family_name="B")
    with snapshot():
        assert User.objects.count() == 1
    User.objects.update(given_name="Other")
