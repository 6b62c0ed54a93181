"""A witness signs what grows, refuses what does not, and keeps two heads that cannot both be true."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger import services
from ledger.rules import merkle, notes, proofs
from ledger.rules.notes import Checkpoint, Signer
from tests.ledger.conftest import START

LOG = Signer("attest.example/attest", Ed25519PrivateKey.generate())
LEAVES = [merkle.leaf_hash(bytes([number])) for number in range(200)]


def root(leaves):
    tree = merkle.Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def request(old, size, leaves=LEAVES, signer=LOG):
    hashes = [root(leaves[start:end]) for start, end in merkle.consistency(old, size)] if 0 < old < size else []
    head = Checkpoint(LOG.name, size, root(leaves[:size]))
    return proofs.growth_text(old, hashes, notes.signed(head.body, [signer]))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "witness"


@pytest.fixture
def ask(folder):
    own = services.witness("witness.example/w1", folder)

    def ask(text):
        return services.cosign(text, own=own, logs=[LOG.verifier], folder=folder, at=START)

    ask.own = own
    return ask


def test_it_signs_a_log_that_grows(ask):
    for old, size in ((0, 70), (70, 130), (130, 130), (130, 200)):
        said = ask(request(old, size))
        assert said.refusal == ""
        body = Checkpoint(LOG.name, size, root(LEAVES[:size])).body
        known = [ask.own.verifier]
        assert notes.signers_of(notes.note(f"{body}\n{said.line}"), known) == known


def test_its_key_is_made_once(ask, folder):
    assert services.witness("witness.example/w1", folder).verifier == ask.own.verifier


@pytest.mark.parametrize(
    ("old", "size", "refusal"),
    [
        (70, 60, "70 leaves were seen before, and this head has 60: ask with a newer one"),
        (0, 100, "70 leaves were seen before: ask with 70"),
        (60, 100, "70 leaves were seen before: ask with 70"),
    ],
)
def test_it_says_what_to_ask_with(ask, folder, old, size, refusal):
    ask(request(0, 70))
    said = ask(request(old, size))
    assert (said.line, said.refusal, said.evidence) == ("", refusal, None)
    assert ask(request(70, 100)).refusal == ""


def test_what_was_never_seen_begins_with_nothing(ask):
    assert ask(request(10, 20)).refusal == "nothing of this log was seen before: ask with 0"


def test_two_heads_of_one_size_are_kept(ask):
    ask(request(0, 70))
    forked = [merkle.leaf_hash(b"forged"), *LEAVES[1:]]
    said = ask(request(70, 70, forked))
    assert said.refusal == "two heads of 70 leaves: the log forked"
    kept = json.loads(said.evidence.read_text())
    heads = [notes.note(kept[which]) for which in ("seen", "shown")]
    assert all(notes.signers_of(one, [LOG.verifier]) for one in heads)
    assert len({notes.checkpoint(one.body).root for one in heads}) == 2


def test_a_history_that_does_not_lead_there_is_kept_and_not_signed(ask):
    ask(request(0, 70))
    forked = [merkle.leaf_hash(b"forged"), *LEAVES[1:]]
    said = ask(request(70, 100, forked))
    assert said.refusal == "the proof does not lead from the head seen before to this one"
    assert json.loads(said.evidence.read_text())["old"] == 70
    assert ask(request(70, 100)).refusal == ""


def test_a_log_that_it_does_not_watch_is_refused(ask, folder):
    stranger = Signer(LOG.name, Ed25519PrivateKey.generate())
    assert (
        ask(request(0, 70, signer=stranger)).refusal == "attest.example/attest is signed by no key that is known here"
    )
    assert ask("nonsense").refusal == "no proof"
    assert (
        ask(request(0, 70).replace("\n70\n", "\n71\n")).refusal == "the signature of attest.example/attest is not right"
    )
    assert [path.name for path in folder.iterdir()] == ["witness-key.pem"]
