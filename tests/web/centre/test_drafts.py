"""Drafts on screen: one person brings in, another lets through, and everybody is told the truth (R23)."""

import html

import pytest
from django.urls import reverse

from centres.models import Membership
from qualifications.models import Draft, Qualification, Unit
from tests.factories.drafts import KEY, draft_of, lead_iqa, reworded, unit_words
from tests.factories.world import A
from tests.web.centre.test_pages import queries_of


@pytest.fixture
def lead(world):
    world.people["LEAD"] = lead_iqa(world.centres[A])
    return world.people["LEAD"]


@pytest.fixture
def draft(world, lead):
    return draft_of(world.centres[A], world.people["CA"])


def url(name, *ids):
    return reverse(f"centre:{name}", args=[A, *ids])


def text(answer):
    return " ".join(html.unescape(answer.content.decode()).split())


def post(client, act, draft, **data):
    row = Draft.objects.across_centres(reason="a test looks").get(pk=draft.pk)
    return client.post(url(f"draft_{act}", draft.public_id), {"revision": row.revision, "idempotency_key": act, **data})


def state(draft):
    return Draft.objects.across_centres(reason="a test looks").get(pk=draft.pk).state


def test_a_draft_goes_through_two_people(world, as_client, draft):
    author, second = as_client("CA"), as_client("LEAD")
    page = text(author.get(url("draft", draft.public_id)))
    assert "Send it to a second person" in page
    assert "<ins>" in page
    assert post(author, "submit", draft).status_code == 303

    page = text(author.get(url("draft", draft.public_id)))
    assert "It waits for a second person." in page
    assert "These people can: Lea Second." in page
    assert "Let it through" not in page

    page = text(second.get(url("draft", draft.public_id)))
    assert "It waits for you." in page
    assert "Let it through" in page
    assert post(second, "approve", draft).status_code == 303

    page = text(second.get(url("draft", draft.public_id)))
    assert "let through by Lea Second" in page
    own = Qualification.objects.get(centre=world.centres[A])
    assert reverse("catalogue:versions", args=[A, own.public_id]) in page


def test_the_author_cannot_let_it_through_by_any_address(as_client, draft):
    author = as_client("CA")
    post(author, "submit", draft)
    for act in ("approve", "reject"):
        assert post(author, act, draft, reason="It is fine as it is.").status_code == 403
    assert state(draft) == "submitted"
    assert not Unit.objects.exclude(centre=None).exists()


def test_alone_in_the_centre_one_is_told_what_is_missing(world, as_client, draft):
    Membership.objects.for_centre(world.centres[A].pk).filter(person=world.people["LEAD"]).delete()
    author = as_client("CA")
    post(author, "submit", draft)
    assert "Your centre needs a second admin or a lead quality assurer." in text(
        author.get(url("draft", draft.public_id))
    )


def test_a_taken_out_criterion_is_loud(world, as_client, lead):
    unit = unit_words()
    gone = unit["outcomes"][0]["criteria"].pop()
    row = draft_of(world.centres[A], lead, {"units": [unit], "qualifications": []})
    page = text(as_client("CA").get(url("draft", row.public_id)))
    assert "Look twice: 1 thing is no longer asked" in page
    assert f"{gone['number']} is taken out: “{gone['text']}”" in page
    assert "<del>" in page


def test_sent_back_with_a_reason_that_is_kept_when_it_is_too_short(as_client, draft):
    author, second = as_client("CA"), as_client("LEAD")
    post(author, "submit", draft)
    answer = post(second, "reject", draft, reason="no <b>")
    assert answer.status_code == 422
    assert "no &lt;b&gt;" in answer.content.decode()
    assert "Say in a sentence what has to be different." in text(answer)
    assert post(second, "reject", draft, reason="1.1 is not theirs.", idempotency_key="other").status_code == 303
    page = text(author.get(url("draft", draft.public_id)))
    assert "Lea Second sent it back on" in page
    assert "1.1 is not theirs." in page
    assert post(author, "reopen", draft).status_code == 303
    assert post(author, "withdraw", draft).status_code == 303
    assert "It was withdrawn" in text(author.get(url("draft", draft.public_id)))


def test_the_slower_one_reads_who_was_faster_and_keeps_the_words(world, as_client, draft):
    author, second = as_client("CA"), as_client("LEAD")
    post(author, "submit", draft)
    post(author, "reopen", draft)
    answer = post(second, "reject", draft, revision=1, reason="This is what I typed.")
    assert answer.status_code == 409
    assert f"{world.people['CA'].full_name} was faster" in text(answer)
    assert "this draft stands at “Draft” now" in text(answer)
    assert state(draft) == "draft"


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30])
def test_an_incomplete_form_is_a_sentence(as_client, draft, revision):
    answer = post(as_client("CA"), "submit", draft, revision=revision)
    assert answer.status_code == 422
    assert "This page was incomplete." in text(answer)
    assert state(draft) == "draft"


def test_what_is_broken_is_said_and_cannot_be_sent(world, as_client, draft):
    content = reworded()
    content["units"][0]["level"] = 99
    problem = {"row": 3, "column": "B", "sentence": "There is no number."}
    Draft.objects.for_centre(world.centres[A].pk).update(content=content, problems=[problem])
    page = text(as_client("CA").get(url("draft", draft.public_id)))
    assert "This cannot be published yet" in page
    assert "Row 3, column B: There is no number." in page
    assert "“level” must be a whole number from 1 to 8, not “99”." in page
    assert "Send it to a second person" not in page
    assert post(as_client("CA"), "submit", draft).status_code == 422


@pytest.mark.parametrize("state", ["reading", "matching", "broken"])
def test_a_draft_still_being_read_is_an_import_still(world, as_client, draft, state):
    Draft.objects.for_centre(world.centres[A].pk).update(state=state, content={})
    answer = as_client("CA").get(url("draft", draft.public_id))
    assert (answer.status_code, answer["Location"]) == (303, url("import_preview", draft.public_id))


def test_a_moved_base_is_said_to_the_second_person(world, as_client, draft):
    post(as_client("CA"), "submit", draft)
    other = draft_of(world.centres[A], world.people["LEAD"], reworded("Name the policy"))
    post(as_client("LEAD"), "submit", other, idempotency_key="o")
    assert post(as_client("CA"), "approve", other).status_code == 303
    page = text(as_client("LEAD").get(url("draft", draft.public_id)))
    assert f"something newer than what this was compared with: {KEY}, OCR 10379." in page
    assert "Let it through" not in page


def test_lists_have_an_empty_state_and_all_three_kinds(as_client, draft):
    client = as_client("CA")
    assert draft.title in text(client.get(url("drafts")))
    assert "None yet" in text(client.get(url("drafts") + "?list=published"))
    assert draft.title in text(client.get(url("drafts") + "?list=strange"))
    Draft.objects.for_centre(draft.centre_id).all().delete()
    assert "No drafts on their way" in text(client.get(url("drafts")))


@pytest.mark.parametrize("who", ["AA1", "QA", "EA", "LA1"])
def test_others_see_no_drafts(as_client, draft, who):
    client = as_client(who)
    assert client.get(url("drafts")).status_code == 403
    assert url("drafts") not in client.get(reverse("catalogue:index", args=[A])).content.decode()


def test_a_lead_iqa_stays_in_their_own_frame(as_client, draft):
    page = text(as_client("LEAD").get(url("drafts")))
    assert reverse("centre:caseload", args=[A]) not in page
    assert reverse("assessor:learners", args=[A]) in page


def test_lists_cost_the_same_for_one_and_thirty(world, as_client, draft):
    client = as_client("CA")
    many = {"units": [unit_words(key) for key in (KEY, "A-506-2130", "H-506-2154")], "qualifications": []}
    for unit in many["units"]:
        unit["credit"] += 1
    few = [queries_of(client, url("drafts")), queries_of(client, url("draft", draft.public_id))]
    for _n in range(30):
        last = draft_of(world.centres[A], world.people["CA"], many)
    assert [queries_of(client, url("drafts")), queries_of(client, url("draft", last.public_id))] == few
    assert few == [7, 13]
