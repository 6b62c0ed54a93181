"""A tab that was left open: whatever happened meanwhile, its form changes nothing that its page did not show.

Each case: a page is opened, somebody acts, and the form of the open page is sent as its browser would send it.
"""

import json
import re

import pytest

from assessments.models import Exemption
from assessments.services import ReviewAnswers, confirm_unit, send_back
from centres.enums import UnitState
from centres.models import Allocation
from common import clock
from portfolio.services import recall_evidence, set_mappings, withdraw_evidence
from tests.assessments.conftest import judge, open_it
from tests.assessments.test_exempting import put, settle
from tests.factories import moving, rules
from tests.factories import portfolio as made
from tests.factories.world import A
from tests.web.assessor import test_countersign as countersigning
from tests.web.assessor.conftest import ASSESS, filled, judged, page
from tests.web.assessor.test_sign_off import complete, prove, state, unit_url
from tests.web.centre.forms import learner_url, paper
from tests.web.learner.conftest import MY, signed_unit, url
from tests.web.shared.tabs import WHY, late, reopen, sign, tab

LOOK = "a test looks"


# --- signatures ---------------------------------------------------------------------------------------------------


def test_a_stale_tab_never_signs_a_reopened_unit(world, as_client):
    """Abuse 6."""
    complete(world)
    client = as_client("AA1")
    prove(client)
    form = tab(client, unit_url(world), unit_url(world))
    sign(world)
    reopen(world)
    text = late(client, unit_url(world), form, declared="yes")
    assert state(world) == "in_progress"
    assert "was faster" in text
    again = tab(client, unit_url(world), unit_url(world))
    assert client.post(unit_url(world), {**again, "declared": "yes"}).status_code == 303
    assert state(world) == "assessor_signed"


def test_nor_one_in_which_a_decision_changed(world, as_client):
    complete(world)
    client = as_client("AA1")
    prove(client)
    form = tab(client, unit_url(world), unit_url(world))
    judged(world, made.sent(world, numbers=("1.1",), title="One more"))
    late(client, unit_url(world), form, declared="yes")
    assert state(world) == "in_progress"


def test_a_stale_tab_does_not_confirm_what_was_signed_again(world, as_client):
    unit = signed_unit(world)
    client, there = as_client("LA1"), f"{MY}units/{unit.public_id}/confirm/"
    prove(client)
    form = tab(client, there)
    reopen(world)
    sign(world)
    text = late(client, there, form, agrees="no", reason=WHY)
    assert "Signed by the assessor" in text
    assert state(world) == "assessor_signed"
    assert client.post(there, {**tab(client, there), "agrees": "yes"}).status_code == 303


def test_what_is_disputed_in_a_second_tab_is_not_dropped(world, as_client):
    """F8: confirmed in one tab, disputed with a reason in another."""
    unit = signed_unit(world)
    client, there = as_client("LA1"), f"{MY}units/{unit.public_id}/confirm/"
    prove(client)
    form = tab(client, there)
    confirm_unit(actor=world.actor("LA1"), learner_unit=unit, agrees=True, reauthenticated=True, at=clock.now())
    late(client, there, form, agrees="no", reason=WHY)
    assert state(world) == "achieved"


def test_a_stale_tab_does_not_reopen_what_was_signed_again(world, as_client):
    complete(world)
    sign(world)
    client, there = as_client("AA1"), unit_url(world, "reopen/")
    prove(client)
    form = tab(client, unit_url(world), there)
    reopen(world)
    late(client, there, form, reason=WHY)
    sign(world)
    late(client, there, form, reason=WHY)
    assert state(world) == "assessor_signed"


def test_a_stale_tab_does_not_countersign_a_unit_signed_again(world, as_client):
    client = as_client("AA2")
    there = countersigning.signed_by_trainee(world, client)
    prove(client)
    form = tab(client, countersigning.LIST, there)
    reopen(world, "AT1", "LA3")
    sign(world, "AT1", "LA3")
    late(client, there, form, agrees="no", reason=WHY)
    assert state(world, "LA3") == "assessor_signed"


def test_words_against_a_unit_outlive_the_question_who_it_is(world, as_client):
    """Typed before somebody proves again who they are: it stands on the page they come back to."""
    client = as_client("AA2")
    there = countersigning.signed_by_trainee(world, client)
    asked = client.post(there, {**tab(client, countersigning.LIST, there), "agrees": "no", "reason": WHY})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    prove(client)
    assert f'value="{WHY}"' in client.get(countersigning.LIST).content.decode()
    assert WHY not in client.get(countersigning.LIST).content.decode()


def test_a_stale_tab_does_not_countersign_what_was_judged_again(world, as_client):
    piece, rows = countersigning.decided(world)
    client, there = as_client("AA2"), countersigning.item(rows[0])
    form = tab(client, there, there)
    open_it(world, piece, "AT1")
    piece.refresh_from_db()
    judge(world, piece, "AT1", "not_yet")
    late(client, there, form, agrees="no", reason=WHY)


def test_a_stale_tab_does_not_let_a_unit_count_that_was_declined(world, as_client):
    moving.publish_more(world.at)
    old = world.registrations["LA1"]
    moving.achieved(world, moving.unit_of(old, moving.SHARED[0]), "LA1", "AA1")
    new = moving.move(world, old, moving.HIGHER)
    unit = moving.unit_of(new, moving.SHARED[0])
    client, there = as_client("AA1"), f"/c/{A}/assess/units/{unit.public_id}/carry/"
    prove(client)
    moved = f"/c/{A}/assess/moved/{new.public_id}/"
    form, no = tab(client, moved, there), tab(client, moved, f"{there}decline/")
    assert client.post(f"{there}decline/", {**no, "reason": WHY}).status_code == 303
    late(client, there, form)
    assert moving.unit_of(new, moving.SHARED[0]).state == UnitState.SELECTED
    late(client, f"{there}decline/", {**no, "idempotency_key": "other"}, reason=WHY)


def test_a_stale_tab_does_not_exempt_or_turn_down_what_was_decided(world, as_client):
    row = put(world)
    client, there = as_client("QA"), f"/c/{A}/exemptions/{row.public_id}/"
    form = tab(client, there)
    settle(world, row, by=rules.lead(world, "QA"))
    assert "Approved" in late(client, there, form, decision="refuse", reason=WHY)
    assert Exemption.objects.for_centre(row.centre_id).get().state == "approved"


def test_a_stale_tab_puts_no_certificate_beside_a_signed_unit(world, as_client):
    unit = world.unit("LA1", made.UNIT)
    client, there = as_client("CA"), learner_url(world, "LA1", f"exempt/{unit.public_id}/")
    form = tab(client, there)
    complete(world)
    late(client, there, form, **paper(world) | {"checked_at": WHY})
    assert not Exemption.objects.for_centre(unit.centre_id).exists()


# --- pieces -------------------------------------------------------------------------------------------------------


def test_a_stale_tab_does_not_recall_the_next_version(world, as_client):
    piece, client = made.again(made.sent(world).evidence), as_client("LA1")
    form = tab(client, url(piece), url(piece, "recall/"))
    back = recall_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())
    made.send(world, back)
    late(client, url(piece, "recall/"), form)
    assert made.again(piece).state == "submitted"


@pytest.mark.parametrize("act", ["withdraw", "recall"])
def test_a_stale_tab_takes_nothing_away_that_was_decided(world, as_client, act):
    version, client = made.sent(world), as_client("LA1")
    piece = version.evidence
    form = tab(client, url(piece), url(piece, f"{act}/"))
    judged(world, version)
    late(client, url(piece, f"{act}/"), form)
    assert made.again(piece).state == "accepted"


def test_a_stale_tab_does_not_mend_what_was_withdrawn(world, as_client):
    version, client = made.opened(world), as_client("LA1")
    piece = made.again(version.evidence)
    answers = ReviewAnswers(feedback="Film the end as well.")
    send_back(actor=world.actor("AA1"), evidence=piece, version_number=1, verdicts=[], answers=answers, at=clock.now())
    form = tab(client, url(piece), url(piece, "revise/"))
    withdraw_evidence(actor=world.actor("LA1"), evidence=made.again(piece), at=clock.now())
    late(client, url(piece, "revise/"), form)
    assert made.again(piece).state == "withdrawn"


def test_a_stale_tab_does_not_take_back_ticks_of_another(world, as_client):
    piece, client = made.draft(world), as_client("LA1")
    form = tab(client, url(piece, "shows/"))
    one = made.ticked(world, "1.1")
    set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=[one], unsure=False, at=clock.now())
    tick = f"{world.unit('LA1', made.UNIT).public_id}:{world.criterion(made.UNIT, '1.2').public_id}"
    text = late(client, url(piece, "shows/"), form, thing=tick, action="next")
    assert re.search(rf'value="{tick}"[^>]*checked', text), "what was ticked here is still ticked"
    again = dict(re.findall(r'<input type="hidden" name="(seen|idempotency_key)" value="([^"]*)">', text))
    assert client.post(url(piece, "shows/"), {**again, "thing": tick, "action": "next"}).status_code == 303


def test_other_words_sent_in_a_second_tab_are_not_dropped(world, as_client):
    """F8: the piece was sent in one tab, other words in another."""
    piece, client = made.draft(world, **made.facts(world)), as_client("LA1")
    made.choose(world, piece, numbers=("1.1",))
    piece, there = made.again(piece), url(piece, "send/")
    typed = {"title": "Another name", "description": WHY, "declared": "on", "revision": str(piece.revision)}
    made.send(world, piece)
    answer = client.post(there, typed)
    assert answer.status_code == 409
    assert f'value="{WHY}" readonly' in answer.content.decode()
    assert made.again(piece).title != "Another name"


def test_the_same_words_sent_in_a_second_tab_lead_on(world, as_client):
    piece, client = made.draft(world, **made.facts(world)), as_client("LA1")
    made.choose(world, piece, numbers=("1.1",))
    piece, there = made.again(piece), url(piece, "send/")
    typed = {"title": piece.title, "description": piece.description, "declared": "on", "revision": piece.revision}
    made.send(world, piece)
    page_ = client.post(there, typed, follow=True)
    assert page_.redirect_chain == [(url(piece), 303)]
    assert "You have already sent this. Nothing was sent twice." in page_.content.decode()


def test_a_piece_goes_back_as_a_whole_only_as_it_was_seen(world, as_client):
    version = made.sent(world, numbers=("1.1", "1.2"))
    client, there = as_client("AA1"), page(version, "decide/")
    form = tab(client, page(version), there)
    judged(world, version, not_yet=(0,))
    words = {"version": "1", "feedback": WHY, "action": "return"}
    late(client, there, form, **words)
    assert made.again(version.evidence).state == "accepted"


# --- the caseload moves on (abuse 12) -----------------------------------------------------------------------------


def taken_away(world):
    rows = Allocation.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["LA1"])
    day = world.today.replace(year=world.today.year - 1)
    rows.update(starts_on=day, ends_on=day)


def test_feedback_typed_for_a_learner_who_was_given_away_is_there_to_copy(world, as_client):
    version, client = made.sent(world), as_client("AA1")
    client.get(page(version))
    fields = filled(version) | {"feedback": f"{WHY}\n<b>", f"reason-{'x' * 26}": "The end is missing."}
    taken_away(world)
    answer = client.post(page(version, "decide/"), fields)
    text = answer.content.decode()
    assert answer.status_code in {403, 404}
    assert f"{WHY}\n&lt;b&gt;</textarea>" in text
    assert 'value="The end is missing." readonly' in text
    assert "real_work" not in text, "choices are no words"
    assert made.again(version.evidence).state == "submitted"


def test_what_is_kept_while_typing_says_so(world, as_client):
    version, client = made.sent(world), as_client("AA1")
    taken_away(world)
    body = json.dumps({"feedback": WHY})
    answer = client.post(page(version, "draft/"), body, content_type="application/json", HTTP_X_REQUESTED_WITH="fetch")
    assert answer.status_code in {403, 404}
    assert "copy it before you leave" in answer.json()["problem"]


def test_a_page_that_was_never_there_shows_no_box(world, as_client):
    answer = as_client("AA1").get(f"{ASSESS}evidence/{'0' * 26}/")
    assert answer.status_code == 404
    assert "<textarea" not in answer.content.decode()


def test_what_is_typed_after_signing_out_is_there_to_copy(world, as_client):
    version, client = made.sent(world), as_client("AA1")
    client.logout()
    answer = client.post(page(version, "decide/"), filled(version) | {"feedback": WHY})
    assert answer.status_code == 403
    assert f'value="{WHY}" readonly' in answer.content.decode()
    assert client.post(page(version, "decide/"), {"version": "1"}).status_code == 302


@pytest.mark.parametrize(
    ("origin", "shown"), [("http://testserver", True), ("https://elsewhere.example", False), ("", False)]
)
def test_a_form_that_is_too_old_gives_back_its_words_but_nobody_elses(world, as_client, origin, shown):
    version, client = made.sent(world), as_client("AA1", enforce_csrf_checks=True)
    headers = {"HTTP_ORIGIN": origin} if origin else {}
    answer = client.post(page(version, "decide/"), {"feedback": WHY, "csrfmiddlewaretoken": "x" * 64}, **headers)
    assert answer.status_code == 403
    assert (WHY in answer.content.decode()) is shown


def test_a_form_that_names_nothing_is_taken_as_before(world, as_client):
    """Scripts and pages from before this was asked: the rules still decide."""
    complete(world)
    client = as_client("AA1")
    prove(client)
    assert client.post(unit_url(world), {"declared": "yes"}).status_code == 303
    assert state(world) == "assessor_signed"


def test_marks_say_nothing_but_alike_or_not():
    from common.seen import mark

    at = clock.now()
    assert mark("a", at, [1, "b"]) == mark("a", at, (1, "b"))
    assert len({mark("a", "b"), mark("ab"), mark("a", ["b"]), mark("b", "a"), mark("a", None)}) == 5
    assert re.fullmatch(r"[0-9a-f]{20}", mark("\ud800"))
