"""Handing a letter to the mail server: once for each job, as far as anybody can know (R6).

The job's row carries the letter's Message-ID from before it is handed over until the server's answer is known. A
worker that dies in between, or a server that takes the letter and hangs, leaves it there: whoever comes next sees that
the letter may have arrived, and sends no second one. A person decides then.
"""

import secrets
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from email.utils import parseaddr

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from common.faults import Hopeless
from common.smtp import Unanswered
from jobs import services
from jobs.enums import Why
from jobs.models import Job

_job: "ContextVar[Job]" = ContextVar("job")
_PERMANENT = range(500, 600)


class LetterRefused(Hopeless):
    """The server will never take this letter to this address."""

    why = Why.REFUSED.value


class LetterUnknown(Hopeless):
    """Nobody knows whether the server took the letter."""

    why = Why.UNKNOWN.value


@contextmanager
def of(job: Job) -> Iterator[None]:
    """Let what happens inside be this job's: a letter is noted on its row."""
    token = _job.set(job)
    try:
        yield
    finally:
        _job.reset(token)


def hand_over(write: Callable[[], EmailMessage]) -> None:
    """Write a letter and send it as the work of the job in hand.

    It is not even written where an earlier try may have sent one, since what writes it may end the link of the first,
    and where the server is away, since that would make a link and a row for each of many tries. Raises
    `LetterRefused` when the server refuses it for good, `LetterUnknown` when it may have been taken, now or by an
    earlier try, and what the line raises when it certainly was not: that passes, and the job comes again. Outside of a
    job there is no second try, so the letter is just sent.
    """
    job = _job.get(None)
    if job is None:
        write().send()
        return
    if job.message_id:
        raise LetterUnknown
    connection = get_connection()
    connection.open()
    try:
        _hand_over(job, write(), connection)
    finally:
        connection.close()


def _hand_over(job: Job, letter: EmailMessage, connection: BaseEmailBackend) -> None:
    message_id = f"<{job.public_id}.{secrets.token_hex(4)}@{_domain(letter)}>"
    if not services.note_letter(job, message_id):
        raise RuntimeError("the lease was lost before the letter was handed over")
    letter.extra_headers["Message-ID"] = message_id
    letter.connection = connection
    try:
        letter.send()
    except Unanswered as unanswered:
        raise LetterUnknown from unanswered
    except Exception as fault:
        services.note_letter(job, "")
        if is_permanent(fault):
            raise LetterRefused from fault
        raise


def _domain(letter: EmailMessage) -> str:
    return parseaddr(letter.from_email)[1].rpartition("@")[2] or "attest"


def is_permanent(fault: Exception) -> bool:
    """Say whether a mail server refused the address or the letter for good; what it says of us may be mended."""
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return all(code in _PERMANENT for code, _said in fault.recipients.values())
    return isinstance(fault, smtplib.SMTPDataError) and fault.smtp_code in _PERMANENT
