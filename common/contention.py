"""Two acts that met in the database: one was broken off so that the other could go on, and may be tried again."""

from django.db import Error

__all__ = ["Error", "met"]

#: PostgreSQL: serialisation failure, deadlock, a lock not to be had in time.
CODES = frozenset({"40001", "40P01", "55P03"})
#: SQLite: busy, locked. The low byte of its extended codes.
BUSY, LOCKED = 5, 6
#: What the drivers say, for an error that comes without its code.
WORDS = (
    "deadlock detected",
    "could not serialize access",
    "database is locked",
    "database table is locked",
    "database schema is locked",
)


def met(error: BaseException | None) -> bool:
    """Say whether the database broke an act off only because of another one. Every other error is a fault."""
    if not isinstance(error, Error):
        return False
    driver = error.__cause__
    code = getattr(driver, "pgcode", None)
    if code:
        return code in CODES
    number = getattr(driver, "sqlite_errorcode", None)
    if number is not None:
        return (number & 0xFF) in (BUSY, LOCKED)
    return any(words in str(error) for words in WORDS)
