"""Bringing in, from bytes to draft: who may, once, step by step, and never half."""

import json
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from audit.models import Event
from centres.enums import Role
from centres.models import Centre, Membership
from common import clock
from common.refusals import Forbidden, Refused, Stale
from jobs.models import Job
from qualifications.enums import DraftState
from qualifications.models import Draft, Unit
from qualifications.queries import imports
from qualifications.services import (
    PASTED_NAME,
    Matching,
    importing,
    match_import,
    mend_import,
    stage_import,
    withdraw_draft,
)
from qualifications.services.import_reading import give_up_import, read_again, read_import
from tests.factories.drafts import lead_iqa
from tests.qualifications.imports import files

OURS = {"wording": "recalled"}


@pytest.fixture
def bring(world):
    def stage(content, name="units.xlsx", who="CA", given=OURS):
        data = content.encode() if isinstance(content, str) else content
        return stage_import(actor=world.actor(who), name=name, content=ContentFile(data), given=given, at=clock.now())

    return stage


@pytest.fixture
def read():
    """Do the worker's part and return the row as it is then."""

    def go(draft):
        read_import(draft_id=draft.pk, at=clock.now())
        return again(draft)

    return go


def again(draft):
    return Draft.objects.for_centre(draft.centre_id).get(pk=draft.pk)


def match(world, draft, **changed):
    said = draft.columns
    facts = {"sheet": said.get("sheet", ""), "header": said.get("header", 1), "columns": said.get("match", {})}
    matching = Matching(**{**facts, **changed})
    return match_import(
        actor=world.actor("CA"), draft=draft, revision=draft.revision, matching=matching, at=clock.now()
    )


def sentences(draft):
    return [(p["row"], p["column"], p["sentence"]) for p in draft.problems]


def test_a_workbook_becomes_a_draft_in_two_readings(world, bring, read):
    draft = read(bring(files.xlsx()))
    assert draft.state == DraftState.MATCHING
    assert draft.columns["match"]["A"] == "unit_reference"
    assert draft.columns["match"]["H"] == "criterion_text"
    draft = read(match(world, draft))
    assert draft.state == DraftState.DRAFT, sentences(draft)
    assert (draft.done, draft.total) == (5, 5)
    first, second = draft.content["units"]
    assert first["key"] == "Y-100-0001"
    assert [o["kind"] for o in first["outcomes"]] == ["knowledge", "competence"]
    assert second["provenance"] == {
        "facts": "recalled",
        "criteria": "recalled",
        "sources": ["units.xlsx"],
        "notes": None,
    }
    summary = imports.summary_of(draft)
    assert (len(summary.units), summary.outcomes, summary.criteria) == (2, 3, 4)
    assert not Unit.objects.filter(key="Y-100-0001").exists()
    actions = set(Event.objects.filter(object_id=draft.public_id).values_list("action", flat=True))
    assert actions == {"import.staged", "import.matching", "import.matched", "import.draft"}


def test_the_same_bytes_are_the_same_draft_in_one_centre_only(world, bring):
    first = bring(files.csv(), name="a.csv")
    assert bring(files.csv(), name="b.csv").pk == first.pk
    assert Job.objects.filter(name="qualifications.read_import").count() == 1
    assert bring(files.csv(), name="a.csv", given={"wording": "official"}).pk != first.pk
    assert bring(files.csv(), name="a.csv", who="CB").pk != first.pk
    with pytest.raises(Exception, match="import"):
        imports.import_of(world.actor("CB").centre_id, first.public_id)


def test_after_it_was_put_aside_the_same_bytes_begin_again(world, bring):
    first = bring(files.csv(), name="a.csv")
    gone = withdraw_draft(actor=world.actor("CA"), draft=first, revision=first.revision, at=clock.now())
    assert gone.state == DraftState.WITHDRAWN
    assert withdraw_draft(actor=world.actor("CA"), draft=gone, revision=99, at=clock.now()).pk == gone.pk
    assert bring(files.csv(), name="a.csv").pk != first.pk


def test_one_that_comes_in_is_put_aside_as_an_import_and_once(world, bring):
    first = bring(files.csv(), name="a.csv")
    for _twice in range(2):
        withdraw_draft(actor=world.actor("CA"), draft=first, revision=first.revision, at=clock.now())
    actions = Event.objects.filter(object_id=first.public_id).values_list("action", flat=True)
    assert sorted(actions) == ["import.staged", "import.withdrawn"]


def test_whoever_puts_it_aside_second_is_told_who_was_faster(world, bring):
    first = bring(files.csv(), name="a.csv")
    world.people["LEAD"] = lead_iqa(world.centres["10001"])
    withdraw_draft(actor=world.actor("CA"), draft=first, revision=first.revision, at=clock.now())
    lead = world.actor("LEAD", centre="10001")
    with pytest.raises(Stale) as told:
        withdraw_draft(actor=lead, draft=first, revision=first.revision, at=clock.now())
    assert "this draft stands at “Withdrawn” now" in told.value.refusals[0].sentence


@pytest.mark.parametrize("who", ["LA1", "AA1", "QA", "EA"])
def test_only_editors_bring_in(world, bring, who):
    with pytest.raises(Forbidden):
        bring(files.csv(), name="a.csv", who=who)
    assert not Draft.objects.across_centres(reason="a test counts").exists()


def test_a_lead_iqa_is_an_editor(world, bring):
    centre = Centre.objects.get(number="10001")
    Membership.objects.create(
        centre=centre, person=world.people["QA"], role=Role.LEAD_IQA, starts_on=world.today, created_at=world.at
    )
    assert bring(files.csv(), name="a.csv", who="QA").state == DraftState.READING


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [("units.docx", "x", "unknown-kind"), ("units", "x", "unknown-kind"), ("units.csv", "", "empty")],
)
def test_what_is_not_taken_leaves_nothing(world, bring, name, content, code):
    with pytest.raises(Refused) as refused:
        bring(content, name=name)
    assert [r.code for r in refused.value.refusals] == [code]
    assert refused.value.refusals[0].field == "file"


def test_a_mended_file_keeps_what_was_said(world, bring, read):
    rows = [list(row) for row in files.ROWS]
    rows[3][2] = None
    draft = read(match(world, read(bring(files.xlsx(rows)))))
    assert draft.state == DraftState.BROKEN
    assert [(row, column) for row, column, _s in sentences(draft)] == [(5, "C")]
    assert draft.content == {}
    old = draft.storage_key
    mended = mend_import(
        actor=world.actor("CA"),
        draft=draft,
        revision=draft.revision,
        name="units.xlsx",
        content=ContentFile(files.xlsx()),
        given={},
        at=clock.now(),
    )
    draft = read(mended)
    assert draft.state == DraftState.DRAFT
    assert draft.storage_key != old
    assert default_storage.exists(draft.storage_key)


@pytest.fixture
def killed(monkeypatch):
    """`killed()`: from here on the process is stopped right after a commit. `killed(False)`: no longer."""

    @contextmanager
    def committed_then_killed():
        with transaction.atomic():
            yield
        raise SystemExit(1)

    stopped = SimpleNamespace(atomic=committed_then_killed, on_commit=transaction.on_commit)
    return lambda so=True: monkeypatch.setattr(importing, "transaction", stopped if so else transaction)


def test_what_was_brought_in_keeps_its_bytes_when_the_process_is_stopped_then(world, bring, read, killed):
    rows = [list(row) for row in files.ROWS]
    rows[3][2] = None
    killed()
    with pytest.raises(SystemExit):
        bring(files.xlsx(rows))
    killed(False)
    draft = Draft.objects.for_centre(world.actor("CA").centre_id).get()
    assert default_storage.exists(draft.storage_key)
    draft = read(match(world, read(draft)))
    before = draft.storage_key
    killed()
    with pytest.raises(SystemExit):
        mend_import(
            actor=world.actor("CA"), draft=draft, revision=draft.revision, name="units.xlsx",
            content=ContentFile(files.xlsx()), given={}, at=clock.now(),
        )  # fmt: skip
    assert again(draft).storage_key != before
    assert default_storage.exists(again(draft).storage_key)


def test_what_could_not_be_written_leaves_no_bytes(world, bring, monkeypatch):
    kept = []
    keep = importing.keep
    monkeypatch.setattr(importing, "keep", lambda key, content: kept.append(key) or keep(key, content))
    monkeypatch.setattr(importing, "enqueue", None)
    with pytest.raises(TypeError):
        bring(files.xlsx())
    assert len(kept) == 1
    assert not default_storage.exists(kept[0])


def test_a_mended_file_with_other_headings_is_asked_about_again(world, bring, read):
    draft = read(match(world, read(bring(files.xlsx([])))))
    assert draft.state == DraftState.BROKEN
    head = ["Code", *files.HEAD[1:]]
    mended = mend_import(
        actor=world.actor("CA"), draft=draft, revision=draft.revision, name="u.xlsx",
        content=ContentFile(files.xlsx(head=head)), given={}, at=clock.now(),
    )  # fmt: skip
    draft = read(mended)
    assert draft.state == DraftState.MATCHING
    assert "A" not in draft.columns["match"]
    assert draft.columns["match"]["B"] == "unit_title"


def test_an_older_page_is_told_so_and_another_kind_of_file_is_refused(world, bring, read):
    draft = read(bring(files.xlsx()))
    with pytest.raises(Stale):
        match_import(actor=world.actor("CA"), draft=draft, revision=0, matching=Matching(), at=clock.now())
    broken = read(bring("a: [", name="q.yaml"))
    with pytest.raises(Refused, match="another-kind"):
        mend_import(
            actor=world.actor("CA"), draft=broken, revision=broken.revision, name="u.xlsx",
            content=ContentFile(files.xlsx()), given={}, at=clock.now(),
        )  # fmt: skip


def test_a_second_delivery_changes_nothing_and_giving_up_says_so(world, bring, read):
    draft = read(bring(files.xlsx()))
    assert read(draft).revision == draft.revision
    give_up_import(draft_id=draft.pk, at=clock.now())
    assert again(draft).state == DraftState.MATCHING
    waiting = bring(files.csv(), name="a.csv")
    give_up_import(draft_id=waiting.pk, at=clock.now())
    assert again(waiting).state == DraftState.BROKEN
    assert "the fault is ours" in sentences(again(waiting))[0][2]


def test_a_bakery_is_asked_for_what_it_does_not_say_and_becomes_a_qualification(world, bring, read):
    draft = read(bring(json.dumps(files.bakery()), name="bakery.json"))
    assert draft.state == DraftState.MATCHING
    assert draft.columns["asks"] == ["credit", "level", "qualification"]
    answers = {"level": 2, "credit": 4, "kind": "", "qualification": {"entry code": "BK2"}}
    draft = read(match(world, draft, answers=answers))
    assert draft.state == DraftState.DRAFT, sentences(draft)
    [qualification] = draft.content["qualifications"]
    assert (qualification["title"], qualification["credit"]) == ("Certificate in Craft Baking", 8)
    assert [c["number"] for c in draft.content["units"][0]["outcomes"][0]["criteria"]] == ["1.1", "1.2"]


def test_pasted_text_becomes_a_unit_for_review(world, bring, read):
    given = {"wording": "official", "title": "Deal with refunds", "reference": "Y1000001", "level": 2, "credit": 3}
    draft = read(bring(files.PASTED, name=PASTED_NAME, given=given))
    assert draft.state == DraftState.DRAFT, sentences(draft)
    [unit] = draft.content["units"]
    assert (unit["reference"], unit["provenance"]["criteria"]) == ("Y/100/0001", "official")
    first, second = unit["outcomes"]
    assert first["title"] == "Understand how refunds are made"
    assert [c["text"] for c in first["criteria"]] == [
        "Explain when a refund is due to a customer",
        "Describe the procedure for:",
    ]
    assert first["criteria"][1]["range"] == ["cash", "cards and other means of payment"]
    assert [c["text"] for c in second["criteria"]] == ["Refund a customer within 2 days", "Record the refund"]
    assert imports.pasted_text(draft) == files.PASTED


def test_a_job_reads_what_was_brought_in(world, bring, run_jobs):
    draft = bring(files.csv(delimiter=";"), name="a.csv")
    run_jobs()
    assert again(draft).state == DraftState.MATCHING


def test_other_bytes_than_those_brought_in_are_not_held_against_the_file(world, bring, read):
    """A store that lost them, or gave back others: the file waits, and is read when they are back."""
    draft, data = bring(files.xlsx()), files.xlsx()
    default_storage.delete(draft.storage_key)
    for stored in (None, data[:900], b""):
        if stored is not None:
            default_storage.save(draft.storage_key, ContentFile(stored))
        with pytest.raises(OSError):
            read(draft)
        assert again(draft).state == DraftState.READING
        default_storage.delete(draft.storage_key)
    default_storage.save(draft.storage_key, ContentFile(data))
    assert read(draft).state == DraftState.MATCHING


def test_one_that_broke_off_is_read_again_when_an_admin_asks(world, bring, read):
    draft = bring(files.xlsx())
    read_again(draft_id=draft.pk, at=clock.now())
    assert again(draft).revision == draft.revision  # it is being read
    give_up_import(draft_id=draft.pk, at=clock.now())
    read_again(draft_id=draft.pk, at=clock.now())
    assert (again(draft).state, again(draft).problems) == (DraftState.READING, [])
    assert read(draft).state == DraftState.MATCHING
