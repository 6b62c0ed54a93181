"""check.html, opened from a folder without a network: what it says of receipts, good and bad."""

import pytest

from ledger import services
from ledger.queries.keys import newest_key
from ledger.rules import notes
from tests.architecture.sources import ROOT
from tests.ledger.conftest import START, events, seal

PAGE = ROOT / "ledger" / "check.html"


@pytest.fixture
def receipt(db):
    made = events(300, request_id="words of a request", facts={"a": 1})
    seal()
    return services.receipt("audit.event", made[41].pk, at=START)


@pytest.fixture
def page(open_page):
    opened = open_page(width=390)
    opened.context.set_offline(True)
    opened.goto(PAGE.as_uri())
    return opened


def ask(page, **fields):
    for name, text in fields.items():
        page.fill(f"#{name}", text)
    page.get_by_role("button", name="Check").click()
    page.wait_for_function("document.activeElement.id === 'verdict'")
    return page.inner_text("#verdict"), page.locator("#said li").all_inner_texts()


def knows_ed25519(page):
    return page.evaluate(
        "crypto.subtle.generateKey({name: 'Ed25519'}, false, ['sign', 'verify']).then(() => true, () => false)"
    )


def test_a_receipt_holds(page, receipt):
    verdict, said = ask(page, record=receipt.record, proof=receipt.proof, key=str(newest_key()))
    assert said[0] == "The record is number 42 of the log attest.example/attest with 300 records."
    if knows_ed25519(page):
        assert (verdict, said[1]) == ("This receipt holds.", "The head is signed by the key.")
    else:
        assert verdict == "The record fits the head, but nobody has vouched for the head."
        assert said[1].startswith("This browser cannot check signatures of this kind")
    assert "test.made" in page.inner_text("#row")
    assert "words, hidden" in page.inner_text("#row")


def test_without_a_key_it_says_that_nobody_vouched(page, receipt):
    verdict, said = ask(page, record=receipt.record, proof=receipt.proof)
    assert verdict == "The record fits the head, but nobody has vouched for the head."
    assert said[1] == "The signature was not checked: no key was given. Anybody could have made this head."


def test_what_was_altered_does_not_hold(page, receipt):
    verdict, said = ask(page, record=receipt.record.replace("done", "deny"), proof=receipt.proof)
    assert verdict == "This receipt does not hold."
    assert said[0].startswith("The record is not in the log attest.example/attest")
    assert page.is_hidden("#row")
    verdict, _said = ask(page, record=receipt.record, proof=receipt.proof.replace("index 41", "index 40"))
    assert verdict == "This receipt does not hold."


def test_another_key_does_not_vouch(page, receipt):
    other = notes.Verifier("attest.example/attest", bytes(range(32)))
    verdict, said = ask(page, record=receipt.record, proof=receipt.proof, key=str(other))
    assert (verdict, said[1]) == ("This receipt does not hold.", "This head is not signed by the key.")
    elsewhere = notes.Verifier("other.example/attest", bytes(range(32)))
    assert ask(page, key=str(elsewhere))[1][1] == "The key belongs to another log than the one that this head names."
    assert ask(page, key="nonsense")[1][1] == "The key is not a verifier key of this form."


def test_a_forged_head_is_seen(page, receipt):
    if not knows_ed25519(page):
        pytest.skip("this Chromium does not know Ed25519")
    signature = receipt.proof.rstrip("\n").split(" ")[-1]
    forged = signature[:20] + ("A" if signature[20] != "A" else "B") + signature[21:]
    proof = receipt.proof.replace(signature, forged)
    verdict, said = ask(page, record=receipt.record, proof=proof, key=str(newest_key()))
    assert verdict == "This receipt does not hold."
    assert said[1].startswith("The signature is not right")


@pytest.mark.parametrize(
    "fields", [{"record": "x"}, {"record": "{}"}, {"proof": "c2sp.org/tlog-proof@v1\n"}, {"proof": ""}]
)
def test_what_is_no_receipt_is_said_so(page, receipt, fields):
    verdict, said = ask(page, **{"record": receipt.record, "proof": receipt.proof} | fields)
    assert verdict == "This is not a receipt: the record or the proof is incomplete."
    assert said == []


def test_files_are_read_where_they_belong(page, receipt, tmp_path):
    (tmp_path / "record.json").write_text(receipt.record + "\n")
    (tmp_path / "receipt.tlog-proof").write_text(receipt.proof)
    page.set_input_files("#files", [tmp_path / "record.json", tmp_path / "receipt.tlog-proof"])
    page.wait_for_function("document.getElementById('record').value && document.getElementById('proof').value")
    assert ask(page)[1][0].startswith("The record is number 42")


def test_it_fetches_nothing_and_fits_a_phone(page):
    text = PAGE.read_text()
    assert "http://" not in text
    assert "https://" not in text
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
