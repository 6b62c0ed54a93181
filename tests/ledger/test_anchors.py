"""Heads that left the house, and the keys under them: what an owner of the database cannot rewrite."""

import base64
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import registry, services
from ledger.models import Leaf, SigningKey
from ledger.queries import tree
from ledger.queries.anchors import check_anchor
from ledger.queries.keys import known_keys, newest_key, signs_from
from ledger.queries.rows import records
from ledger.rules import merkle, notes, proofs
from ledger.rules.notes import Checkpoint, Signer
from ledger.services import anchoring
from ledger.services.keys import origin
from tests.ledger.conftest import HOUR, MINUTE, START, events, found, seal, tamper

NAME = "attest.example/attest"


@pytest.fixture
def anchor(db):
    events(300)
    seal()
    return services.checkpoint(at=START)[1]


def said(text, **options):
    return list(check_anchor(text, **options))


def test_the_log_of_today_begins_with_its_anchor(anchor):
    assert said(anchor) == []
    events(400)
    seal(START + MINUTE)
    assert said(anchor) == []
    assert said(services.checkpoint(at=START)[1]) == []


def test_a_checkpoint_says_whose_how_many_and_the_root(anchor):
    assert anchor.split("\n")[:3] == [NAME, "300", base64.b64encode(tree.newest()[1]).decode()]
    assert notes.signers_of(notes.note(anchor), known_keys()) == known_keys()


def rewrite():
    """What an owner of the database does who knows how the log is made: change a row and make everything anew to fit."""
    rows = list(Leaf.objects.order_by("index").values_list("table", "row"))[:300]
    tamper("UPDATE audit_event SET action = 'forged' WHERE id = (SELECT min(id) FROM audit_event)")
    for table in ("ledger_leaf", "ledger_tile", "ledger_head"):
        tamper(f"DELETE FROM {table}")  # noqa: S608 - written here
    tamper("UPDATE ledger_mark SET below = 0, seen = 0")
    seal()
    assert list(Leaf.objects.order_by("index").values_list("table", "row"))[:300] == rows


def test_a_history_that_was_made_anew_is_caught_by_an_anchor_alone(anchor):
    rewrite()
    assert found() == []
    assert said(anchor) == ["the rows of today do not make the checkpoint of 300 leaves: the history was rewritten"]


def test_a_row_changed_or_gone_is_named_besides(anchor):
    first, second = Leaf.objects.order_by("index")[:2]
    tamper("UPDATE audit_event SET action = 'forged' WHERE id = %s", first.row)
    assert said(anchor) == [
        f"audit.event {first.row} (leaf 0) was altered",
        "the rows of today do not make the checkpoint of 300 leaves: the history was rewritten",
    ]
    tamper("DELETE FROM audit_event WHERE id = %s", second.row)
    assert said(anchor)[1:] == [
        f"audit.event {second.row} (leaf 1) is gone",
        "the rows behind the checkpoint of 300 leaves are not all there to be read",
    ]


def test_a_log_that_was_cut_is_shorter_than_its_anchor(anchor):
    tamper('DELETE FROM ledger_leaf WHERE "index" >= 200')
    tamper("DELETE FROM ledger_head WHERE size > 200")
    assert said(anchor) == ["the log has 0 leaves and the checkpoint 300: it was cut, or an older copy was restored"]


@pytest.mark.parametrize("text", ["", "nonsense", "a\n1\nAAAA\n\n— a AAAA\n"])
def test_what_is_no_checkpoint_is_said_so(db, text):
    (one,) = said(text)
    assert one.startswith("not a checkpoint that can be checked")


def test_of_another_installation(anchor):
    other = Signer("other.example/attest", Ed25519PrivateKey.generate())
    text = notes.signed(Checkpoint(other.name, 1, bytes(32)).body, [other])
    assert said(text) == ["it is of another installation: other.example/attest"]


def test_signed_by_nobody_known_or_not_right(anchor):
    forger = Signer(NAME, Ed25519PrivateKey.generate())
    body = notes.note(anchor).body
    assert said(notes.signed(body, [forger])) == ["none of the known keys signed it"]
    assert said(anchor.replace("\n300\n", "\n299\n")) == [
        f"not a checkpoint that can be checked: the signature of {NAME} is not right"
    ]


def test_a_key_that_was_put_into_the_database_does_not_count_where_keys_were_kept_outside(anchor):
    kept = newest_key()
    forger = Signer(NAME, Ed25519PrivateKey.generate())
    SigningKey.objects.create(verifier=str(forger.verifier), from_size=0, at=START)
    rewrite()
    forged = notes.signed(Checkpoint(NAME, 300, tree.tree_of(0, 300).root()).body, [forger])
    assert said(forged) == []
    assert said(forged, trusted=[kept]) == ["none of the known keys signed it"]


# --- keys -------------------------------------------------------------------------------------------------------------
def test_the_first_key_is_made_once_and_for_its_owner_only(db, settings):
    first, again = services.signer(at=START), services.signer(at=START)
    assert first.verifier == again.verifier == newest_key()
    path = Path(settings.LEDGER_KEY_FILE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert first.verifier.name == NAME


def test_the_origin_is_the_sites_host_unless_said(settings):
    settings.LEDGER_ORIGIN, settings.SITE_ORIGIN = "", "https://portfolio.example:8443"
    assert origin() == "portfolio.example:8443/attest"
    settings.LEDGER_ORIGIN = "a b"
    with pytest.raises(services.KeyRefused, match="space"):
        origin()


def test_a_machine_without_the_key_makes_no_other(anchor, settings):
    settings.LEDGER_KEY_FILE += ".elsewhere"
    with pytest.raises(services.KeyRefused, match="does not have it"):
        services.checkpoint(at=START)
    assert not Path(settings.LEDGER_KEY_FILE).exists()


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff\x00"])
def test_a_file_that_is_no_key_is_refused(db, settings, content):
    path = Path(settings.LEDGER_KEY_FILE)
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(services.KeyRefused, match="cannot be read"):
        services.signer(at=START)


def test_a_key_may_come_from_the_environment(db, settings):
    settings.LEDGER_KEY = "one " * 10
    assert services.signer(at=START).verifier == services.signer(at=START).verifier
    assert not Path(settings.LEDGER_KEY_FILE).exists()
    settings.LEDGER_KEY = "two " * 10
    with pytest.raises(services.KeyRefused, match="has another"):
        services.signer(at=START)
    fresh, before = services.new_key(at=START)
    assert (fresh.verifier, before) == (newest_key(), None)
    with pytest.raises(services.KeyRefused, match="knows this key"):
        services.new_key(at=START)
    settings.LEDGER_KEY = "x" * 39
    with pytest.raises(services.KeyRefused, match="fewer than 40 characters"):
        services.signer(at=START)


def test_another_key_signs_from_a_size_on_and_what_the_old_one_signed_still_counts(anchor):
    old = services.signer(at=START)
    fresh, before = services.new_key(at=START + HOUR)
    assert before.verifier == old.verifier
    assert [signs_from(key) for key in known_keys()] == [300, 300]
    assert services.signer(at=START).verifier == fresh.verifier != old.verifier
    both = services.checkpoint(at=START, also=[before])[1]
    assert notes.signers_of(notes.note(both), known_keys()) == [fresh.verifier, old.verifier]
    assert said(anchor) == said(both) == []


def test_the_first_key_is_not_made_by_asking_for_a_new_one(db):
    with pytest.raises(services.KeyRefused, match="by itself"):
        services.new_key(at=START)


def test_keys_are_sealed_like_every_other_row(anchor):
    seal()
    assert Leaf.objects.filter(table="ledger.signingkey").count() == 1
    tamper("UPDATE ledger_signingkey SET from_size = 0, verifier = 'forged'")
    assert known_keys() == []
    assert any(one.startswith("ledger.signingkey") for one in found())


# --- files ------------------------------------------------------------------------------------------------------------
def test_anchors_are_files_with_their_size_in_their_name(anchor, tmp_path):
    path = services.write_anchor(tmp_path / "anchors", at=START)
    assert path.name == "checkpoint-000000000300.txt"
    assert path.read_text() == anchor
    assert services.write_anchor(tmp_path / "anchors", at=START) == path
    assert list(path.parent.iterdir()) == [path]


def test_a_head_that_went_out_before_is_not_written_over_by_another(anchor, tmp_path):
    path = services.write_anchor(tmp_path, at=START)
    rewrite()
    tamper("DELETE FROM ledger_head WHERE size > 300")
    before = path.read_text()
    with pytest.raises(services.ForkedError, match="another root"):
        services.write_anchor(tmp_path, at=START)
    assert path.read_text() == before
    path.write_text("nonsense")
    with pytest.raises(services.ForkedError, match="or no head"):
        services.write_anchor(tmp_path, at=START)


def test_one_goes_out_every_day_where_a_folder_is_named(anchor, settings, tmp_path):
    assert anchoring.write_daily(at=START) is None
    settings.LEDGER_ANCHOR_FOLDER = str(tmp_path / "daily")
    assert said(anchoring.write_daily(at=START).read_text()) == []


def test_a_witness_is_given_the_proof_of_growth(anchor):
    root = notes.checkpoint(notes.note(anchor).body).root
    events(400)
    seal(START + MINUTE)
    asked = proofs.growth_proof(services.growth_request(300, at=START))
    assert merkle.extends(old=300, old_root=root, size=asked.head.size, root=asked.head.root, proof=asked.hashes)
    for size in (-1, 10_000):
        with pytest.raises(ValueError, match="leaves"):
            services.growth_request(size, at=START)


def test_what_a_forger_would_compute_is_what_the_log_computes(anchor):
    """`rewrite` is a real attack only if its hashes are right: without the anchor nothing would show it."""
    leaf = Leaf.objects.get(index=0)
    record = records(registry.find(leaf.table), leaf.form, {leaf.row: bytes(leaf.salt)})[leaf.row]
    assert merkle.leaf_hash(record) == bytes(leaf.hash)
