"""Another address: nobody's until a link from its mailbox is opened, and never somebody else's (A1, A2, A8)."""

import re
import smtplib

import pytest
from django.core import mail

from accounts import letters, queries, rules, services
from accounts.models import AddressChange, User
from audit.models import Event
from tests.accounts.acts import AT, NEW, SECOND, ask, confirm, key_of, own, person, refused


@pytest.fixture
def daisy(db):
    return person("daisy")


@pytest.fixture
def owen(db):
    return person("owen")


# --- asking -------------------------------------------------------------------------------------------------------


def test_asking_changes_nothing_yet(daisy):
    assert ask(daisy)
    assert own(daisy)
    assert daisy.email == "daisy@people.example"
    assert queries.wished_address(daisy, AT).address == NEW
    assert queries.person_by_email(NEW) is None
    assert Event.objects.filter(action="account.address_asked").count() == 1


def test_the_letter_goes_to_the_new_address_and_names_nobody(daisy):
    ask(daisy, " New@People.Example ")
    (letter,) = mail.outbox
    assert letter.to == [NEW]
    assert "daisy" not in (letter.body + letter.subject).lower()
    assert "Price" not in letter.body
    assert key_of(daisy) in letter.body


@pytest.mark.parametrize("own_address", ["daisy@people.example", " DAISY@People.Example", "Daisy@people.example"])
def test_ones_own_address_is_refused_in_any_case(daisy, own_address):
    assert refused(ask, daisy, own_address) == ["own-address"]
    assert mail.outbox == []
    assert not AddressChange.objects.exists()


@pytest.mark.parametrize("address", ["owen@people.example", "OWEN@people.example", "Owen@People.EXAMPLE "])
def test_an_address_that_somebody_has_is_kept_as_a_wish_and_its_owner_told(daisy, owen, address):
    assert ask(daisy, address)
    (letter,) = mail.outbox
    assert letter.to == ["owen@people.example"]
    assert letter.subject == "Somebody wanted to use your address"
    assert "Hello owen," in letter.body
    assert "http" not in letter.body
    assert "daisy" not in letter.body.lower()
    assert queries.wished_address(daisy, AT).address == "owen@people.example"
    assert refused(confirm, key_of(daisy)) == ["address-taken"]
    assert own(daisy)
    assert own(owen)


def test_an_address_kept_in_another_case_is_somebodys_too(daisy, owen):
    User.objects.filter(pk=owen.pk).update(email="Owen@People.Example")
    ask(daisy, "owen@people.example")
    assert mail.outbox[0].subject == "Somebody wanted to use your address"
    assert refused(confirm, key_of(daisy)) == ["address-taken"]


def test_letters_that_only_look_the_same_are_the_same(daisy):
    person("kim")
    ask(daisy, "\u212aim@people.example")  # the sign of the Kelvin
    assert mail.outbox[0].to == ["kim@people.example"]
    assert refused(confirm, key_of(daisy)) == ["address-taken"]


def test_somebody_whose_account_is_closed_keeps_the_address(daisy, owen):
    User.objects.filter(pk=owen.pk).update(is_active=False)
    ask(daisy, owen.email)
    assert refused(confirm, key_of(daisy)) == ["address-taken"]


def test_an_address_with_a_plus_is_another_address(daisy, owen):
    ask(daisy, "owen+work@people.example")
    assert confirm(key_of(daisy)) == daisy
    assert own(daisy)
    assert daisy.email == "owen+work@people.example"
    assert own(owen)


@pytest.mark.parametrize(("after", "goes"), [(rules.LETTER_PAUSE - SECOND, False), (rules.LETTER_PAUSE, True)])
def test_a_second_letter_waits_and_both_links_work(daisy, after, goes):
    ask(daisy)
    first = key_of(daisy)
    assert ask(daisy, at=AT + after) is goes
    assert len(mail.outbox) == 1 + goes
    assert confirm(first, AT + after) == daisy


def test_another_wish_ends_the_first_link(daisy):
    ask(daisy)
    first = key_of(daisy)
    assert ask(daisy, "third@people.example")
    assert refused(confirm, first) == ["link-gone"]
    assert confirm(key_of(daisy)).email == "third@people.example"


def test_a_letter_that_could_not_go_is_not_said_to_be_sent(daisy, settings, monkeypatch):
    def no_server(*_args):
        raise smtplib.SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", no_server)
        assert refused(ask, daisy) == ["letter-not-sent"]
    assert queries.wished_address(daisy, AT) is None
    assert ask(daisy)
    assert queries.wished_address(daisy, AT).sent_at == AT


def test_keeping_the_old_address_ends_the_link(daisy):
    ask(daisy)
    key = key_of(daisy)
    services.keep_address(person=daisy, at=AT)
    services.keep_address(person=daisy, at=AT)
    assert refused(confirm, key) == ["link-gone"]
    assert own(daisy)
    assert Event.objects.filter(action="account.address_kept").count() == 1
    assert len(mail.outbox) == 1


def test_a_new_password_ends_the_wish_of_whoever_had_the_old_one(daisy):
    ask(daisy)
    key = key_of(daisy)
    services.choose_password(person=daisy, password="other quiet garden snails", at=AT)
    assert refused(confirm, key) == ["link-gone"]
    assert own(daisy)


# --- confirming ---------------------------------------------------------------------------------------------------


def test_a_confirmed_address_is_the_one_and_the_old_one_is_told(daisy):
    ask(daisy)
    mail.outbox.clear()
    assert confirm(key_of(daisy)) == daisy
    assert own(daisy)
    assert daisy.email == NEW
    (letter,) = mail.outbox
    assert letter.to == ["daisy@people.example"]
    assert "You now sign in with new@people.example, no longer with daisy@people.example." in letter.body
    assert "203.0.113.5" in letter.body
    assert Event.objects.get(action="account.address_changed").object_id == daisy.public_id


def test_a_link_confirms_once(daisy):
    ask(daisy)
    key = key_of(daisy)
    confirm(key)
    assert refused(confirm, key) == ["link-gone"]
    assert own(daisy)


@pytest.mark.parametrize(("after", "works"), [(rules.ADDRESS_LIFE - SECOND, True), (rules.ADDRESS_LIFE, False)])
def test_a_link_works_for_three_days(daisy, after, works):
    ask(daisy)
    key = key_of(daisy)
    assert (queries.change_to_confirm(key, AT + after) is not None) is works
    assert (queries.wished_address(daisy, AT + after) is not None) is works
    if works:
        assert confirm(key, AT + after) == daisy
    else:
        assert refused(confirm, key, AT + after) == ["link-gone"]


@pytest.mark.parametrize("key", ["", "x", "\x00", "a:b:c", "é" * 300])
def test_a_guessed_link_confirms_nothing(daisy, key):
    ask(daisy)
    assert queries.change_to_confirm(key, AT) is None
    assert refused(confirm, key) == ["link-gone"]


def test_the_name_of_the_row_alone_confirms_nothing(daisy):
    ask(daisy)
    assert refused(confirm, AddressChange.objects.get().public_id) == ["link-gone"]


def test_a_closed_account_is_not_changed(daisy):
    ask(daisy)
    User.objects.filter(pk=daisy.pk).update(is_active=False)
    assert refused(confirm, key_of(daisy)) == ["link-gone"]


def test_an_address_that_was_given_away_meanwhile_is_refused(daisy):
    ask(daisy)
    invited = services.person_for(email=NEW.upper(), given_name="Nora", family_name="New")
    assert invited != daisy
    assert refused(confirm, key_of(daisy)) == ["address-taken"]
    assert own(daisy)
    assert own(invited)


def test_of_two_who_want_an_address_the_first_to_confirm_has_it(daisy, owen):
    ask(daisy)
    ask(owen)
    assert [m.to for m in mail.outbox] == [[NEW], [NEW]]
    assert confirm(key_of(owen)) == owen
    assert refused(confirm, key_of(daisy)) == ["address-taken"]
    assert own(daisy)
    assert own(owen)


def test_two_people_cannot_swap_addresses(daisy, owen):
    ask(daisy, owen.email)
    ask(owen, daisy.email)
    assert refused(confirm, key_of(daisy)) == ["address-taken"]
    assert refused(confirm, key_of(owen)) == ["address-taken"]


def test_an_address_that_is_free_again_can_be_had(daisy, owen):
    ask(daisy, "owen@people.example")
    ask(owen)
    confirm(key_of(owen))
    later = AT + rules.LETTER_PAUSE
    assert ask(daisy, "owen@people.example", later)
    assert mail.outbox[-1].to == ["owen@people.example"]
    assert confirm(key_of(daisy), later).email == "owen@people.example"
    assert own(daisy)
    assert own(owen)


def test_a_fault_of_the_post_does_not_undo_the_change(daisy, monkeypatch):
    ask(daisy)

    def no_server(*_args, **_options):
        raise OSError

    monkeypatch.setattr(letters, "tell_old_address", no_server)
    assert confirm(key_of(daisy)).email == NEW
    assert own(daisy)


def test_no_letter_says_a_banned_word(daisy, owen):
    ask(daisy, owen.email)
    ask(owen)
    confirm(key_of(owen))
    assert all(not re.search(r"(?i)invalid|please|failed", m.body) for m in mail.outbox)
