"""The step that gives everybody the address row nobody wrote before."""

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps

from accounts.models import User

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
