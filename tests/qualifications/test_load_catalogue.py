"""Loading: what changed becomes a version, what did not writes nothing, what is broken is refused whole."""

import dataclasses
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from qualifications.models import Criterion, Group, Outcome, Place, Qualification, Unit
from qualifications.services import BrokenCatalogue, publish_catalogue, read_catalogue
from qualifications.services.reading import LARGEST_FILE
from tests.qualifications.conftest import AT, Folder

TABLES = (Unit, Outcome, Criterion, Qualification, Group, Place)


def load(folder: Folder) -> str:
    out = StringIO()
    call_command("load_catalogue", path=folder.write(), stdout=out)
    return out.getvalue().strip()


def rows() -> list[int]:
    return [model.objects.count() for model in TABLES]


def versions(key: str) -> list[int]:
    return list(Unit.objects.filter(key=key).order_by("version").values_list("version", flat=True))


# --- what is written --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_first_load_writes_everything_and_says_so(folder):
    said = load(folder)

    assert said == "Catalogue: 1 new and 0 unchanged qualifications, 2 new and 0 unchanged units."
    assert rows() == [2, 3, 4, 1, 2, 2]
    unit = Unit.objects.get(key="Y-100-0001")
    assert (unit.version, unit.reference, unit.glh, unit.generation) == (1, "Y/100/0001", 14, "2014")
    found = unit.criteria.order_by("position").values_list(
        "position", "number", "kind", "verb", "themes", "outcome__number"
    )
    assert list(found) == [
        (1, "1.1", "knowledge", "Explain", ["legislation"], 1),
        (2, "1.2", "knowledge", "Describe", [], 1),
        (3, "2.1", "competence", "Refund", ["problem-solving"], 2),
    ]
    places = Place.objects.order_by("group__position").values_list("group__code", "number", "unit__key", "position")
    assert list(places) == [("A", "1", "Y-100-0001", 1), ("B", None, "ocr-other", 1)]
    assert list(Group.objects.order_by("pk").values_list("code", "position")) == [("A", 1), ("B", 2)]
    q = Qualification.objects.get()
    assert (q.credit_at_level, q.credit_at_or_above, q.glh_min, q.glh_max, q.tqt) == (2, 4, 20, 30, None)
    assert (q.listed_on.isoformat(), q.last_registration_on) == ("2014-09-19", None)


@pytest.mark.django_db
def test_second_load_writes_nothing(folder):
    load(folder)
    before = rows()

    assert load(folder) == "Catalogue: 0 new and 1 unchanged qualifications, 0 new and 2 unchanged units."
    assert rows() == before


@pytest.mark.django_db
def test_comments_and_order_of_keys_are_no_change(folder):
    load(folder)
    folder.unit = dict(reversed(folder.unit.items()))
    folder.write()
    path = folder.path / "units" / "Y-100-0001.yaml"
    path.write_text(f"# a remark\n{path.read_text()}")

    counts = publish_catalogue(read_catalogue(folder.path), at=AT)

    assert (counts.new_units, counts.new_qualifications) == (0, 0)


@pytest.mark.django_db
def test_changed_criterion_makes_a_new_unit_and_a_new_qualification(folder):
    load(folder)
    folder.unit["outcomes"][0]["criteria"][0]["text"] = "Explain when a refund must be given"

    assert load(folder) == "Catalogue: 1 new and 0 unchanged qualifications, 1 new and 1 unchanged units."

    assert versions("Y-100-0001") == [1, 2]
    assert versions("ocr-other") == [1]
    texts = Criterion.objects.filter(unit__key="Y-100-0001", number="1.1").order_by("unit__version")
    assert [c.text for c in texts] == ["Explain when a refund is due", "Explain when a refund must be given"]
    newest = Qualification.objects.get(version=2)
    named = Place.objects.filter(group__qualification=newest).order_by("group__position")
    assert [(p.unit.key, p.unit.version) for p in named] == [("Y-100-0001", 2), ("ocr-other", 1)]
    kept = Place.objects.filter(group__qualification__version=1).order_by("group__position")
    assert [(p.unit.key, p.unit.version) for p in kept] == [("Y-100-0001", 1), ("ocr-other", 1)]


@pytest.mark.django_db
def test_changed_rule_makes_a_new_qualification_only(folder):
    load(folder)
    folder.qualification["groups"][1]["min_credit"] = 2

    load(folder)

    assert Qualification.objects.count() == 2
    assert Unit.objects.count() == 2


@pytest.mark.django_db
def test_changing_back_is_a_third_version(folder):
    load(folder)
    folder.other["title"] = "Welcome visitors"
    load(folder)
    folder.other["title"] = "Greet visitors"
    load(folder)

    assert versions("ocr-other") == [1, 2, 3]
    first, _second, third = Unit.objects.filter(key="ocr-other").order_by("version")
    assert first.content_digest == third.content_digest


@pytest.mark.django_db
def test_what_left_the_files_stays_published(folder):
    load(folder)
    folder.qualification["groups"].pop()
    folder.write()
    (folder.path / "units" / "ocr-other.yaml").unlink()

    publish_catalogue(read_catalogue(folder.path), at=AT)

    assert versions("ocr-other") == [1]
    assert Qualification.objects.count() == 2


@pytest.mark.django_db
def test_a_criterion_may_say_its_own_kind(folder):
    folder.unit["outcomes"][1]["criteria"].append({"number": "2.2", "text": "Explain why", "kind": "knowledge"})
    load(folder)

    kinds = Criterion.objects.filter(unit__key="Y-100-0001", outcome__number=2).order_by("position")
    assert [c.kind for c in kinds] == ["competence", "knowledge"]


@pytest.mark.django_db
def test_a_fault_half_way_leaves_nothing(folder):
    catalogue = read_catalogue(folder.path)
    twice = (catalogue.qualifications[0].groups[0],) * 2
    broken = dataclasses.replace(catalogue.qualifications[0], groups=twice)

    with pytest.raises(IntegrityError):
        publish_catalogue(dataclasses.replace(catalogue, qualifications=(broken,)), at=AT)

    assert rows() == [0, 0, 0, 0, 0, 0]


@pytest.mark.django_db
def test_the_shipped_catalogue_loads_once():
    first, second = StringIO(), StringIO()
    call_command("load_catalogue", stdout=first)
    call_command("load_catalogue", stdout=second)

    assert "7 new and 0 unchanged qualifications, 139 new and 0 unchanged units." in first.getvalue()
    assert "0 new and 7 unchanged qualifications, 0 new and 139 unchanged units." in second.getvalue()
    assert Criterion.objects.count() == 2300


# --- what is refused --------------------------------------------------------------------------------------------------


def set_in(*path: Any, to: Any) -> Callable[[Folder], None]:
    """Return a change of a folder: `set_in("unit", "level", to=9)`."""

    def change(folder: Folder) -> None:
        place = getattr(folder, path[0])
        for step in path[1:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


def take(*path: Any) -> Callable[[Folder], None]:
    def change(folder: Folder) -> None:
        place = getattr(folder, path[0])
        for step in path[1:-1]:
            place = place[step]
        del place[path[-1]]

    return change


U, Q = "units/Y-100-0001.yaml", "qualifications/00001.yaml"
FIRST = ("unit", "outcomes", 0, "criteria", 0)
BROKEN = [
    (take("unit", "title"), f"{U}: “title” is missing."),
    (set_in("unit", "title", to=""), f"{U}: “title” must be text, not “”."),
    (set_in("unit", "title", to="x" * 251), f"{U}: “title” is longer than 250 letters."),
    (set_in("unit", "colour", to="red"), f"{U}: “colour” is not a key that belongs here."),
    (set_in("unit", "level", to=9), f"{U}: “level” must be a whole number from 1 to 8, not “9”."),
    (set_in("unit", "level", to=True), f"{U}: “level” must be a whole number from 1 to 8, not “True”."),
    (set_in("unit", "credit", to="3"), f"{U}: “credit” must be a whole number from 1 to 500, not “3”."),
    (set_in("unit", "kind", to="skill"), f"{U}: “kind” must be one of knowledge, competence, mixed, not “skill”."),
    (set_in("unit", "key", to="T-1"), f"{U}: the file must be called “T-1.yaml”, like the key inside."),
    (set_in("unit", "outcomes", to=[]), f"{U}: “outcomes” must have at least one entry."),
    (set_in("unit", "outcomes", to="none"), f"{U}: “outcomes” must be a list, not “none”."),
    (set_in("unit", "outcomes", 0, to="x"), f"{U}, outcomes 1: here must be keys and values, not “x”."),
    (take(*FIRST, "text"), f"{U}, outcomes 1, criteria 1: “text” is missing."),
    (set_in(*FIRST, "themes", to=["magic"]), f"{U}, outcomes 1, criteria 1: “themes” does not know “magic”."),
    (
        set_in(*FIRST, "themes", to=["digital", "digital"]),
        f"{U}, outcomes 1, criteria 1: “themes” names something twice.",
    ),
    (
        set_in(*FIRST, "number", to="2.1"),
        f"{U}, outcomes 1, criteria 1: under outcome 1, “2.1” must be a number like 1.1.",
    ),
    (set_in(*FIRST, "number", to="1.2"), f"{U}: “1.2” stands 2 times under criteria."),
    (set_in("unit", "provenance", "facts", to="sure"), f"{U}, provenance: “facts” must be one of read, recalled, mixed, not “sure”."),
    (set_in("qualification", "entry_code", to=10379), f"{Q}: “entry_code” must be text, not “10379”."),
    (set_in("qualification", "dates", "listed", to="soon"), f"{Q}, dates: “listed” must be a day like 2018-08-31, not “soon”."),
    (set_in("qualification", "dates", "opened", to=None), f"{Q}, dates: “opened” is not a key that belongs here."),
    (set_in("qualification", "groups", 0, "mandatory", to="yes"), f"{Q}, groups 1: “mandatory” must be true or false, not “yes”."),
    (
        set_in("qualification", "groups", 0, "units", 0, "unit", to="T-9"),
        f"{Q}, groups 1, units 1: there is no unit file for “T-9”.",
    ),
    (
        set_in("qualification", "groups", 1, "units", 0, "unit", to="Y-100-0001"),
        f"{Q}: “Y-100-0001” stands 2 times under units.",
    ),
    (set_in("qualification", "groups", 1, "units", 0, "number", to=1), f"{Q}: “1” stands 2 times under unit numbers."),
    (set_in("qualification", "groups", 1, "id", to="A"), f"{Q}: “A” stands 2 times under groups."),
    (set_in("qualification", "groups", 0, "exact_credit", to=4), f"{Q}, groups 1: its units add up to 3 credits, not 4."),
    (
        set_in("qualification", "groups", 1, "max_credit", to=2),
        f"{Q}, groups 2: “min_credit” is 3, more than “max_credit”, 2.",
    ),
    (set_in("qualification", "barred", to=[["Y-100-0001", "T-9"]]), f"{Q}: “barred” names “T-9”, which is in no group."),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("change", "sentence"), BROKEN, ids=[s for _c, s in BROKEN])
def test_a_broken_file_is_refused_with_a_sentence(folder, change, sentence):
    change(folder)

    with pytest.raises(CommandError) as refused:
        load(folder)

    assert sentence in str(refused.value).splitlines()
    assert rows() == [0, 0, 0, 0, 0, 0]


def test_all_problems_are_told_at_once(folder):
    folder.unit["level"] = 0
    folder.other["credit"] = None
    folder.qualification["title"] = None
    folder.write()

    with pytest.raises(BrokenCatalogue) as refused:
        read_catalogue(folder.path)

    assert refused.value.problems == [
        f"{U}: “level” must be a whole number from 1 to 8, not “0”.",
        "units/ocr-other.yaml: “credit” must be a whole number from 1 to 500, not nothing.",
        f"{Q}: “title” must be text, not nothing.",
    ]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("key: [", "cannot be read as YAML"),
        ("key: a\nkey: b\n", "the key “key” stands twice"),
        ("!!python/object/apply:os.getcwd []", "cannot be read as YAML"),
        (f"key: {'x' * 600_000}", "it is larger than 524288 bytes"),
        ("- a\n- b\n", "here must be keys and values"),
        ("", "here must be keys and values, not nothing"),
    ],
)
def test_what_is_no_mapping_is_refused(folder, text, part):
    (folder.path / "units" / "ocr-other.yaml").write_text(text)

    with pytest.raises(BrokenCatalogue) as refused:
        read_catalogue(folder.path)

    assert refused.value.problems[0].startswith("units/ocr-other.yaml: ")
    assert part in refused.value.problems[0]


def test_a_file_as_large_as_one_may_be_is_read(folder):
    path = folder.path / "units" / "ocr-other.yaml"
    room = LARGEST_FILE - len(path.read_bytes())
    path.write_text(path.read_text() + "#" * (room - 1) + "\n")
    assert path.stat().st_size == LARGEST_FILE
    assert read_catalogue(folder.path).units.keys() == {"Y-100-0001", "ocr-other"}


def test_bytes_that_are_no_text_are_refused(folder):
    (folder.path / "units" / "ocr-other.yaml").write_bytes(b"key: \xff\xfe")

    with pytest.raises(BrokenCatalogue, match=r"units/ocr-other\.yaml: this cannot be read as YAML"):
        read_catalogue(folder.path)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(BrokenCatalogue) as refused:
        read_catalogue(tmp_path)

    assert [p.endswith("there are no files here.") for p in refused.value.problems] == [True, True]
