"""What somebody with the database's password could change, with every trigger off: each change is named (architecture, 3).

Each statement is made alone in a database that is sound, everything is verified, and it is taken back.
"""

import json
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.db import connection, transaction

from assessments import queries, services
from assessments.models import LedgerEntry
from assessments.queries.chain_faults import broken_links
from assessments.rules.digests import link
from assessments.services.verification import altered_records
from centres.models import Learner, Registration
from common import clock
from common.append_only import suspended
from common.digests import canonical
from common.guards import Guard
from common.ids import new_public_id
from tests.assessments.conftest import KEY
from tests.assessments.test_exempting import put, settle
from tests.assessments.test_sign_off import complete, confirm, countersign, reopen, sign
from tests.unguarded import unguarded

TAMPERS = yaml.safe_load((Path(__file__).parent / "tampers.yaml").read_text())
#: What stands for the places in them.
PLACES = {
    "learner": "(SELECT max(id) FROM centres_learner)",
    "person": "(SELECT max(id) FROM accounts_user)",
    "first_unit": "(SELECT min(learner_unit_id) FROM assessments_judgement)",
    "other": "0" * 64,
}


def sql_of(change):
    """The statement of one change: the words are those of the file beside this one."""
    what = f"DELETE FROM {change['table']}" if "delete" in change else f"UPDATE {change['table']} SET {change['set']}"  # noqa: S608 - see above
    sql = f"{what} WHERE {change['where']}" if "where" in change else what
    for name, value in PLACES.items():
        sql = sql.replace(f"{{{name}}}", value)
    return sql


@pytest.fixture
def scene(world):
    """A unit signed, opened again and achieved; one that a trainee signed, countersigned; one by a certificate."""
    complete(world)
    sign(world)
    confirm(world)
    reopen(world)
    sign(world)
    confirm(world)
    complete(world, "LA3", by="AT1")
    while queries.to_countersign(world.actor("AA2")).exists():
        countersign(world)
    sign(world, "LA3", by="AT1")
    unit = world.unit("LA3", KEY)
    services.countersign_unit(
        actor=world.actor("AA2"), learner_unit=unit, agrees=True, reauthenticated=True, at=clock.now()
    )
    settle(world, put(world))
    spare(world)
    return world


def spare(world):
    """A learner of the same centre to whom somebody might give what is not theirs."""
    learner = Learner.objects.for_centre(world.centres["10001"].pk).get(pk=world.learners["LA1"].pk)
    learner.pk, learner.public_id, learner.person = None, new_public_id(), world.people["CA"]
    learner.uln, learner.uln_status, learner.uln_missing_reason = None, "none", "Applied for."
    learner.candidate_number = learner.ocr_number = learner.uci = None
    learner.save(force_insert=True)


def faults():
    return [*map(str, broken_links()), *altered_records(Counter(), files=False)]


def after(sql):
    """What verifying says after one change, which is then taken back."""
    with transaction.atomic():
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql.replace("%", "%%"), None)
                assert cursor.rowcount, f"it changes nothing: {sql}"
            return faults()
        finally:
            transaction.set_rollback(True)


def guarded():
    return [model for model in apps.get_models() if any(isinstance(c, Guard) for c in model._meta.constraints)]


@pytest.fixture
def off(scene):
    """Everything that the database itself would say is off."""
    with ExitStack() as stack:
        stack.enter_context(suspended(connection))
        stack.enter_context(unguarded(*guarded()))
        yield scene


def test_what_was_not_touched_is_sound(scene):
    assert faults() == []


def test_every_change_is_named(off):
    missed = {}
    for change in TAMPERS:
        said = after(sql_of(change))
        if not any(change["says"] in line for line in said):
            missed[change["name"]] = said[:3]
    assert missed == {}


def test_a_signature_over_no_decisions_is_none(off):
    """F1: an entry that is whole and in its place, but names no decision, is no signature."""
    entry = LedgerEntry.objects.across_centres(reason="a test").filter(act="assessor_signed").latest("pk")
    payload = json.loads(entry.payload) | {"decisions": [], "evidence": []}
    text = canonical(payload)
    digest = link(entry.previous, text)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assessments_ledgerentry SET payload = %s, digest = %s WHERE id = %s", [text, digest, entry.pk]
        )
    assert any("it names no decision for 1.1, 1.2" in line for line in faults())


def test_all_faults_are_named_not_the_first_alone(off):
    """Three chains and two records, one of them unreadable: the run ends and tells of each."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_ledgerentry SET payload = '{' WHERE sequence = 1")
        cursor.execute("UPDATE assessments_review SET feedback = 'Well done.'")
        cursor.execute("UPDATE portfolio_evidenceversion SET files = '[1]'")
    said = faults()
    chains = Registration.objects.across_centres(reason="a test").filter(ledger_length__gt=0).count()
    assert len([line for line in said if "entry 1: its payload cannot be read" in line]) == chains > 1
    assert len([line for line in said if line.startswith("judgement") and "was altered" in line]) > 1
    assert len([line for line in said if line.startswith("evidence version") and "cannot be read" in line]) > 1
