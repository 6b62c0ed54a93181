"""The page on which the office corrects a learner's record, and the one on which the learner reads it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centres.enums import Role, UlnStatus
from centres.models import Correction, Membership
from jobs.models import Job
from tests.centres.test_correcting import NUMBER, WHY, again, correct, seen_paper, step
from tests.factories.world import A
from tests.web.assessor.test_sign_off import complete, prove
from tests.web.centre.forms import learner_url, record

MINE = f"/c/{A}/my/record/"


def page(world, who="LA1", rest="record/"):
    return learner_url(world, who, rest)


def test_an_admin_corrects_and_everybody_who_should_reads_it(world, admin, as_client):
    assert "Correct it" in admin.get(learner_url(world, "LA1")).content.decode()
    text = admin.get(page(world)).content.decode()
    for words in ("Correct the record", world.learners["LA1"].family_name, "Nothing was corrected.", "Its owner alone"):
        assert words in text
    answer = admin.post(page(world), record(world, "LA1", gender="F"))
    assert answer.status_code == 303
    for url in (answer["Location"], page(world)):
        text = admin.get(url).content.decode()
        assert "Gender: “Another, or prefers not to say” became “Female”." in text
        assert f"Why: {WHY}" in text
    mine = as_client("LA1")
    assert "Your centre corrected your record" in mine.get(f"/c/{A}/my/").content.decode()
    text = mine.get(MINE).content.decode()
    assert "became “Female”" in text
    assert "Gender" in text
    assert "Your centre can correct it" in mine.get("/account/").content.decode()
    assert Job.objects.filter(name="centres.send_correction").count() == 1
    assert "corrected your record" not in as_client("LA2").get(f"/c/{A}/my/").content.decode()


def test_another_name_asks_for_proof_and_keeps_what_was_typed(world, admin):
    answer = admin.post(page(world), record(world, "LA1", family_name="Ashdown", reason="she married in May"))
    assert answer.status_code == 422
    text = answer.content.decode()
    for words in ("Another name or date of birth needs proof.", "Ashdown", "she married in May", 'href="#id_proof"'):
        assert words in text
    proof = {"proof": "marriage certificate", "proof_seen_by": "Rowan", "proof_seen_on": world.today.isoformat()}
    changed = record(world, "LA1", family_name="Ashdown", **proof)
    assert admin.post(page(world), changed).status_code == 303
    assert "Proof: marriage certificate, seen by Rowan on" in admin.get(page(world)).content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"family_name": ""}, "Type the family name as the certificate prints it."),
        ({"reason": ""}, "Say in a sentence why the record is corrected."),
        ({"reason": "short", "gender": "F"}, "Say in a sentence why the record is corrected."),
        ({"uln": "1000102508"}, "The last digit of the number does not fit the others."),
        ({"uln_missing_reason": ""}, "Say why there is no number yet."),
        ({}, "Nothing is different from what stands here already."),
        ({"family_name": "Okafor-LA1x", "date_of_birth": "2001-05-18"}, "Name and date of birth together make another"),
    ],
)
def test_what_is_refused_says_why_and_changes_nothing(world, admin, changed, sentence):
    answer = admin.post(page(world), record(world, "LA1", **changed))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Correction.objects.for_centre(world.learners["LA1"].centre_id).exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"family_name": "OKAFOR-LA"}, "All capitals"),
        ({"family_name": "O"}, "single letter"),
        ({"uln": "1234567899", "uln_missing_reason": ""}, "looks made up"),
    ],
)
def test_what_looks_odd_is_asked_about_once(world, admin, changed, words):
    proof = {"proof": "passport", "proof_seen_by": "Rowan", "proof_seen_on": world.today.isoformat()}
    asked = admin.post(page(world), record(world, "LA1", **changed, **proof))
    assert asked.status_code == 422
    assert words in asked.content.decode()
    assert admin.post(page(world), record(world, "LA1", **changed, **proof, looked="on")).status_code == 303
    later = admin.post(page(world), record(world, "LA1", **_now(world), gender="F"))
    assert later.status_code == 303, "what stands so already is not asked about again"


def _now(world):
    row = again(world)
    return {"family_name": row.family_name, "uln": row.uln or "", "uln_missing_reason": row.uln_missing_reason}


def test_somebody_else_with_the_number_is_shown(world, admin):
    correct(world, "LA2", uln=NUMBER)
    answer = admin.post(page(world), record(world, "LA1", uln=NUMBER))
    text = answer.content.decode()
    assert "has this learner number." in text
    assert learner_url(world, "LA2") in text


def test_a_tab_that_is_old_is_told(world, admin):
    text = admin.get(page(world)).content.decode()
    seen = text.split('name="seen" value="')[1].split('"')[0]
    correct(world, gender="F")
    answer = admin.post(page(world), record(world, "LA1", workplace="Quay Street", seen=seen))
    assert answer.status_code == 409
    assert "Quay Street" in answer.content.decode(), "what was typed is shown"
    assert admin.post(page(world, rest="number/"), {"step": "requested", "seen": seen}).status_code == 409


def test_the_number_goes_its_way_on_the_page(world, admin):
    day = world.today.isoformat()
    assert "The number was asked for" in admin.get(page(world)).content.decode()
    short = admin.post(page(world, rest="number/"), {"step": "requested", "day": day})
    assert short.status_code == 422
    assert "the learner is shown the privacy notice" in short.content.decode()
    asked = {"step": "requested", "day": day, "notice": "LRS 2024", "notice_on": day}
    assert admin.post(page(world, rest="number/"), asked).status_code == 303
    assert "LRS 2024, shown on" in admin.get(page(world)).content.decode()
    assert "asked for on" in admin.get(learner_url(world, "LA1")).content.decode()
    correct(world, uln=NUMBER)
    assert "Keep what was compared" in admin.get(page(world)).content.decode()
    nothing = admin.post(page(world, rest="number/"), {"step": "mismatch", "day": day})
    assert "Choose what differs" in nothing.content.decode()
    differs = {"step": "mismatch", "day": day, "fields_that_differ": ["postcode", "gender"]}
    assert admin.post(page(world, rest="number/"), differs).status_code == 303
    text = admin.get(page(world)).content.decode()
    assert "Gender, Postcode" in text or "Postcode, Gender" in text
    assert again(world).uln_status == UlnStatus.MISMATCH
    lost = admin.post(page(world, rest="number/"), {"step": "requested", "day": day})
    assert lost.status_code == 422
    assert "cannot take this step" in lost.content.decode()


def test_ones_own_record_is_shown_and_not_corrected(world, as_client):
    Membership.objects.create(
        centre=world.centres[A], person=world.people["LA1"], role=Role.ADMIN, starts_on=world.today, created_at=world.at
    )
    client = as_client("LA1")
    text = client.get(page(world)).content.decode()
    assert "This is your own record." in text
    assert 'name="family_name"' not in text
    assert client.post(page(world), record(world, "LA1", gender="F")).status_code == 422
    assert again(world).gender == "X"


def test_what_was_signed_keeps_the_name_it_was_signed_under(world, admin, as_client):
    complete(world)
    assessor, mine = as_client("AA1"), as_client("LA1")
    unit = world.unit("LA1", "A-506-2130").public_id
    prove(assessor)
    assert assessor.post(f"/c/{A}/assess/units/{unit}/sign-off/", {"declared": "yes"}).status_code == 303
    prove(mine)
    assert mine.post(f"/c/{A}/my/units/{unit}/confirm/", {"agrees": "yes"}).status_code == 303
    before = again(world).full_name
    correct(world, family_name="Ashdown", proof=seen_paper(world))
    text = assessor.get(f"/c/{A}/assess/units/{unit}/sign-off/").content.decode()
    assert before in text
    assert f"{again(world).given_names} Ashdown" in text


def test_the_history_is_paged_and_short_work(world, admin, as_client):
    correct(world, workplace="Stall")
    few = counted(admin, page(world))
    for n in range(20):
        correct(world, workplace=f"Stall {n}")
    assert counted(admin, page(world)) == few
    assert "1 to 20 of 21" in admin.get(page(world)).content.decode()
    assert "“Harbour Stores” became" in admin.get(f"{page(world)}?page=2").content.decode()
    shown = admin.get(learner_url(world, "LA1")).content.decode()
    assert shown.count("became") == 3
    assert counted(as_client("LA1"), MINE) <= 8


def counted(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_a_step_of_the_number_is_no_news_on_today(world, as_client):
    step(world, "requested")
    assert "corrected your record" not in as_client("LA1").get(f"/c/{A}/my/").content.decode()
