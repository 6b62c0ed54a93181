"""Signed notes: vectors of other implementations, logs and witnesses; and OpenSSL reads our signatures."""

import base64
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules import notes
from ledger.rules.notes import COSIGNATURE, Checkpoint, Malformed, Signer, Verifier

# Go's golang.org/x/mod/sumdb/note: the key and note of its own tests, which it also signs with.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_PRIVATE = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# A head of Go's checksum database, as it is served, and the key that is built into the go command.
SUMDB_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUMDB = (
    "go.sum database tree\n65209736\n5+uGFjx6xBZG8ip1+wi77v+grwbhhukIrxEUS8PXvRo=\n\n"
    "— sum.golang.org Az3grnbssgK7ubgFX36gVETtNv0U23qxyAhAMai2QUfeGa3nB/akvkMdlUErfcZz7l/R3cVtYspg3dxXABkGZZKdsQ8=\n"
)
# A head of a log of certificates (its own signature is of a kind that is not ours), cosigned by a witness that is.
WITNESS_KEY = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"
WITNESSED = (
    "arche2025h1.staging.ct.transparency.dev\n1432088532\nU7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=\n\n"
    "— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIg"
    "IpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=\n"
    "— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0D"
    "rAWfBw==\n"
)


def go_signer():
    seed = base64.b64decode(GO_PRIVATE)[1:]
    return Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(seed))


def test_we_sign_as_go_does():
    assert str(go_signer().verifier) == GO_KEY
    assert notes.signed(GO_TEXT, [go_signer()]) == f"{GO_TEXT}\n{GO_LINE}"


@pytest.mark.parametrize(
    ("key", "text"), [(GO_KEY, f"{GO_TEXT}\n{GO_LINE}"), (SUMDB_KEY, SUMDB), (WITNESS_KEY, WITNESSED)]
)
def test_we_read_what_others_signed(key, text):
    known = notes.verifier(key)
    assert str(known) == key
    assert notes.signers_of(notes.note(text), [known]) == [known]
    with pytest.raises(Malformed, match="is not right"):
        notes.signers_of(notes.note(text.replace("5", "6", 1) if "5" in text else text.replace("If", "Of")), [known])


def test_a_head_of_another_log_is_read():
    head = notes.checkpoint(notes.note(SUMDB).body)
    assert (head.origin, head.size) == ("go.sum database tree", 65_209_736)
    assert head.body == notes.note(SUMDB).body


def test_openssl_reads_our_signature(tmp_path):
    signer = Signer("attest.example/attest", Ed25519PrivateKey.generate())
    body = Checkpoint("attest.example/attest", 3, bytes(32)).body
    (_name, _id, signature) = notes.note(notes.signed(body, [signer])).signatures[0]
    pem = signer.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for name, content in (("key.pem", pem), ("body", body.encode()), ("signature", signature)):
        (tmp_path / name).write_bytes(content)
    command = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-rawin",
        "-pubin",
        "-inkey",
        "key.pem",
        "-sigfile",
        "signature",
        "-in",
        "body",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Signature Verified Successfully" in done.stdout
    (tmp_path / "body").write_text(body.replace("3", "4", 1))
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_a_witness_signs_the_time_with_the_head():
    witness = Signer("witness.example/w1", Ed25519PrivateKey.generate(), COSIGNATURE)
    body = Checkpoint("attest.example/attest", 3, bytes(32)).body
    text = f"{body}\n{witness.line(body, seconds=1_790_000_000)}"
    assert notes.signers_of(notes.note(text), [witness.verifier]) == [witness.verifier]
    ((name, key_id, signature),) = notes.note(text).signatures
    later = (1_790_000_001).to_bytes(8, "big") + signature[8:]
    assert witness.verifier.signed(body, signature)
    assert not witness.verifier.signed(body, later)
    assert not witness.verifier.signed(body, signature[:8])
    assert (name, key_id) == (witness.name, witness.verifier.key_id)


def test_unknown_signatures_are_passed_over_and_names_alone_are_not_enough():
    text = notes.note(f"{GO_TEXT}\n{GO_LINE}")
    stranger = Signer("PeterNeumann", Ed25519PrivateKey.generate()).verifier
    assert notes.signers_of(text, [stranger]) == []
    assert notes.signers_of(text, []) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no empty line\n",
        f"{GO_TEXT}\n",
        f"{GO_TEXT}\n{GO_LINE}".rstrip("\n"),
        f"{GO_TEXT}\n{GO_LINE}more\n",
        f"{GO_TEXT}\n- PeterNeumann {GO_LINE.rsplit(maxsplit=1)[-1]}\n",
        f"{GO_TEXT}\n— Peter+Neumann {GO_LINE.rsplit(maxsplit=1)[-1]}\n",
        f"{GO_TEXT}\n— PeterNeumann AAAA\n",
        f"{GO_TEXT}\n— PeterNeumann AAAA=\n",
        f"{GO_TEXT}\x07\n\n{GO_LINE}",
        f"{GO_TEXT}\n{GO_LINE * 65}",
        "x" * 70_000 + f"\n\n{GO_LINE}",
    ],
)
def test_what_is_no_note_is_refused(text):
    with pytest.raises(Malformed):
        notes.note(text)


@pytest.mark.parametrize(
    "body",
    [
        "a\n1\n",
        "\n1\n" + "A" * 43 + "=\n",
        "a\n01\n" + "A" * 43 + "=\n",
        "a\n-1\n" + "A" * 43 + "=\n",
        "a\n١\n" + "A" * 43 + "=\n",
        "a\n1\nAAAA\n",
        "a\n1\n" + "A" * 42 + "B=\n",  # another spelling of the same bytes
    ],
)
def test_what_is_no_checkpoint_is_refused(body):
    with pytest.raises(Malformed):
        notes.checkpoint(body)


@pytest.mark.parametrize(
    "text",
    ["", "name", GO_KEY.replace("c74f20a3", "c74f20a4"), GO_KEY.replace("+A", "+B"), GO_KEY[:-4], "a b+00000000+AAAA"],
)
def test_what_is_no_key_is_refused(text):
    with pytest.raises(Malformed):
        notes.verifier(text)


@given(st.text(max_size=200))
def test_any_text_is_a_note_or_refused(text):
    try:
        notes.signers_of(notes.note(text), [notes.verifier(GO_KEY)])
        notes.checkpoint(notes.note(text).body)
    except Malformed:
        pass


def test_a_key_of_nonsense_signs_nothing():
    assert not Verifier("a", b"short").signed("text", bytes(64))
