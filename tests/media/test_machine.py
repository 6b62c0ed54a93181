"""What a parser raises because the machine is full or broken is no verdict; whatever else it raises is one."""

import errno
from types import MappingProxyType

import pytest

from common.faults import Away, is_machines
from media import inspect
from media.finding import ChildLost, NotAccepted
from media.policy import Family

from .conftest import look


def raising(monkeypatch, error):
    def parse(_path, _finding):
        raise error

    monkeypatch.setattr(inspect, "_PARSERS", MappingProxyType({**inspect._PARSERS, Family.IMAGE: parse}))


def behind(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "full"),
        OSError(errno.EDQUOT, "full"),
        OSError(errno.EIO, "broken"),
        OSError(errno.EROFS, "read-only"),
        OSError(errno.ENFILE, "too many"),
        ModuleNotFoundError("PIL"),
        ChildLost("ffmpeg was ended"),
        behind(NotAccepted("damaged"), OSError(errno.EIO, "broken")),
        behind(ValueError(), behind(KeyError(), OSError(errno.ENOSPC, "full"))),
    ],
    ids=repr,
)
def test_a_fault_of_the_machine_is_passed_on(shelf, monkeypatch, error):
    raising(monkeypatch, error)
    with pytest.raises(type(error)):
        look(shelf.path("jpg"))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError(), "damaged"),
        (OSError("broken data stream"), "damaged"),
        (OSError(errno.EFBIG, "its own limit"), "damaged"),
        (OSError(errno.EMFILE, "its own limit"), "damaged"),
        (OSError(errno.ENOMEM, "its own limit"), "damaged"),
        (MemoryError(), "too-heavy"),
        (NotAccepted("password"), "password"),
    ],
    ids=repr,
)
def test_what_is_in_the_file_is_an_answer(shelf, monkeypatch, error, code):
    raising(monkeypatch, error)
    assert look(shelf.path("jpg")).code == code


def test_nothing_is_nobodys_fault():
    assert not is_machines(None)
    assert is_machines(Away())
