"""What is the machine's fault and says nothing about the work. Pure: `media`, the store and `jobs` mean the same."""

import errno
from typing import Final

#: A machine that is full or broken. No file of a stranger brings these about: what a child process may write, open and
#: take up is bounded by limits of its own, which say EFBIG, EMFILE and ENOMEM.
_MACHINE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ENFILE})


class Away(OSError):  # noqa: N818 - it says where the thing is
    """Something that the work needs is away, full, or not as it was left. It is tried again for days."""


class Hopeless(Exception):  # noqa: N818 - it says what trying again would be
    """Trying again would not help, or might do it twice: a person has to look. `why` is a code of `jobs.enums.Why`."""

    why = "refused"


def is_machines(error: BaseException | None) -> bool:
    """Say whether a full or broken machine stands behind an error, be it what was raised first and wrapped since."""
    while error is not None:
        if isinstance(error, Away) or (isinstance(error, OSError) and error.errno in _MACHINE):
            return True
        error = error.__cause__ or error.__context__
    return False
