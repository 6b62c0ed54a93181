"""Which part is away, told from the errors that drivers, libraries and the operating system really raise."""

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import ClientError
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError

from common.faults import Away
from common.outages import Outage, outage_of
from tests.faults.conftest import free_port, silent

__all__ = ["silent"]  # a fixture


def raised(act):
    """Return what an act raises."""
    try:
        act()
    except Exception as error:  # noqa: BLE001 - it is what is looked at
        return error
    pytest.fail("nothing was raised")


def of_django(driver, kind=OperationalError):
    """Return a driver's error as Django hands it on."""
    error = kind(*driver.args)
    error.__cause__ = driver
    return error


def filled(place):
    """Return what SQLite says when its file may not grow any more."""
    with closing(sqlite3.connect(place)) as one:
        one.execute("CREATE TABLE t (x)")
        one.execute("PRAGMA max_page_count = 2")
        return raised(lambda: one.execute("INSERT INTO t VALUES (zeroblob(100000))"))


def read_only(place):
    with closing(sqlite3.connect(place)) as one:
        one.execute("CREATE TABLE t (x)")
        one.execute("PRAGMA query_only = ON")
        return raised(lambda: one.execute("INSERT INTO t VALUES (1)"))


def test_sqlite(tmp_path):
    assert "full" in str(filled(tmp_path / "a"))
    assert outage_of(of_django(filled(tmp_path / "b"))) == Outage.ROOM
    assert outage_of(of_django(read_only(tmp_path / "c"))) == Outage.ROOM
    gone = raised(lambda: sqlite3.connect(tmp_path / "none" / "d"))
    assert outage_of(of_django(gone)) == Outage.DATABASE
    broken = raised(lambda: sqlite3.connect(":memory:").execute("SELECT x"))
    assert outage_of(of_django(broken)) is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_IOERR_WRITE, Outage.ROOM),
        (sqlite3.SQLITE_IOERR_SHMSIZE, Outage.ROOM),
        (sqlite3.SQLITE_READONLY_DBMOVED, Outage.ROOM),
        (sqlite3.SQLITE_IOERR_READ, Outage.DATABASE),
        (sqlite3.SQLITE_BUSY, None),
        (sqlite3.SQLITE_CONSTRAINT, None),
        (sqlite3.SQLITE_CORRUPT, None),
    ],
)
def test_sqlite_by_its_extended_codes(code, expected):
    driver = sqlite3.OperationalError("said")
    driver.sqlite_errorcode = code
    assert outage_of(of_django(driver)) == expected


def test_postgres_that_nobody_reaches():
    gone = raised(lambda: psycopg2.connect(host="127.0.0.1", port=free_port(), connect_timeout=2))
    assert outage_of(of_django(gone)) == Outage.DATABASE


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("57P01", Outage.DATABASE),
        ("57P03", Outage.DATABASE),
        ("53300", Outage.DATABASE),
        ("08006", Outage.DATABASE),
        ("53100", Outage.ROOM),
        ("25006", Outage.ROOM),
        ("40P01", None),
        ("23505", None),
        ("57014", None),
        ("42P01", None),
    ],
)
def test_postgres_by_its_codes(code, expected):
    driver = psycopg2.errors.lookup(code)("said")
    driver.__setstate__({"pgcode": code})
    assert driver.pgcode == code
    assert outage_of(of_django(driver, DatabaseError)) == expected


def test_a_connection_that_is_gone():
    assert outage_of(of_django(psycopg2.InterfaceError("connection already closed"), InterfaceError)) == Outage.DATABASE
    assert (
        outage_of(of_django(psycopg2.DatabaseError("server closed the connection"), DatabaseError)) == Outage.DATABASE
    )
    assert outage_of(of_django(psycopg2.ProgrammingError("no results"), DatabaseError)) is None


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO, errno.EFBIG])
def test_a_disk_that_takes_no_more(number):
    assert outage_of(OSError(number, "said")) == Outage.ROOM


def test_a_full_device():
    with Path("/dev/full").open("wb", buffering=0) as full:
        assert outage_of(raised(lambda: full.write(b"x"))) == Outage.ROOM


@pytest.mark.parametrize("error", [FileNotFoundError(errno.ENOENT, "no"), ConnectionResetError(), ValueError(), None])
def test_what_is_no_outage(error):
    assert outage_of(error) is None
    assert outage_of(of_django(ValueError("said"), IntegrityError)) is None


def client_at(port):
    config = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})
    place = f"http://127.0.0.1:{port}"
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "eu"}
    return Session().client("s3", endpoint_url=place, config=config, **keys)


def test_a_store_that_nobody_reaches_or_that_never_answers(silent):
    for port in (free_port(), silent):
        assert outage_of(raised(lambda port=port: client_at(port).head_bucket(Bucket="b"))) == Outage.STORE


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (503, "SlowDown", Outage.STORE),
        (500, "InternalError", Outage.STORE),
        (403, "InvalidAccessKeyId", Outage.STORE),
        (404, "NoSuchBucket", Outage.STORE),
        (507, "InsufficientStorage", Outage.ROOM),
        (403, "QuotaExceeded", Outage.ROOM),
        (404, "NoSuchKey", None),
        (404, "404", None),
        (412, "PreconditionFailed", None),
    ],
)
def test_a_store_by_what_it_answers(status, code, expected):
    said = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    error = ClientError(said, "GetObject")
    assert outage_of(error) == expected


@pytest.mark.parametrize(("status", "code", "expected"), [(503, "", Outage.STORE), (507, "", Outage.ROOM)])
def test_what_our_own_word_for_it_hides(status, code, expected):
    away = Away("store")
    away.__cause__ = ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "PutObject")
    assert outage_of(away) == expected


def test_a_store_of_which_nothing_is_known():
    assert outage_of(Away("not mounted")) == Outage.STORE
