"""Where the database is a server of its own, its clock counts: windows end at its midnight, not at a slow server's (T33)."""

import datetime as dt
import logging

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from common import clock

AT = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _even():
    yield
    clock.follow(AT, AT, AT)


def test_clocks_that_agree_leave_the_process_its_own():
    clock.follow(AT + SECOND, AT, AT)
    with time_machine.travel(AT, tick=False):
        assert clock.now() == AT


@pytest.mark.parametrize("apart", [dt.timedelta(days=1), dt.timedelta(hours=-1), dt.timedelta(seconds=2)])
def test_one_that_is_off_takes_the_databases_time(apart, caplog):
    with caplog.at_level(logging.WARNING, logger="common.clock"):
        for _ in range(3):
            clock.follow(AT + apart, AT, AT)
    with time_machine.travel(AT, tick=False):
        assert clock.now() == AT + apart
    assert len(caplog.records) == 1, "it is said once, not with each connection"


def test_what_a_slow_answer_can_be_wrong_by_is_no_difference():
    clock.follow(AT + 4 * SECOND, AT, AT + 5 * SECOND)
    with time_machine.travel(AT, tick=False):
        assert clock.now() == AT


def test_a_clock_that_was_set_right_is_believed_again():
    clock.follow(AT + dt.timedelta(days=1), AT, AT)
    clock.follow(AT, AT, AT)
    with time_machine.travel(AT, tick=False):
        assert clock.now() == AT


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_sets_the_watch(settings, django_assert_num_queries):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no clock but this machine's")
    settings.CLOCK_OF_DATABASE = True
    with time_machine.travel(timezone.now() - dt.timedelta(days=1), tick=True):
        slow = clock.now()
        connection.close()
        with django_assert_num_queries(1), connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            told = cursor.fetchone()[0]
        assert abs(clock.now() - told) < dt.timedelta(minutes=1)
        assert clock.now() - slow > dt.timedelta(hours=23)
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_is_ready_for_a_transaction(settings):
    settings.CLOCK_OF_DATABASE = True
    connection.close()
    connection.ensure_connection()
    assert connection.get_autocommit()
    assert not connection.in_atomic_block
