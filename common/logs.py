"""One line an entry: nobody can forge a second one with a line break in a name, and no secret of a link is in it."""

import logging
import re

LIMIT = 4000
#: Addresses whose last part opens something by itself: invitations, new passwords, addresses to confirm, tickets.
SECRET = re.compile(
    r"(?<=/account/invitation/)[^/\s]+|(?<=/accounts/password/reset/key/)[^/\s]+"
    r"|(?<=/accounts/confirm-email/)[^/\s]+|(?<=/handed/)[^/\s]+"
)


class OneLine(logging.Formatter):
    """Escape line breaks and control characters in messages; cut monsters. Tracebacks keep their lines."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the entry, traceback and all, without what opens something."""
        return SECRET.sub("-", super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        line = super().formatMessage(record)
        clean = "".join(c if c.isprintable() or c == "\t" else repr(c)[1:-1] for c in line)
        return clean[:LIMIT]
