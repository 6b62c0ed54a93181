"""The page "Email address" and the link that confirms, as a person meets them (A1, A2, A3, A8)."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client

from accounts import services
from accounts.models import User
from common import clock

PASSWORD = "kettle lantern violet"
URL, LOGIN, RESET = "/accounts/email/", "/accounts/login/", "/accounts/password/reset/"


def joined(name, centre="10001"):
    """Return somebody who came the way everybody comes: invited, and opened the link."""
    person = services.person_for(email=f"{name}@example.org", given_name=name.title(), family_name="Thistledown")
    token = services.invite(
        person=person, invited_by_id=None, centre_number=centre, centre_name="Harbour", roles="", at=clock.now()
    )
    return services.accept_invitation(token=token, password=PASSWORD, at=clock.now())


@pytest.fixture
def maya(db):
    return joined("maya")


@pytest.fixture
def owen(db):
    return joined("owen")


def sign_in(login, password=PASSWORD, client=None):
    return (client or Client()).post(LOGIN, {"login": login, "password": password})


def signed_in(person):
    client = Client()
    assert sign_in(person.email, client=client).status_code == 302
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


@pytest.fixture
def browser_of_maya(maya):
    return signed_in(maya)


def ask(client, address, **more):
    return client.post(URL, {"action_add": "", "email": address}, **more)


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def link(letter):
    return re.search(r"https?://\S+", letter.body)[0].removeprefix(settings.SITE_ORIGIN)


def reset_to(link_, password):
    client = Client()
    page = client.get(link_, follow=True)
    return client.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})


# --- a look -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"])
@pytest.mark.parametrize("wish", ["", "new@example.org", "owen@example.org"], ids=["looked", "wished", "taken"])
def test_a_second_step_can_be_set_up_after_a_look_and_during_a_change(maya, owen, path, wish):
    client = signed_in(maya)
    client.get(URL)
    if wish:
        ask(client, wish)
    assert client.get(path).status_code == 200


def test_a_look_writes_nothing_and_claims_no_letter(browser_of_maya, maya, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        page = words(browser_of_maya.get(URL))
    assert "You sign in with maya@example.org" in page
    assert "letter we sent" not in page
    assert mail.outbox == []
    assert list(EmailAddress.objects.filter(user=maya).values_list("email", "verified", "primary")) == [
        ("maya@example.org", True, True)
    ]


def test_a_stranger_is_asked_to_sign_in(client, db):
    for answer in (client.get(URL), ask(client, "new@example.org")):
        assert answer.status_code == 302
        assert answer["Location"].startswith(LOGIN)


def test_the_password_is_asked_for_and_the_wish_goes_on_after_it(maya):
    client = Client()
    sign_in(maya.email, client=client)
    answer = ask(client, "new@example.org")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert mail.outbox == []
    client.post(answer["Location"], {"password": PASSWORD})
    assert [m.to for m in mail.outbox] == [["new@example.org"]]


# --- asking -------------------------------------------------------------------------------------------------------


def test_until_the_letter_is_opened_nothing_changes(browser_of_maya, maya):
    assert ask(browser_of_maya, "new@example.org").status_code == 302
    page = words(browser_of_maya.get(URL))
    assert "We sent a letter to new@example.org." in page
    assert "It went to the mailbox of new@example.org on " in page
    assert "maya@example.org" in words(browser_of_maya.get("/account/"))
    assert sign_in("maya@example.org").status_code == 302
    assert sign_in("new@example.org").status_code != 302


def test_two_people_ask_one_after_the_other(browser_of_maya, owen):
    assert ask(browser_of_maya, "new@example.org").status_code == 302
    assert ask(signed_in(owen), "other@example.org").status_code == 302
    assert sorted(User.objects.values_list("email", flat=True)) == ["maya@example.org", "owen@example.org"]


def test_the_old_address_gets_the_link_for_a_new_password_during_a_change(browser_of_maya, maya):
    ask(browser_of_maya, "new@example.org")
    mail.outbox.clear()
    for address in ("maya@example.org", "new@example.org"):
        Client().post(RESET, {"email": address})
    to_maya, to_new = mail.outbox
    assert (to_maya.to, to_new.to) == (["maya@example.org"], ["new@example.org"])
    assert "There is no account with it" in to_new.body
    reset_to(link(to_maya), "otter bramble quilt")
    assert sign_in("maya@example.org", "otter bramble quilt").status_code == 302


def test_a_new_password_by_letter_ends_the_wish(browser_of_maya, maya):
    ask(browser_of_maya, "new@example.org")
    confirm = link(mail.outbox[-1])
    Client().post(RESET, {"email": "maya@example.org"})
    reset_to(link(mail.outbox[-1]), "otter bramble quilt")
    assert Client().post(confirm).status_code == 409
    maya.refresh_from_db()
    assert maya.email == "maya@example.org"


def test_an_invitation_during_a_change_changes_nothing(browser_of_maya, maya):
    ask(browser_of_maya, "new@example.org")
    token = services.invite(
        person=maya, invited_by_id=None, centre_number="10002", centre_name="Hillside", roles="", at=clock.now()
    )
    answer = Client().post(f"/account/invitation/{token}/")
    assert answer.status_code == 302
    assert sign_in("maya@example.org").status_code == 302
    assert "mailbox of new@example.org" in words(browser_of_maya.get(URL))
    Client().post(link(mail.outbox[0]))
    assert sign_in("new@example.org").status_code == 302


def test_the_old_address_can_be_kept(browser_of_maya, maya):
    ask(browser_of_maya, "new@example.org")
    confirm = link(mail.outbox[-1])
    assert "Keep the old address" in words(browser_of_maya.get(URL))
    browser_of_maya.post(URL, {"action_remove": "", "email": "new@example.org"})
    page = words(browser_of_maya.get(URL))
    assert "You go on signing in with maya@example.org." in page
    assert "letter we sent" not in page
    assert len(mail.outbox) == 1
    assert "no longer works" in words(Client().get(confirm))


def test_a_letter_is_sent_again_after_a_while_and_never_claimed_before(browser_of_maya, maya, settings):
    ask(browser_of_maya, "new@example.org")
    browser_of_maya.get(URL)
    browser_of_maya.post(URL, {"action_send": "", "email": "new@example.org"})
    page = words(browser_of_maya.get(URL))
    assert len(mail.outbox) == 1
    assert "We sent a letter" not in page
    assert "A letter went there a moment ago." in page
    maya.address_change.sent_at -= services.rules.LETTER_PAUSE
    maya.address_change.save()
    browser_of_maya.post(URL, {"action_send": "", "email": "somebody.else@example.org"})
    assert [m.to for m in mail.outbox] == [["new@example.org"]] * 2
    assert "We sent a letter to new@example.org." in words(browser_of_maya.get(URL))


def test_sending_again_what_was_never_asked_sends_nothing(browser_of_maya):
    answer = browser_of_maya.post(URL, {"action_send": "", "email": "new@example.org"})
    assert answer.status_code == 302
    assert mail.outbox == []


@pytest.mark.parametrize("again", [False, True])
def test_when_the_post_is_down_the_page_says_so(browser_of_maya, monkeypatch, again, maya):
    if again:
        ask(browser_of_maya, "new@example.org")
        maya.address_change.sent_at -= services.rules.LETTER_PAUSE
        maya.address_change.save()

    def no_server(*_args):
        raise OSError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", no_server)
    answer = (
        browser_of_maya.post(URL, {"action_send": ""}, follow=True) if again else ask(browser_of_maya, "x@example.org")
    )
    assert answer.status_code == (200 if again else 422)
    assert "The letter could not be sent. Try again later." in words(answer)
    assert "We sent a letter to x" not in words(browser_of_maya.get(URL))


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "Type the new email address."),
        ("new", "Type an email address like name@example.org."),
        ("x" * 243 + "@example.org", "like name@example.org"),
        ("\uff0c@example.org", "like name@example.org"),
        ("MAYA@Example.org", "You sign in with this address already."),
    ],
)
def test_what_is_no_new_address_is_said_beside_the_field(browser_of_maya, address, sentence):
    answer = ask(browser_of_maya, address)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert 'href="#id_email"' in answer.content.decode()
    assert mail.outbox == []


def test_the_longest_address_fits(browser_of_maya, maya):
    assert ask(browser_of_maya, "x" * 242 + "@example.org").status_code == 302
    browser_of_maya.post(link(mail.outbox[-1]))
    maya.refresh_from_db()
    assert len(maya.email) == 254


def test_too_many_wishes_are_held_back(browser_of_maya):
    answers = [ask(browser_of_maya, f"n{n}@example.org") for n in range(11)]
    assert [a.status_code for a in answers] == [302] * 10 + [429]
    assert "Wait a moment" in words(answers[-1])


# --- an address that somebody has ---------------------------------------------------------------------------------


def neutral(client, address):
    """Return everything that tells an asker about an address, with the address and the time left out."""
    answer = ask(client, address)
    page = words(client.get(URL)).replace(address.lower(), "WHO")
    return answer.status_code, answer["Location"], re.sub(r"WHO on [^.]*\.", "", page)


@pytest.mark.parametrize("taken", ["owen@example.org", "OWEN@Example.org"])
def test_the_asker_cannot_tell_whether_an_address_is_taken(browser_of_maya, owen, taken):
    assert neutral(browser_of_maya, taken) == neutral(browser_of_maya, "free@example.org")


def test_the_owner_is_told_and_keeps_everything(browser_of_maya, owen):
    ask(browser_of_maya, "Owen@Example.org")
    (letter,) = mail.outbox
    assert letter.to == ["owen@example.org"]
    assert letter.subject == "Somebody wanted to use your address"
    assert "Maya" not in letter.body
    assert "http" not in letter.body
    assert sign_in("owen@example.org").status_code == 302
    assert sign_in("maya@example.org").status_code == 302


# --- confirming ---------------------------------------------------------------------------------------------------


def test_the_link_asks_first_and_then_tells_the_old_address(browser_of_maya, maya):
    ask(browser_of_maya, "new@example.org")
    path = link(mail.outbox[-1])
    mail.outbox.clear()
    stranger = Client()
    page = words(stranger.get(path))
    assert "From now on you sign in with new@example.org" in page
    assert "Maya" not in page
    maya.refresh_from_db()
    assert maya.email == "maya@example.org"
    assert stranger.post(path).status_code == 302
    assert "You sign in with new@example.org from now on." in words(stranger.get(LOGIN))
    assert sign_in("new@example.org").status_code == 302
    assert sign_in("maya@example.org").status_code != 302
    (letter,) = mail.outbox
    assert letter.to == ["maya@example.org"]
    assert "From the address 127.0.0.1." in letter.body
    assert "Tell your centre at once" in letter.body


def test_the_link_opened_twice_says_that_it_was_used(browser_of_maya):
    ask(browser_of_maya, "new@example.org")
    path = link(mail.outbox[-1])
    assert browser_of_maya.post(path).status_code == 302
    answer = browser_of_maya.post(path)
    assert answer.status_code == 409
    assert "This link was used already" in words(answer)
    assert "This link no longer works" in words(browser_of_maya.get(path))


def test_a_look_at_somebody_elses_link_signs_nobody_out(browser_of_maya, owen):
    other = signed_in(owen)
    ask(browser_of_maya, "new@example.org")
    path = link(mail.outbox[-1])
    other.get(path)
    assert other.get("/account/").status_code == 200


def test_an_address_that_somebody_got_meanwhile_has_a_page(browser_of_maya, maya):
    ask(browser_of_maya, "new@example.org")
    path = link(mail.outbox[-1])
    joined("new")
    assert "This link no longer works" in words(Client().get(path))
    answer = Client().post(path)
    assert answer.status_code == 409
    assert "Somebody signs in with this address already." in words(answer)
    assert sign_in("maya@example.org").status_code == 302
    assert sign_in("new@example.org").status_code == 302


@pytest.mark.parametrize("key", ["unknown", "a:b", "MQ:1abc:def", "é"])
def test_a_made_up_link_has_a_page(client, db, key):
    assert "This link no longer works" in words(client.get(f"/accounts/confirm-email/{key}/"))
    assert client.post(f"/accounts/confirm-email/{key}/").status_code == 409


def test_the_pages_speak_our_words(browser_of_maya):
    ask(browser_of_maya, "new@example.org")
    for answer in (browser_of_maya.get(URL), browser_of_maya.get(link(mail.outbox[-1])), ask(browser_of_maya, "")):
        assert "Please" not in words(answer)
        assert answer.content.decode().count("<h1") == 1
