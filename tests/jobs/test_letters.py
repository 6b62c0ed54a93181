"""One letter an event, as far as can be known (R6, F16): a mail server that hangs, refuses, is away or is slow."""

import smtplib
import socketserver
import threading

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from common.smtp import Unanswered
from jobs import letters, queries, services
from jobs.enums import JobState, Why
from jobs.models import Job
from tests.jobs.conftest import claim_one, let_lease_run_out, read, state_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lines")]


class Post(socketserver.StreamRequestHandler):
    """As much of a mail server as a letter needs. What it says to whom stands in `answers`."""

    answers: dict[str, str]
    taken: list[str]

    def handle(self):
        self.say("220 post.example")
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(" ")[0].upper()
            if verb == "DATA":
                if not self.take():
                    return
                continue
            self.say(self.answers.get(verb, "250 fine"))
            if verb == "QUIT":
                return

    def take(self):
        """Take a letter; False: hang up without a word about it."""
        answer = self.answers.get("DATA", "354 go on")
        self.say(answer)
        if not answer.startswith("354"):
            return True
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line.decode())
        self.taken.append("".join(lines))
        end = self.answers.get(".", "250 taken")
        if end:
            self.say(end)
        if "hangs" in self.answers:
            self.rfile.read()  # until the other side has had enough
        return bool(end)

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def post(settings):
    """`post(RCPT="550 nobody")` → the letters that the server took. Without arguments it takes all."""
    servers = []

    def start(**answers):
        handler = type("Answering", (Post,), {"answers": answers, "taken": []})
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "common.smtp.Backend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
        return handler.taken

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def letter(lines):
    return services.enqueue("sample.letter", path=str(lines), to="aled@people.example")


def again(job):
    return Job.objects.get(pk=job.pk)


def make_due(job):
    Job.objects.filter(pk=job.pk).update(available_at=queries.database_now())


def test_a_letter_that_is_taken_is_done_and_its_row_carries_its_id(post, letter, run_jobs):
    taken = post()
    assert run_jobs() == 1
    done = again(letter)
    assert (done.state, len(taken)) == (JobState.DONE, 1)
    assert done.message_id.startswith(f"<{letter.public_id}.")
    assert f"Message-ID: {done.message_id}" in taken[0]


def test_a_server_that_takes_the_letter_and_hangs_up_gets_no_second_one(post, letter, run_jobs, lines):
    """It said nothing after the last line: nobody knows, so a person decides."""
    taken = post(**{".": ""})
    assert run_jobs() == 1
    assert len(taken) == 1
    stuck = again(letter)
    assert (stuck.state, stuck.why, stuck.last_error.split()[0]) == (JobState.DEAD, Why.UNKNOWN, "LetterUnknown")
    make_due(letter)
    assert run_jobs() == 0
    assert (len(taken), read(lines)) == (1, ["written"])


def test_a_server_that_takes_the_letter_and_hangs_gets_no_second_one(post, letter, run_jobs, settings):
    settings.EMAIL_TIMEOUT = 0.3
    taken = post(**{".": "", "hangs": "yes"})
    assert run_jobs() == 1
    assert len(taken) == 1
    assert again(letter).why == Why.UNKNOWN


@pytest.mark.parametrize(
    "answers", [{"RCPT": "550 nobody of that name"}, {"DATA": "554 no"}, {".": "552 too much"}], ids=str
)
def test_a_refusal_for_good_is_not_tried_again(post, letter, run_jobs, answers):
    post(**answers)
    assert run_jobs() == 1
    stuck = again(letter)
    assert (stuck.state, stuck.why, stuck.message_id) == (JobState.DEAD, Why.REFUSED, "")
    make_due(letter)
    assert run_jobs() == 0


@pytest.mark.parametrize(
    "answers",
    [
        {"RCPT": "450 later"},
        {"DATA": "451 later"},
        {".": "452 full"},
        {"MAIL": "550 who are you"},
        {"EHLO": "421", "HELO": "421"},
    ],
    ids=str,
)
def test_a_server_that_says_later_is_asked_later(post, letter, run_jobs, answers):
    post(**answers)
    assert run_jobs() == 1
    waits = again(letter)
    assert (waits.state, waits.crashes, waits.message_id) == (JobState.WAITING, 0, "")
    assert waits.failing_since is not None
    taken = post()
    make_due(letter)
    assert run_jobs() == 1
    assert (state_of(letter), len(taken)) == (JobState.DONE, 1)


def test_a_server_that_is_away_is_waited_for_and_nothing_is_written_meanwhile(letter, run_jobs, settings, lines):
    settings.EMAIL_BACKEND = "common.smtp.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    for _ in range(9):  # the release before gave up after eight
        make_due(letter)
        assert run_jobs() == 1
    assert (state_of(letter), again(letter).crashes) == (JobState.WAITING, 0)
    assert read(lines) == []


def test_a_worker_that_dies_while_a_letter_leaves_is_followed_by_no_second_letter(letter, run_jobs, lines, monkeypatch):
    def killed(_letter):
        raise SystemExit

    monkeypatch.setattr(EmailMessage, "send", killed)
    with pytest.raises(SystemExit):
        run_jobs()
    monkeypatch.undo()
    let_lease_run_out(letter)
    assert services.reap() == 1
    make_due(letter)
    assert run_jobs() == 1
    assert (again(letter).state, again(letter).why) == (JobState.DEAD, Why.UNKNOWN)
    assert (mail.outbox, read(lines)) == ([], ["written"])


def test_one_that_dies_before_is_followed_by_the_letter(letter, run_jobs):
    lost = claim_one()
    let_lease_run_out(lost)
    services.reap()
    make_due(letter)
    assert run_jobs() == 1
    assert (state_of(letter), len(mail.outbox)) == (JobState.DONE, 1)


def test_a_person_may_decide_to_send_it_all_the_same(post, letter, run_jobs):
    post(**{".": ""})
    run_jobs()
    before = again(letter).message_id
    taken = post()
    services.retry_dead(letter.public_id)
    assert run_jobs() == 1
    assert (state_of(letter), len(taken)) == (JobState.DONE, 1)
    assert again(letter).message_id != before


def test_whoever_lost_the_lease_sends_nothing(letter):
    lost = claim_one()
    let_lease_run_out(lost)
    services.reap()
    with letters.of(lost), pytest.raises(RuntimeError, match="lease"):
        letters.hand_over(lambda: EmailMessage("A letter", "Hello", to=["aled@people.example"]))
    assert mail.outbox == []


def test_outside_of_a_job_it_is_sent():
    letters.hand_over(lambda: EmailMessage("A letter", "Hello", to=["aled@people.example"]))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("fault", "for_good"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b": (550, b"")}), True),
        (smtplib.SMTPRecipientsRefused({"a@b": (499, b"")}), False),
        (smtplib.SMTPRecipientsRefused({"a@b": (500, b"")}), True),
        (smtplib.SMTPRecipientsRefused({"a@b": (599, b"")}), True),
        (smtplib.SMTPRecipientsRefused({"a@b": (600, b"")}), False),
        (smtplib.SMTPRecipientsRefused({"a@b": (550, b""), "c@d": (450, b"")}), False),
        (smtplib.SMTPDataError(554, b""), True),
        (smtplib.SMTPDataError(451, b""), False),
        (smtplib.SMTPSenderRefused(550, b"", "us"), False),
        (smtplib.SMTPAuthenticationError(535, b""), False),
        (smtplib.SMTPServerDisconnected(), False),
        (TimeoutError(), False),
        (Unanswered(), False),
    ],
    ids=repr,
)
def test_what_is_refused_for_good(fault, for_good):
    assert letters.is_permanent(fault) is for_good


def test_the_settings_of_a_mail_server_use_this_connection():
    from common.smtp import Backend

    plain, encrypted = Backend(host="h", use_ssl=False), Backend(host="h", use_ssl=True)
    assert issubclass(plain.connection_class, smtplib.SMTP)
    assert issubclass(encrypted.connection_class, smtplib.SMTP_SSL)
