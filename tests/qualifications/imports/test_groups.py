"""What a group asks for is asked, never taken from its name (R20): “Mandatory” without limits is anybody's award."""

import pytest
from django.core.files.base import ContentFile

from common import clock
from qualifications.enums import DraftState
from qualifications.models import Draft
from qualifications.rules.imports import Answers, Table, guess_columns, read_case, read_sheets
from qualifications.rules.imports.asking import GROUP_RULES, unanswered
from qualifications.services import Matching, match_import, stage_import
from tests.qualifications.imports import files

NAMED = {"entry code": "R1", "title": "Refunds", "awarding body": "Us", "level": 2}


def sheet(names, *, mandatory=(), groups=None, answers=None):
    """Read the usual rows with a group each; `mandatory` are cells of a column of that name."""
    head = [*files.HEAD, "Group", *(["Mandatory"] if mandatory else [])]
    body = [[*map(str, row), names[n], *(mandatory[n : n + 1])] for n, row in enumerate(files.ROWS)]
    rows = list(enumerate([head, *body], 1))
    described = Table(list(enumerate(groups, 1))) if groups else None
    said = Answers(qualification=NAMED, groups=answers or {})
    return read_sheets(Table(rows, 1, guess_columns(rows).columns), said, groups=described)


TWO = ["Mandatory", "Mandatory", "Mandatory", "Optional"]
GROUPS_HEAD = ["Group", "Title", "Mandatory", "Complete", "Min credit", "Max credit", "Exact credit"]


def rules(brought):
    return [
        {k: v for k, v in g.items() if k not in {"id", "title", "units", "complete"}}
        for g in brought.qualifications[0]["groups"]
    ]


def test_a_group_called_mandatory_is_asked_about():
    found = sheet(TWO)
    assert unanswered(found) == ["Mandatory", "Optional"]


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        ({"rule": "all"}, {"mandatory": True}),
        ({"rule": "least", "credit": 3}, {"mandatory": False, "min_credit": 3}),
        ({"rule": "exact", "credit": 3}, {"mandatory": False, "exact_credit": 3}),
        ({"rule": "most", "credit": 3}, {"mandatory": False, "max_credit": 3}),
        ({"rule": "free"}, {"mandatory": False}),
    ],
)
def test_an_answer_becomes_its_rule(answer, rule):
    found = sheet(TWO, answers={"Mandatory": {"rule": "all"}, "Optional": answer})
    assert unanswered(found) == []
    assert rules(found) == [{"mandatory": True}, rule]
    assert set(GROUP_RULES) == {"all", "least", "exact", "most", "free"}


def test_a_word_that_is_no_answer_is_asked_again():
    assert unanswered(sheet(TWO, answers={"Mandatory": {"rule": "perhaps"}})) == ["Mandatory", "Optional"]


def test_what_the_rows_say_is_mandatory_is_not_asked_and_optional_without_limits_is():
    found = sheet(TWO, mandatory=["M", "M", "M", "O"])
    assert unanswered(found) == ["Optional"]
    assert rules(found)[0] == {"mandatory": True}


def test_the_sheet_of_groups_says_all_of_it():
    both = [GROUPS_HEAD, ["Mandatory", "", "yes", "yes"], ["Optional", "", "no", "yes", "2"]]
    found = sheet(TWO, groups=both)
    assert unanswered(found) == []
    assert rules(found) == [{"mandatory": True}, {"mandatory": False, "min_credit": 2}]
    free = sheet(TWO, groups=[GROUPS_HEAD, ["Mandatory", "", "yes", "yes"], ["Optional", "", "no", "yes"]])
    assert (unanswered(free), rules(free)[1]) == ([], {"mandatory": False})
    blank = sheet(TWO, groups=[GROUPS_HEAD, ["Mandatory", "", "", "yes"], ["Optional", "Choose", "", "no", "2"]])
    assert unanswered(blank) == ["Mandatory"]
    assert blank.qualifications[0]["groups"][1]["complete"] is False


def test_nothing_is_asked_while_something_is_to_be_mended():
    found = sheet(["", "Mandatory", "Mandatory", "Optional"])
    found.say(1, "A", "Mend this.")
    assert unanswered(found) == []


def test_a_package_of_somebody_else_is_asked_too():
    package = files.bakery()
    package["CFItems"].append(files.node("g1", "Mandatory units", CFItemType="Group"))
    for one in package["CFAssociations"]:
        if one["originNodeURI"]["identifier"] in {"u1", "u2"}:
            one["destinationNodeURI"] = {"identifier": "g1"}
    package["CFAssociations"].append(files.child("g1", "doc", 1))
    said = {"level": 2, "credit": 1, "qualification": NAMED}
    assert unanswered(read_case(package, Answers(**said))) == ["Mandatory units"]
    answered = read_case(package, Answers(**said, groups={"Mandatory units": {"rule": "all"}}))
    assert (unanswered(answered), rules(answered)) == ([], [{"mandatory": True}])
    package["CFItems"][-1]["extensions"] = {"attest": {"mandatory": None}}
    assert unanswered(read_case(package, Answers(**said))) == ["Mandatory units"]
    package["CFItems"][-1]["extensions"] = {"attest": {"mandatory": False}}
    assert unanswered(read_case(package, Answers(**said))) == []


# --- the way a person goes ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_file_is_asked_about_and_published_with_the_answer(world, run_jobs):
    rows = [[*row, "Mandatory"] for row in files.ROWS]
    content = ContentFile(files.csv(rows, head=[*files.HEAD, "Group"]).encode())
    actor = world.actor("CA")
    draft = stage_import(actor=actor, name="units.csv", content=content, given={}, at=clock.now())

    def read():
        run_jobs()
        return Draft.objects.for_centre(actor.centre_id).get(pk=draft.pk)

    def say(row, **groups):
        matching = Matching(row.columns["sheet"], 1, row.columns["match"], {"qualification": NAMED, **groups})
        match_import(actor=actor, draft=row, revision=row.revision, matching=matching, at=clock.now())
        return read()

    first = read()
    assert (first.state, first.columns.get("groups")) == (DraftState.MATCHING, None)
    asked = say(first)
    assert (asked.state, asked.columns["groups"], asked.content) == (DraftState.MATCHING, ["Mandatory"], {})
    done = say(asked, groups={"Mandatory": {"rule": "all"}})
    assert done.state == DraftState.DRAFT
    assert done.content["qualifications"][0]["groups"][0]["mandatory"] is True
