"""Everybody has one verified, primary address row of the sign-in library, and no other."""

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from accounts import queries, services
from accounts.models import User
from tests.accounts.acts import AT, own, person

step = import_module("accounts.migrations.0005_address_rows")


def rows():
    return {row.email: (row.user.email, row.verified, row.primary) for row in EmailAddress.objects.all()}


@pytest.fixture
def people(db):
    made = {n: User.objects.create_user(f"{n}@example.org", given_name=n, family_name="P") for n in ("ann", "bob")}
    EmailAddress.objects.all().delete()
    return made


@pytest.mark.parametrize("batch", [1, 2, 1000])
def test_everybody_gets_one_row(people, monkeypatch, batch):
    monkeypatch.setattr(step, "MANY", batch)
    step.write_rows(apps, None)
    step.write_rows(apps, None)
    assert rows() == {
        "ann@example.org": ("ann@example.org", True, True),
        "bob@example.org": ("bob@example.org", True, True),
    }


def test_what_a_look_or_a_wish_left_behind_is_put_right(people):
    EmailAddress.objects.create(user=people["ann"], email="ann@example.org")
    EmailAddress.objects.create(user=people["ann"], email="wished@example.org")
    EmailAddress.objects.create(user=people["ann"], email="bob@example.org", verified=True, primary=True)
    step.write_rows(apps, None)
    assert set(rows()) == {"ann@example.org", "bob@example.org"}
    assert all(verified and primary for _, verified, primary in rows().values())
    assert rows()["bob@example.org"][0] == "bob@example.org"


def test_an_address_that_was_blanked_gets_no_row(people):
    User.objects.filter(pk=people["ann"].pk).update(email="")
    EmailAddress.objects.create(user=people["ann"], email="wished@example.org")
    step.write_rows(apps, None)
    assert set(rows()) == {"bob@example.org"}


def test_an_address_kept_with_capitals_gets_a_row_the_library_finds(people):
    User.objects.filter(pk=people["ann"].pk).update(email="Ann@Example.org")
    step.write_rows(apps, None)
    assert rows()["ann@example.org"] == ("Ann@Example.org", True, True)


@pytest.fixture
def daisy(db):
    return person("daisy")


@pytest.fixture
def owen(db):
    return person("owen")


# --- everybody has one row ----------------------------------------------------------------------------------------


def test_whoever_is_made_has_their_row(daisy):
    assert own(daisy)
    assert own(services.person_for(email=" Other@People.Example", given_name="O", family_name="P"))


def test_many_made_at_once_have_theirs(db):
    made = User.objects.bulk_create(User(email=f"p{n}@people.example") for n in range(3))
    assert all(own(one) for one in made)


def test_the_twin_people_of_the_tests_have_theirs(world):
    assert all(own(one) for one in world.people.values())


def test_somebody_who_cannot_be_made_leaves_no_row(owen):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("OWEN@people.example", given_name="O", family_name="P")
    assert EmailAddress.objects.count() == 1


def spoil(who):
    EmailAddress.objects.filter(user=who).delete()


def test_an_invitation_that_is_accepted_writes_the_row(owen, daisy):
    spoil(owen)
    EmailAddress.objects.create(user=daisy, email=owen.email, verified=True)
    token = services.invite(
        person=owen, invited_by_id=None, centre_number="10001", centre_name="Harbour", roles="", at=AT
    )
    services.accept_invitation(token=token, password="", at=AT)
    assert own(owen)
    assert own(daisy)


def test_a_chosen_password_writes_the_row(owen):
    spoil(owen)
    services.choose_password(person=owen, password="x", at=AT)
    assert own(owen)


@pytest.mark.parametrize(
    "changed", [{"verified": False}, {"primary": False}, {"email": "else@people.example"}], ids=lambda c: next(iter(c))
)
def test_a_row_out_of_step_is_found_and_mended(owen, daisy, changed):
    EmailAddress.objects.filter(user=owen).update(**changed)
    assert list(queries.without_own_row()) == [owen]
    with pytest.raises(CommandError, match="1 people"):
        call_command("check_addresses")
    call_command("check_addresses", "--mend")
    assert own(owen)
    call_command("check_addresses")


def test_a_second_or_a_missing_row_is_found_and_mended(owen, daisy):
    EmailAddress.objects.create(user=owen, email="else@people.example")
    spoil(daisy)
    assert set(queries.without_own_row()) == {owen, daisy}
    assert services.mend_rows() == 2
    assert own(owen)
    assert own(daisy)
    assert services.mend_rows() == 0
