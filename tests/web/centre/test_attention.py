"""What needs attention: seen by the admins of its centre, tried again by them, and said where people look."""

import datetime as dt

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Event
from centres import services
from centres.enums import Role
from common import clock
from jobs.enums import JobState, Why
from jobs.models import Job
from jobs.services import enqueue
from portfolio.enums import FileState
from portfolio.models import EvidenceFile
from portfolio.services.preparing import give_up
from tests.factories import portfolio as make
from tests.factories.world import A, B

HOME = f"/c/{A}/centre/attention/"
PEOPLE = f"/c/{A}/centre/"


def put_aside(job, why=Why.CRASHED, at=None):
    dead = {"state": JobState.DEAD, "why": why, "finished_at": at or clock.now(), "crashes": 3}
    Job.objects.filter(pk=job.pk).update(**dead)
    return Job.objects.get(pk=job.pk)


@pytest.fixture
def file(world):
    """A file of LA1's whose check broke off three times."""
    row = make.with_file(world, make.draft(world, kind="media"), checked=False)
    Job.objects.filter(name="portfolio.prepare_file").delete()
    give_up(file_id=row.pk, at=clock.now())
    return row


@pytest.fixture
def job(file):
    return put_aside(enqueue("portfolio.prepare_file", of_centre=file.centre_id, file_id=file.pk))


def again(job):
    return Job.objects.get(pk=job.pk)


def post(client, job, **changed):
    seen = changed.pop("seen", None)
    if seen is None:
        page = client.get(HOME).content.decode()
        seen = page.split('name="seen" value="')[1].split('"')[0]
    return client.post(f"{HOME}{job.public_id}/again/", {"seen": seen, "idempotency_key": "k" * 20, **changed})


def test_an_admin_reads_what_it_is_whose_it_is_and_why(world, as_client, job):
    page = as_client("CA").get(HOME).content.decode()
    assert "Checking a file of a learner" in page
    assert world.learners["LA1"].full_name in page
    assert "It broke off three times." in page
    assert "photo.jpg" not in page  # what a learner brings is not for the office to read


def test_nothing_is_said_where_nothing_is_wrong(world, as_client):
    page = as_client("CA").get(HOME)
    assert page.status_code == 200
    assert "Nothing needs attention" in page.content.decode()
    assert "needs attention" not in as_client("CA").get(PEOPLE).content.decode().lower()


def test_work_of_another_centre_and_of_the_installation_is_not_there(world, as_client, job):
    put_aside(enqueue("store.drop", storage_key="centre/0/2026/x"))
    other = put_aside(enqueue("portfolio.learn", of_centre=world.centres[B].pk, centre_id=world.centres[B].pk))
    client = as_client("CA")
    assert client.get(HOME).content.decode().count("Try again") == 1
    assert post(client, other, seen="x").status_code == 404
    assert again(other).state == JobState.DEAD


def test_trying_again_checks_the_file_again(world, as_client, file, job, run_jobs):
    client = as_client("CA")
    answer = post(client, job)
    assert (answer.status_code, answer["Location"]) == (303, HOME)
    assert again(job).state == JobState.WAITING
    run_jobs()
    row = EvidenceFile.objects.for_centre(file.centre_id).get(pk=file.pk)
    assert (row.state, row.refusal, row.previews.count()) == (FileState.NOT_SCANNED, "", 2)
    told = Event.objects.get(action="job.tried_again")
    assert (told.person_id, told.object_id) == (world.people["CA"].pk, job.public_id)
    assert told.facts == {"task": "portfolio.prepare_file"}
    assert "It is tried again now." in client.get(HOME).content.decode()


def test_pressed_on_an_old_page_nothing_is_tried(world, as_client, job):
    client = as_client("CA")
    old = client.get(HOME).content.decode().split('name="seen" value="')[1].split('"')[0]
    put_aside(job, at=clock.now() + dt.timedelta(minutes=5))
    answer = post(client, job, seen=old)
    assert answer.status_code == 409
    assert "Look at it as it is now" in answer.content.decode()
    assert again(job).state == JobState.DEAD


def test_what_waits_already_is_not_tried_beside_itself(world, as_client):
    centre = world.centres[A].pk
    job = put_aside(enqueue("portfolio.learn", key="k", of_centre=centre, centre_id=centre))
    enqueue("portfolio.learn", key="k", of_centre=centre, centre_id=centre)
    answer = post(as_client("CA"), job)
    assert answer.status_code == 422
    assert "The same work is already waiting." in answer.content.decode()


@pytest.mark.parametrize("who", ["QA", "AA1", "LA1", "EA"])
def test_nobody_but_admins_tries_anything(world, who, job):
    from common.refusals import Forbidden

    with pytest.raises(Forbidden):
        services.try_again(actor=world.actor(who), job=job.public_id, at=clock.now())
    assert again(job).state == JobState.DEAD


def test_a_task_that_nobody_knows_any_more_is_shown_all_the_same(world, as_client, job):
    Job.objects.filter(pk=job.pk).update(name="portfolio.of_an_older_release")
    client = as_client("CA")
    assert "Background work" in client.get(HOME).content.decode()
    assert post(client, job).status_code == 303


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_thirty_cost_as_much_as_one_and_the_next_are_on_another_page(world, as_client, file, job):
    client = as_client("CA")
    one = queries_of(client, HOME)
    for _ in range(30):
        put_aside(enqueue("portfolio.prepare_file", of_centre=file.centre_id, file_id=file.pk))
    assert queries_of(client, HOME) == one <= 9
    assert client.get(HOME).content.decode().count("Try again") == 30
    assert client.get(f"{HOME}?page=2").content.decode().count("Try again") == 1


# --- letters


@pytest.fixture
def invited(world):
    """Somebody new, whose link has been made and whose letter has not left."""
    person = services.invite_person(
        actor=world.actor("CA"), email="nadia@people.example", given_name="Nadia", family_name="Newcomer",
        roles=[Role.ASSESSOR], starts_on=world.today, ends_on=None, at=world.at,
    ).person  # fmt: skip
    letter = Job.objects.get(name="centres.send_invitation")
    services.send_invitation(
        centre_id=world.centres[A].pk, person_id=person.pk, invited_by_id=world.people["CA"].pk, at=world.at
    )
    mail.outbox.clear()
    return person, letter


def pages(client, person):
    return [client.get(url).content.decode() for url in (PEOPLE, f"{PEOPLE}people/{person.public_id}/")]


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Why.REFUSED, "The mail server refused this address, so no letter arrived."),
        (Why.UNKNOWN, "The mail server did not say whether it took the letter."),
        (Why.AWAY, "The letter could not be sent."),
    ],
)
def test_a_letter_that_did_not_leave_is_said_where_the_person_is_listed(world, as_client, invited, why, words):
    person, letter = invited
    put_aside(letter, why)
    client = as_client("CA")
    assert [words in page for page in pages(client, person)] == [True, True]
    assert "1 thing needs attention" in client.get(PEOPLE).content.decode()
    assert "Sending an invitation: Nadia Newcomer" in client.get(HOME).content.decode()


def test_a_letter_that_waits_for_its_server_is_said_too(world, as_client, invited):
    person, letter = invited
    Job.objects.filter(pk=letter.pk).update(failing_since=clock.now())
    assert all("The mail server does not answer." in page for page in pages(as_client("CA"), person))


def test_a_letter_on_its_way_and_one_that_left_need_no_words(world, as_client, invited, run_jobs):
    person, _letter = invited
    client = as_client("CA")
    assert not any("mail server" in page for page in pages(client, person))
    run_jobs()
    assert not any("mail server" in page for page in pages(client, person))
    assert len(mail.outbox) == 1


def test_a_new_link_that_leaves_settles_the_old_letter(world, as_client, invited, run_jobs):
    person, letter = invited
    put_aside(letter, Why.REFUSED)
    services.send_link_again(actor=world.actor("CA"), person=person, at=world.at)
    client = as_client("CA")
    assert not any("refused this address" in page for page in pages(client, person))  # it is on its way
    run_jobs()
    assert again(letter).state == JobState.DONE
    assert "needs attention" not in client.get(PEOPLE).content.decode()


def test_a_refused_letter_of_another_centre_says_nothing_here(world, as_client, invited):
    person, letter = invited
    put_aside(letter, Why.REFUSED)
    Job.objects.filter(pk=letter.pk).update(centre_id=world.centres[B].pk, key="centres.send_invitation:other")
    assert not any("refused this address" in page for page in pages(as_client("CA"), person))
