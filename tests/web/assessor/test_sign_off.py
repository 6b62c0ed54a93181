"""Signing a unit off: what blocks and mends, who signs in which order, reopening."""

import pytest

from assessments.models import LedgerEntry, SignOffNote
from assessments.services import confirm_unit, countersign, put_on_break
from assessments.services import sign_off as sign
from common import clock
from qualifications.models import Criterion
from tests.factories import portfolio as made
from tests.factories.world import PASSWORD
from tests.web.assessor.conftest import ASSESS, judged, page, statements, text_of

ANSWER = "You are right about 1.1: I have decided it again."
WHY = "The film shows somebody else."


def unit_url(world, tail="sign-off/", who="LA1"):
    return f"{ASSESS}units/{world.unit(who, made.UNIT).public_id}/{tail}"


def numbers():
    return tuple(Criterion.objects.filter(unit__key=made.UNIT).order_by("position").values_list("number", flat=True))


def complete(world, who="LA1", by="AA1"):
    """Every criterion of the unit met by one piece."""
    return judged(world, made.sent(world, who, numbers=numbers(), title="All of it"), by=by)


def prove(client):
    """Say again who it is, as before a signature."""
    assert client.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def entries(world, who="LA1"):
    unit = world.unit(who, made.UNIT)
    return list(LedgerEntry.objects.for_centre(unit.centre_id).filter(learner_unit=unit).values_list("act", flat=True))


def state(world, who="LA1"):
    return world.unit(who, made.UNIT).state


def test_what_blocks_comes_first_each_with_what_mends_it(world, assessor):
    waiting = made.sent(world, numbers=("1.1",), title="Not judged yet")
    back = judged(world, made.sent(world, numbers=("1.2",), title="Came back"), not_yet=(0,))
    text = text_of(assessor.get(unit_url(world)))
    assert "22 things stop this sign-off" in text
    assert f'href="{page(waiting)}"' in text
    assert f'href="{page(back)}"' in text
    assert unit_url(world, "") in text
    assert 'aria-disabled="true"' in text
    assert 'name="declared"' not in text
    assert text.index("1.1.2") < text.index("1.2.1"), "sent back before untouched"


def test_a_criterion_with_a_piece_to_judge_leads_to_the_piece(world, assessor):
    waiting = made.sent(world, numbers=("1.1",), title="Not judged yet")
    text = text_of(assessor.get(unit_url(world)))
    row = text.split("1.1.1 has a piece that is not judged yet.", 1)[1].split("</li>", 1)[0]
    assert f'href="{page(waiting)}"' in row
    assert "Judge it" in row
    gap = text.split("1.1.2 is not met yet.", 1)[1].split("</li>", 1)[0]
    assert "Find the gap" in gap
    assert f'href="{unit_url(world, "")}"' in gap


def test_pieces_of_the_same_title_are_told_one_by_one(world, assessor):
    pieces = [made.sent(world, numbers=(number,), title="Till count") for number in ("1.1", "1.2")]
    text = text_of(assessor.get(unit_url(world)))
    assert "22 things stop this sign-off" in text
    assert [text.count(f'href="{page(piece)}"') for piece in pieces] == [2, 2]


def test_signing_asks_again_and_then_counts_once(world, assessor):
    complete(world)
    text = text_of(assessor.get(unit_url(world)))
    assert "Nothing stops this sign-off" in text
    answer = assessor.post(unit_url(world), {"declared": "yes", "idempotency_key": "one"})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/?next=")
    assert entries(world) == []
    prove(assessor)
    assert 'value="yes" checked' in text_of(assessor.get(f"{unit_url(world)}?declared=1"))
    for _ in range(2):
        assert assessor.post(unit_url(world), {"declared": "yes", "idempotency_key": "two"}).status_code == 303
    assert entries(world) == ["assessor_signed"]
    text = text_of(assessor.get(unit_url(world)))
    assert "Signed by the assessor" in text
    assert "is asked to confirm" in text
    assert "Reopen this unit" in text


def test_the_declaration_is_compulsory(world, assessor):
    complete(world)
    prove(assessor)
    answer = assessor.post(unit_url(world), {})
    assert answer.status_code == 422
    assert "Tick the declaration: it is what you sign." in text_of(answer)
    assert 'href="#declared"' in text_of(answer)
    assert state(world) == "in_progress"


def test_a_post_past_the_locked_button_is_refused_with_the_reasons(world, assessor):
    made.sent(world, numbers=("1.1",))
    prove(assessor)
    answer = assessor.post(unit_url(world), {"declared": "yes"})
    assert answer.status_code == 422
    summary = text_of(answer).split("govuk-error-summary__list", 1)[1].split("</ul>", 1)[0]
    assert "1.1.1 has a piece that is not judged yet." in summary
    assert "1.1.2 is not met yet." in summary
    assert entries(world) == []


def test_reopening_needs_a_reason_that_stays_in_the_history(world, assessor):
    complete(world)
    prove(assessor)
    assessor.post(unit_url(world), {"declared": "yes"})
    answer = assessor.post(unit_url(world, "reopen/"), {"reason": "Hm"})
    assert answer.status_code == 422
    assert "Hm</textarea>" in text_of(answer)
    assert state(world) == "assessor_signed"
    assert assessor.post(unit_url(world, "reopen/"), {"reason": WHY}).status_code == 303
    assert state(world) == "in_progress"
    text = text_of(assessor.get(unit_url(world)))
    assert WHY in text
    assert "I declare this and sign." in text
    assert SignOffNote.objects.for_centre(world.centres["10001"].pk).get().text == WHY


def test_a_seal_stands_when_everybody_signed(world, assessor):
    complete(world)
    unit = world.unit("LA1", made.UNIT)
    sign(actor=world.actor("AA1"), learner_unit=unit, declared=True, reauthenticated=True, at=clock.now())
    assert "Signed, waiting for others" in text_of(assessor.get(f"{ASSESS}learners/{unit.learner.public_id}/"))
    confirm_unit(actor=world.actor("LA1"), learner_unit=unit, agrees=True, reauthenticated=True, at=clock.now())
    text = text_of(assessor.get(unit_url(world)))
    assert "Signed off by everybody" in text
    assert text.count('class="is-done"') == 2


def test_a_trainees_unit_names_the_countersigner_in_the_order(world, as_client):
    piece = complete(world, "LA3", "AT1")
    trainee = as_client("AT1")
    text = text_of(trainee.get(unit_url(world, who="LA3")))
    assert "is not countersigned yet" in text
    assert "Countersigner" in text
    from assessments.models import Judgement
    from tests.web.assessor.conftest import mappings

    version = piece.versions.get()
    made.open_it(world, version, "AA2")
    for mapping in mappings(piece):
        decision = Judgement.objects.for_centre(piece.centre_id).get(mapping=mapping)
        countersign(actor=world.actor("AA2"), judgement=decision, agrees=True, at=clock.now())
    prove(trainee)
    assert trainee.post(unit_url(world, who="LA3"), {"declared": "yes"}).status_code == 303
    assert text_of(trainee.get(unit_url(world, who="LA3"))).count("at-steps__mark") == 3


def test_the_list_groups_units(world, assessor):
    complete(world)
    text = text_of(assessor.get(f"{ASSESS}sign-off/"))
    assert "20 of 20 criteria met" in text
    assert "No unit is nearly there" in text_of(assessor.get(f"{ASSESS}sign-off/?group=near"))
    assert "20 of 20 criteria met" in text_of(assessor.get(f"{ASSESS}sign-off/?group=nonsense"))
    unit = world.unit("LA1", made.UNIT)
    sign(actor=world.actor("AA1"), learner_unit=unit, declared=True, reauthenticated=True, at=clock.now())
    assert "No unit is ready" in text_of(assessor.get(f"{ASSESS}sign-off/"))
    assert unit.unit.title in text_of(assessor.get(f"{ASSESS}sign-off/?group=signed"))


def test_a_unit_with_a_few_missing_is_nearly_there(world, assessor):
    judged(world, made.sent(world, numbers=numbers()[:-2]))
    assert "18 of 20 criteria met" in text_of(assessor.get(f"{ASSESS}sign-off/?group=near"))


def test_an_assurer_sees_the_page_without_acts(world, as_client):
    complete(world)
    client = as_client("QA")
    text = text_of(client.get(unit_url(world)))
    assert "Only the assessor of this learner can sign" in text
    assert 'name="declared"' not in text
    assert client.post(unit_url(world), {"declared": "yes"}).status_code == 403


@pytest.mark.parametrize(("who", "status"), [("AA2", 404), ("CA", 403), ("LA1", 403), ("AB1", 404)])
def test_signing_has_walls(world, as_client, who, status):
    complete(world)
    client = as_client(who)
    assert client.get(unit_url(world)).status_code == status
    assert client.post(unit_url(world), {"declared": "yes"}).status_code == status
    assert client.post(unit_url(world, "reopen/"), {"reason": WHY}).status_code == status
    assert entries(world) == []


def test_somebody_elses_signature_is_not_reopened(world, as_client):
    complete(world)
    unit = world.unit("LA1", made.UNIT)
    sign(actor=world.actor("AA1"), learner_unit=unit, declared=True, reauthenticated=True, at=clock.now())
    from tests.web.assessor.conftest import look_after

    look_after(world, "AA2", "LA1")
    other = as_client("AA2")
    prove(other)
    assert "Reopen this unit" not in text_of(other.get(unit_url(world)))
    assert other.post(unit_url(world, "reopen/"), {"reason": WHY}).status_code == 422
    assert state(world) == "assessor_signed"


def test_the_pages_ask_the_same_for_little_and_much(world, assessor):
    complete(world)
    urls = (unit_url(world), f"{ASSESS}sign-off/")
    for url in urls:
        assessor.get(url)
    few = [len(statements(assessor, url)) for url in urls]
    for n in range(4):
        judged(world, made.sent(world, numbers=numbers()[n : n + 4], title=f"More {n}"))
    many = [len(statements(assessor, url)) for url in urls]
    assert few == many
    assert max(many) <= 18


def test_a_reason_outlives_the_proof_of_who_one_is(world, assessor):
    complete(world)
    sign(
        actor=world.actor("AA1"),
        learner_unit=world.unit("LA1", made.UNIT),
        declared=True,
        reauthenticated=True,
        at=clock.now(),
    )
    answer = assessor.post(unit_url(world, "reopen/"), {"reason": WHY})
    assert answer.status_code == 303
    assert "reauthenticate" in answer["Location"]
    assert state(world) == "assessor_signed"
    prove(assessor)
    assert f"{WHY}</textarea>" in text_of(assessor.get(unit_url(world)))
    assert assessor.post(unit_url(world, "reopen/"), {"reason": WHY}).status_code == 303
    text = text_of(assessor.get(unit_url(world)))
    assert "Reopened" in text
    assert WHY in text  # where it is signed again


@pytest.fixture
def disputed(world):
    complete(world)
    unit = world.unit("LA1", made.UNIT)
    sign(actor=world.actor("AA1"), learner_unit=unit, declared=True, reauthenticated=True, at=clock.now())
    confirm_unit(
        actor=world.actor("LA1"),
        learner_unit=world.unit("LA1", made.UNIT),
        agrees=False,
        reason="1.1 is not mine, a colleague wrote it.",
        reauthenticated=True,
        at=clock.now(),
    )


def test_a_disputed_unit_is_not_ready_until_it_is_answered(world, assessor, as_client, disputed):
    text = text_of(assessor.get(unit_url(world)))
    assert "did not agree" in text
    assert "a colleague wrote it" in text
    assert "Nothing stops this sign-off" not in text
    assert "waits for an answer" in text_of(assessor.get(ASSESS))
    prove(assessor)
    assert assessor.post(unit_url(world), {"declared": "yes"}).status_code == 422
    short = assessor.post(unit_url(world, "answer/"), {"answer": "No."})
    assert short.status_code == 422
    assert ">No.</textarea>" in text_of(short)
    assert assessor.post(unit_url(world, "answer/"), {"answer": ANSWER}).status_code == 303
    assert "Nothing stops this sign-off" in text_of(assessor.get(unit_url(world)))
    assert assessor.post(unit_url(world), {"declared": "yes"}).status_code == 303
    learner = text_of(as_client("LA1").get(f"/c/10001/my/units/{world.unit('LA1', made.UNIT).public_id}/"))
    assert "a colleague wrote it" in learner
    assert ANSWER in learner


def test_an_answer_sent_twice_is_told_so(world, assessor, disputed):
    assert assessor.post(unit_url(world, "answer/"), {"answer": ANSWER}).status_code == 303
    again = assessor.post(unit_url(world, "answer/"), {"answer": ANSWER})
    assert again.status_code == 409
    assert "There is nothing to answer" in text_of(again)
    assert ANSWER in text_of(again)  # to copy: the page has no form for it any more


def test_no_reopening_is_offered_where_the_registration_stopped(world, assessor):
    complete(world)
    unit = world.unit("LA1", made.UNIT)
    sign(actor=world.actor("AA1"), learner_unit=unit, declared=True, reauthenticated=True, at=clock.now())
    assert unit_url(world, "reopen/") in text_of(assessor.get(unit_url(world)))
    put_on_break(
        actor=world.actor("CA"), registration=world.registrations["LA1"], reason="They are away.", at=clock.now()
    )
    assert unit_url(world, "reopen/") not in text_of(assessor.get(unit_url(world)))
