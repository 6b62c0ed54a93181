"""What is different between two versions, and that nothing is lost quietly (R23)."""

import copy
import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualifications.rules.diff import Change, diff_unit, marked
from qualifications.rules.files import read_qualification, read_unit
from qualifications.rules.structure_diff import diff_qualification
from tests.qualifications.conftest import OTHER_UNIT, QUALIFICATION, UNIT


def unit(change=None, base=UNIT):
    data = copy.deepcopy(base)
    if change:
        change(data)
    problems = []
    found = read_unit(f"{data['key']}.yaml", data, problems)
    assert problems == []
    return found


def criteria(data, outcome=0):
    return data["outcomes"][outcome]["criteria"]


def changed(diff):
    return [(c.change, c.before, c.after) for o in diff.outcomes for c in o.criteria]


def words(runs):
    return " ".join({"same": "{}", "added": "+{}+", "removed": "-{}-"}[r.change].format(r.text) for r in runs)


# --- words ------------------------------------------------------------------------------------------------------------


def test_words_that_went_and_came_are_marked():
    assert words(marked("Explain when a refund is due", "Explain how a full refund is due")) == (
        "Explain -when- +how+ a +full+ refund is due"
    )


@given(before=st.text(max_size=60), after=st.text(max_size=60))
def test_the_marks_give_back_both_texts(before, after):
    runs = marked(before, after)
    assert " ".join(r.text for r in runs if r.change != Change.ADDED) == " ".join(before.split())
    assert " ".join(r.text for r in runs if r.change != Change.REMOVED) == " ".join(after.split())


# --- units ------------------------------------------------------------------------------------------------------------


def test_the_same_unit_is_the_same():
    found = diff_unit(unit(), unit())
    assert (found.change, found.outcomes, found.losses) == (Change.SAME, (), ())


def test_a_new_unit_is_all_new():
    found = diff_unit(None, unit())
    assert found.change == Change.ADDED
    assert changed(found) == [(Change.ADDED, "", n) for n in ("1.1", "1.2", "2.1")]
    assert found.outcomes[0].criteria[0].notes == ("Kind: Knowledge.",)
    assert found.losses == ()


def test_a_reworded_criterion_keeps_its_number_and_shows_the_words():
    found = diff_unit(unit(), unit(lambda d: criteria(d)[0].update(text="Explain when a full refund is due")))
    assert changed(found) == [(Change.CHANGED, "1.1", "1.1")]
    assert words(found.outcomes[0].criteria[0].words) == "Explain when a +full+ refund is due"
    assert found.outcomes[0].same == 1
    assert found.losses == ()


def test_a_criterion_put_in_between_renumbers_the_others_and_takes_nothing_away():
    def put_in(data):
        criteria(data)[1]["number"] = "1.3"
        criteria(data).insert(1, {"number": "1.2", "text": "Name who may approve goodwill payments"})

    found = diff_unit(unit(), unit(put_in))
    assert changed(found) == [(Change.ADDED, "", "1.2"), (Change.CHANGED, "1.2", "1.3")]
    assert found.outcomes[0].criteria[1].notes == ("It was 1.2 before.",)
    assert found.losses == ()


def test_a_criterion_reworded_and_renumbered_is_found_by_its_likeness():
    def move(data):
        criteria(data)[0] = {"number": "1.1", "text": "List the tills of the shop floor"}
        criteria(data).append({"number": "1.3", "text": "Explain when a full refund is due", "themes": ["legislation"]})

    found = diff_unit(unit(), unit(move))
    assert changed(found) == [(Change.ADDED, "", "1.1"), (Change.CHANGED, "1.1", "1.3")]


def test_a_hard_criterion_taken_out_is_loud():
    found = diff_unit(unit(), unit(lambda d: criteria(d).pop(0)))
    assert changed(found) == [(Change.REMOVED, "1.1", "")]
    assert found.losses == ("1.1 is taken out: “Explain when a refund is due”",)


def test_another_criterion_under_the_old_number_hides_nothing():
    found = diff_unit(unit(), unit(lambda d: criteria(d, 1)[0].update(text="Smile")))
    assert changed(found) == [(Change.ADDED, "", "2.1"), (Change.REMOVED, "2.1", "")]
    assert found.losses == ("2.1 is taken out: “Refund a customer”",)


def test_an_outcome_taken_out_takes_its_criteria_along_loudly():
    found = diff_unit(unit(), unit(lambda d: d["outcomes"].pop()))
    (outcome,) = found.outcomes
    assert (outcome.change, outcome.number) == (Change.REMOVED, 2)
    assert found.losses == ("2.1 is taken out: “Refund a customer”",)


ASKED = {"observed": True, "pieces": 2, "methods": ["media"]}


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ({}, {"kind": "knowledge"}, "2.1 has to be known, no longer shown at real work."),
        ({"requirements": ASKED}, {}, "2.1 asks less of the evidence than before."),
        (
            {"requirements": ASKED},
            {"requirements": {**ASKED, "pieces": 1}},
            "2.1 asks less of the evidence than before.",
        ),
        (
            {"requirements": {**ASKED, "methods": ["media", "statement"]}},
            {"requirements": ASKED},
            "2.1 asks less of the evidence than before.",
        ),
        ({"range": ["in person", "by phone"]}, {"range": ["in person"]}, "2.1 asks less of the evidence than before."),
    ],
)
def test_what_becomes_easier_is_loud_and_the_way_back_is_not(before, after, sentence):
    old, new = (unit(lambda d, c=c: criteria(d, 1)[0].update(c)) for c in (before, after))
    found, back = diff_unit(old, new), diff_unit(new, old)
    assert found.losses == (sentence,)
    assert (found.change, back.change) == (Change.CHANGED, Change.CHANGED)
    assert back.losses == ()


def test_what_evidence_must_be_like_is_said_in_sentences():
    found = diff_unit(unit(), unit(lambda d: criteria(d, 1)[0].update(requirements=ASKED, range=["by phone"])))
    assert found.outcomes[0].criteria[0].notes == (
        "New: It must be observed.",
        "New: At least 2 pieces.",
        "New: Each of these must be there: media.",
        "New: To be shown for: by phone.",
    )


def test_facts_of_the_unit_are_said_in_sentences():
    found = diff_unit(unit(), unit(lambda d: d.update(credit=4, level=3, guided_learning_hours=None, title="Refunds")))
    assert found.notes == (
        "Title: “Refunds”, before “Deal with refunds”.",
        "Level: 3, before 2.",
        "Credits: 4, before 3.",
        "Guided hours: not known, before 14.",
    )


def test_themes_and_kinds_of_outcomes_are_said():
    def change(data):
        data["outcomes"][1] |= {"kind": "knowledge", "title": "Know how to refund"}
        criteria(data, 1)[0] |= {"kind": "competence", "themes": []}

    (outcome,) = diff_unit(unit(), unit(change)).outcomes
    assert outcome.notes == ("Kind: Knowledge, before Competence.",)
    assert words(outcome.title) == "-Be able- +Know how+ to refund"
    assert outcome.criteria[0].notes == ("Themes: none.",)


def test_a_very_long_unit_is_compared_by_numbers_and_equal_texts_alone():
    before = dataclasses.replace(unit(), outcomes=(_outcome([f"Old words{n}" for n in range(60)]),))
    after = dataclasses.replace(unit(), outcomes=(_outcome([f"New terms{n}" for n in range(60)]),))
    found = diff_unit(before, after)
    assert (found.counted(Change.REMOVED), found.counted(Change.ADDED)) == (60, 60)


def test_another_order_is_not_passed_over():
    assert diff_unit(unit(), unit(lambda d: d["outcomes"].reverse())).notes == ("Only the order is different.",)


@given(kept=st.lists(st.sampled_from(range(12)), unique=True), reworded=st.sets(st.sampled_from(range(12))))
def test_every_criterion_of_both_versions_is_accounted_for(kept, reworded):
    """Whatever happens to a unit: each old criterion is kept, changed or loudly gone, each new one kept, changed or added."""
    texts = [f"Explain topic {n} to a colleague of team {n * 7}" for n in range(12)]
    before = dataclasses.replace(unit(), outcomes=(_outcome([texts[n] for n in range(12)]),))
    after = dataclasses.replace(
        unit(), outcomes=(_outcome([texts[n] + " in full" if n in reworded else texts[n] for n in kept]),)
    )
    found = diff_unit(before, after)
    same = sum(o.same for o in found.outcomes) if found.outcomes else len(kept)
    gone, came = found.counted(Change.REMOVED), found.counted(Change.ADDED)
    assert same + found.counted(Change.CHANGED) + gone == 12
    assert same + found.counted(Change.CHANGED) + came == len(kept)
    assert sum("is taken out" in sentence for sentence in found.losses) == gone


def _outcome(texts):
    first = unit().outcomes[0]
    shape = first.criteria[0]
    made = (dataclasses.replace(shape, number=f"1.{n}", text=text) for n, text in enumerate(texts, 1))
    return dataclasses.replace(first, criteria=tuple(made))


# --- qualifications ---------------------------------------------------------------------------------------------------

THIRD = {**OTHER_UNIT, "key": "ocr-third", "title": "Third"}
UNITS = {u.key: u for u in (unit(), unit(base=OTHER_UNIT), unit(base=THIRD))}


def qualification(change=None):
    data = copy.deepcopy(QUALIFICATION)
    if change:
        change(data)
    problems = []
    found = read_qualification("00001.yaml", data, problems, UNITS)
    assert problems == []
    return found


def compared(change, units=UNITS):
    return diff_qualification(qualification(), qualification(change), UNITS, units)


def test_the_same_qualification_is_the_same():
    assert compared(None).change == Change.SAME


def test_a_new_qualification_is_said_whole():
    found = diff_qualification(None, qualification(), {}, UNITS)
    assert [line.sentence for line in found.lines] == [
        "6 credits, at least 4 of them at level 2 or above",
        "Group A, Mandatory: The one unit, 3 credits.",
        "Group B, Optional: At least 3 credits.",
    ]


def _rule(data):
    data["groups"][1]["min_credit"] = 2


def _mandatory(data):
    data["groups"][0]["mandatory"] = False


def _credit(data):
    data["credit"] = 5


def _longer(data):
    data["dates"]["last_certification"] = "2030-08-31"


def _shorter_units(data):
    data["groups"].pop(0)


def _number(data):
    data["groups"][0]["units"][0]["number"] = 7


def _third(data):
    data["groups"].append({**data["groups"][1], "id": "C", "units": [{"number": 9, "unit": "ocr-third"}]})


def _out(data):
    data["groups"][1]["units"] = [{"number": 9, "unit": "ocr-third"}]


def _named(data):
    data |= {"title": "Certificate in Money", "ofqual_number": "600/1", "total_qualification_time": 60}
    data["provenance"]["notes"] = "Read again."


def _order(data):
    data["groups"].reverse()


@pytest.mark.parametrize(
    ("change", "sentences", "loud"),
    [
        (_order, ["Only the order is different."], 0),
        (_third, ["Group C, Optional: At least 3 credits.", "Unit added to group C: Third."], 0),
        (_out, ["Unit added to group B: Third.", "Unit taken out of group B: Greet visitors."], 0),
        (
            _named,
            [
                "Title: “Certificate in Money”, before “Certificate in Refunds”.",
                "Ofqual number: 600/1, before not known.",
                "Total hours: 60, before not known.",
                "Where it comes from is described again.",
            ],
            0,
        ),
        (_rule, ["Group B, Optional: At least 2 credits. Before: Group B, Optional: At least 3 credits."], 1),
        (
            _credit,
            ["The award needs: 5 credits, at least 4 of them at level 2 or above; before: 6 credits, at least 4"],
            1,
        ),
        (_longer, ["Last certificate: 31 August 2030, before not known."], 0),
        (_shorter_units, ["Group A, Mandatory: The one", "Unit taken out of group A: Deal with refunds."], 2),
        (_number, ["Deal with refunds has number 7, before 1."], 0),
    ],
)
def test_changes_of_a_qualification_are_sentences_and_easier_ones_loud(change, sentences, loud):
    found = compared(change)
    assert len(found.lines) == len(sentences)
    assert all(line.sentence.startswith(said) for line, said in zip(found.lines, sentences, strict=True))
    assert len(found.losses) == loud


def test_a_mandatory_unit_moved_among_the_optional_ones_is_loud():
    before = qualification()
    mandatory, optional = before.groups
    after = dataclasses.replace(
        before,
        groups=(
            dataclasses.replace(mandatory, places=()),
            dataclasses.replace(optional, places=(*optional.places, *mandatory.places)),
        ),
    )
    found = diff_qualification(before, after, UNITS, UNITS)
    assert found.losses == ("Deal with refunds moves from group A to group B.",)


def test_units_that_may_count_together_again_are_loud_and_the_way_back_is_not():
    free = qualification()
    barred = qualification(lambda d: d.update(barred=[["Y-100-0001", "ocr-other"]]))
    words = "Which units may not count together is different."
    lifted, set_up = (diff_qualification(a, b, UNITS, UNITS) for a, b in ((barred, free), (free, barred)))
    assert (lifted.losses, set_up.losses) == ((words,), ())
    assert [line.sentence for line in set_up.lines] == [words]


def test_a_mandatory_group_made_optional_is_loud():
    assert len(compared(_mandatory).losses) == 1


def test_units_whose_words_changed_are_named():
    reworded = {**UNITS, "ocr-other": unit(lambda d: d.update(level=3), OTHER_UNIT)}
    found = compared(None, reworded)
    assert (found.change, found.reworded, found.lines) == (Change.CHANGED, ("Greet visitors",), ())


RULE = {"competence": {"pieces": 2, "observed": True}}


def test_what_is_asked_of_every_criterion_is_said_and_asking_less_is_loud():
    said = ("Every criterion, Competence: It must be observed.", "Every criterion, Competence: At least 2 pieces.")
    loss = "Less evidence is asked of every criterion than before: Competence."
    free, asks = unit(), unit(lambda d: d.update(sufficiency=RULE))
    more, less = diff_unit(free, asks), diff_unit(asks, free)
    assert (diff_unit(None, asks).notes, more.notes) == (said, tuple(f"New: {one}" for one in said))
    assert (more.losses, less.losses) == ((), (loss,))
    assert less.notes == tuple(f"No longer: {one}" for one in said)
    open_to_all, strict = qualification(), qualification(lambda d: d.update(sufficiency=RULE))
    more, less = (diff_qualification(a, b, UNITS, UNITS) for a, b in ((open_to_all, strict), (strict, open_to_all)))
    assert ([line.sentence for line in more.lines], more.losses) == ([f"New: {one}" for one in said], ())
    assert less.losses == (loss,)
