"""The published rules of the seven qualifications, as they are stored (R20)."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from qualifications import queries
from qualifications.models import Group, Qualification
from qualifications.rules import Choice, evaluate
from tests.factories.catalogue import publish_small
from tests.qualifications.conftest import AT

pytestmark = pytest.mark.django_db

#: Entry code: (credit, group: what it needs), credit at a level
PUBLISHED = {
    "03454": (20, {"M": 8}, None),
    "03455": (28, {"M": 8}, (2, 15)),
    "03456": (42, {"M": 12}, (3, 22)),
    "10378": (23, {"A": 14, "B": 6}, (1, 23)),
    "10379": (45, {"A": 19, "B": 3, "C": 16}, (2, 45)),
    "10380": (55, {"A": 31, "B": 15}, (3, 40)),
    "10381": (50, {"A": 14, "B": 20}, (4, 38)),
}


def stored(code):
    return queries.rule_of(Qualification.objects.get(entry_code=code).pk)


def in_group(given, code):
    return [m for group in given.rule.groups if group.code == code for m in group.members]


def weigh(given, keys):
    return evaluate(given.rule, Choice.of(keys))


def test_the_published_rules_can_be_completed_and_ask_for_no_less(published):
    for code, (credit, groups, level) in PUBLISHED.items():
        given = stored(code)
        assert given.rule.credit == credit
        assert {g.code: g.need_credit for g in given.rule.groups if g.need_credit} == groups
        assert level == (given.rule.at_level and (given.rule.at_level.level, given.rule.at_level.credit))
        empty = weigh(given, [])
        assert empty.completable
        keys = [m.key for m in empty.suggestion]
        full = weigh(given, keys)
        assert full.satisfied
        assert full.credit >= credit
        for key in keys:  # the smallest set: none of it can be left out
            assert not weigh(given, set(keys) - {key}).satisfied


def test_unsatisfied_choices_of_a_published_rule(published):
    """50 = 14 mandatory + at least 20 of B + at most 16 of C, at least 38 at level 4 or above."""
    given = stored("10381")
    a, b, c = (in_group(given, code) for code in "ABC")
    mandatory = [m.key for m in a]
    everything_in_c = weigh(given, [*mandatory, *(m.key for m in c)])
    assert {u.code for u in everything_in_c.unmet} == {"group-credit", "total-credit", "level-credit"}
    assert everything_in_c.groups[2].credit <= 16
    only_b = weigh(given, [*mandatory, *(m.key for m in b)])
    assert only_b.satisfied
    without_one = weigh(given, [*mandatory[1:], *(m.key for m in b)])
    assert [u.code for u in without_one.unmet] == ["mandatory-missing"]
    lower = [m.key for m in b if m.level < 4]
    at_lower = weigh(given, [*mandatory, *lower, *(m.key for m in c if m.level < 4)])
    assert "level-credit" in {u.code for u in at_lower.unmet}
    # a cap of another one
    given = stored("10379")
    d = in_group(given, "D")
    found = weigh(given, [m.key for m in d])
    assert found.groups[3].credit == 7
    assert found.surplus[0].sentence.startswith("Group D: at most 7 credits count.")


def test_loading_rules_takes_one_query_however_many(published, django_assert_num_queries):
    ids = list(Qualification.objects.values_list("pk", flat=True))
    with django_assert_num_queries(1):
        found = queries.rules_of(ids)
    assert len(found) == 7
    with django_assert_num_queries(1):
        queries.rule_of(ids[0])
    one = found[ids[0]]
    with django_assert_num_queries(0):
        weighed = one.weigh(list(one.unit_ids.values())[:2], settled=[0])
    assert weighed.credit > 0


def test_a_group_without_units_and_a_version_without_groups_have_rules_too(db):
    publish_small(AT)
    whole = Qualification.objects.get(entry_code="10378")
    empty = {"code": "Z", "title": "Later", "position": 99, "mandatory": False, "min_credit": 3, "complete": False}
    Group.objects.create(qualification=whole, **empty)
    found = queries.rule_of(whole.pk).weigh([])
    assert [one.group.code for one in found.groups][-1] == "Z"
    assert "cannot-complete-here" in {u.code for u in found.unmet}
    bare = Qualification.objects.create(
        awarding_body="OCR", entry_code="1", title="Bare", level=1, generation="2014", credit=3, published_at=AT
    )
    assert [u.code for u in queries.rule_of(bare.pk).weigh([1]).unmet] == ["total-credit", "cannot-complete"]


# --- the command ------------------------------------------------------------------------------------------------------


def run(*words):
    out = io.StringIO()
    call_command("combination", *words, stdout=out)
    return json.loads(out.getvalue())


def test_the_command_prints_what_a_choice_comes_to(published):
    first = run("10381")
    assert list(first) == ["satisfied", "credit", "groups", "unmet", "surplus", "completable", "suggestion"]
    assert (first["satisfied"], first["credit"], first["completable"]) == (False, 0, True)
    assert first["unmet"][0]["code"] == "mandatory-missing"
    assert [g["id"] for g in first["groups"]] == ["A", "B", "C"]
    done = run("10381", "--units", ", ".join(first["suggestion"]))
    assert (done["satisfied"], done["unmet"], done["suggestion"]) == (True, [], [])
    assert done["credit"] == 50
    assert run("10379", "--units", "D/506/2119")["credit"] == run("10379", "--units", "D-506-2119")["credit"] == 3


def test_the_command_says_what_nobody_confirmed(published):
    out, err = io.StringIO(), io.StringIO()
    call_command("combination", "03454", stdout=out, stderr=err)
    found = json.loads(out.getvalue())
    assert set(found["unconfirmed"]) == set(found["suggestion"])
    assert found["rule"] == "recalled"
    said = err.getvalue().splitlines()
    assert said[0].startswith("Caution: the rule of this qualification, or a part of it, is recalled")
    assert len(said) == 1 + len(found["suggestion"])
    assert any("is suggested and not confirmed. Its Ofqual reference is not known." in line for line in said)
    err = io.StringIO()
    call_command("combination", "03454", "--units", ",".join(found["suggestion"]), stdout=io.StringIO(), stderr=err)
    assert "it adds up only if the awarding body confirms this" in err.getvalue()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["99999"], "There is no qualification with the entry code 99999."),
        (["10379", "--units", "A-506-2130,nothing"], "nothing is not a unit of this qualification."),
    ],
)
def test_the_command_says_what_it_does_not_know(db, words, sentence):
    publish_small(AT)
    with pytest.raises(CommandError, match=sentence):
        run(*words)
