"""Which part that the site stands on is away, as the errors of drivers, libraries and the operating system tell it.

Three things can be told apart by what helps: the database does not answer; nothing can be written (a full disk, a
quota, a disk or a database that may only be read); the store of files does not answer. Everything else is a fault.
"""

import errno
import sqlite3
from enum import StrEnum
from typing import Any, Final

import psycopg2  # type: ignore[import-untyped]  # its stubs are a package of their own
from boto3.exceptions import S3UploadFailedError
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as ConnectionFault
from django.db import Error

from common.faults import Away

__all__ = ["Outage", "outage_behind", "outage_of"]


class Outage(StrEnum):
    """What is away."""

    DATABASE = "database away"
    ROOM = "nothing can be written"
    STORE = "store of files away"


#: Operating system: no space, quota, read-only, too large for this disk, not allowed, input/output error.
UNWRITABLE: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EIO}
)
#: SQLite, low byte: full, read-only. In full: what fails where a file cannot grow.
SQLITE_UNWRITABLE: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY})
SQLITE_CANNOT_GROW: Final = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMOPEN,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_SHMMAP,
    }
)
SQLITE_AWAY: Final = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR})
#: PostgreSQL: disk full, a transaction that may only read (a stand-by).
POSTGRES_UNWRITABLE: Final = frozenset({"53100", "25006"})
#: Stopped, starting, no memory or connection left, a disk that does not answer; what is about the connection itself.
POSTGRES_AWAY: Final = frozenset({"57P01", "57P02", "57P03", "53200", "53300", "58030"})
POSTGRES_CONNECTION: Final = "08"
#: The store: no room; not let in, or no such bucket. A name that is not there is none of these.
STORE_FULL: Final = frozenset({"InsufficientStorage", "QuotaExceeded", "XMinioStorageFull", "EntityTooLarge"})
STORE_SHUT: Final = frozenset(
    {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "RequestTimeTooSkewed", "NoSuchBucket", "SlowDown"}
)
SERVER_ERROR: Final = 500
NO_ROOM: Final = 507


def outage_of(error: BaseException | None) -> Outage | None:
    """Return what is away, or None for an error that is no outage."""
    if isinstance(error, Error):
        return _of_database(error.__cause__)
    if isinstance(error, ClientError):
        return _of_store(error)
    if isinstance(error, Away | S3UploadFailedError):  # what was met is behind it; a full store is a matter of room
        return Outage.ROOM if outage_of(error.__cause__ or error.__context__) == Outage.ROOM else Outage.STORE
    if isinstance(error, HTTPClientError | ConnectionFault):
        return Outage.STORE
    return Outage.ROOM if isinstance(error, OSError) and error.errno in UNWRITABLE else None


def outage_behind(error: BaseException | None) -> Outage | None:
    """Return what is away behind an error that a library raised in place of the one it met."""
    while error is not None:
        found = outage_of(error)
        if found:
            return found
        error = error.__cause__ or error.__context__
    return None


def _of_database(driver: BaseException | None) -> Outage | None:
    number = getattr(driver, "sqlite_errorcode", None)
    if number is not None:
        return _of_sqlite(number)
    return _of_postgres(driver) if isinstance(driver, psycopg2.Error) else None


def _of_sqlite(number: int) -> Outage | None:
    if number & 0xFF in SQLITE_UNWRITABLE or number in SQLITE_CANNOT_GROW:
        return Outage.ROOM
    return Outage.DATABASE if number & 0xFF in SQLITE_AWAY else None


def _of_postgres(driver: Any) -> Outage | None:
    """An error without a code comes from the library that holds the connection: the server did not say it."""
    code = driver.pgcode
    if code in POSTGRES_UNWRITABLE:
        return Outage.ROOM
    if code:
        return Outage.DATABASE if code in POSTGRES_AWAY or code.startswith(POSTGRES_CONNECTION) else None
    lost = isinstance(driver, psycopg2.OperationalError | psycopg2.InterfaceError)
    lost = lost or type(driver) is psycopg2.DatabaseError
    return Outage.DATABASE if lost else None


def _of_store(error: ClientError) -> Outage | None:
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in STORE_FULL or status == NO_ROOM:
        return Outage.ROOM
    return Outage.STORE if code in STORE_SHUT or status >= SERVER_ERROR else None
