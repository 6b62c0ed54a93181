"""Deciding: happy, refused, too slow, twice, without a script; and nothing typed is lost."""

import json

import pytest

from assessments.enums import Vacsr
from assessments.models import FeedbackDraft, Judgement, Reply, Review
from common import clock
from portfolio.services import withdraw_evidence
from tests.factories import portfolio as made
from tests.web.assessor.conftest import ASSESS, filled, judged, mappings, page, text_of
from web.assessor.views.assess import LARGEST_DRAFT


def judgements(version):
    rows = Judgement.objects.for_centre(version.centre_id).filter(version=version)
    return list(rows.order_by("criterion__position", "round").values_list("verdict", flat=True))


def test_all_met_is_saved_and_the_next_piece_comes(world, assessor):
    first = made.opened(world, numbers=("1.1", "1.2"))
    second = made.sent(world, title="The next one")
    answer = assessor.post(page(first, "decide/"), filled(first))
    assert answer.status_code == 303
    assert answer.headers["Location"] == page(second)
    assert judgements(first) == ["met", "met"]
    assert made.again(first.evidence).state == "accepted"
    assert "Saved: 2 criteria met." in text_of(assessor.get(page(second)))


def test_after_the_last_piece_the_queue_is_empty(world, assessor):
    version = made.opened(world)
    assert assessor.post(page(version, "decide/"), filled(version)).headers["Location"] == ASSESS


def test_some_may_stay_open_for_later(world, assessor):
    version = made.opened(world, numbers=("1.1", "1.2"))
    data = filled(version)
    del data[f"verdict-{mappings(version)[1].public_id}"]
    assert assessor.post(page(version, "decide/"), data).headers["Location"] == page(version)
    assert made.again(version.evidence).state == "in_review"
    assert "0 of 1 decided" in text_of(assessor.get(page(version)))


def test_not_yet_needs_to_say_what_is_missing_and_keeps_everything_typed(world, assessor):
    version = made.opened(world, numbers=("1.1", "1.2"))
    missing = mappings(version)[0]
    data = filled(version, first="not_yet") | {"feedback": "Slow down.", "next_action": "One more call"}
    answer = assessor.post(page(version, "decide/"), data)
    text = text_of(answer)
    assert answer.status_code == 422
    assert "Say what is missing for 1.1.1" in text
    assert f'href="#reason-{missing.public_id}"' in text
    assert "<title>Error:" in text
    assert "Slow down." in text
    assert "One more call" in text
    assert f'name="verdict-{missing.public_id}" value="not_yet" checked' in text
    assert judgements(version) == []
    data[f"reason-{missing.public_id}"] = "Steps were out of order."
    assert assessor.post(page(version, "decide/"), data).status_code == 303
    assert judgements(version) == ["not_yet", "met"]


def test_sending_back_needs_words(world, assessor):
    version = made.opened(world)
    data = {"version": version.number, "action": "return", "feedback": "", "setting_confirmed": "real_work"}
    answer = assessor.post(page(version, "decide/"), data)
    assert answer.status_code == 422
    assert "Write to the learner what to do next." in text_of(answer)
    answer = assessor.post(page(version, "decide/"), data | {"feedback": "Hide the card number."})
    assert answer.status_code == 303
    assert made.again(version.evidence).state == "returned"
    assert "Sent back to" in text_of(assessor.get(ASSESS))


def test_the_five_words_are_stored_as_saving_confirmed_them(world, assessor):
    version = made.opened(world)
    text = text_of(assessor.get(page(version)))
    assert "Saving with Met confirms" in text
    assert 'type="checkbox" name="doubt-valid" value="yes">' in text, "nothing is ticked beforehand"
    assert assessor.post(page(version, "decide/"), filled(version)).status_code == 303
    review = Review.objects.for_centre(version.centre_id).get(version=version)
    assert review.vacsr == dict.fromkeys(Vacsr.values, True)


@pytest.mark.parametrize("note", ["", "x", "The clip ends before she pays."])
def test_one_of_the_five_words_taken_off_meets_nothing(world, assessor, note):
    version = made.opened(world)
    data = filled(version) | {"doubt-current": "yes", "vacsr_note": note}
    answer = assessor.post(page(version, "decide/"), data)
    text = text_of(answer)
    assert answer.status_code == 422
    assert "You say that this is not current." in text
    assert ("Say why, in a few words." in text) is (len(note) < 2)
    assert 'name="doubt-current" value="yes" checked' in text, "stays off"
    assert 'name="doubt-valid" value="yes">' in text
    assert judgements(version) == []


def test_a_word_taken_off_goes_with_not_yet_and_is_kept(world, assessor):
    version = made.opened(world)
    data = filled(version, first="not_yet") | {"doubt-current": "yes", "vacsr_note": "The offer ended in spring."}
    data[f"reason-{mappings(version)[0].public_id}"] = "Show this year's offer."
    assert assessor.post(page(version, "decide/"), data).status_code == 303
    review = Review.objects.for_centre(version.centre_id).get(version=version)
    assert (review.vacsr, review.vacsr_note) == ({"current": False}, "The offer ended in spring.")


def test_words_that_no_page_showed_are_not_confirmed(world, assessor):
    version = made.opened(world)
    data = filled(version)
    del data["vacsr-current"]
    answer = assessor.post(page(version, "decide/"), data)
    assert answer.status_code == 422
    assert "Answer all five" in text_of(answer)


def test_met_needs_a_word_to_the_learner_once_an_item(world, assessor):
    version = made.opened(world, numbers=("1.1", "1.2"))
    data = filled(version)
    del data[f"verdict-{mappings(version)[1].public_id}"]
    answer = assessor.post(page(version, "decide/"), data | {"feedback": ""})
    assert answer.status_code == 422
    assert "Every piece gets a word" in text_of(answer)
    assert assessor.post(page(version, "decide/"), data).status_code == 303
    rest = filled(version) | {"feedback": ""}
    del rest[f"verdict-{mappings(version)[0].public_id}"]
    assert assessor.post(page(version, "decide/"), rest).status_code == 303, "the learner has had a word"
    assert judgements(version) == ["met", "met"]


def test_the_assessors_own_word_on_the_setting_counts(world, assessor):
    version = made.opened(world, numbers=("4.1",))
    answer = assessor.post(page(version, "decide/"), filled(version) | {"setting_confirmed": "simulation"})
    assert answer.status_code == 422
    assert "1.4.1 is about doing the job" in text_of(answer)
    assert judgements(version) == []


def test_simulated_work_is_not_met_by_a_forged_post(world, assessor):
    version = made.opened(world, numbers=("4.1",), setting="classroom")
    assert assessor.post(page(version, "decide/"), filled(version)).status_code == 422
    assert judgements(version) == []


def test_evidence_kept_at_work_needs_the_day_it_was_seen(world, assessor):
    version = made.opened(world, kind="in_situ", location="Back office", custodian="Grace", body="")
    assert assessor.post(page(version, "decide/"), filled(version)).status_code == 422
    data = filled(version) | {"inspected_on": world.today.isoformat()}
    assert assessor.post(page(version, "decide/"), data).status_code == 303


def test_unopened_evidence_is_not_judged(world, assessor):
    version = made.sent(world)
    answer = assessor.post(page(version, "decide/"), filled(version))
    assert answer.status_code == 422
    assert judgements(version) == []


def test_who_was_faster_is_said_and_the_own_text_stays(world, assessor):
    version = made.opened(world, numbers=("1.1", "1.2"))
    slow = filled(version, first="not_yet") | {"feedback": "My own long text."}
    slow[f"reason-{mappings(version)[0].public_id}"] = "Say why."
    judged(world, version)
    answer = assessor.post(page(version, "decide/"), slow)
    text = text_of(answer)
    assert answer.status_code == 409
    assert f"{world.people['AA1'].full_name} was faster" in text
    assert "My own long text." in text
    assert "Say why." in text
    assert judgements(version) == ["met", "met"]
    fresh = slow | {f"round-{c.public_id}": c.round for c in mappings(version)}
    del fresh[f"verdict-{mappings(version)[1].public_id}"]
    assert f'name="round-{mappings(version)[0].public_id}" value="1"' in text, "the next save is not stale"
    assert assessor.post(page(version, "decide/"), fresh).status_code == 303
    assert judgements(version) == ["met", "not_yet", "met"]


def test_a_double_click_decides_once(world, assessor):
    version = made.opened(world)
    data = filled(version) | {"idempotency_key": "the-same-key"}
    answers = [assessor.post(page(version, "decide/"), data) for _ in range(2)]
    assert [a.status_code for a in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert judgements(version) == ["met"]


def test_a_decision_on_a_withdrawn_piece_keeps_the_text(world, assessor):
    version = made.opened(world)
    data = filled(version, first="not_yet") | {"feedback": "Long and good."}
    data[f"reason-{mappings(version)[0].public_id}"] = "Missing steps."
    withdraw_evidence(actor=world.actor("LA1"), evidence=made.again(version.evidence), at=clock.now())
    answer = assessor.post(page(version, "decide/"), data)
    text = text_of(answer)
    assert answer.status_code == 422
    assert "withdrawn" in text
    assert "Long and good." in text
    assert "Missing steps." in text


@pytest.mark.parametrize(
    "broken",
    [
        {"version": ""},
        {"next_by": "not a day"},
        {"setting_confirmed": "on the moon"},
        {"next_action": "x" * 301},
    ],
)
def test_broken_fields_change_nothing_and_keep_the_text(world, assessor, broken):
    version = made.opened(world)
    answer = assessor.post(page(version, "decide/"), filled(version) | {"feedback": "Still here."} | broken)
    assert answer.status_code == 422
    assert "Still here." in text_of(answer)
    assert judgements(version) == []


def test_a_form_about_a_version_that_never_was_is_not_found(world, assessor):
    version = made.opened(world)
    assert assessor.post(page(version, "decide/"), filled(version) | {"version": 99}).status_code == 404


def test_a_round_that_no_page_showed_is_stale(world, assessor):
    version = made.opened(world)
    data = filled(version) | {f"round-{mappings(version)[0].public_id}": "many"}
    assert assessor.post(page(version, "decide/"), data).status_code == 409
    assert judgements(version) == []


def test_without_a_script_met_all_fills_the_form_and_saves_nothing(world, assessor):
    version = made.opened(world, numbers=("1.1", "1.2"))
    first, second = mappings(version)
    data = {
        "version": version.number,
        "fill": "met",
        "feedback": "Half a sentence",
        f"verdict-{first.public_id}": "not_yet",
        f"round-{first.public_id}": 0,
        f"round-{second.public_id}": 0,
    }
    answer = assessor.post(page(version, "decide/"), data)
    text = text_of(answer)
    assert answer.status_code == 200
    assert f'name="verdict-{second.public_id}" value="met" checked' in text
    assert f'name="verdict-{first.public_id}" value="not_yet" checked' in text, "an exception stays one"
    assert "Half a sentence" in text
    assert judgements(version) == []


def test_a_criterion_is_found_and_added_and_the_text_stays(world, assessor):
    version = made.opened(world, numbers=())
    data = {"version": version.number, "fill": "find", "find": "brand matters", "feedback": "Well begun"}
    text = text_of(assessor.post(page(version, "decide/"), data))
    wanted = world.criterion(made.UNIT, "2.1")
    key = f"{world.unit('LA1', made.UNIT).public_id} {wanted.public_id}"
    assert key in text
    answer = assessor.post(page(version, "criteria/"), data | {"add": [key]})
    assert answer.status_code == 303
    assert [c.criterion_id for c in mappings(version)] == [wanted.pk]
    text = text_of(assessor.get(page(version)))
    assert "Well begun" in text
    assert "1 criterion" in text


def test_adding_what_is_there_or_foreign_is_refused_whole(world, assessor):
    version = made.opened(world)
    unit = world.unit("LA1", made.UNIT).public_id
    there = f"{unit} {world.criterion(made.UNIT, made.KNOWLEDGE).public_id}"
    fresh = f"{unit} {world.criterion(made.UNIT, '1.2').public_id}"
    data = {"version": version.number, "feedback": "Kept", "add": [fresh, there]}
    answer = assessor.post(page(version, "criteria/"), data)
    assert answer.status_code == 422
    assert "Kept" in text_of(answer)
    assert len(mappings(version)) == 1, "all ticks or none"
    foreign = f"{world.unit('LA2', made.UNIT).public_id} {world.criterion(made.UNIT, '1.2').public_id}"
    assert assessor.post(page(version, "criteria/"), data | {"add": [foreign]}).status_code == 404
    assert len(mappings(version)) == 1


def send_draft(client, version, content):
    return client.post(page(version, "draft/"), json.dumps(content), content_type="application/json")


def test_the_draft_is_kept_and_comes_back(world, assessor):
    version = made.opened(world)
    mapping = mappings(version)[0].public_id
    typed = {
        "version": "1",
        "feedback": "Half a",
        f"verdict-{mapping}": "not_yet",
        f"reason-{mapping}": "Steps",
        "evil": "x",
    }
    answer = send_draft(assessor, version, typed)
    assert answer.status_code == 200
    assert answer.json()["saved"].startswith("Saved ")
    assert answer.json()["here"] == []
    kept = FeedbackDraft.objects.for_centre(version.centre_id).get()
    assert "evil" not in kept.content
    text = text_of(assessor.get(page(version)))
    assert "Half a</textarea>" in text
    assert 'value="Steps"' in text
    assert assessor.post(page(version, "decide/"), filled(version)).status_code == 303
    assert not FeedbackDraft.objects.for_centre(version.centre_id).exists()


def test_a_draft_is_kept_whole_and_what_is_too_long_is_not_kept_in_part(world, assessor):
    version = made.opened(world)
    long = "word " * 3000
    assert send_draft(assessor, version, {"feedback": long}).status_code == 200
    assert FeedbackDraft.objects.for_centre(version.centre_id).get().content == {"feedback": long}
    for words, status in (("x" * LARGEST_DRAFT, 413), ("x" * 100_000, 422)):
        answer = send_draft(assessor, version, {"feedback": words})
        assert (answer.status_code, "saved" in answer.json()) == (status, False)
        assert answer.json()["problem"] == "This is too long to keep as a draft. Shorten it."
    assert FeedbackDraft.objects.for_centre(version.centre_id).get().content == {"feedback": long}


@pytest.mark.parametrize(("field", "most"), [("feedback", 8000), ("next_action", 300)])
def test_what_is_too_long_to_send_is_said_at_its_field(world, assessor, field, most):
    version = made.opened(world)
    answer = assessor.post(page(version, "decide/"), filled(version) | {field: "x" * (most + 1)})
    assert answer.status_code == 422
    assert f"is {most + 1:,} characters long. Keep it to {most:,}." in text_of(answer)
    assert 'data-unstored="yes"' in text_of(answer)  # the script saves what was typed
    assert assessor.post(page(version, "decide/"), filled(version) | {field: "x" * most}).status_code == 303


def test_a_draft_about_another_version_is_not_called_saved(world, assessor):
    version = made.opened(world)
    send_draft(assessor, version, {"version": "7", "feedback": "About another one"})
    text = text_of(assessor.get(page(version)))
    assert "About another one" not in text
    assert "data-saved-words></span>" in text


@pytest.mark.parametrize("body", [b"", b"not json", b"\xff", b'{"feedback": "cut'])
def test_a_draft_that_cannot_be_read_is_refused(world, assessor, body):
    version = made.opened(world)
    answer = assessor.post(page(version, "draft/"), body, content_type="application/json")
    assert answer.status_code == 400
    assert not FeedbackDraft.objects.for_centre(version.centre_id).exists()


def test_a_draft_of_odd_shapes_keeps_what_is_text(world, assessor):
    version = made.opened(world)
    assert send_draft(assessor, version, ["a", "list"]).status_code == 400
    assert send_draft(assessor, version, {"feedback": 7, "next_action": "A call"}).status_code == 200
    assert FeedbackDraft.objects.for_centre(version.centre_id).get().content == {"next_action": "A call"}


def test_the_talk_goes_on_and_an_empty_line_is_refused(world, assessor):
    version = made.opened(world)
    assert assessor.post(page(version, "reply/"), {"text": "  "}).status_code == 422
    answer = assessor.post(page(version, "reply/"), {"text": "Call me on Friday."})
    assert answer.status_code == 303
    assert "Call me on Friday." in text_of(assessor.get(page(version, "?tab=versions")))
    assert Reply.objects.for_centre(version.centre_id).count() == 1


@pytest.mark.parametrize(("who", "status"), [("QA", 403), ("LA1", 403), ("CA", 403), ("AA2", 404), ("AB1", 404)])
@pytest.mark.parametrize("tail", ["decide/", "draft/", "criteria/", "reply/"])
def test_others_change_nothing(world, as_client, who, status, tail):
    version = made.opened(world)
    data = filled(version) | {"text": "Hello", "add": []}
    assert as_client(who).post(page(version, tail), data).status_code == status
    assert judgements(version) == []
    assert Reply.objects.for_centre(version.centre_id).count() == 0


def test_a_page_is_not_changed_by_a_get(world, assessor):
    version = made.opened(world)
    assert assessor.get(page(version, "decide/")).status_code == 405
