"""Rules about evidence: two people, effective dates, who may read them, and that nobody can go round (R71)."""

import datetime as dt
import threading

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from audit.models import Event
from centres import services
from centres.enums import Role, UnitState
from centres.models import Allocation, LearnerUnit, Membership, SufficiencyDecision, SufficiencyRule
from centres.queries import sufficiency as reads
from centres.rules.sufficiency import ProposeFacts, why_not_propose
from common import clock
from common.refusals import Forbidden, NotFound, Refused
from qualifications.enums import Kind
from qualifications.rules.sufficiency import Need
from tests.factories import rules as made
from tests.factories.portfolio import UNIT
from tests.factories.world import two_centres

DAY = dt.timedelta(days=1)
LOOK = "a test looks"


def codes(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return {r.code for r in caught.value.refusals}


def standard(world, number="4.1", who="LA1", on=None):
    unit, criterion = world.unit(who, UNIT), world.criterion(UNIT, number)
    book = reads.rule_book(unit.centre_id, on or world.today, [unit.pk])
    return book.standard(reads.About(unit.pk, criterion.pk, UNIT, criterion.kind))


def test_a_rule_counts_once_a_second_person_agrees(world):
    row = made.proposed(world, asked={"pieces": 2})
    assert standard(world).need == Need()
    assert reads.rule_row(world.actor("CA"), row).state == "waiting"
    made.agree(world, row)
    assert standard(world).need == Need(pieces=2)
    assert standard(world).rules == (row.public_id,)
    assert [e.action for e in Event.objects.filter(object_id=row.public_id).order_by("pk")] == [
        "sufficiency.proposed",
        "sufficiency.agreed",
    ]


def test_nobody_agrees_with_themselves_whoever_asks(world):
    row = made.proposed(world)
    assert codes(made.agree, world, row, by="CA") == {"own-rule"}
    facts = {"centre": row.centre, "rule": row, "author": row.author, "at": world.at}
    for changed in ({"decided_by": row.author, "agrees": True}, {"decided_by": world.people["QA"], "agrees": False}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SufficiencyDecision.objects.create(**facts, **changed)


def test_a_no_needs_its_reason_and_leaves_things_as_they_are(world):
    row = made.proposed(world)
    assert codes(made.agree, world, row, agrees=False) == {"no-reason"}
    made.agree(world, row, agrees=False, note="Too much for a short unit.")
    assert standard(world).need == Need()
    assert codes(made.agree, world, row) == {"decided"}
    assert codes(made.agree, world, row, agrees=False) == {"decided"}, "and is not asked for a reason as well"


def test_a_rule_is_about_a_unit_and_a_kind_and_begins_on_its_day(world):
    made.rule(world, unit_key=UNIT, kind=Kind.COMPETENCE, asked={"occasions": 2}, starts_on=world.today + DAY)
    assert standard(world).need == Need()
    assert standard(world, on=world.today + DAY).need == Need(occasions=2)
    assert standard(world, "1.1", on=world.today + DAY).need == Need()
    assert standard(world, who="LB1", on=world.today + DAY).need == Need(), "another centre's rules are its own"


def test_a_later_rule_takes_the_place_of_the_earlier_one_of_its_scope(world):
    first = made.rule(world, asked={"pieces": 3})
    other = made.rule(world, unit_key=UNIT, asked={"pieces": 2})
    made.rule(world, asked={}, reason="The standard is met by the unit's own rule.")
    assert standard(world).need == Need(pieces=2)
    assert reads.rule_row(world.actor("CA"), first).state == "over"
    assert reads.rule_row(world.actor("CA"), other).state == "counting"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"reason": "Because"}, "no-reason"),
        ({"reason": "x" * 501}, "long-reason"),
        ({"asked": {}}, "nothing-asked"),
        ({"unit_key": "Z-999-9999"}, "unit"),
        ({"kind": "skill"}, "unit"),
        ({"starts_on": dt.date(2020, 1, 1)}, "back-dated"),
    ],
)
def test_what_cannot_be_proposed(world, changed, code):
    assert code in codes(made.proposed, world, **changed)
    assert not SufficiencyRule.objects.across_centres(reason=LOOK).exists()


@pytest.mark.parametrize(("for_learner", "codes"), [(True, []), (False, ["eased-for-all"])])
def test_less_is_asked_of_one_learner_only(for_learner, codes):
    day = dt.date(2026, 11, 30)
    facts = ProposeFacts(
        asked={},
        eases=True,
        for_learner=for_learner,
        in_force=None,
        reason="Works nights, alone.",
        starts_on=day,
        today=day,
        waiting=False,
    )
    assert [r.code for r in why_not_propose(facts)] == codes


def test_the_same_again_and_two_at_once_are_refused(world):
    made.rule(world)
    assert codes(made.proposed, world) == {"same"}
    made.proposed(world, asked={"pieces": 3})
    assert codes(made.proposed, world, asked={"pieces": 4}) == {"waiting"}


@pytest.mark.parametrize("who", ["AA1", "QA", "EA", "LA1"])
def test_only_admins_and_lead_quality_assurers_act(world, who):
    with pytest.raises(Forbidden):
        made.proposed(world, by=who)
    with pytest.raises(Forbidden):
        made.exception(world, by=who)
    row = made.proposed(world)
    with pytest.raises(Forbidden):
        services.decide_rule(actor=world.actor(who), rule=row, agrees=True, at=clock.now())


def test_an_exception_eases_for_one_learner_and_one_criterion(world):
    made.rule(world, asked={"pieces": 2, "observed": True})
    row = made.exception(world, number="4.1")
    assert standard(world).need == Need(pieces=2, observed=True)
    made.agree(world, row)
    assert standard(world).need == Need()
    assert standard(world).eased
    assert standard(world, "4.2").need == Need(pieces=2, observed=True)
    assert standard(world, who="LA2").need == Need(pieces=2, observed=True)


def test_an_exception_can_ask_more_and_be_ended(world):
    made.agree(world, made.exception(world, number="", asked={"pieces": 4}, eases=False))
    assert standard(world).need == Need(pieces=4)
    made.agree(world, made.exception(world, number="", asked={}, eases=False))
    assert standard(world).need == Need()


def test_what_an_exception_refuses(world):
    assert codes(made.exception, world, number="9.9") == {"criterion"}
    made.lead(world, "AA1")  # who assesses LA1
    row = made.exception(world)
    assert codes(made.agree, world, row, by="AA1") == {"own-learner"}
    unit = world.unit("LA1", UNIT)
    LearnerUnit.objects.for_centre(unit.centre_id).filter(pk=unit.pk).update(state=UnitState.ASSESSOR_SIGNED)
    assert codes(made.exception, world, number="4.2") == {"unit-signed"}


def test_who_assessed_the_learner_until_yesterday_does_not_let_less_be_asked_of_them(world):
    made.lead(world, "AA1")
    row = made.exception(world)
    rows = Allocation.objects.for_centre(world.centres["10001"].pk).filter(assessor=world.people["AA1"])
    rows.update(starts_on=world.today - 9 * DAY, ends_on=world.today - DAY)
    assert codes(made.agree, world, row, by="AA1") == {"own-learner"}
    rows.update(ends_on=world.today - 10 * DAY)  # it ended before it began: they never did
    made.agree(world, row, by="AA1")


def test_nobody_has_a_hand_in_their_own_exception(world):
    centre, person = world.centres["10001"], world.people["LA1"]
    Membership.objects.create(
        centre=centre, person=person, role=Role.ADMIN, starts_on=world.today - DAY, created_at=world.at
    )
    assert codes(made.exception, world, by="LA1") == {"own-work"}
    assert codes(made.agree, world, made.exception(world), by="LA1") == {"own-work"}


def test_the_database_refuses_easing_for_everybody_and_any_change(world):
    row = made.rule(world)
    facts = {"centre": row.centre, "author": row.author, "created_at": world.at, "starts_on": world.today, "scope": "x"}
    for changed in ({"eases": True, "reason": "For all."}, {"reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SufficiencyRule.objects.create(**facts, **changed)
    for rows in (SufficiencyRule, SufficiencyDecision):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.objects.for_centre(row.centre_id).update(centre=row.centre)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.objects.for_centre(row.centre_id)._raw_delete("default")


def test_exceptions_are_seen_by_those_who_see_the_learner(world):
    row, everybody = made.exception(world), made.rule(world)
    for who in ("AA1", "QA", "EA", "CA"):
        assert reads.rule_of(world.actor(who), row.public_id).pk == row.pk
    assert reads.rules_page(world.actor("AA2"), "all", 1).counts == {"counting": 1, "waiting": 0, "all": 1}
    for who, one in (("AA2", row), ("CB", row), ("CB", everybody)):
        with pytest.raises(NotFound):
            reads.rule_of(world.actor(who), one.public_id)
    assert [one.state for one in reads.exceptions_of(world.actor("CA"), world.learners["LA1"])] == ["waiting"]


def test_a_page_of_rules_costs_the_same_for_one_and_for_thirty(world, django_assert_num_queries):
    actor = world.actor("CA")
    for number in (1, 30):
        while SufficiencyRule.objects.across_centres(reason=LOOK).count() < number:
            made.rule(world, asked={"pieces": 2 + SufficiencyRule.objects.across_centres(reason=LOOK).count() % 9})
        with django_assert_num_queries(3):
            page = reads.rules_page(actor, "all", 1)
        assert len(page.rows) == min(number, reads.A_PAGE)
    assert page.counts == {"counting": 1, "waiting": 0, "all": 30}


def test_who_else_may_decide_is_counted(world):
    assert reads.others_who_decide(world.actor("CA")) == 0
    made.lead(world)
    assert reads.others_who_decide(world.actor("CA")) == 1


@pytest.mark.django_db(transaction=True)
def test_two_deciding_at_once_leave_one_decision():
    world = two_centres()
    made.lead(world, "QA")
    made.lead(world, "AA2")
    row, answers, gate = made.proposed(world), [], threading.Barrier(2)

    def decide(who):
        try:
            gate.wait()
            made.agree(world, row, by=who)
            answers.append("agreed")
        except Refused as refused:
            answers.append(refused.refusals[0].code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=decide, args=(who,)) for who in ("QA", "AA2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["agreed", "decided"]
    assert SufficiencyDecision.objects.across_centres(reason=LOOK).count() == 1
