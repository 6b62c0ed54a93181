"""Proofs as texts: what is written is read, and what is altered proves nothing."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules import merkle, notes, proofs
from ledger.rules.notes import Checkpoint, Malformed, Signer

SIGNER = Signer("attest.example/attest", Ed25519PrivateKey.generate())
RECORDS = [f'{{"form":1,"row":{{"id":{number}}},"table":"t"}}' for number in range(5)]
LEAVES = [merkle.leaf_hash(record.encode()) for record in RECORDS]


def root(leaves):
    tree = merkle.Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def receipt(index=3, signer=SIGNER, origin="attest.example/attest"):
    hashes = [root(LEAVES[start:end]) for start, end in merkle.inclusion(index, 5)]
    signed = notes.signed(Checkpoint(origin, 5, root(LEAVES)).body, [signer])
    return proofs.inclusion_text(index, hashes, signed)


def test_a_receipt_holds():
    text = receipt()
    assert text.startswith("c2sp.org/tlog-proof@v1\nindex 3\n")
    assert proofs.receipt_faults(RECORDS[3], text, [SIGNER.verifier]) == []
    assert proofs.inclusion_proof(text).head.size == 5


def test_extra_data_is_passed_over():
    text = receipt().replace("index", "extra AAAA\nindex", 1)
    assert proofs.receipt_faults(RECORDS[3], text, [SIGNER.verifier]) == []


def test_another_record_another_key_and_another_log_are_named():
    other = Signer("attest.example/attest", Ed25519PrivateKey.generate())
    assert proofs.receipt_faults(RECORDS[2], receipt(), [SIGNER.verifier]) == [
        "the record is not in the log of this head"
    ]
    assert proofs.receipt_faults(RECORDS[3], receipt(), [other.verifier]) == ["none of the known keys signed this head"]
    elsewhere = receipt(origin="other.example/attest")
    assert proofs.receipt_faults(RECORDS[3], elsewhere, [SIGNER.verifier]) == [
        "none of the known keys signed this head"
    ]
    forged = receipt().replace("\n5\n", "\n6\n")
    assert proofs.receipt_faults(RECORDS[3], forged, [SIGNER.verifier]) == [
        "the signature of attest.example/attest is not right"
    ]


@given(st.data())
def test_no_changed_letter_leaves_it_whole(data):
    text = receipt()
    at = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.sampled_from("A1=\n +—"))
    if text[at] != sign:
        assert proofs.receipt_faults(RECORDS[3], text[:at] + sign + text[at + 1 :], [SIGNER.verifier])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1\n",
        "c2sp.org/tlog-proof@v1\nindex 01\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nx",
        "c2sp.org/tlog-proof@v1\nold 1\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 1\n" + ("A" * 43 + "=\n") * 64 + "\nx",
    ],
)
def test_what_is_no_proof_is_refused(text):
    with pytest.raises(Malformed):
        proofs.inclusion_proof(text)


def test_a_proof_of_growth_is_read_as_it_was_written():
    signed = notes.signed(Checkpoint("a", 5, root(LEAVES)).body, [SIGNER])
    hashes = [root(LEAVES[start:end]) for start, end in merkle.consistency(3, 5)]
    read = proofs.growth_proof(proofs.growth_text(3, hashes, signed))
    assert (read.number, list(read.hashes), read.note) == (3, hashes, signed)
    nothing = proofs.growth_proof(proofs.growth_text(0, [], signed))
    assert (nothing.number, nothing.hashes) == (0, ())
