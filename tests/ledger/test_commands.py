"""What an operator types, and what the screen says."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ledger import services
from ledger.queries.keys import newest_key
from ledger.rules import notes
from tests.ledger.conftest import START, events, seal, tamper


def run(*words, **options):
    out, err = StringIO(), StringIO()
    call_command(*words, stdout=out, stderr=err, **options)
    return out.getvalue()


def refused(*words, **options):
    err = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command(*words, stdout=StringIO(), stderr=err, **options)
    return str(caught.value), err.getvalue().splitlines()


def test_seals_says_that_everything_holds(db):
    events(3)
    said = run("seals", "--seal")
    assert "Sealed: 3 rows." in said
    assert "All 3 sealed rows of " in said
    events(1)
    assert "1 rows wait for their seal." in run("seals")


def test_seals_names_every_fault_and_ends_with_one(db):
    rows = events(3)
    seal()
    tamper("UPDATE audit_event SET action = 'forged'")
    said, lines = refused("seals")
    assert said == "3 things do not hold."
    assert lines == [f"Broken: audit.event {row.pk} (leaf {n}) was altered" for n, row in enumerate(rows)]


def test_seals_compares_with_anchors(db, tmp_path):
    events(3)
    seal()
    path = run("anchor", tmp_path).strip()
    assert f"{path}: the log of today begins with it." in run("seals", "--anchor", path)
    assert f"{path}: the log of today begins with it." in run("seals", "--anchor", path, "--trusted", str(newest_key()))
    wrong = tmp_path / "wrong"
    wrong.write_bytes(b"\xff\n")
    _said, lines = refused("seals", "--anchor", str(wrong))
    assert lines == [f"Broken: {wrong}: not a checkpoint that can be checked: no signed note"]
    assert refused("seals", "--trusted", "nonsense")[0] == "nonsense: no verifier key of Ed25519"


def test_anchor_shows_writes_and_changes_keys(db, tmp_path):
    events(3)
    seal()
    text = run("anchor")
    key = str(newest_key())
    assert text.startswith("attest.example/attest\n3\n")
    assert run("anchor", "--key") == f"{key}  from 3\n"
    both = run("anchor", "--new-key")
    assert len(notes.note(both).signatures) == 2
    assert key in run("anchor", "--key")
    assert str(newest_key()) != key
    assert refused("anchor", "--since", "99")[0] == "the log has 3 leaves"


def test_anchor_without_the_key_says_so(db, settings):
    services.signer(at=START)
    settings.LEDGER_KEY_FILE += ".elsewhere"
    assert "does not have it" in refused("anchor")[0]


def test_a_witness_needs_files_alone(db, tmp_path):
    events(3)
    seal()
    request = tmp_path / "request"
    request.write_text(run("anchor", "--since", "0"))
    name = ("--name", "witness.example/w1", "--folder", str(tmp_path / "witness"))
    own = notes.verifier(run("witness", *name).strip())
    line = run("witness", str(request), *name, "--log", str(newest_key()))
    text = run("anchor")
    assert notes.signers_of(notes.note(text + line), [own]) == [own]
    assert (
        refused("witness", str(request), *name, "--log", str(newest_key()))[0]
        == "3 leaves were seen before: ask with 3"
    )
    assert refused("witness", str(request), *name, "--log", "nonsense")[0] == "no verifier key of Ed25519"
