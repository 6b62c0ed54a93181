"""Django's mail server connection, and what it does not say: whether a letter was handed over before the line broke."""

import smtplib
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

_END = b"\r\n.\r\n"


class Unanswered(OSError):  # noqa: N818 - it says what became of the letter
    """The server got the whole letter and then said neither yes nor no: it may have taken it."""


class _Listening(smtplib.SMTP):
    _whole = False

    def send(self, s: Any) -> None:
        """Send, and remember whether the end of a letter is among what has left."""
        super().send(s)
        self._whole = isinstance(s, bytes) and s.endswith(_END)

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand a letter over. Raises `Unanswered` where the line breaks between its end and the server's answer."""
        self._whole = False
        try:
            return super().data(msg)
        except OSError as broken:
            if self._whole:
                raise Unanswered from broken
            raise


class _ListeningEncrypted(_Listening, smtplib.SMTP_SSL):
    """The same from the first byte on encrypted."""


class Backend(EmailBackend):
    """What `EMAIL_URL` with a mail server uses."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """Return the class of the connection; the rest is Django's."""
        return _ListeningEncrypted if self.use_ssl else _Listening
