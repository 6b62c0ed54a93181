"""The pages of certificates: an admin records, another person decides, quality assurers read."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Exemption
from assessments.queries.certificates import USES
from centres.enums import UnitState
from centres.models import Allocation, LearnerUnit
from tests.assessments.test_exempting import KEY, MISTAKE, WHY_NOT, put, settle
from tests.factories.world import A
from tests.web.assessor.test_sign_off import prove
from tests.web.centre.forms import learner_url, paper

LIST = f"/c/{A}/exemptions/"


def page(row):
    return f"{LIST}{row.public_id}/"


def test_an_admin_records_and_is_told_that_somebody_else_looks(world, admin):
    url = learner_url(world, "LA1", f"exempt/{world.unit('LA1', KEY).public_id}/")
    text = admin.get(url).content.decode()
    assert "L/506/2133" in text
    assert 'value="L/506/2133"' not in text, "it is typed from the certificate"
    answer = admin.post(url, paper(world))
    assert answer.status_code == 303
    text = admin.get(answer["Location"]).content.decode()
    assert "another admin or an internal quality assurer decides" in text
    assert "Approve" not in text


def test_a_line_break_counts_as_one_sign_as_the_box_counts_it(world, as_client):
    row = put(world)
    words = "\r\n".join(["x" * 9] * 30)  # 299 signs in the box
    assert as_client("QA").post(page(row), {"decision": "refuse", "reason": words}).status_code == 303
    assert len(Exemption.objects.for_centre(row.centre_id).get(pk=row.pk).reason) == 299


@pytest.mark.parametrize("name", ["awarding_body", "unit_reference", "awarded_on", "certificate_number", "checked_at"])
def test_everything_on_it_is_asked(world, admin, name):
    url = learner_url(world, "LA1", f"exempt/{world.unit('LA1', KEY).public_id}/")
    answer = admin.post(url, paper(world, **{name: ""}))
    assert answer.status_code == 422
    assert "Work with others" in answer.content.decode()
    assert not Exemption.objects.for_centre(world.learners["LA1"].centre_id).exists()


def test_the_second_person_approves_and_everybody_sees_it(world, admin, as_client):
    row = put(world)
    client = as_client("QA")
    text = client.get(page(row)).content.decode()
    assert "Approve: the unit is exempt" in text
    assert "The references are the same" in text
    first = client.post(page(row), {"decision": "approve"})
    assert first["Location"].startswith("/accounts/reauthenticate/?next=")
    assert world.unit("LA1", KEY).state == UnitState.SELECTED
    prove(client)
    assert client.post(page(row), {"decision": "approve"}).status_code == 303
    unit = world.unit("LA1", KEY)
    assert unit.state == UnitState.EXEMPT
    pages = {
        "CA": learner_url(world, "LA1"),
        "AA1": f"/c/{A}/assess/learners/{world.learners['LA1'].public_id}/",
        "QA": f"/c/{A}/assess/units/{unit.public_id}/",
        "EA": LIST,
        "LA1": f"/c/{A}/my/units/",
    }
    assert [
        who for who, url in pages.items() if "at-status--exempt" not in as_client(who).get(url).content.decode()
    ] == []
    mine = as_client("LA1").get(f"/c/{A}/my/units/{unit.public_id}/").content.decode()
    assert "A certificate you have already counts for this unit." in mine
    signed = as_client("AA1").get(f"/c/{A}/assess/units/{unit.public_id}/sign-off/").content.decode()
    assert "a certificate stands for it" in signed
    done = as_client("AA1").get(f"/c/{A}/assess/sign-off/?group=done").content.decode()
    assert "A certificate stands for this unit." in done
    for text in (done, signed, as_client("AA1").get(pages["AA1"]).content.decode()):
        assert f"0 of {unit.unit.criteria.count()}" not in text


def test_turning_down_without_a_reason_keeps_the_page(world, as_client):
    row = put(world)
    answer = as_client("QA").post(page(row), {"decision": "refuse", "reason": "no"})
    assert answer.status_code == 422
    assert "Say in a sentence why the certificate does not count." in answer.content.decode()
    assert as_client("QA").post(page(row), {"decision": "refuse", "reason": WHY_NOT}).status_code == 303
    assert WHY_NOT in as_client("EA").get(page(row)).content.decode()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"reason": WHY_NOT}, "Approve it, or turn it down."),
        ({"decision": "perhaps", "reason": WHY_NOT}, "Approve it, or turn it down."),
        ({"decision": "refuse", "reason": WHY_NOT + "x" * 300}, "Keep it under 300 characters."),
    ],
)
def test_no_decision_is_guessed_and_what_was_typed_stays(world, as_client, sent, sentence):
    row = put(world)
    answer = as_client("QA").post(page(row), sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    assert sent["reason"] in text
    assert "Waits for a second person" in as_client("QA").get(page(row)).content.decode()


def test_who_comes_late_is_told_that_and_nothing_else(world, as_client):
    row = put(world)
    as_client("QA").post(page(row), {"decision": "refuse", "reason": WHY_NOT})
    text = as_client("QA").post(page(row), {"decision": "refuse", "reason": ""}).content.decode()
    assert "Somebody has decided about this certificate already." in text
    assert "Say in a sentence" not in text


def test_a_row_of_before_with_another_reference_is_pointed_out(world, as_client):
    row = put(world)
    old = {"unit_reference": "X/1", "stands_by": "uncompared"}
    Exemption.objects.for_centre(row.centre_id).filter(pk=row.pk).update(**old)
    assert "The references differ" in as_client("QA").get(page(row)).content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("D/506/2133", "The letter of D/506/2133 does not fit its digits"),
        ("Z/999/9999 Basket weaving", "“Z/999/9999 Basket weaving” is no reference of a unit."),
        ("J/506/2132", "J/506/2132 is another unit."),
    ],
)
def test_another_reference_is_refused_with_what_is_wrong(world, admin, typed, sentence):
    url = learner_url(world, "LA1", f"exempt/{world.unit('LA1', KEY).public_id}/")
    answer = admin.post(url, paper(world, unit_reference=typed))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    assert typed in text
    assert not Exemption.objects.for_centre(world.learners["LA1"].centre_id).exists()


def test_a_unit_whose_reference_nobody_knows_says_so_before_anything_is_typed(world, admin, monkeypatch):
    monkeypatch.setattr("assessments.queries.certificates.acceptable_references", lambda _unit, _centre: ())
    url = learner_url(world, "LA1", f"exempt/{world.unit('LA1', KEY).public_id}/")
    assert "The reference of this unit is not known" in admin.get(url).content.decode()
    assert "Have the unit’s reference entered in the catalogue first" in admin.post(url, paper(world)).content.decode()


def test_a_number_that_is_on_record_is_shown_and_confirmed_by_both(world, admin, as_client):
    settle(world, put(world, who="LA2"))
    url = learner_url(world, "LA1", f"exempt/{world.unit('LA1', KEY).public_id}/")
    assert "Why this number is right here too" not in admin.get(url).content.decode()
    answer = admin.post(url, paper(world))
    assert answer.status_code == 422
    text = answer.content.decode()
    for words in ("This number is on record already", world.learners["LA2"].full_name, 'name="reused"'):
        assert words in text
    made = admin.post(url, paper(world, reused="Their twin has the same paper: I saw both."))
    assert made.status_code == 303
    client = as_client("QA")
    text = client.get(made["Location"]).content.decode()
    for words in ("This number is on record already", "Their twin has the same paper: I saw both."):
        assert words in text
    first = client.post(made["Location"], {"decision": "approve", "reused": "Both papers lie before me."})
    assert "reauthenticate" in first["Location"]
    assert "Both papers lie before me." in client.get(made["Location"]).content.decode(), "what was typed came back"
    prove(client)
    assert client.post(made["Location"], {"decision": "approve"}).status_code == 422
    said = {"decision": "approve", "reused": "Both papers lie before me."}
    assert client.post(made["Location"], said).status_code == 303
    assert "Both papers lie before me." in as_client("EA").get(made["Location"]).content.decode()


def test_who_assesses_the_learner_is_told_that_somebody_else_decides(world, as_client):
    row = put(world)
    Allocation.objects.create(
        centre=world.centres[A],
        learner=world.learners["LA1"],
        assessor=world.people["QA"],
        starts_on=world.today,
        created_at=world.at,
    )
    client = as_client("QA")
    text = client.get(page(row)).content.decode()
    assert "You assess this learner, or did" in text
    assert "Approve" not in text
    prove(client)
    assert client.post(page(row), {"decision": "approve"}).status_code == 422
    assert world.unit("LA1", KEY).state == UnitState.SELECTED


def test_an_old_certificate_and_an_award_of_nothing_else_are_pointed_out(world, as_client):
    row = put(world, awarded_on=dt.date(2013, 12, 31))
    rows = LearnerUnit.objects.for_centre(row.centre_id).filter(registration=world.registrations["LA1"])
    rows.exclude(unit__key=KEY).update(state=UnitState.EXEMPT)
    text = as_client("QA").get(page(row)).content.decode()
    for words in (
        "Older than this qualification",
        "The whole award would be exempt",
        "has to be assessed by your centre",
    ):
        assert words in text


def test_an_external_assurer_reads_and_decides_nothing(world, as_client):
    row = put(world)
    assert as_client("EA").get(page(row)).status_code == 200
    assert as_client("EA").post(page(row), {"decision": "approve"}).status_code == 403


def test_the_list_is_short_work_whatever_its_length(world, admin):
    assert "No certificates yet" in admin.get(LIST).content.decode()
    settle(world, put(world))
    assert counted(admin) == 7
    for unit in LearnerUnit.objects.for_centre(world.learners["LA1"].centre_id).filter(state=UnitState.SELECTED):
        Exemption.objects.create(
            centre_id=unit.centre_id,
            learner_unit=unit,
            recorded_by=world.people["CA"],
            recorded_at=world.at,
            **paper(world, awarded_on=world.today),
        )
    assert counted(admin) == 7
    assert "No certificate is in this state." in admin.get(f"{LIST}?state=refused").content.decode()


def counted(client):
    client.get(LIST)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(LIST).status_code == 200
    return len(caught)


# --- withdrawing


def test_the_second_person_withdraws_and_says_why(world, as_client):
    row = settle(world, put(world))
    client = as_client("QA")
    first = client.post(page(row), {"decision": "withdraw", "reason": MISTAKE})
    assert "reauthenticate" in first["Location"]
    assert world.unit("LA1", KEY).state == UnitState.EXEMPT
    prove(client)
    assert "Withdraw the exemption" in client.get(page(row)).content.decode()
    short = client.post(page(row), {"decision": "withdraw", "reason": "no"})
    assert short.status_code == 422
    assert "Say in a sentence why the unit is not exempt after all." in short.content.decode()
    assert world.unit("LA1", KEY).state == UnitState.EXEMPT
    done = client.post(page(row), {"decision": "withdraw", "reason": MISTAKE}, follow=True)
    text = done.content.decode()
    for words in ("The exemption is withdrawn. The unit is open again.", "withdrew it", MISTAKE, "approved it"):
        assert words in text
    assert "Withdraw the exemption" not in text
    assert world.unit("LA1", KEY).state == UnitState.IN_PROGRESS
    for who, url in (("CA", learner_url(world, "LA1")), ("LA1", f"/c/{A}/my/units/")):
        assert "at-status--exempt" not in as_client(who).get(url).content.decode()


def test_a_double_click_withdraws_once_and_an_older_tab_is_told(world, as_client):
    row = settle(world, put(world))
    client, data = as_client("QA"), {"decision": "withdraw", "reason": MISTAKE}
    prove(client)
    for _click in range(2):
        assert client.post(page(row), data | {"idempotency_key": "one"}).status_code == 303
    late = client.post(page(row), data | {"idempotency_key": "two"})
    assert late.status_code == 422
    assert "there is nothing to withdraw" in late.content.decode()


def test_whoever_recorded_it_and_the_external_assurer_are_offered_nothing(world, admin, as_client):
    row = settle(world, put(world))
    for client in (admin, as_client("EA")):
        assert "Withdraw the exemption" not in client.get(page(row)).content.decode()
    data = {"decision": "withdraw", "reason": MISTAKE}
    assert as_client("EA").post(page(row), data).status_code == 403
    prove(admin)
    assert admin.post(page(row), data).status_code == 422
    assert world.unit("LA1", KEY).state == UnitState.EXEMPT


# --- a number that was used often


def used(world, many):
    """A certificate of LA2 with a number that was turned down so many times for LA1; the newest use comes first."""
    known = Exemption.objects.for_centre(world.learners["LA1"].centre_id)
    theirs = known.filter(learner_unit__learner=world.learners["LA1"])
    first = theirs.first() or settle(world, put(world), approves=False, reason=WHY_NOT)
    for n in range(theirs.count(), many):
        first.pk, first.public_id, first.unit_title = None, f"use-{n:02}", f"Printed {n:02}"
        first.recorded_at += dt.timedelta(minutes=1)
        first.save(force_insert=True)
    waiting = known.filter(learner_unit__learner=world.learners["LA2"]).first()
    return waiting or put(world, who="LA2", reused="It is the same certificate.")


def named(client, url):
    """The other uses that a page shows, in its order."""
    banner = client.get(url).content.decode().split('id="uses"', 1)[-1].split("</ul>", 1)[0]
    return re.findall(rf'href="{LIST}([^/]+)/"', banner)


def test_uses_of_a_number_come_in_pages(world, as_client):
    row = used(world, USES + 2)
    client = as_client("CA")
    assert "This number is on record 12 times already" in client.get(page(row)).content.decode()
    assert named(client, page(row)) == [f"use-{n:02}" for n in range(11, 1, -1)]
    assert 'href="?uses=2"' in client.get(page(row)).content.decode()
    assert named(client, f"{page(row)}?uses=2")[0] == "use-01"
    assert len(named(client, f"{page(row)}?uses=2")) == 2
    assert len(named(client, f"{page(row)}?uses=2000")) == 2, "the last page"


def test_where_it_is_typed_the_newest_are_shown_and_the_way_to_all(world, admin):
    used(world, USES + 2)
    url = learner_url(world, "LA3", f"exempt/{world.unit('LA3', KEY).public_id}/")
    text = admin.post(url, paper(world, certificate_number="C-100")).content.decode()
    assert "This number is on record 13 times already" in text
    assert "Only the newest are shown here." in text
    assert "?uses=2" not in text, "a link would lose what is typed"


def test_a_number_of_its_own_is_no_matter(world, as_client):
    assert "on record already" not in as_client("QA").get(page(put(world))).content.decode()


def test_a_full_page_of_uses_takes_the_queries_of_one(world, as_client, django_assert_num_queries):
    client = as_client("CA")
    client.get(page(used(world, 1)))
    for many in (1, USES + 2):
        row = used(world, many)
        with django_assert_num_queries(11):
            client.get(page(row))
