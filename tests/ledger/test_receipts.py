"""Receipts: proof in a person's hand that does not need this installation, and holds no personal data."""

import base64
import json
import re
import subprocess
import sys

import pytest

from assessments.models import Judgement, Review
from ledger import services
from ledger.models import Leaf
from ledger.queries.keys import known_keys
from ledger.rules import notes, proofs
from tests.architecture.sources import ROOT
from tests.assessments.test_sign_off import complete
from tests.ledger.conftest import START, events, seal, tamper

REASON = "a test looks"


@pytest.fixture
def reviewed(world):
    complete(world)
    seal()
    return Review.objects.across_centres(reason=REASON).exclude(feedback="").earliest("pk")


def test_a_receipt_of_a_decision_holds(world):
    complete(world)
    seal()
    judgement = Judgement.objects.across_centres(reason=REASON).latest("pk")
    receipt = services.receipt("assessments.judgement", judgement.pk, at=START)
    assert proofs.receipt_faults(receipt.record, receipt.proof, known_keys()) == []
    row = json.loads(receipt.record)["row"]
    assert (row["public_id"], row["verdict"], row["digest"]) == (
        judgement.public_id,
        judgement.verdict,
        judgement.digest,
    )


def test_words_are_hidden_and_open_for_who_has_the_salt(reviewed):
    from hashlib import sha256

    receipt = services.receipt("assessments.review", reviewed.pk, at=START)
    assert reviewed.feedback not in receipt.record
    said = json.loads(receipt.record)["row"]["feedback"]["sha256"]
    assert said == sha256(f"{receipt.salt}:{reviewed.feedback}".encode()).hexdigest()


def test_a_receipt_is_at_most_a_kilobyte(db):
    events(5000)
    seal()
    row = Leaf.objects.get(index=4999).row
    assert len(services.receipt("audit.event", row, at=START).proof.encode()) <= 1024


def test_what_is_not_sealed_or_gone_has_none(db):
    (row,) = events(1)
    with pytest.raises(services.NotSealed):
        services.receipt("audit.event", row.pk, at=START)
    seal()
    assert services.receipt("audit.event", row.pk, at=START)
    tamper("DELETE FROM audit_event")
    with pytest.raises(services.NotSealed):
        services.receipt("audit.event", row.pk, at=START)


def test_a_row_that_was_altered_has_a_receipt_that_does_not_hold(db):
    (row,) = events(1)
    seal()
    tamper("UPDATE audit_event SET action = 'forged'")
    receipt = services.receipt("audit.event", row.pk, at=START)
    assert proofs.receipt_faults(receipt.record, receipt.proof, known_keys()) == [
        "the record is not in the log of this head"
    ]


def commands():
    """The commands of docs/seals.md for a person who has neither Attest nor the page."""
    text = (ROOT / "docs" / "seals.md").read_text()
    part = text.split("## Without the page", 1)[1]
    program = re.search(r"```python\n(.*?)```", part, re.DOTALL).group(1)
    shell = re.search(r"```sh\n(.*?)```", part, re.DOTALL).group(1).strip().splitlines()
    return program, shell


def test_the_documented_commands_check_a_receipt(db, tmp_path):
    """With nothing but Python and OpenSSL, from what the documentation says."""
    made = events(700)
    seal()
    receipt = services.receipt("audit.event", made[321].pk, at=START)
    program, shell = commands()
    assert len(shell) <= 3
    (tmp_path / "record.json").write_text(receipt.record)
    (tmp_path / "receipt.tlog-proof").write_text(receipt.proof)
    (tmp_path / "receipt.py").write_text(program)
    (key,) = known_keys()

    def run(line):
        line = line.replace("python3", sys.executable).replace("KEY", f"'{key}'")
        return subprocess.run(line, cwd=tmp_path, shell=True, capture_output=True, text=True, check=False)  # noqa: S602 - the documented line

    answers = [run(line) for line in shell]
    assert [answer.returncode for answer in answers] == [0] * len(shell), [answer.stderr for answer in answers]
    assert "number 322 of the log attest.example/attest with 700 records" in answers[0].stdout
    assert "Signature Verified Successfully" in answers[-1].stdout
    (tmp_path / "record.json").write_text(receipt.record.replace("test.made", "test.mad3"))
    assert run(shell[0]).returncode != 0
    forged = receipt.proof.replace("\n700\n", "\n701\n")
    (tmp_path / "record.json").write_text(receipt.record)
    (tmp_path / "receipt.tlog-proof").write_text(forged)
    assert any(run(line).returncode for line in shell)


def test_the_proof_is_of_the_published_form(db):
    made = events(3)
    seal()
    proof = services.receipt("audit.event", made[2].pk, at=START).proof
    lines = proof.split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 2"]
    assert len(base64.b64decode(lines[2])) == 32
    assert lines[3] == ""
    assert notes.checkpoint(notes.note("\n".join(lines[4:])).body).size == 3
