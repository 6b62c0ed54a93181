"""Django's PostgreSQL, which sets this process's watch by the database's clock with each new connection (T33).

Rights begin and end at midnight, and several servers must agree when that is. A connection lives a minute, so a clock
that is wrong or jumps is noticed within one; it costs no page a statement of its own.
"""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from django.utils import timezone

from common import clock


class DatabaseWrapper(base.DatabaseWrapper):
    """What settings name as ENGINE where DATABASE_URL names PostgreSQL."""

    def init_connection_state(self) -> None:
        """Make a new connection ready; ask it for the time."""
        super().init_connection_state()
        if settings.CLOCK_OF_DATABASE:
            self.take_time()

    def take_time(self) -> None:
        """Compare this process's clock with the database's."""
        raw: Any = self.connection
        before = timezone.now()
        with raw.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            told = cursor.fetchone()[0]
        clock.follow(told, before, timezone.now())
        if not self.get_autocommit():
            raw.rollback()  # asking has begun a transaction
