"""How much evidence is enough: each refusal, the four levels, and that more evidence never makes it less (R71, R76)."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualifications.enums import Kind, Level
from qualifications.models import Qualification, Unit
from qualifications.rules import sufficiency as rules
from qualifications.rules.file_parts import METHODS
from qualifications.rules.sufficiency import Accepted, Layer, Need
from qualifications.services import publish_catalogue, read_catalogue
from tests.qualifications.conftest import AT

MONDAY, TUESDAY = dt.date(2026, 11, 23), dt.date(2026, 11, 24)
FILM = Accepted("a", "media", MONDAY)
LETTER = Accepted("b", "work_product", TUESDAY)
SAME_DAY = dataclasses.replace(LETTER, day=MONDAY)
OWN = Accepted("c", "statement", MONDAY)


def why(need, *accepted, level=Level.CENTRE):
    standard = rules.standard_of([Layer(level, need)])
    return [(r.code, r.sentence) for r in rules.why_not_enough("2.1", standard, accepted)]


@pytest.mark.parametrize(
    ("need", "accepted", "expected"),
    [
        (Need(), (FILM,), ""),
        (Need(), (), "2.1 has no accepted piece yet."),
        (
            Need(pieces=2, occasions=2),
            (FILM,),
            "2.1 needs two pieces from different days; there is one. The centre asks this.",
        ),
        (Need(occasions=3), (FILM, LETTER), "2.1 needs three pieces from different days; there are two."),
        (Need(occasions=2), (FILM, SAME_DAY), "2.1 needs pieces from two different days; those accepted are from one."),
        (Need(occasions=2), (FILM, LETTER), ""),
        (Need(pieces=2), (FILM,), "2.1 needs two accepted pieces; there is one."),
        (Need(pieces=3), (FILM, LETTER), "2.1 needs three accepted pieces; there are two."),
        (Need(pieces=2), (FILM, FILM), "2.1 needs two accepted pieces; there is one."),
        (Need(methods=frozenset({"media"})), (LETTER,), "2.1 needs a photo, sound or film among what is accepted"),
        (Need(methods=frozenset({"media"})), (FILM,), ""),
        (Need(methods=frozenset({"hologram"})), (FILM,), "cannot be recorded here yet. An exception for this learner"),
        (Need(observed=True), (FILM,), "2.1 must be seen at work by the assessor; no decision says on which day"),
        (Need(observed=True), (dataclasses.replace(FILM, seen_on=TUESDAY),), ""),
    ],
)
def test_what_is_missing_is_said(need, accepted, expected):
    found = why(need, *accepted)
    assert len(found) == bool(expected)
    assert expected in "".join(sentence for _code, sentence in found)


def test_several_things_missing_are_each_said_once():
    everything = Need(3, 2, frozenset({"media"}), observed=True)
    assert [code for code, _ in why(everything, SAME_DAY)] == [
        "few-occasions",
        "few-pieces",
        "no-methods",
        "no-observed",
    ]


@pytest.mark.parametrize(
    ("level", "words"),
    [
        (Level.QUALIFICATION, "The qualification asks this."),
        (Level.UNIT, "The unit asks this."),
        (Level.LEARNER, "This is asked of this learner alone."),
    ],
)
def test_who_asks_is_named(level, words):
    assert words in why(Need(pieces=2), FILM, level=level)[0][1]


def test_the_strictest_of_four_levels_counts_part_by_part():
    standard = rules.standard_of(
        [
            Layer(Level.CENTRE, Need(pieces=2, observed=True), rule="c"),
            Layer(Level.QUALIFICATION, Need(pieces=3)),
            Layer(Level.UNIT, Need(occasions=2, methods=frozenset({"media"}))),
        ]
    )
    assert standard.need == Need(3, 2, frozenset({"media"}), observed=True)
    assert standard.levels["pieces"] == Level.QUALIFICATION
    assert standard.levels["observed"] == Level.CENTRE
    assert standard.rules == ("c",)
    assert not standard.eased


def test_only_a_learners_exception_eases_and_it_never_adds():
    asked = [
        Layer(Level.UNIT, Need(pieces=2, observed=True)),
        Layer(Level.LEARNER, Need(occasions=2), eases=True, rule="l"),
    ]
    standard = rules.standard_of(asked)
    assert standard.need == rules.USUAL
    assert standard.eased
    assert standard.rules == ("l",)


def test_own_words_alone_for_a_competence_warn_and_never_block():
    assert "own words alone" in rules.why_to_look("2.1", Kind.COMPETENCE, (OWN,))
    assert rules.why_to_look("2.1", Kind.KNOWLEDGE, (OWN,)) == ""
    assert rules.why_to_look("2.1", Kind.COMPETENCE, (OWN, FILM)) == ""
    assert rules.why_to_look("2.1", Kind.COMPETENCE, (dataclasses.replace(OWN, seen_on=MONDAY),)) == ""
    assert why(Need(), OWN) == []


@pytest.mark.parametrize(
    ("need", "accepted", "asked", "so_far"),
    [
        (Need(2, 2), (FILM,), "Needs two pieces from different days.", "One of two pieces accepted"),
        (Need(3, 2), (FILM, LETTER), "Needs three pieces, from two different days at least.", "Two of three pieces"),
        (Need(2), (FILM,), "Needs two pieces.", "One of two pieces accepted"),
        (Need(1, 2), (FILM, SAME_DAY), "Needs two pieces from different days.", "Accepted, but another day is needed"),
        (Need(methods=frozenset({"in_situ"})), (FILM,), "Needs something kept at work.", "something kept at work is"),
        (Need(observed=True), (FILM,), "The assessor has to see it at work.", "not yet seen at work"),
    ],
)
def test_what_is_asked_and_how_far_it_is_stand_in_words(need, accepted, asked, so_far):
    assert rules.need_in_words(need) == (asked,)
    assert so_far in rules.so_far_in_words(need, accepted)


def test_every_way_of_showing_has_words():
    assert set(rules.METHOD_WORDS) == set(METHODS)
    assert rules.in_words(12) == "12"


days = st.none() | st.dates(MONDAY, MONDAY + dt.timedelta(days=4))
pieces = st.builds(Accepted, st.sampled_from("abcde"), st.sampled_from(METHODS), days, st.just(""), days)
needs = st.builds(
    Need, st.integers(1, 5), st.integers(1, 5), st.frozensets(st.sampled_from(METHODS), max_size=3), st.booleans()
)
layers = st.builds(Layer, st.sampled_from(Level), needs)
eases = st.builds(Layer, st.just(Level.LEARNER), needs, st.just(True))


@given(needs, st.lists(pieces, max_size=6), pieces)
def test_more_evidence_is_never_less(need, before, one_more):
    before_codes = {code for code, _sentence in why(need, *before)}
    assert {code for code, _sentence in why(need, *before, one_more)} <= before_codes


@given(st.lists(layers, max_size=5), layers, st.lists(pieces, max_size=6))
def test_another_level_can_only_make_it_stricter(some, one_more, accepted):
    looser = {r.code for r in rules.why_not_enough("1.1", rules.standard_of(some), accepted)}
    stricter = {r.code for r in rules.why_not_enough("1.1", rules.standard_of([*some, one_more]), accepted)}
    assert bool(looser) <= bool(stricter)


@given(st.lists(layers, max_size=4), eases, st.randoms())
def test_the_order_of_levels_does_not_matter_and_easing_only_eases(some, ease, random):
    shuffled = [*some, ease]
    random.shuffle(shuffled)
    eased, before = rules.standard_of(shuffled).need, rules.standard_of(some).need
    assert eased == rules.standard_of([*some, ease]).need
    assert eased.pieces <= before.pieces
    assert eased.methods <= before.methods


@given(needs)
def test_what_is_stored_is_read_again(need):
    assert rules.need_of(need.stored()) == need
    assert need.usual == (need.stored() == {})


def test_a_rule_of_a_file_reaches_the_database_and_silence_keeps_the_digest(folder, db):
    before = read_catalogue(folder.path)
    folder.unit["sufficiency"] = {"competence": {"pieces": 2}, "knowledge": {}}
    folder.qualification["sufficiency"] = {"competence": {"occasions": 2}}
    folder.other["sufficiency"] = {}
    after = read_catalogue(folder.write())
    digests = {key: (before.units[key].digest(), after.units[key].digest()) for key in after.units}
    assert digests["Y-100-0001"][0] != digests["Y-100-0001"][1]
    assert digests["ocr-other"][0] == digests["ocr-other"][1]
    publish_catalogue(after, at=AT)
    assert Unit.objects.get(key="Y-100-0001").sufficiency == {"competence": {"pieces": 2}}
    assert Qualification.objects.get().sufficiency == {"competence": {"occasions": 2}}


def test_a_broken_rule_is_refused_by_name(folder):
    from qualifications.services import BrokenCatalogue

    folder.unit["sufficiency"] = {"competence": {"pieces": 0}, "skill": {}}
    with pytest.raises(BrokenCatalogue) as caught:
        read_catalogue(folder.write())
    assert "sufficiency, competence: “pieces”" in str(caught.value)
    assert "“skill” is not a key" in str(caught.value)


@pytest.mark.parametrize(("criteria", "official"), [("official", True), ("mixed", False), ("recalled", False)])
def test_only_what_is_marked_official_is_called_the_awarding_bodys(criteria, official):
    from qualifications.rules import wording_of

    assert wording_of({"criteria": criteria}, body="OCR").official is official
