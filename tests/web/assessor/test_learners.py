"""The list of learners and the page of one."""

import pytest

from tests.factories import portfolio as made
from tests.web.assessor.conftest import ASSESS, judged, look_after, page, statements, text_of

LEARNERS = f"{ASSESS}learners/"


def learner_url(world, who="LA1"):
    return f"{LEARNERS}{world.learners[who].public_id}/"


@pytest.mark.parametrize(
    ("who", "seen", "hidden"),
    [
        ("AA1", {"LA1"}, {"LA2", "LA3", "LB1"}),
        ("AA2", {"LA2", "LA3"}, {"LA1", "LB1"}),  # LA3 through the trainee they countersign
        ("AT1", {"LA3"}, {"LA1", "LA2", "LB1"}),
        ("QA", {"LA1", "LA2", "LA3"}, {"LB1"}),
    ],
)
def test_everybody_sees_their_own_learners(world, as_client, who, seen, hidden):
    text = text_of(as_client(who).get(LEARNERS))
    assert {code for code in seen | hidden if world.learners[code].full_name in text} == seen


def test_an_assessor_who_also_runs_the_centre_sees_the_caseload_here(world, as_client):
    from centres.enums import Role
    from centres.models import Membership

    Membership.objects.create(
        centre=world.centres["10001"],
        person=world.people["AA1"],
        role=Role.ADMIN,
        starts_on=world.today,
        created_at=world.at,
    )
    client = as_client("AA1")
    assert world.learners["LA2"].full_name not in text_of(client.get(LEARNERS))
    assert client.get(learner_url(world, "LA2")).status_code == 404


def test_the_list_counts_and_searches(world, assessor):
    made.sent(world)
    text = text_of(assessor.get(LEARNERS))
    assert "1 piece" in text
    assert "0 of 95" in text
    name = world.learners["LA1"].family_name
    assert name in text_of(assessor.get(f"{LEARNERS}?q={name}"))
    assert name in text_of(assessor.get(f"{LEARNERS}?q=harbour+{name[:3]}")), "every word, in name or workplace"
    assert "No learner of yours has these words" in text_of(assessor.get(f"{LEARNERS}?q=zzz"))


def test_without_an_allocation_the_list_says_who_can_help(world, as_client):
    assert "Nobody is allocated to you today" in text_of(as_client("DUO").get(LEARNERS))


def test_the_learners_page_shows_strips_gaps_what_waits_and_what_came_back(world, assessor):
    made.sent(world, title="Still waiting", numbers=("1.3",))
    judged(world, made.sent(world, title="Needs more", numbers=("1.1",)), not_yet=(0,))
    judged(world, made.sent(world, title="All good", numbers=("1.2",)))
    text = text_of(assessor.get(learner_url(world)))
    assert "1 of 20 criteria met" in text
    assert "18 gaps:" in text
    assert "Still waiting" in text
    assert "Needs more" in text
    assert "All good" not in text


def test_what_a_learner_has_not_sent_is_nothing_here(world, assessor):
    piece = made.draft(world, title="Secret draft")
    made.choose(world, piece)
    text = text_of(assessor.get(learner_url(world)))
    assert "Secret draft" not in text
    assert "20 gaps:" in text


@pytest.mark.parametrize(
    ("who", "status"), [("AA2", 404), ("AT1", 404), ("QA", 200), ("CA", 403), ("LA1", 403), ("AB1", 404)]
)
def test_the_learners_page_has_walls(world, as_client, who, status):
    assert as_client(who).get(learner_url(world)).status_code == status


def test_both_pages_ask_the_same_for_one_and_many(world, assessor):
    for url in (LEARNERS, learner_url(world)):
        assessor.get(url)
    one = [len(statements(assessor, url)) for url in (LEARNERS, learner_url(world))]
    for code in ("LA2", "LA3"):
        look_after(world, "AA1", code)
    for n in range(8):
        made.sent(world, title=f"Piece {n}", numbers=("1.1", "1.2"))
    many = [len(statements(assessor, url)) for url in (LEARNERS, learner_url(world))]
    assert one == many
    assert max(many) <= 15


def test_a_hostile_name_stays_text(world, assessor):
    from centres.models import Learner

    evil = "<b onmouseover=alert(1)>"
    Learner.objects.for_centre(world.centres["10001"].pk).filter(pk=world.learners["LA1"].pk).update(
        given_names=evil, workplace=evil
    )
    for url in (LEARNERS, learner_url(world), page(made.sent(world))):
        assert evil not in text_of(assessor.get(url))
