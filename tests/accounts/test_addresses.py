"""Another address: nobody's until a link from its mailbox is opened, and never somebody else's (A1, A2, A8)."""

import datetime as dt
import re
import smtplib
import threading

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connections

from accounts import letters, queries, rules, services
from accounts.models import AddressChange, User
from audit.models import Event
from common import clock
from common.refusals import Refused

AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)
PASSWORD = "five quiet garden snails"
NEW = "new@people.example"


def person(name, **fields):
    return User.objects.create_user(f"{name}@people.example", PASSWORD, given_name=name, family_name="Price", **fields)


@pytest.fixture
def daisy(db):
    return person("daisy")


@pytest.fixture
def owen(db):
    return person("owen")


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
    from django.db import IntegrityError, transaction

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


# --- at the same moment -------------------------------------------------------------------------------------------


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


def test_no_letter_says_a_banned_word(daisy, owen):
    ask(daisy, owen.email)
    ask(owen)
    confirm(key_of(owen))
    assert all(not re.search(r"(?i)invalid|please|failed", m.body) for m in mail.outbox)
