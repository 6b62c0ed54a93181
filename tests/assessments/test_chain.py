"""The chain: it holds, it cannot be changed, and whoever gets round that is named."""

import hashlib
import json
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from assessments.models import Judgement, LedgerEntry, Review, SignOffNote
from common.append_only import protected_tables, suspended
from portfolio.enums import EvidenceKind
from portfolio.models import EvidenceVersion
from qualifications.models import Qualification, Unit
from tests.assessments.test_sign_off import WHY, complete, confirm, reopen, sign
from tests.factories import portfolio as made

REASON = "a test looks"
PROTECTED = (Judgement, Review, LedgerEntry, SignOffNote, EvidenceVersion)


@pytest.fixture
def signed(world):
    complete(world)
    sign(world)
    confirm(world)
    reopen(world)
    sign(world)
    return world


def verify(**options):
    out = StringIO()
    call_command("verify_ledger", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def broken():
    """Everything that is said of what does not hold."""
    err = StringIO()
    with pytest.raises(CommandError, match="do not hold") as caught:
        call_command("verify_ledger", stdout=StringIO(), stderr=err)
    assert caught.value.returncode == 1
    return err.getvalue()


def texts():
    return Unit.objects.count() + Qualification.objects.count()


def tamper(sql, *params):
    """What somebody with the rights of the database's owner could do."""
    with suspended(connection), connection.cursor() as cursor:
        cursor.execute(sql, params)


def entry(sequence):
    return LedgerEntry.objects.across_centres(reason=REASON).get(sequence=sequence)


def test_it_holds(signed):
    said = verify().splitlines()
    assert said[0] == "All 1 chains hold (4 entries)."
    assert said[1].startswith(f"Unaltered: {texts()} published texts, 1 versions, ")
    assert said[1].endswith(" 0 files.")


def test_an_empty_installation_holds(db):
    said = f"Unaltered: {texts()} published texts, 0 versions, 0 judgements, 0 files."
    assert verify().splitlines()[:2] == ["All 0 chains hold (0 entries).", said]


@pytest.mark.parametrize("model", PROTECTED)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET centre_id = centre_id", "DELETE FROM {table}"])
def test_the_database_refuses(signed, model, statement):
    table = model._meta.db_table
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table))
    assert model.objects.across_centres(reason=REASON).exists()


def test_every_table_that_must_be_is_protected(db):
    assert set(protected_tables(connection)) >= {
        "audit_event",
        "assessments_countersignature",
        "assessments_judgement",
        "assessments_ledgerentry",
        "assessments_reply",
        "assessments_review",
        "assessments_signoffnote",
        "portfolio_evidenceversion",
        "portfolio_opening",
        "portfolio_versionfile",
        "qualifications_criterion",
        "qualifications_group",
        "qualifications_outcome",
        "qualifications_place",
        "qualifications_qualification",
        "qualifications_unit",
    }


def test_an_altered_payload_is_named(signed):
    payload = entry(2).payload.replace("learner_confirmed", "learner_confirmeD")
    tamper("UPDATE assessments_ledgerentry SET payload = %s WHERE sequence = 2", payload)
    assert "entry 2: its payload was altered" in broken()


def test_a_recomputed_entry_breaks_the_next_one(signed):
    row = entry(2)
    payload = row.payload.replace('"note":""', f'"note":"{"0" * 64}"')
    digest = hashlib.sha256((row.previous + payload).encode()).hexdigest()
    tamper("UPDATE assessments_ledgerentry SET payload = %s, digest = %s WHERE sequence = 2", payload, digest)
    assert "entry 3: it does not follow" in broken()


def test_an_altered_column_is_named(signed):
    tamper("UPDATE assessments_ledgerentry SET act = 'reopened' WHERE sequence = 1")
    assert "entry 1: the row differs from its payload in act" in broken()


def test_another_person_is_named(signed):
    tamper("UPDATE assessments_ledgerentry SET person_id = %s WHERE sequence = 1", signed.people["AA2"].pk)
    assert "entry 1: the row differs from its payload in person" in broken()


def test_an_entry_taken_out_of_the_middle(signed):
    tamper("DELETE FROM assessments_ledgerentry WHERE sequence = 2")
    assert "entry 2: entry 2 is missing" in broken()


def test_an_end_cut_off(signed):
    tamper("DELETE FROM assessments_ledgerentry WHERE sequence = 4")
    assert "counts 4 entries, 3 are there" in broken()


def test_a_whole_chain_removed(signed):
    tamper("DELETE FROM assessments_signoffnote")
    tamper("DELETE FROM assessments_ledgerentry")
    assert "counts 4 entries, 0 are there" in broken()


def test_another_head(signed):
    tamper("UPDATE centres_registration SET ledger_head = %s WHERE ledger_length = 4", "0" * 64)
    assert "names another last digest" in broken()


@pytest.mark.parametrize(
    "change",
    [
        "verdict = 'not_yet', reason = 'better'",
        "reason = 'better'",
        "standing = 'trainee'",
        "setting = 'realistic', realistic_counts = true",
        "kind = 'knowledge'",
        "learner_setting = 'realistic', realistic_counts = true",
    ],
)
def test_an_altered_judgement_is_named(signed, change):
    tamper(f"UPDATE assessments_judgement SET {change}")  # noqa: S608 - literals of this test
    assert "judgement" in broken()


def test_an_altered_version_is_named(signed):
    tamper("UPDATE portfolio_evidenceversion SET fields = %s", json.dumps({"title": "Better"}))
    assert "evidence version" in broken()


@pytest.fixture
def photo(world):
    """A piece with a photo that was sent and not yet judged."""
    version = made.sent(world, kind=EvidenceKind.MEDIA)
    return version.version_files.select_related("file").get().file


def test_one_byte_of_a_stored_file_is_named(photo):
    with default_storage.open(photo.storage_key) as stored:
        content = bytearray(stored.read())
    content[len(content) // 2] ^= 1
    default_storage.delete(photo.storage_key)
    default_storage.save(photo.storage_key, ContentFile(bytes(content)))
    assert f"file {photo.public_id} (“{photo.name}”) was altered or is gone" in broken()
    assert "files not read" in verify(without_files=True)


def test_a_file_that_is_gone_is_named(photo):
    default_storage.delete(photo.storage_key)
    assert photo.public_id in broken()


def test_another_file_under_the_same_version_is_named(photo):
    tamper("UPDATE portfolio_evidencefile SET sha256 = %s", "0" * 64)
    assert "are not those that were sent" in broken()


def test_an_altered_decision_is_named_before_anything_is_signed(world):
    complete(world)
    tamper(
        "UPDATE assessments_judgement SET verdict = 'not_yet', reason = 'x' WHERE id = (SELECT min(id) FROM assessments_judgement)"
    )
    assert "judgement" in broken()


def test_altered_words_are_named(signed):
    tamper("UPDATE assessments_signoffnote SET text = 'No reason.'")
    assert "entry 3: the words that go with it were altered" in broken()


def test_a_state_without_its_act_is_named(signed):
    tamper("UPDATE centres_learnerunit SET state = 'achieved' WHERE state = 'assessor_signed'")
    assert "without the act" in broken()


def test_an_export_is_verified_with_a_few_lines_of_nothing_but_python(signed, tmp_path):
    path = tmp_path / "chain.jsonl"
    call_command("verify_ledger", export=path, stdout=StringIO())
    assert verify_export(path.read_text()) == 1
    assert WHY not in path.read_text()
    altered = path.read_text().replace("reopened", "reopeneD")
    with pytest.raises(ValueError, match="broken"):
        verify_export(altered)


def verify_export(text):
    """The lines of docs/ledger.md."""

    def sha(words):
        return hashlib.sha256(words.encode()).hexdigest()

    last = {}
    for line in text.splitlines():
        e = json.loads(line)
        n, previous = last.get(e["registration"], (0, sha("attest:" + e["registration"])))
        ok = e["sequence"] == n + 1 and e["previous"] == previous and e["digest"] == sha(previous + e["payload"])
        if not ok:
            raise ValueError("broken")
        last[e["registration"]] = (e["sequence"], e["digest"])
    return len(last)
