"""What is put together once holds the same rows as what it stands for: for everybody, one after another."""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from assessments.queries import to_countersign
from centres.enums import Role
from centres.queries import looked_after_registrations
from centres.queries.prepared import known
from common import prepared
from portfolio.models import Evidence, EvidenceFile
from tests.assessments.test_sign_off import complete, countersign, sign
from tests.factories import portfolio as make

EVERYBODY = ("LA1", "LA2", "LA3", "AA1", "AA2", "AT1", "QA", "EA", "CA", "DUO", "LB1", "AB1")


@pytest.fixture
def busy(world):
    """One piece with a file waits, another was decided by a trainee and waits for a countersignature."""
    filed = make.draft(world, "LA1")
    make.with_file(world, filed, "LA1")
    make.choose(world, filed)
    make.send(world, make.again(filed), "LA1")
    complete(world, "LA3", by="AT1")
    return world


def sign_what_the_trainee_decided(world):
    while to_countersign(world.actor("AA2")).exists():
        countersign(world)
    sign(world, "LA3", by="AT1")


def _given(function):
    """Return what a prepared function takes beside the actor, for every row there is."""
    names = set(function.__wrapped__.__annotations__) - {"actor", "return"}
    rows = EvidenceFile if function.__name__ == "_file" else Evidence
    found = rows.objects.across_centres(reason="test")
    if not names:
        return [{}]
    (name,) = names
    return [{name: value} for value in found.values_list(name, flat=True)]


def test_each_holds_the_rows_that_it_stands_for(busy):
    held = Counter()
    for step in (lambda _world: None, sign_what_the_trainee_decided):
        step(busy)
        for name, function in known.items():
            for who, given in itertools.product(EVERYBODY, _given(function)):
                actor = busy.actor(who)
                wanted = set(function.__wrapped__(actor, **given).values_list("pk", flat=True))
                assert set(function(actor, **given).values_list("pk", flat=True)) == wanted, (name, who)
                held[name] += len(wanted)
    assert set(held) == set(known)
    assert all(held.values()), held


@pytest.mark.parametrize(
    "roles",
    [
        {Role.LEARNER, Role.ASSESSOR},
        {Role.LEARNER, Role.TRAINEE, Role.IQA},
        {Role.LEARNER, Role.ASSESSOR, Role.LEAD_IQA, Role.ADMIN},
        set(Role) - {Role.TRAINEE},
    ],
)
def test_also_for_somebody_who_is_several_things_at_once(busy, roles):
    """The deepest conditions, which the parser of SQLite has to take too."""
    sign_what_the_trainee_decided(busy)
    learner = busy.actor("LA1").learner_id
    for code, (name, function) in itertools.product(("AA1", "AA2"), known.items()):
        actor = replace(busy.actor(code), roles=frozenset(roles), learner_id=learner)
        for given in _given(function):
            wanted = set(function.__wrapped__(actor, **given).values_list("pk", flat=True))
            assert set(function(actor, **given).values_list("pk", flat=True)) == wanted, (name, code)


def test_it_is_put_together_once_for_all_with_the_same_roles(busy, monkeypatch):
    """The second assessor's rows come without the library putting a condition together, and are their own."""
    made = []
    real = prepared._form
    monkeypatch.setattr(prepared, "_forms", {})
    monkeypatch.setattr(prepared, "_form", lambda *given: made.append(given) or real(*given))
    first = set(looked_after_registrations(busy.actor("AA1")))
    second = set(looked_after_registrations(busy.actor("AA2")))
    assert busy.actor("AA1").roles == busy.actor("AA2").roles
    assert first
    assert second
    assert first.isdisjoint(second)
    assert len(made) == 1


def test_another_day_is_another_answer(busy):
    actor = busy.actor("AA1")
    assert looked_after_registrations(actor).exists()
    assert not looked_after_registrations(replace(actor, on=actor.on - timedelta(days=4000))).exists()
