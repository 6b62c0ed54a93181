"""The mutation run tells the truth: each fault is one change, in the function as it runs, and is there for one process."""

import sys
import textwrap

import pytest

from tools import mutating
from tools.mutating import know_running, load, mutants_of, note_calls, put

SOURCE = '''
"""A module."""
from functools import wraps


def loud(function):
    @wraps(function)
    def inner(*args):
        return function(*args)

    return inner


@loud
def may(age: int, limit: int = 3) -> bool:
    """Say whether: "too-young" is not changed here."""
    if not age:
        raise ValueError("a whole sentence")
    return age >= limit and age < 10


def never() -> bool:
    return False


class Box:
    @property
    def code(self) -> str:
        return "too-young"
'''


@pytest.fixture
def module(room, monkeypatch):
    monkeypatch.syspath_prepend(str(room))
    path = room / "mutated_sample.py"
    path.write_text(textwrap.dedent(SOURCE))
    load(path, room)
    yield path, sys.modules["mutated_sample"]
    del sys.modules["mutated_sample"]


def named(path, before, after):
    (found,) = [m for m in mutants_of(path) if (m.before, m.after) == (before, after)]
    return found


def test_what_is_changed_and_what_is_left_alone(module):
    changes = {(m.function, m.before, m.after) for m in mutants_of(module[0])}
    assert ("may", "age >= limit", "age > limit") in changes
    assert ("may", "age < 10", "age <= 10") in changes
    assert ("may", "10", "11") in changes
    assert ("may", "age >= limit and age < 10", "age >= limit or age < 10") in changes
    assert ("may", "raise ValueError('a whole sentence')", "pass") in changes
    assert ("Box.code", "'too-young'", "'too-young-other'") in changes
    assert ("never", "False", "True") in changes
    assert ("never", "return False", "return None") not in changes, "nobody could tell them apart"
    assert not [c for c in changes if "sentence" in c[1] and c[2] != "pass"], "sentences are left alone"
    assert not [c for c in changes if c[1] == "3"], "defaults are read when the module is imported"


def test_a_limit_is_moved_in_a_decorated_function(module):
    path, sample = module
    assert sample.may(3)
    put(named(path, "age >= limit", "age > limit"))
    assert not sample.may(3)
    assert sample.may(4)


def test_a_property_is_changed(module):
    path, sample = module
    put(named(path, "'too-young'", "'too-young-other'"))
    assert sample.Box().code == "too-young-other"


def test_who_enters_a_function_is_heard(module):
    path, sample = module
    mutant, heard = named(path, "10", "11"), set()
    note_calls(mutant, heard)
    assert heard == set()
    assert sample.may(3)
    assert heard == {mutant.key}


def test_what_runs_is_found_once_for_all_that_is_forked_later(module):
    path, sample = module
    try:
        know_running()
        put(named(path, "'too-young'", "'too-young-other'"))
        assert sample.Box().code == "too-young-other"
    finally:
        mutating._KNOWN.clear()


def test_each_change_is_made_once_and_differs(module):
    path, _sample = module
    found = mutants_of(path)
    assert len({(m.key, m.number) for m in found}) == len(found)
    assert all(m.before != m.after for m in found)
