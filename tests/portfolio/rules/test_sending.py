"""What may be kept, sent, linked, taken back, received and removed: every refusal with its field, each limit on both sides."""

import datetime as dt
from dataclasses import replace

import pytest

from common.digests import canonical, digest
from portfolio.enums import EVIDENCE_TRANSITIONS, AiUse, EvidenceKind, EvidenceState, FileState
from portfolio.rules import changing, linking, purging, receiving, saving, sending
from portfolio.rules.accepted_together import Seen, accepted_together, learned, pairs_of
from portfolio.rules.sending import FileFact, SendFacts
from portfolio.rules.version_digest import Sending, version_digest
from tests.saying import said

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
PHOTO = FileFact("till.jpg", FileState.READY)
READY = SendFacts(
    today=TODAY, kind=EvidenceKind.MEDIA, title="Till", activity_date=TODAY, setting="real_work", description="A till",
    files=(PHOTO,), mappings=1, declared=True, no_customer_named=True, ai_use=AiUse.NONE,
)  # fmt: skip


def file(**changed):
    return {"files": (replace(PHOTO, **changed),)}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"induction_to_read": True}, "induction-missing:induction"),
        *((file(state=state), "file-unfinished:files") for state in ("receiving", "received", "checking")),
        *((file(state=state), "file-unusable:files") for state in ("refused", "infected", "purged")),
        (file(state="refused", removed_before=True), "file-unusable:files"),
        (file(state="not_scanned"), ""),
        (file(removed_before=True), "removed-before:files"),
        ({"files": ()}, "nothing-in-it:files"),
        ({"files": (), "body": "text"}, "nothing-in-it:files"),
        ({"files": (), "kind": EvidenceKind.WRITING}, "nothing-in-it:body"),
        ({"files": (), "kind": EvidenceKind.WRITING, "body": " "}, "nothing-in-it:body"),
        ({"files": (), "kind": EvidenceKind.STATEMENT, "body": "text"}, ""),
        ({"kind": EvidenceKind.ASSIGNMENT}, ""),
        ({"kind": EvidenceKind.IN_SITU, "files": ()}, "no-location:location no-custodian:custodian"),
        ({"kind": EvidenceKind.IN_SITU, "location": " ", "custodian": "Jo"}, "no-location:location"),
        ({"kind": EvidenceKind.IN_SITU, "location": "Shop", "custodian": " "}, "no-custodian:custodian"),
        ({"title": " "}, "no-title:title"),
        ({"activity_date": None}, "no-date:activity_date"),
        ({"activity_date": TODAY + DAY}, "date-ahead:activity_date"),
        ({"setting": ""}, "no-setting:setting"),
        ({"description": " "}, "no-description:description"),
        ({"description": "x" * 20_000, "body": "x" * 60_000}, ""),
        ({"description": "x" * 20_001, "body": "x" * 60_001}, "too-long:body too-long:description"),
        ({"mappings": 0}, "no-criteria:criteria"),
        ({"mappings": 0, "unsure": True}, ""),
        ({"frozen_units": ("A",)}, "unit-frozen:criteria"),
        ({"stopped_units": ("A",)}, "unit-stopped:criteria"),
        ({"no_customer_named": None}, "customer-unanswered:no_customer_named"),
        ({"no_customer_named": False}, "customer-named:no_customer_named"),
        ({"ai_use": ""}, "ai-unanswered:ai_use"),
        ({"ai_use": AiUse.ASSISTED, "ai_note": " "}, "ai-unexplained:ai_note"),
        ({"ai_use": AiUse.ASSISTED, "ai_note": "Spelling"}, ""),
        ({"declared": False}, "not-declared:declared"),
    ],
)
def test_what_keeps_a_piece_from_being_sent(changed, expected):
    assert said(sending.why_not_send(replace(READY, **changed))) == expected


@pytest.mark.parametrize(
    ("changed", "expected", "words"),
    [
        ({}, "", ""),
        (file(captured_on=TODAY - 7 * DAY), "", ""),
        (file(captured_on=TODAY - 8 * DAY), "date-far:activity_date", "“till.jpg” was made 8 days from"),
        ({**file(captured_on=TODAY), "activity_date": TODAY - 8 * DAY}, "date-far:activity_date", "made 8 days from"),
        ({**file(captured_on=TODAY - 8 * DAY), "activity_date": None}, "", ""),
        ({"activity_date": TODAY - 730 * DAY}, "", ""),
        ({"activity_date": TODAY - 731 * DAY}, "date-old:activity_date", "more than 2 years old"),
        ({"activity_date": TODAY - 366 * DAY, "currency_days": 365}, "date-old:activity_date", "more than 1 year old"),
        ({"activity_date": TODAY - 31 * DAY, "currency_days": 30}, "date-old:activity_date", "more than 30 days old"),
        ({"kind": EvidenceKind.PRIOR}, "from-before:activity_date", "from before you joined"),
        ({"mappings": 40}, "", ""),
        ({"mappings": 41}, "many-criteria:criteria", "offered for 41 criteria"),
    ],
)
def test_what_deserves_a_second_look(changed, expected, words):
    found = sending.send_warnings(replace(READY, **changed))
    assert said(found) == expected
    assert not found or words in found[0].sentence


# --- a draft


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("title", "x" * 120, ""),
        ("title", "x" * 121, "too-long:title"),
        ("title", None, "not-text:title"),
        ("body", "x" * 200_000, ""),
        ("body", "x" * 200_001, "too-long:body"),
        ("kind", "shoes", "unknown-choice:kind"),
        ("kind", "", "unknown-choice:kind"),
        ("setting", "", ""),
        ("ai_use", "", ""),
        ("ai_use", "x", "unknown-choice:ai_use"),
        ("activity_date", None, ""),
        ("activity_date", TODAY, ""),
        ("activity_date", "2026-11-30", "not-a-date:activity_date"),
        ("activity_date", dt.datetime(2026, 11, 30, tzinfo=dt.UTC), "not-a-date:activity_date"),
        ("no_customer_named", None, ""),
        ("no_customer_named", False, ""),
        ("no_customer_named", "no", "unknown-choice:no_customer_named"),
        ("state", "accepted", "unknown-field:"),
    ],
)
def test_what_a_draft_may_hold(name, value, expected):
    assert said(saving.why_not_save({name: value})) == expected


def test_how_long_a_text_is_said_with_its_limit():
    (refusal,) = sending.why_not_send(replace(READY, body="x" * 61_234))
    assert refusal.sentence == "This is 61,234 characters long. Keep it to 60,000."


# --- a link


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"known": False, "frozen": True}, "not-your-unit:criteria"),
        ({"frozen": True, "unit": "A"}, "unit-frozen:criteria"),
        ({"page": 1}, ""),
        ({"page": 0}, "no-such-page:criteria"),
        ({"page": 100_000}, ""),
        ({"page": 100_001}, "no-such-page:criteria"),
        ({"seconds": 0}, ""),
        ({"seconds": -1}, "no-such-time:criteria"),
        ({"seconds": 86_400}, ""),
        ({"seconds": 86_401}, "no-such-time:criteria"),
        ({"note": "x" * 200}, ""),
        ({"note": "x" * 201}, "note-too-long:criteria"),
    ],
)
def test_what_can_be_linked(changed, expected):
    assert said(linking.why_not_link(linking.LinkFacts(**{"known": True} | changed))) == expected


# --- a piece that was sent


@pytest.mark.parametrize(
    ("state", "undecided", "recall", "revise"),
    [
        (EvidenceState.DRAFT, 0, "not-sent:", "not-decided:"),
        (EvidenceState.SUBMITTED, 0, "", "not-decided:"),
        (EvidenceState.IN_REVIEW, 0, "opened:", "not-decided:"),
        (EvidenceState.RETURNED, 0, "opened:", ""),
        (EvidenceState.ACCEPTED, 0, "opened:", "all-met:"),
        (EvidenceState.ACCEPTED, 1, "opened:", ""),
    ],
)
def test_what_a_learner_does_with_a_sent_piece(state, undecided, recall, revise):
    facts = changing.StateFacts(state, undecided=undecided)
    assert said(changing.why_not_recall(facts)) == recall
    assert said(changing.why_not_revise(facts)) == revise
    over = replace(facts, active=False)
    for rule in (changing.why_not_recall, changing.why_not_revise, changing.why_not_withdraw):
        assert said(rule(over)) == f"registration-ended: {said(rule(facts))}".strip()
    signed = replace(facts, rests_on=("A", "B"))
    assert said(changing.why_not_revise(signed)) == f"{revise} unit-frozen: unit-frozen:".strip()
    assert said(changing.why_not_withdraw(signed)) == "unit-frozen: unit-frozen:"
    assert said(changing.why_not_recall(signed)) == recall


@pytest.mark.parametrize("state", EvidenceState)
def test_what_can_be_withdrawn(state):
    expected = "" if EvidenceState.WITHDRAWN in EVIDENCE_TRANSITIONS[state] else "withdrawn:"
    assert said(changing.why_not_withdraw(changing.StateFacts(state))) == expected


@pytest.mark.parametrize(
    ("state", "who", "words"),
    [
        (EvidenceState.IN_REVIEW, "Anne", "Anne has opened it"),
        (EvidenceState.IN_REVIEW, "", "Your assessor has opened it"),
        (EvidenceState.ACCEPTED, "Anne", "Your assessor has opened it"),
    ],
)
def test_who_opened_it(state, who, words):
    found = changing.why_not_recall(changing.StateFacts(state, opened_by=who))
    assert said(found) == "opened:"
    assert found[0].sentence.startswith(words)


# --- files


GB = 1024**3


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"is_draft": False, "not_admitted": "No.", "not_admitted_code": "type"}, "not-draft:files"),
        ({"not_admitted": "No.", "not_admitted_code": "type", "removed_before": True}, "type:files"),
        ({"removed_before": True, "same_in_item": "a"}, "removed-before:files"),
        ({"same_in_item": "till.jpg", "files_in_item": 30}, "same-file:files"),
        ({"files_in_item": 29}, ""),
        ({"files_in_item": 30, "stored": 5 * GB}, "too-many-files:files"),
        ({"stored": 5 * GB - 1}, ""),
        ({"stored": 5 * GB}, "quota:files"),
    ],
)
def test_what_comes_in(changed, expected):
    assert said(receiving.why_not_receive(receiving.ReceiveFacts(**{"size": 1} | changed))) == expected


def test_how_much_space_is_taken():
    assert receiving.quota_warning(4 * GB - 1) == []
    (found,) = receiving.quota_warning(4 * GB)
    assert (found.code, found.field) == ("quota-near", "files")
    assert found.sentence == "Your files take up 4.0 GB of your 5 GB."
    full = receiving.why_not_receive(receiving.ReceiveFacts(size=1, stored=5 * GB))[0].sentence
    assert full.startswith("Your files take up 5.0 GB of your 5 GB.")
    many = receiving.why_not_receive(receiving.ReceiveFacts(size=1, files_in_item=30))[0].sentence
    assert many.startswith("There are 30 files here")


# --- removing for good


ASK = purging.AskFacts(own=False, files=1, words=False, withheld=False, waiting=False, reason="x" * 10)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"own": True, "waiting": True}, "purge-own-piece:"),
        ({"waiting": True, "files": 0}, "purge-waiting:"),
        ({"files": 0}, "purge-nothing:words"),
        ({"files": 0, "words": True}, ""),
        ({"files": 0, "words": True, "withheld": True}, "purge-nothing:words"),
        ({"rests_on": ("A",)}, "purge-signed:"),
        ({"reason": "x" * 9}, "reason-missing:reason"),
        ({"reason": "x" * 500}, ""),
        ({"reason": "x" * 501}, "too-long:reason"),
    ],
)
def test_who_asks_for_removal(changed, expected):
    found = purging.why_not_ask_purge(replace(ASK, **changed))
    assert said(found) == expected
    assert not changed.get("rests_on") or found[0].params == {"unit": "A"}


ANSWER = purging.PurgeFacts(asked_by_self=False, own_piece=False, decided=False, agrees=True, note="")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"decided": True, "asked_by_self": True}, "purge-decided:"),
        ({"asked_by_self": True, "own_piece": True}, "purge-asked-by-self:"),
        ({"own_piece": True, "rests_on": ("A",)}, "purge-own-piece:"),
        ({"rests_on": ("A", "B")}, "purge-signed:"),
        ({"rests_on": ("A",), "agrees": False, "note": "x" * 10}, ""),
        ({"agrees": False, "note": "x" * 9}, "note-missing:note"),
        ({"agrees": False, "note": "x" * 500}, ""),
        ({"agrees": False, "note": "x" * 501}, "note-missing:note"),
    ],
)
def test_who_agrees_to_removal(changed, expected):
    assert said(purging.why_not_decide_purge(replace(ANSWER, **changed))) == expected


# --- what is hashed, and what goes together


def test_what_names_a_version():
    sent = {"evidence": "e", "learner": "l", "number": 3, "by": "p", "declaration": "own-work-1"}
    at = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    parts = {"fields": {"title": "Till"}, "files": [{"sha256": "a"}], "mappings": [{"code": "1.1"}]}
    whole = {"sent": sent | {"at": "2026-06-01T11:00:00.000000+00:00"}, **parts}
    assert version_digest(Sending(**sent, at=at), **parts) == digest(canonical(whole))


A, B, C = ("u", "1"), ("u", "2"), ("u", "3")


def test_pairs_are_counted_both_ways_and_by_learner():
    rows = [(1, 1, A), (1, 1, B), (1, 2, A), (1, 2, B), (2, 3, A), (2, 3, B), (2, 3, C)]
    assert accepted_together(rows) == {(A, B): Seen(3, 2), (B, A): Seen(3, 2)}
    assert accepted_together([*rows[:4], (1, 3, A), (1, 3, B)]) == {}, "one learner is too few"
    assert accepted_together(rows[:2] + rows[4:]) == {}, "two pieces are too few"


@pytest.mark.parametrize(("most", "pairs"), [(40, 40 * 39), (41, 0)])
def test_a_piece_for_everything_teaches_nothing(most, pairs):
    assert len(pairs_of([(1, 1, ("u", str(n))) for n in range(most)])) == pairs


def test_what_a_learners_own_pieces_say_is_taken_off():
    seen = {(A, B): Seen(5, 3), (C, B): Seen(4, 3), (A, C): Seen(3, 2)}
    assert learned(seen, {}, [A, C]) == {B: 5, C: 3}
    assert learned(seen, {(A, B): 2}, [A, C]) == {B: 4, C: 3}
    assert learned(seen, {(A, C): 1}, [A]) == {B: 5}
    assert learned(seen, {}, [B]) == {}
    assert Seen(5, 3).without(2) == Seen(3, 2)
    assert Seen(5, 3).without(0) == Seen(5, 3)
