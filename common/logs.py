"""One line an entry: nobody can forge a second one with a line break in a name."""

import logging

LIMIT = 4000


class OneLine(logging.Formatter):
    """Escape line breaks and control characters in messages; cut monsters. Tracebacks keep their lines."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's name
        line = super().formatMessage(record)
        clean = "".join(c if c.isprintable() or c == "\t" else repr(c)[1:-1] for c in line)
        return clean[:LIMIT]
