"""What a person brings in, matches and mends: what is written of it, what is kept, what is let go."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from audit.models import Event
from common.refusals import Refused, Stale
from common.storing import WAIT, hash_of
from jobs.models import Job
from media.reading import LARGEST
from qualifications.enums import DraftState, Source
from qualifications.models import Draft
from qualifications.services import PASTED_NAME, Matching, importing, match_import, mend_import, stage_import
from tests.qualifications.imports import files
from tests.qualifications.imports.test_staging import again, bring

__all__ = ["bring"]  # a fixture

AT = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
DATA = files.csv().encode()


def sized(size):
    return SimpleNamespace(size=size)


def refused(act, *args, **given):
    with pytest.raises(Refused) as caught:
        act(*args, **given)
    return [(one.code, one.field) for one in caught.value.refusals]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.xlsx", Source.SHEET),
        ("a.CSV", Source.SHEET),
        ("a.tsv", Source.SHEET),
        ("a.yaml", Source.YAML),
        ("a.yml", Source.YAML),
        ("a.zip", Source.YAML),
        ("a.json", Source.CASE),
        (PASTED_NAME, Source.PASTED),
    ],
)
def test_what_a_file_is_is_told_by_its_ending(name, source):
    assert importing._source_of(name, sized(1)) == source
    assert importing._source_of(name, sized(LARGEST)) == source
    assert refused(importing._source_of, name, sized(LARGEST + 1)) == [("too-big", "file")]
    assert refused(importing._source_of, name, sized(0)) == [("empty", "file")]


@pytest.mark.parametrize("name", ["a.txt", "a.xls", "pasted", "csv"])
def test_another_ending_is_not_taken(name):
    assert refused(importing._source_of, name, sized(1)) == [("unknown-kind", "file")]


def test_what_is_taken_in_is_kept_with_its_hash_and_read_by_a_job(world):
    draft = stage_import(
        actor=world.actor("CA"), name="folder/units.csv", content=ContentFile(DATA), given={"a": 1}, at=AT
    )
    row, sha256 = again(draft), hash_of(ContentFile(DATA))[0]
    assert (row.source, row.state, row.revision) == (Source.SHEET, DraftState.READING, 0)
    assert (row.title, row.file_name, row.sha256) == ("units.csv", "units.csv", sha256)
    assert (row.columns, row.author_id) == ({"given": {"a": 1}}, world.people["CA"].pk)
    assert (row.created_at, row.changed_at) == (AT, AT)
    with default_storage.open(row.storage_key) as kept:
        assert kept.read() == DATA
    event = Event.objects.get(action="import.staged")
    assert event.facts == {"source": "sheet", "sha256": sha256, "size": len(DATA)}
    assert Job.objects.get(name="qualifications.read_import").args == {"draft_id": draft.pk}


@pytest.mark.parametrize(
    ("title", "shown"), [("Refunds", "Refunds"), ("", "units.csv"), (None, "units.csv"), ("x" * 201, "x" * 200)]
)
def test_a_draft_is_called_what_the_person_said_or_as_the_file(world, bring, title, shown):
    assert bring(DATA, name="units.csv", given={"title": title}).title == shown


def test_bytes_of_a_draft_that_could_not_be_written_are_let_go(world, bring, monkeypatch):
    kept, gone = [], []
    monkeypatch.setattr(importing, "keep", lambda key, _content: kept.append(key))
    monkeypatch.setattr(default_storage, "delete", gone.append)

    def fault(**_fields):
        raise OSError("the disk is full")

    monkeypatch.setattr(importing.Draft, "objects", SimpleNamespace(for_centre=Draft.objects.for_centre, create=fault))
    with pytest.raises(OSError, match="full"):
        bring(DATA, name="units.csv")
    assert len(kept) == 1
    assert gone == kept


@pytest.mark.parametrize("state", ["draft", "submitted", "matching", "broken", "rejected", "published", "withdrawn"])
def test_the_same_bytes_are_the_same_while_the_draft_lives(world, bring, state):
    first = bring(DATA, name="units.csv")
    decided = {"decided_by": world.people["QA"]} if state == "published" else {}
    Draft.objects.for_centre(first.centre_id).filter(pk=first.pk).update(state=state, **decided)
    alive = state not in {"rejected", "published", "withdrawn"}
    assert (bring(DATA, name="units.csv").pk == first.pk) is alive
    assert Event.objects.filter(action="import.staged").count() == 2 - alive


def broken(bring, **fields):
    draft = bring(DATA, name="units.csv", given={"wording": "recalled", "title": "Refunds"})
    changed = {"state": DraftState.BROKEN, "problems": [{"row": 1}], "done": 3, "total": 4, "revision": 1, **fields}
    Draft.objects.for_centre(draft.centre_id).filter(pk=draft.pk).update(**changed)
    return again(draft)


def mend(world, draft, *, data=b"a,b\n1,2\n", name="units.csv", revision=1, by="CA", given=None):
    said = {"wording": "official"} if given is None else given
    return mend_import(
        actor=world.actor(by), draft=draft, revision=revision, name=name, content=ContentFile(data), given=said, at=AT
    )


def test_a_mended_file_takes_the_place_of_the_first_and_is_read_again(world, bring, django_capture_on_commit_callbacks):
    draft = broken(bring)
    old, jobs = draft.storage_key, Job.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        said = mend(world, draft, name="mended.csv")
    row = again(draft)
    assert (said.state, said.revision) == (row.state, row.revision) == (DraftState.READING, 2)
    assert (row.file_name, row.title, row.changed_at) == ("mended.csv", "Refunds", AT)
    assert (row.problems, row.done, row.total) == ([], 0, 0)
    assert row.columns == {"given": {"wording": "official", "title": "Refunds"}}
    assert row.sha256 == hash_of(ContentFile(b"a,b\n1,2\n"))[0]
    assert default_storage.exists(old)  # a database that was copied a moment ago names it still
    drop = Job.objects.get(name="store.drop")
    assert (drop.args, drop.available_at - drop.created_at) == ({"storage_key": old}, WAIT)
    with default_storage.open(row.storage_key) as kept:
        assert kept.read() == b"a,b\n1,2\n"
    assert Event.objects.get(action="import.mended").facts == {"sha256": row.sha256, "size": 8}
    assert Job.objects.count() == jobs + 2


@pytest.mark.parametrize(("length", "lane"), [(importing.QUICKLY_READ, "quick"), (importing.QUICKLY_READ + 1, "slow")])
def test_a_large_file_is_read_where_films_wait(world, bring, length, lane):
    draft = bring(b"a" * length, name="units.csv")
    assert Job.objects.get(name="qualifications.read_import").lane == lane
    assert Job.objects.get(name="qualifications.read_import").centre_id == draft.centre_id


@pytest.mark.parametrize(("rows", "lane"), [(importing.MANY_ROWS, "quick"), (importing.MANY_ROWS + 1, "slow")])
def test_a_table_of_many_rows_is_read_there_too_once_its_columns_are_known(world, bring, rows, lane):
    draft = bring(DATA, name="units.csv")
    Draft.objects.for_centre(draft.centre_id).filter(pk=draft.pk).update(state=DraftState.MATCHING, total=rows)
    match_import(actor=world.actor("CA"), draft=again(draft), revision=0, matching=Matching(), at=AT)
    assert Job.objects.filter(name="qualifications.read_import").order_by("id").last().lane == lane


def test_a_mended_file_that_comes_too_late_is_let_go_and_the_first_one_stays(world, bring, monkeypatch):
    draft, kept = broken(bring), []
    keep = importing.keep
    monkeypatch.setattr(importing, "keep", lambda key, content: kept.append(key) or keep(key, content))
    with pytest.raises(Stale) as told:
        mend(world, draft, revision=0)
    assert "Somebody changed this import meanwhile" in told.value.refusals[0].sentence
    assert [default_storage.exists(key) for key in (*kept, draft.storage_key)] == [False, True]
    assert again(draft).state == DraftState.BROKEN
    assert refused(mend, world, draft, name="units.json") == [("another-kind", "file")]
    assert refused(mend, world, draft, data=b"") == [("empty", "file")]


@pytest.mark.parametrize("state", DraftState)
def test_what_stands_elsewhere_is_neither_matched_nor_mended(world, bring, state):
    decided = {"decided_by": world.people["QA"]} if state == DraftState.PUBLISHED else {}
    draft = broken(bring, state=state, **decided)
    acts = [
        lambda: match_import(actor=world.actor("CA"), draft=draft, revision=1, matching=Matching(), at=AT),
        lambda: mend(world, draft),
    ]
    for act in acts:
        if state in {DraftState.MATCHING, DraftState.BROKEN}:
            act()
            Draft.objects.for_centre(draft.centre_id).filter(pk=draft.pk).update(state=state, revision=1)
        else:
            with pytest.raises(Stale):
                act()


def test_what_was_said_of_the_columns_is_kept_and_the_file_read_again(world, bring):
    draft = broken(bring, state=DraftState.MATCHING, columns={"given": {"wording": "recalled"}, "width": 3})
    jobs = Job.objects.count()
    matching = Matching("Units", 2, {"A": "unit_title"}, {"level": 2})
    said = match_import(actor=world.actor("CA"), draft=draft, revision=1, matching=matching, at=AT)
    row = again(draft)
    assert (said.state, said.revision) == (row.state, row.revision) == (DraftState.READING, 2)
    assert row.columns == {
        "given": {"wording": "recalled"},
        "width": 3,
        "sheet": "Units",
        "header": 2,
        "match": {"A": "unit_title"},
        "answers": {"level": 2},
        "confirmed": True,
    }
    assert (row.problems, row.done, row.total, row.changed_at) == ([], 0, 0, AT)
    assert Event.objects.get(action="import.matched").facts == {"columns": {"A": "unit_title"}}
    assert Job.objects.count() == jobs + 1
