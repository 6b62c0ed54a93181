"""What a list calls ready is what the rule lets be signed, and a dispute is seen wherever its unit is (R82, R83)."""

import datetime as dt

import pytest

from assessments.queries import readiness
from assessments.queries.sign_off import ready_units, units_page
from assessments.services import answer_dispute, ask_purge, decide_purge
from centres.models import Registration
from common import clock
from common.refusals import Refused
from portfolio.enums import FileState
from portfolio.models import EvidenceFile, EvidenceVersion
from portfolio.services import show
from tests.assessments.conftest import KEY, judge, open_it, sender
from tests.assessments.race_scenes import ready, sent, signed, trainee
from tests.assessments.test_exempting import put, settle
from tests.assessments.test_sign_off import complete, confirm, numbers, sign
from tests.cases.test_holding import _provisional_beside_met, _trainee_unit, back
from tests.centres.test_gates import identify
from tests.factories import files
from tests.factories import portfolio as made
from tests.factories.world import A

DAY = dt.timedelta(days=1)
WHY = "Two of the answers are my colleague's."


def disputed(world):
    complete(world)
    sign(world)
    confirm(world, agrees=False, reason=WHY)


def answered(world):
    disputed(world)
    unit, answer = world.unit("LA1", KEY), "We looked at both of them together."
    answer_dispute(actor=world.actor("AA1"), learner_unit=unit, answer=answer, at=clock.now())


def sent_back(world):
    back(world, complete(world))


def another_waits(world):
    complete(world)
    sender(world)("LA1", numbers=["4.1"], title="Second")


def another_is_not_yet_met(world):
    complete(world)
    piece = sender(world)("LA1", numbers=["4.1"], title="Second")
    open_it(world, piece, "AA1")
    judge(world, made.again(piece), verdict="not_yet")


def removed(world):
    piece = complete(world)
    version = EvidenceVersion.objects.for_centre(piece.centre_id).get(evidence=piece)
    row = ask_purge(
        actor=world.actor("QA"),
        evidence=made.again(piece),
        version_number=version.number,
        reason="A customer's name can be read in it.",
        words=True,
        at=clock.now(),
    )
    decide_purge(actor=world.actor("CA"), purge=row, agrees=True, at=clock.now())


def asked_to_remove(world):
    ask_purge(
        actor=world.actor("QA"),
        evidence=made.again(complete(world)),
        version_number=1,
        reason="A customer's name can be read in it.",
        words=True,
        at=clock.now(),
    )


def with_a_file(world, *, state=None):
    def add(_actor, piece):
        made.with_file(world, piece, name="shown.jpg", content=files.jpeg(seed=3))

    piece = sender(world)("LA1", numbers=numbers(), before_sending=add)
    open_it(world, piece, "AA1")
    for file in EvidenceFile.objects.for_centre(piece.centre_id).filter(evidence=piece):
        show(actor=world.actor("AA1"), version=piece.versions.get(), file_id=file.public_id, at=clock.now())
    judge(world, made.again(piece))
    if state:
        EvidenceFile.objects.for_centre(piece.centre_id).filter(evidence=piece).update(state=state)


def with_a_bad_file(world):
    with_a_file(world, state=FileState.INFECTED)


def other_identity(world):
    complete(world)
    identify(world, matches=False, note="The photo shows somebody else.")


def over_since_yesterday(world):
    complete(world)
    row = world.registrations["LA1"]
    days = {"starts_on": world.today - 9 * DAY, "ends_on": world.today - DAY}
    Registration.objects.for_centre(row.centre_id).filter(pk=row.pk).update(**days)


#: Whose unit, who assesses it, whether it is ready.
SCENES = [
    (ready, "LA1", "AA1", True),
    (signed, "LA1", "AA1", False),
    (trainee, "LA3", "AA2", False),
    (sent, "LA1", "AA1", False),
    (_provisional_beside_met, "LA3", "AA2", False),
    (_trainee_unit, "LA3", "AT1", True),
    (disputed, "LA1", "AA1", False),
    (answered, "LA1", "AA1", True),
    (sent_back, "LA1", "AA1", False),
    (another_waits, "LA1", "AA1", False),
    (another_is_not_yet_met, "LA1", "AA1", False),
    (removed, "LA1", "AA1", False),
    (asked_to_remove, "LA1", "AA1", True),
    (with_a_file, "LA1", "AA1", True),
    (with_a_bad_file, "LA1", "AA1", False),
    (other_identity, "LA1", "AA1", False),
    (over_since_yesterday, "LA1", "AA1", False),
]


@pytest.mark.parametrize(("scene", "who", "by", "is_ready"), SCENES, ids=lambda one: getattr(one, "__name__", None))
def test_what_is_listed_as_ready_is_what_the_rule_lets_be_signed(world, scene, who, by, is_ready):
    scene(world)
    unit, actor = world.unit(who, KEY), world.actor(by)
    blockers = [one.code for one in readiness(unit, actor).blockers]
    shown = {row.public_id for row in ready_units(actor, 50) if not row.disputed}
    assert (unit.public_id in shown, not blockers) == (is_ready, is_ready), blockers
    page = units_page(actor, "ready", 1)
    assert {row.public_id for row in page.rows} == shown
    assert page.counts["ready"] == len(shown)
    assert all(row.ready for row in page.rows)


@pytest.mark.parametrize("scene", [sent_back, another_waits, removed])
def test_what_is_met_and_blocked_is_listed_as_nearly_ready(world, scene):
    scene(world)
    assert [row.public_id for row in units_page(world.actor("AA1"), "near", 1).rows] == [
        world.unit("LA1", KEY).public_id
    ]


def test_a_disputed_unit_is_listed_once(world):
    disputed(world)
    counts = units_page(world.actor("AA1"), "not_agreed", 1).counts
    assert (counts["not_agreed"], counts["ready"], counts["near"]) == (1, 0, 0)


def test_a_disputed_unit_is_not_made_exempt_without_an_answer(world):
    """Its sister `carry_over` refuses "disputed"."""
    disputed(world)
    row = put(world, who="LA1", key=KEY, unit_reference="A/506/2130")
    with pytest.raises(Refused) as caught:
        settle(world, row)
    assert [one.code for one in caught.value.refusals] == ["disputed"]
    unit = world.unit("LA1", KEY)
    answer_dispute(actor=world.actor("AA1"), learner_unit=unit, answer="We looked at both together.", at=clock.now())
    settle(world, row)
    assert world.unit("LA1", KEY).state == "exempt"


@pytest.mark.parametrize(
    ("who", "path"),
    [("AA1", "assess/learners/{learner}/"), ("QA", "assess/learners/{learner}/"), ("LA1", "my/units/")],
)
def test_a_disputed_unit_says_so_on_every_page_that_shows_it(world, as_client, who, path):
    path = path.format(learner=world.learners["LA1"].public_id)
    complete(world)
    sign(world)
    assert "not agree" not in as_client(who).get(f"/c/{A}/{path}").content.decode()
    confirm(world, agrees=False, reason=WHY)
    page = as_client(who).get(f"/c/{A}/{path}").content.decode()
    assert "not agree" in page[page.index("at-status--back") :][:400]


@pytest.mark.parametrize(("scene", "offered"), [(complete, True), (disputed, False), (sent_back, False)])
def test_only_what_can_be_signed_is_offered_to_be_signed(world, as_client, scene, offered):
    scene(world)
    page = as_client("AA1").get(f"/c/{A}/assess/learners/{world.learners['LA1'].public_id}/").content.decode()
    assert ('Sign off<span class="govuk-visually-hidden">' in page) is offered


@pytest.mark.parametrize(
    ("scene", "group", "words"),
    [(sent_back, "near", "Something else is open"), (disputed, "not_agreed", "Did not agree: waits for an answer")],
)
def test_the_list_says_what_keeps_a_unit_from_being_signed(world, as_client, scene, group, words):
    scene(world)
    assert words in as_client("AA1").get(f"/c/{A}/assess/sign-off/?group={group}").content.decode()
