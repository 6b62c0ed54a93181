"""Readiness, progress and the signature under rules about evidence; older wording keeps its decisions (R71, R82)."""

import dataclasses
import datetime as dt
import json
import threading

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from assessments import queries
from assessments.models import Judgement
from assessments.queries import sign_off
from assessments.queries.learners import learner_page, learners_page
from assessments.queries.matrix import matrix
from assessments.queries.sufficiency import measures, short_for, shortfalls
from assessments.rules import judging
from centres.enums import UnitState
from centres.models import LearnerUnit, Registration
from common import clock
from common.refusals import Refused
from portfolio.queries.progress import criteria_of_learner, unit_progress
from portfolio.rules import STATUS_KEYS, criterion_status
from portfolio.services import Chosen, set_mappings
from qualifications.enums import Kind
from qualifications.models import Criterion
from qualifications.queries import current_units, current_versions, unit_detail
from qualifications.rules.sufficiency import Need
from qualifications.services import Catalogue, publish_catalogue
from tests.assessments.conftest import GOOD, KEY, judge, open_it, sender
from tests.assessments.test_sign_off import complete, confirm, numbers, reopen, sign, state
from tests.factories import portfolio
from tests.factories import rules as made
from tests.factories.catalogue import small_catalogue
from tests.factories.world import two_centres
from tests.unguarded import unguarded

DAY = dt.timedelta(days=1)


def ready(world, who="LA1", by="AA1"):
    return queries.readiness(world.unit(who, KEY), world.actor(by))


def met(world, some=("4.1",), days_ago=0, answers=GOOD, **fields):
    """One more piece, judged "met", about something that happened so many days ago."""
    piece = sender(world)("LA1", numbers=list(some), activity_date=world.today - days_ago * DAY, **fields)
    open_it(world, piece, "AA1")
    piece.refresh_from_db()
    judge(world, piece, answers=answers)
    return piece


def codes(found):
    return [r.code for r in found.blockers]


def test_a_met_criterion_with_too_little_evidence_blocks_until_there_is_enough(world):
    complete(world)
    made.agree(world, made.exception(world, asked={"pieces": 2, "occasions": 2}, eases=False))
    found = ready(world)
    assert [r.sentence for r in found.blockers] == [
        "1.4.1 needs two pieces from different days; there is one. This is asked of this learner alone."
    ]
    assert found.blockers[0].target[0] == "criterion"
    assert found.met == found.total - 1
    with pytest.raises(Refused) as caught:
        sign(world)
    assert [r.code for r in caught.value.refusals] == ["few-occasions"]
    met(world)
    assert (
        ready(world).blockers[0].sentence.startswith("1.4.1 needs pieces from two different days; those accepted are")
    )
    met(world, days_ago=2)
    assert ready(world).can_sign


def test_the_day_that_counts_is_that_of_the_version_that_was_judged(world):
    piece = complete(world)
    made.rule(world, unit_key=KEY, kind=Kind.COMPETENCE, asked={"occasions": 2})
    numbers_short = {one.number for one in measures(world.unit("LA1", KEY), world.today) if one.so_far}
    assert numbers_short == set(
        Criterion.objects.filter(unit__key=KEY, kind="competence").values_list("number", flat=True)
    )
    piece.activity_date = world.today - 9 * DAY
    piece.save()
    assert not ready(world).can_sign, "a draft's new date is nothing anybody judged"


def test_a_signature_keeps_what_was_asked_and_a_later_rule_does_not_undo_it(world):
    complete(world)
    first = made.rule(world, unit_key=KEY, kind=Kind.COMPETENCE, asked={"methods": ["writing"]})
    payload = json.loads(sign(world).payload)
    assert ["4.1", {"methods": ["writing"]}, [first.public_id]] in payload["sufficiency"]
    made.rule(world, asked={"pieces": 5})
    assert shortfalls(world.centres["10001"].pk, [world.unit("LA1", KEY).pk], world.today) == {}
    confirm(world)
    assert state(world) == UnitState.ACHIEVED
    reopen(world)
    assert set(codes(ready(world))) == {"few-pieces"}, "opened again, today's rules count"


def test_without_rules_the_payload_is_what_it_was(world):
    complete(world)
    assert "sufficiency" not in json.loads(sign(world).payload)


def test_an_observation_is_a_day_on_the_decision(world):
    made.rule(world, unit_key=KEY, kind=Kind.COMPETENCE, asked={"observed": True})
    complete(world)
    assert set(codes(ready(world))) == {"no-observed"}
    seen = dataclasses.replace(GOOD, observed_on=world.today - DAY)
    met(world, [n for n in numbers() if n[0] in "45"], answers=seen)
    row = Judgement.objects.across_centres(reason="a test looks").exclude(observed_on=None).first()
    assert row.digest == row.computed_digest
    row.observed_on = None
    assert row.digest != row.computed_digest, "the day is part of what is sealed"
    lines = sign_off.criterion_lines(world.actor("AA1"), world.unit("LA1", KEY), ready(world).measured)
    assert {line.seen_on for line in lines if line.code.endswith("4.1")} == {world.today - DAY}
    left = {r.sentence.split()[0] for r in ready(world).blockers}
    assert not left & {"4.1", "5.1"}


def test_what_the_catalogue_asks_on_two_levels_and_at_a_criterion_counts(world):
    """A published qualification, its unit and one criterion each ask for something; the strictest of each part counts."""
    files = small_catalogue()
    first = files.units[KEY]
    outcomes = [
        dataclasses.replace(
            o,
            criteria=tuple(
                dataclasses.replace(c, requirements={"methods": ["media"]}) if c.number == "4.1" else c
                for c in o.criteria
            ),
        )
        for o in first.outcomes
    ]
    unit_file = dataclasses.replace(
        first, outcomes=tuple(outcomes), sufficiency={"competence": {"occasions": 2}, "knowledge": {}}
    )
    courses = [dataclasses.replace(q, sufficiency={"competence": {"pieces": 3}}) for q in files.qualifications]
    publish_catalogue(Catalogue({**files.units, KEY: unit_file}, tuple(courses)), at=clock.now())
    row = world.unit("LA1", KEY)
    new = current_units(None).get(key=KEY)
    code = world.diploma.entry_code
    Registration.objects.for_centre(row.centre_id).filter(pk=row.registration_id).update(
        qualification=current_versions(None).get(entry_code=code)
    )
    with unguarded(LearnerUnit):
        LearnerUnit.objects.for_centre(row.centre_id).filter(pk=row.pk).update(unit=new)
    found = {one.number: one.standard for one in measures(world.unit("LA1", KEY), world.today)}
    assert found["4.1"].need == Need(3, 2, frozenset({"media"}))
    assert found["4.2"].need == Need(3, 2)
    assert found["1.1"].need == Need()
    levels = {part: str(level) for part, level in found["4.1"].levels.items()}
    assert levels == {"pieces": "qualification", "occasions": "unit", "methods": "unit"}
    piece = portfolio.draft(world)
    chosen = [Chosen(row.public_id, new.criteria.get(number=number).public_id) for number in ("1.1", "4.1")]
    set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=chosen, unsure=False, at=clock.now())
    version = portfolio.open_it(world, portfolio.send(world, piece))
    judge(world, version.evidence)
    short = shortfalls(row.centre_id, [row.pk], world.today)
    assert short == {(row.pk, new.criteria.get(number="4.1").pk): "One of three pieces accepted"}


def test_own_words_alone_are_warned_about_and_block_nothing(world):
    complete(world)
    assert ready(world).can_sign
    looks = [one.look for one in ready(world).measured if one.look]
    assert len(looks) == Criterion.objects.filter(unit__key=KEY, kind="competence").count()
    met(world, ["4.1"], kind="assignment", title="An answer")
    assert not any(look.startswith("4.1") for look in (one.look for one in ready(world).measured))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"observed_on": dt.date(2026, 11, 25)}, "observed-later"),
        ({"asked": ()}, "observed-nothing"),
        ({"confirmed_setting": "simulation"}, "observed-not-real"),
    ],
)
def test_a_day_that_cannot_be_is_refused(changed, code):
    asked = judging.Asked("c", "4.1", "met", "", "knowledge", unit_frozen=False, state="offered")
    facts = judging.Facts(
        own_evidence=False,
        allocated=True,
        registration_active=True,
        state="in_review",
        is_latest_version=True,
        opened=True,
        files_open=True,
        in_situ=False,
        today=dt.date(2026, 11, 24),
        learner_setting="real_work",
        confirmed_setting="real_work",
        observed_on=dt.date(2026, 11, 24),
        vacsr=GOOD.vacsr,
        feedback="Good pace.",
        asked=(asked,),
    )
    assert judging.why_not_decide(facts) == []
    assert code in {r.code for r in judging.why_not_decide(dataclasses.replace(facts, **changed))}


def test_progress_everywhere_counts_only_what_is_enough(world):
    complete(world)
    made.rule(world, unit_key=KEY, asked={"occasions": 2})
    unit, actor = world.unit("LA1", KEY), world.actor("AA1")
    short = short_for(actor)
    progress = unit_progress([unit], short([unit]))[unit.pk]
    assert (progress.met, progress.part) == (0, progress.total)
    learner = world.learners["LA1"]
    assert {row.status for row in criteria_of_learner(learner, short)} == {"part", "todo"}
    strip = next(one for one in learner_page(actor, learner).units if one.row.public_id == unit.public_id)
    assert (strip.row.met, strip.row.status, strip.row.ready) == (0, "part", False)
    assert len(strip.thin) == progress.total
    assert next(row for row in learners_page(actor, "", 1).rows).met == 0
    assert sign_off.ready_units(actor, 5) == []
    assert sign_off.units_page(actor, "ready", 1).counts["ready"] == 0
    assert {c.status for c in matrix(actor, unit, 1).columns} == {"part"}
    assert matrix(actor, unit, 1).met == 0
    met(world, numbers(), days_ago=3)
    assert [row.met for row in sign_off.ready_units(actor, 5)] == [progress.total]


def test_a_unit_is_nearly_there_when_few_criteria_lack_evidence(world):
    complete(world)
    made.agree(world, made.exception(world, asked={"pieces": 2}, eases=False))
    page = sign_off.units_page(world.actor("AA1"), "near", 1)
    assert [(row.met, row.thin, row.missing) for row in page.rows] == [(19, 1, 1)]


@pytest.mark.parametrize("many", [1, 12])
def test_reads_cost_the_same_for_little_and_much(world, django_assert_num_queries, many):
    for _ in range(many):
        met(world, numbers())
    for number in range(many):
        made.rule(world, unit_key=KEY, asked={"pieces": 2 + number % 3})
    unit = world.unit("LA1", KEY)
    with django_assert_num_queries(2):
        shortfalls(unit.centre_id, [unit.pk], world.today)
    queries.readiness(unit, world.actor("AA1"))
    with django_assert_num_queries(10):
        queries.readiness(unit, world.actor("AA1"))


@given(st.lists(st.tuples(st.sampled_from(["met", "offered", "not_yet"]), st.just("accepted"))), st.booleans())
def test_short_only_ever_takes_met_away(mappings, short):
    before = criterion_status(mappings, UnitState.IN_PROGRESS)
    after = criterion_status(mappings, UnitState.IN_PROGRESS, short=short)
    assert after == ("part" if short and before == "met" else before)
    assert after in STATUS_KEYS


def test_a_decision_keeps_the_text_it_was_made_on_when_official_wording_comes_in(world):
    """The centre brings in the awarding body's words: what was judged, and what may still be signed, stays as it was."""
    complete(world)
    old = world.criterion(KEY, "4.1")
    file = small_catalogue().units[KEY]
    worded = [
        dataclasses.replace(
            o, criteria=tuple(dataclasses.replace(c, text=f"Official words of {c.number}") for c in o.criteria)
        )
        for o in file.outcomes
    ]
    official = dataclasses.replace(file, outcomes=tuple(worded), provenance={**file.provenance, "criteria": "official"})
    catalogue = dataclasses.replace(small_catalogue(), units={**small_catalogue().units, KEY: official})
    centre = world.centres["10001"]
    publish_catalogue(catalogue, at=clock.now(), centre_id=centre.pk)
    new = current_units(centre.pk).get(key=KEY)
    assert new.criteria.get(number="4.1").text == "Official words of 4.1"
    unit, actor = world.unit("LA1", KEY), world.actor("AA1")
    assert unit.unit_id == old.unit_id
    lines = sign_off.criterion_lines(actor, unit, measures(unit, world.today))
    assert old.text in {line.text for line in lines}
    assert not any("Official" in line.text for line in lines)
    rows = Judgement.objects.across_centres(reason="a test looks")
    assert {row.criterion.text for row in rows.filter(criterion__number="4.1")} == {old.text}
    assert all(row.digest == row.computed_digest for row in rows)
    assert unit_detail(unit.unit.public_id, centre.pk).superseded
    sign(world)
    assert state(world) == UnitState.ASSESSOR_SIGNED


@pytest.mark.django_db(transaction=True)
def test_a_rule_and_a_signature_at_once_leave_one_honest_story():
    """Whichever comes first: a signature made before the rule stands, one made after it is refused."""
    world = two_centres()
    complete(world)
    row, gate, answers = made.proposed(world, asked={"pieces": 3}), threading.Barrier(2), {}
    made.lead(world)

    def run(name, act, *args):
        try:
            gate.wait()
            act(*args)
            answers[name] = "done"
        except Refused as refused:
            answers[name] = refused.refusals[0].code
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=("rule", made.agree, world, row)),
        threading.Thread(target=run, args=("sign", sign, world)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers["rule"] == "done"
    signed = state(world) == UnitState.ASSESSOR_SIGNED
    assert answers["sign"] == ("done" if signed else "few-pieces")
