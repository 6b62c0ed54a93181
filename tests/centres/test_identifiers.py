"""Numbers of awarding bodies in a learner's record: their form, whose they are, and what stood before (R28)."""

import re
from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from centres.models import Correction, Learner
from centres.queries.records import ocr_numbers_of, record_of
from centres.queries.seen import record_mark
from centres.rules.correcting import tidied_record
from centres.rules.registering import Known
from centres.services import correct_record
from centres.services.correcting import Corrected
from common import clock
from common.refusals import Stale
from tests.centres.test_correcting import WHY, again, correct, refused
from tests.centres.test_correcting_rules import ELLA, codes
from tests.factories.world import two_centres
from tests.portfolio.test_races import at_once
from tests.web.centre.forms import learner_url, record

OCR, OTHER = "12345678", "87654321"
UCI = "123450180001A"


@pytest.mark.parametrize(
    ("column", "number", "found"),
    [
        ("candidate_number", "7", []),
        ("candidate_number", "9999", []),
        ("candidate_number", "10000", ["candidate-number-form"]),
        ("candidate_number", "0", ["candidate-number-form"]),
        ("candidate_number", "12a", ["candidate-number-form"]),
        ("candidate_number", "١٢", ["candidate-number-form"]),
        ("ocr_number", OCR, []),
        ("ocr_number", "1234 5678", []),
        ("ocr_number", "1234567", ["ocr-number-form"]),
        ("ocr_number", "123456789", ["ocr-number-form"]),
        ("ocr_number", "1234567x", ["ocr-number-form"]),
        ("uci", UCI, []),
        ("uci", UCI.lower(), []),
        ("uci", UCI[:-1], ["uci-form"]),
        ("uci", f"{UCI}1", ["uci-form"]),
        ("uci", "12345018000é1", ["uci-form"]),
    ],
)
def test_each_number_has_its_form(column, number, found):
    assert codes(tidied_record(replace(ELLA, **{column: number}))) == found


def test_seven_and_four_digits_are_one_number():
    tidied = tidied_record(replace(ELLA, candidate_number=" 7", uci="12345-0180001a"))
    assert (tidied.candidate_number, tidied.uci) == ("0007", UCI)


@pytest.mark.parametrize(
    ("column", "number", "code"),
    [
        ("candidate_number", "0007", "same-candidate-number"),
        ("ocr_number", OCR, "same-ocr-number"),
        ("uci", UCI, "same-uci"),
    ],
)
def test_nobody_borrows_a_number(world, column, number, code):
    other = Known("public", "Ella Fernwick")
    assert codes(replace(ELLA, **{column: number}), taken={column: other}) == [code]
    correct(world, "LA2", **{column: number})
    assert refused(correct, world, "LA1", **{column: number}) == {code}
    assert getattr(again(world), column) is None
    correct(world, "LB1", by="CB", **{column: number})  # another centre's learner may be the same person


@pytest.mark.parametrize(
    ("number", "earlier", "confirmed", "found"),
    [
        (OCR, set(), False, []),
        (OCR, {OCR}, False, []),
        (OCR, {OTHER}, False, ["ocr-number-another"]),
        (OCR, {OTHER, OCR}, False, ["ocr-number-another"]),
        (OCR, {OTHER}, True, []),
        ("", {OTHER}, False, []),
    ],
)
def test_an_ocr_number_is_used_again(number, earlier, confirmed, found):
    after = replace(ELLA, ocr_number=number, gender="X")
    assert codes(after, earlier_ocr=frozenset(earlier), another_number=confirmed) == found


def test_what_stood_before_is_remembered_also_when_it_was_emptied(world):
    correct(world, ocr_number=OCR)
    correct(world, ocr_number="")
    assert ocr_numbers_of(again(world)) == {OCR}
    assert refused(correct, world, ocr_number=OTHER) == {"ocr-number-another"}
    correct(world, ocr_number=OCR)
    row = again(world)
    said = Corrected(replace(record_of(row), ocr_number=OTHER), WHY, another_number=True)
    correct_record(actor=world.actor("CA"), learner=row, corrected=said, at=clock.now())
    assert again(world).ocr_number == OTHER
    trail = [
        one for said in Correction.objects.for_centre(row.centre_id).values_list("changes", flat=True) for one in said
    ]
    assert {"field": "ocr_number", "from": OCR, "to": OTHER} in trail


def test_once_answered_it_is_not_asked_again_with_every_other_correction(world):
    correct(world, ocr_number=OCR)
    said = Corrected(replace(record_of(again(world)), ocr_number=OTHER), WHY, another_number=True)
    correct_record(actor=world.actor("CA"), learner=again(world), corrected=said, at=clock.now())
    correct(world, workplace="Another shop")
    assert again(world).workplace == "Another shop"
    assert refused(correct, world, ocr_number=OCR) == {"ocr-number-another"}


def test_a_tab_from_before_is_told(world):
    seen = record_mark(again(world))
    correct(world, uci=UCI)
    with pytest.raises(Stale):
        correct(world, seen=seen, candidate_number="12")


@pytest.mark.parametrize(
    ("column", "number", "name"),
    [
        ("candidate_number", "12", "learner_candidate_four_digits"),
        ("candidate_number", "12a4", "learner_candidate_four_digits"),
        ("ocr_number", "1234567", "learner_ocr_number_eight_digits"),
        ("uci", UCI.lower(), "learner_uci_thirteen_signs"),
        ("uci", UCI[:-1], "learner_uci_thirteen_signs"),
    ],
)
def test_the_database_holds_the_form(world, column, number, name):
    rows = Learner.objects.for_centre(world.learners["LA1"].centre_id)
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        rows.filter(pk=world.learners["LA1"].pk).update(**{column: number})


@pytest.mark.parametrize(("column", "number"), [("candidate_number", "0012"), ("ocr_number", OCR), ("uci", UCI)])
def test_the_database_holds_whose_it_is(world, column, number):
    rows = Learner.objects.for_centre(world.learners["LA1"].centre_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(**{column: number})


@pytest.mark.django_db(transaction=True)
def test_two_admins_at_once_give_it_to_one():
    world = two_centres()
    found = at_once(lambda: correct(world, "LA1", ocr_number=OCR), lambda: correct(world, "LA2", ocr_number=OCR))
    assert sorted(found) == ["done", "same-ocr-number"]


def test_the_office_types_them_and_the_learner_reads_them(world, as_client):
    admin = as_client("CA")
    url = learner_url(world, "LA1", "record/")
    numbers = {"candidate_number": "12", "ocr_number": "1234 5678", "uci": UCI.lower()}
    assert admin.post(url, record(world, "LA1", **numbers)).status_code == 303
    text = admin.get(url).content.decode()
    for words in ("0012", OCR, UCI, "Numbers of awarding bodies"):
        assert words in text
    assert not re.search(r'name="another_number"', text)
    mine = as_client("LA1").get("/c/10001/my/record/").content.decode()
    assert OCR in mine
    assert UCI in mine
    changed = record(world, "LA1", **(numbers | {"ocr_number": OTHER}))
    asked = admin.post(url, changed)
    assert asked.status_code == 422
    assert f"OCR number {OCR} stands, or stood, in this record." in asked.content.decode()
    assert 'name="another_number"' in asked.content.decode()
    assert again(world).ocr_number == OCR
    assert admin.post(url, changed | {"another_number": "on"}).status_code == 303
    assert again(world).ocr_number == OTHER


def test_somebody_elses_number_leads_to_them(world, as_client):
    admin = as_client("CA")
    correct(world, "LA2", ocr_number=OCR)
    answer = admin.post(learner_url(world, "LA1", "record/"), record(world, "LA1", ocr_number=OCR))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "has this OCR number" in text
    assert learner_url(world, "LA2") in text
