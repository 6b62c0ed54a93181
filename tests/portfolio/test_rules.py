"""Saving, linking, receiving, taking back, progress: every branch of the rules."""

import datetime as dt
import itertools
from dataclasses import replace

import pytest

from centres.enums import UnitState
from portfolio import rules
from portfolio.enums import EvidenceState, MappingState
from portfolio.rules import LinkFacts, ReceiveFacts, StateFacts
from portfolio.rules.saving import KEPT


def codes(found):
    return [r.code for r in found]


# --- saving


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("state", "accepted", "unknown-field"),
        ("learner_id", 3, "unknown-field"),
        ("kind", "certificate", "unknown-choice"),
        ("setting", "home", "unknown-choice"),
        ("ai_use", "unknown", "unknown-choice"),
        ("no_customer_named", "yes", "unknown-choice"),
        ("activity_date", "2026-03-01", "not-a-date"),
        ("activity_date", dt.datetime(2026, 3, 1, tzinfo=dt.UTC), "not-a-date"),
        ("title", None, "not-text"),
        ("title", 7, "not-text"),
        *[(name, "x" * (length + 1), "too-long") for name, length in KEPT.items()],
    ],
)
def test_a_draft_does_not_hold(name, value, code):
    assert codes(rules.why_not_save({name: value})) == [code]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kind", "in_situ"),
        ("setting", ""),
        ("ai_use", "none"),
        ("no_customer_named", None),
        ("no_customer_named", False),
        ("activity_date", None),
        ("activity_date", dt.date(2999, 1, 1)),
        *[(name, "x" * length) for name, length in KEPT.items()],
    ],
)
def test_a_draft_may_be_unfinished_in_every_way(name, value):
    assert rules.why_not_save({name: value}) == []


def test_the_sentence_says_how_long_it_is_and_may_be():
    assert rules.why_not_save({"title": "x" * 121})[0].sentence == "This is 121 characters long. Keep it to 120."


def test_every_field_of_a_draft_is_known():
    known = {name: codes(rules.why_not_save({name: ""})) for name in rules.DRAFT_FIELDS}
    assert [name for name, found in known.items() if "unknown-field" in found] == []


# --- linking


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (LinkFacts(known=False), "not-your-unit"),
        (LinkFacts(known=False, frozen=True), "not-your-unit"),
        (LinkFacts(known=True, frozen=True, unit="Unit 3"), "unit-frozen"),
        (LinkFacts(known=True, page=0), "no-such-page"),
        (LinkFacts(known=True, page=100_001), "no-such-page"),
        (LinkFacts(known=True, seconds=-1), "no-such-time"),
        (LinkFacts(known=True, seconds=86_401), "no-such-time"),
        (LinkFacts(known=True, note="x" * 201), "note-too-long"),
    ],
)
def test_a_link_is_refused(facts, code):
    assert codes(rules.why_not_link(facts)) == [code]


@pytest.mark.parametrize(
    "facts",
    [
        LinkFacts(known=True),
        LinkFacts(known=True, page=1, seconds=0, note="x" * 200),
        LinkFacts(known=True, page=100_000, seconds=86_400),
    ],
)
def test_a_link_is_made(facts):
    assert rules.why_not_link(facts) == []


def test_a_signed_off_unit_is_named():
    assert "“Unit 3”" in rules.why_not_link(LinkFacts(known=True, frozen=True, unit="Unit 3"))[0].sentence


# --- receiving


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (ReceiveFacts(size=1, is_draft=False), "not-draft"),
        (ReceiveFacts(size=1, not_admitted="No.", not_admitted_code="archive"), "archive"),
        (ReceiveFacts(size=1, same_in_item="photo.jpg"), "same-file"),
        (ReceiveFacts(size=1, files_in_item=30), "too-many-files"),
        (ReceiveFacts(size=2, stored=rules.LEARNER_QUOTA - 1), "quota"),
        (ReceiveFacts(size=2, is_draft=False, not_admitted="No.", files_in_item=30), "not-draft"),
    ],
)
def test_a_file_is_refused_with_one_reason(facts, code):
    assert codes(rules.why_not_receive(facts)) == [code]


@pytest.mark.parametrize(
    "facts",
    [
        ReceiveFacts(size=1),
        ReceiveFacts(size=1, files_in_item=29),
        ReceiveFacts(size=1, stored=rules.LEARNER_QUOTA - 1),
    ],
)
def test_a_file_is_taken(facts):
    assert rules.why_not_receive(facts) == []


def test_the_quota_is_said_in_gigabytes():
    sentence = rules.why_not_receive(ReceiveFacts(size=1, stored=rules.LEARNER_QUOTA))[0].sentence
    assert "5.0 GB of your 5 GB" in sentence


@pytest.mark.parametrize(("share", "warned"), [(0, False), (0.79, False), (0.8, True), (1, True)])
def test_the_quota_warns_from_four_fifths_on(share, warned):
    assert codes(rules.quota_warning(int(share * rules.LEARNER_QUOTA) + 1)) == (["quota-near"] if warned else [])


# --- taking back


def test_without_a_running_registration_pages_only_read():
    ended = codes(rules.why_not_write(active=False))
    assert ended == ["registration-ended"]
    for rule, state in (
        (rules.why_not_recall, EvidenceState.SUBMITTED),
        (rules.why_not_revise, EvidenceState.RETURNED),
        (rules.why_not_withdraw, EvidenceState.DRAFT),
    ):
        assert codes(rule(StateFacts(state))) == []
        assert codes(rule(StateFacts(state, active=False))) == ended


@pytest.mark.parametrize("state", EvidenceState.values)
def test_only_what_is_sent_and_unopened_can_be_taken_back(state):
    expected = {EvidenceState.SUBMITTED: [], EvidenceState.DRAFT: ["not-sent"]}.get(state, ["opened"])
    assert codes(rules.why_not_recall(StateFacts(state))) == expected


def test_who_opened_it_is_named():
    opened = StateFacts(EvidenceState.IN_REVIEW, opened_by="Grace Vance")
    assert rules.why_not_recall(opened)[0].sentence.startswith("Grace Vance has opened it")


@pytest.mark.parametrize(
    ("state", "undecided", "expected"),
    [
        (EvidenceState.DRAFT, 1, ["not-decided"]),
        (EvidenceState.SUBMITTED, 1, ["not-decided"]),
        (EvidenceState.IN_REVIEW, 1, ["not-decided"]),
        (EvidenceState.WITHDRAWN, 1, ["not-decided"]),
        (EvidenceState.RETURNED, 0, []),
        (EvidenceState.RETURNED, 3, []),
        (EvidenceState.ACCEPTED, 1, []),
        (EvidenceState.ACCEPTED, 0, ["all-met"]),
    ],
)
def test_a_new_version_is_written_after_an_answer(state, undecided, expected):
    assert codes(rules.why_not_revise(StateFacts(state, undecided=undecided))) == expected


@pytest.mark.parametrize("state", EvidenceState.values)
def test_everything_but_the_withdrawn_can_be_withdrawn(state):
    expected = ["withdrawn"] if state == EvidenceState.WITHDRAWN else []
    assert codes(rules.why_not_withdraw(StateFacts(state))) == expected


@pytest.mark.parametrize("rule", [rules.why_not_revise, rules.why_not_withdraw])
def test_what_a_signed_off_unit_rests_on_stays(rule):
    found = rule(StateFacts(EvidenceState.RETURNED, rests_on=("Unit 1", "Unit 2")))
    assert codes(found) == ["unit-frozen", "unit-frozen"]
    assert "“Unit 2”" in found[1].sentence


# --- progress

ALL = [(mapping, evidence) for mapping in MappingState.values for evidence in EvidenceState.values]


@pytest.mark.parametrize(
    ("mappings", "key"),
    [
        ([], "todo"),
        ([("closed", "withdrawn")], "todo"),
        ([("not_relevant", "accepted")], "todo"),
        ([("proposed", "draft")], "draft"),
        ([("offered", "submitted")], "sent"),
        ([("offered", "in_review")], "sent"),
        ([("offered", "returned")], "back"),
        ([("not_yet", "returned")], "notyet"),
        ([("not_yet", "returned"), ("proposed", "draft")], "notyet"),
        ([("not_yet", "returned"), ("offered", "submitted")], "sent"),
        ([("met_provisional", "accepted"), ("offered", "submitted")], "provisional"),
        ([("met", "accepted"), ("not_yet", "returned")], "met"),
    ],
)
def test_the_best_mapping_counts(mappings, key):
    assert rules.criterion_status(mappings, UnitState.IN_PROGRESS) == key


@pytest.mark.parametrize("state", UnitState.values)
def test_met_is_sealed_in_an_achieved_unit_only(state):
    exempt = state == UnitState.EXEMPT  # nobody judged anything in it (R79)
    expected = "exempt" if exempt else "seal" if state == UnitState.ACHIEVED else "met"
    assert rules.criterion_status([("met", "accepted")], state) == expected
    assert rules.criterion_status([("not_yet", "accepted")], state) == ("exempt" if exempt else "notyet")


@pytest.mark.parametrize("state", UnitState.values)
def test_nothing_offered_is_to_do_unless_the_unit_counts_whole(state):
    whole = {UnitState.ACHIEVED: "seal", UnitState.EXEMPT: "exempt"}
    assert rules.criterion_status([], state) == whole.get(UnitState(state), "todo")


def test_order_of_mappings_does_not_matter_and_every_key_is_known():
    for pair in itertools.combinations(ALL, 2):
        one = rules.criterion_status(pair, UnitState.IN_PROGRESS)
        assert one == rules.criterion_status(reversed(pair), UnitState.IN_PROGRESS), pair
        assert one in rules.STATUS_KEYS, pair


# --- freezing


def test_the_digest_depends_on_every_part_and_on_nothing_else():
    fields, files, mappings = {"title": "A"}, [{"id": "f", "sha256": "1"}], [{"criterion": "c"}]
    sent = rules.Sending("piece", "learner", 1, "person", dt.datetime(2026, 11, 30, tzinfo=dt.UTC), "own-work-1")
    whole = rules.version_digest(sent, fields, files, mappings)
    assert whole == rules.version_digest(sent, dict(fields), list(files), list(mappings))
    assert len(whole) == 64
    others = [
        *(replace(sent, **{name: "another"}) for name in ("evidence", "learner", "by", "declaration")),
        replace(sent, number=2),
        replace(sent, at=sent.at + dt.timedelta(microseconds=1)),
    ]
    digests = {rules.version_digest(other, fields, files, mappings) for other in others}
    digests |= {
        rules.version_digest(sent, {"title": "B"}, files, mappings),
        rules.version_digest(sent, fields, [{"id": "f", "sha256": "2"}], mappings),
        rules.version_digest(sent, fields, files, []),
    }
    assert len(digests - {whole}) == len(others) + 3
