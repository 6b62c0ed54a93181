"""Where competence may be shown (R61): data of a version, held to the awarding body's own words."""

import copy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.enums import Setting
from qualifications import queries
from qualifications.models import Qualification
from qualifications.rules import settings as rules
from qualifications.rules.diff import Change
from qualifications.rules.files import read_qualification, read_unit
from qualifications.rules.imports import values
from qualifications.rules.structure_diff import diff_qualification
from qualifications.services import BrokenCatalogue, publish_catalogue, read_catalogue
from tests.qualifications.conftest import AT, QUALIFICATION, UNIT

OWN = {"setting": "realistic", "by": "OCR", "source": "OCR handbook, 5.5", "text": "A training restaurant counts."}
REAL = {**OWN, "setting": "real_work", "text": "Real work only."}


def but(**parts):
    return {**OWN, **parts}


# --- the rule ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "counting"),
    [
        ([], {"real_work"}),
        ([REAL], {"real_work"}),
        ([OWN], {"real_work", "realistic"}),
        ([but(by="NCFE")], {"real_work"}),  # another awarding body prints it: that opens nothing here
        ([but(by="")], {"real_work"}),
        ([but(source="")], {"real_work"}),
        ([but(source="  ")], {"real_work"}),
        ([but(text="")], {"real_work"}),
        ([but(setting="simulation")], {"real_work"}),
        ([but(setting="classroom")], {"real_work"}),
        ([but(setting="somewhere")], {"real_work"}),
        (["realistic", None, {}, {"setting": "realistic"}], {"real_work"}),
    ],
)
def test_only_the_awarding_bodys_own_sourced_words_open_a_realistic_environment(stored, counting):
    settings = ("real_work", "realistic", "simulation", "classroom", "", "somewhere")
    assert {s for s in settings if rules.counts_for_competence(s, stored, "OCR")} == counting
    assert rules.allowed_settings(stored, "OCR") == counting


@pytest.mark.parametrize(
    ("said", "bad"),
    [
        (["real_work", "real_work"], set()),
        (["", "real_work"], set()),  # the learner said nothing
        (["realistic", "real_work"], {"realistic"}),
        (["real_work", "realistic"], {"realistic"}),
        (["simulation", "real_work"], {"simulation"}),
        (["classroom", "simulation", "realistic"], {"classroom", "simulation", "realistic"}),
    ],
)
def test_one_word_that_does_not_count_is_enough(said, bad):
    assert rules.not_counting(said, frozenset({"real_work"})) == bad


def test_a_simulation_never_counts_even_if_somebody_lets_it_in_behind_the_rule():
    everything = frozenset({"real_work", "realistic", "simulation", "classroom"})
    assert rules.not_counting(everything, everything) == {"simulation", "classroom"}


def test_the_words_are_those_that_evidence_stores():
    assert {rules.REAL_WORK, rules.REALISTIC} | rules.NEVER == set(Setting.values)


# --- the seven, and their record --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_all_seven_take_real_work_only_and_say_whose_word_that_is(published):
    rows = list(Qualification.objects.all())
    with CaptureQueriesContext(connection) as made:
        found = queries.allowed_settings_by([q.pk for q in rows])
    assert len(made) == 1
    assert [found[q.pk] for q in rows] == [{"real_work"}] * 7
    for q in rows:
        structure = queries.qualification_structure(q.public_id, None)
        assert structure.settings == "Real work only. No realistic environment, no simulation, no classroom."
        assert [(said.by, "report to centres" in said.source) for said in structure.settings_said] == [("OCR", True)]


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_realistic_environment_is_entered_published_and_given_back(folder):
    folder.qualification["settings"] = [REAL, OWN]
    catalogue = read_catalogue(folder.write())
    publish_catalogue(catalogue, at=AT)
    row = Qualification.objects.get()
    assert row.settings == [REAL, OWN]
    assert queries.allowed_settings_of(row) == {"real_work", "realistic"}
    words = "Real work, or a realistic work environment. No simulation, no classroom."
    assert queries.qualification_structure(row.public_id, None).settings == words
    assert publish_catalogue(catalogue, at=AT).new_qualifications == 0


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (but(setting="simulation"), "settings 1: a simulation or a classroom never counts as competence"),
        (but(setting="classroom"), "settings 1: a simulation or a classroom never counts as competence"),
        (but(setting="outdoors"), "settings 1: “setting” must be one of real_work, realistic"),
        (but(by="NCFE"), "settings 1: only OCR’s own text decides about this qualification, so “by” must be OCR."),
        (but(source=None), "settings 1: “source” must say where the awarding body writes this."),
        (but(text=None), "settings 1: “text” must hold what the awarding body says."),
        ({"setting": "realistic", "by": "OCR", "text": "Yes."}, "settings 1: “source” is missing."),
        (but(why="so"), "settings 1: “why” is not a key that belongs here."),
    ],
)
def test_what_may_not_count_is_refused_with_its_place(folder, said, words):
    folder.qualification["settings"] = [said]
    with pytest.raises(BrokenCatalogue) as caught:
        read_catalogue(folder.write())
    assert any(words in problem for problem in caught.value.problems), caught.value.problems


def test_a_setting_stands_once(folder):
    folder.qualification["settings"] = [OWN, OWN]
    with pytest.raises(BrokenCatalogue, match="“realistic” stands 2 times under settings"):
        read_catalogue(folder.write())


def test_lines_of_a_sheet_are_read_back():
    rows = [REAL, OWN]
    assert values.settings(values.table_text(rows, rules.PARTS)) == rows
    broken = values.table_text([but(text="One | two\nthree")], rules.PARTS)
    assert values.settings(broken) == [but(text="One two three")]
    assert values.settings("realistic | OCR") is None


# --- what differs -----------------------------------------------------------------------------------------------------


def qualification(*settings):
    problems = []
    units = {"Y-100-0001": read_unit("units/Y-100-0001.yaml", UNIT, problems)}
    data = copy.deepcopy({**QUALIFICATION, "groups": QUALIFICATION["groups"][:1], "credit_at_or_above": None})
    made = read_qualification("qualifications/00001.yaml", {**data, "settings": list(settings)}, problems, units)
    assert problems == []
    return made, units


def test_one_place_more_is_loud_and_one_less_is_not():
    (strict, units), (free, _units) = qualification(REAL), qualification(REAL, OWN)
    words = "Where competence may be shown: Real work, or a realistic work environment. No simulation, no classroom."
    opened, closed = (diff_qualification(a, b, units, units) for a, b in ((strict, free), (free, strict)))
    assert (opened.change, opened.losses) == (Change.CHANGED, (words,))
    assert closed.losses == ()
    assert "Real work only." in closed.lines[0].sentence
    new = diff_qualification(None, free, units, units)
    assert words in [line.sentence for line in new.lines]


def test_another_quotation_is_said():
    (before, units), (after, _units) = qualification(REAL), qualification({**REAL, "source": "A newer report"})
    found = diff_qualification(before, after, units, units)
    assert found.losses == ()
    assert found.lines[-1].sentence == "What the awarding body is quoted with on this is different."
