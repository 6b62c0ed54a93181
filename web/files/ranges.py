"""Which part of a file a browser asks for (RFC 9110, 14). Players ask for parts; everything odd gets the whole."""

import re
from dataclasses import dataclass

#: One range. Several at once, other units and nonsense are ignored, as the standard allows.
_ONE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class NotThere(Exception):  # noqa: N818 - it is an answer (416), not a fault
    """The range lies outside the file."""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes `start` to `end`, both included, of `size`."""

    start: int
    end: int
    size: int

    @property
    def length(self) -> int:
        """The number of bytes."""
        return self.end - self.start + 1

    @property
    def content_range(self) -> str:
        """The header that goes with it."""
        return f"bytes {self.start}-{self.end}/{self.size}"


def part_asked(header: str, size: int) -> Part | None:
    """Return the part that a Range header asks of a file of `size` bytes, or None for the whole file.

    Raises `NotThere` for a range that begins behind its end or has no length.
    """
    match = _ONE.fullmatch(header.strip())
    if match is None or match.group(0) == "bytes=-":
        return None
    first, last = match.groups()
    if not first:  # the last n bytes
        length = min(int(last), size)
        return _part(size - length, size - 1, size)
    if last and int(last) < int(first):
        return None
    return _part(int(first), min(int(last), size - 1) if last else size - 1, size)


def _part(start: int, end: int, size: int) -> Part:
    if start >= size or end < start:
        raise NotThere
    return Part(start, end, size)
