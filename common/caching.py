"""Django's Redis cache, which nobody has to wait for: while Redis is away, full or silent, each process keeps its own.

What lies in the cache is comfort: counters of failed tries, codes that were used a moment ago. Losing it must keep
nobody out (R5), so the site goes on with what this process remembers: limits hold for each process instead of for all.
"""

import logging
import threading
import time
from typing import Any, Final

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

#: After Redis failed nobody asks it for so long: a page must not wait for it each time.
REST_SECONDS: Final = 10.0
#: How many entries a process keeps by itself.
MOST_OWN: Final = 20_000
#: A full Redis reads and deletes, so only these show that it is well again.
WRITES: Final = frozenset({"add", "set", "set_many", "incr"})


class _Rest:
    """What this process knows of one Redis: until when it is left alone, and whether that was said."""

    def __init__(self) -> None:
        self.until = 0.0
        self.said = False
        self._lock = threading.Lock()

    @property
    def now(self) -> bool:
        return time.monotonic() < self.until

    def begin(self, error: Exception) -> None:
        """Leave Redis alone for a while; say so once in an outage."""
        with self._lock:
            self.until = time.monotonic() + REST_SECONDS
            said, self.said = self.said, True
        if not said:
            logger.warning("Redis is away (%s): each process counts for itself until it is back", type(error).__name__)

    def end(self) -> None:
        """Say that Redis is back, when it was said that it was away."""
        with self._lock:
            said, self.said = self.said, False
        if said:
            logger.warning("Redis is back")


_rests: dict[str, _Rest] = {}


def forget_pauses() -> None:
    """Ask Redis again at once, whatever it did before."""
    for rest in _rests.values():
        rest.until = 0.0


class RedisOrOwn(RedisCache):
    """The cache in Redis; what this process remembers wherever Redis does not answer in time."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        own = {**params, "OPTIONS": {"MAX_ENTRIES": MOST_OWN}}
        self._own = LocMemCache(f"instead of {server}", own)
        self._rest = _rests.setdefault(str(server), _Rest())

    def answers(self) -> bool:
        """Say whether Redis itself takes and gives something now: for whoever watches the site."""
        try:
            super().set("common.caching.answers", 1, 5)
            return bool(super().get("common.caching.answers") == 1)
        except (RedisError, OSError):
            return False

    def _ask(self, act: str, *args: Any, **kwargs: Any) -> Any:
        if not self._rest.now:
            try:
                found = getattr(super(), act)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self._rest.begin(error)
            else:
                if self._rest.said and act in WRITES:
                    self._rest.end()
                return found
        return getattr(self._own, act)(*args, **kwargs)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask("add", key, value, timeout=timeout, version=version))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask("get", key, default, version=version)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._ask("set", key, value, timeout=timeout, version=version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._ask("touch", key, timeout=timeout, version=version))

    def delete(self, key: str, version: int | None = None) -> bool:
        return bool(self._ask("delete", key, version=version))

    def get_many(self, keys: Any, version: int | None = None) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("get_many", list(keys), version=version)
        return found

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(self._ask("has_key", key, version=version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        return int(self._ask("incr", key, delta=delta, version=version))

    def set_many(self, data: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> list[str]:
        return list(self._ask("set_many", data, timeout=timeout, version=version))

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._ask("delete_many", list(keys), version=version)

    def clear(self) -> None:
        """Empty both. A Redis that does not answer keeps what it has until that is too old."""
        self._own.clear()
        self._ask("clear")
