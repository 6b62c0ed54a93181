"""Reading everything as it was at one moment, while people go on writing."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Let what is read inside be of one moment. Nobody waits for it, and nothing can be written inside.

    Inside a transaction of the caller it is that transaction.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # `pg_dump` reads meanwhile, not we
            yield
    else:
        with _deferred():
            yield


@contextmanager
def _deferred() -> Iterator[None]:
    """Begin a transaction that only reads: ours begin by taking the place of the one writer."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = ON")
        cursor.execute("BEGIN DEFERRED")
        try:
            cursor.execute("SELECT COUNT(*) FROM sqlite_master")  # from the first read on it stays as it is
            yield
        finally:
            cursor.execute("ROLLBACK")
            cursor.execute("PRAGMA query_only = OFF")


def apart() -> AbstractContextManager[None]:
    """Keep a statement that fails from spoiling the transaction around it, where there is one."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()
