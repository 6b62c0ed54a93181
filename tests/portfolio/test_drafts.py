"""Starting a piece and writing on it."""

import datetime as dt

import pytest

from centres.enums import RegistrationState, Role
from centres.models import Membership, Registration
from common import clock
from common.refusals import Forbidden, NotFound, Refused, Stale
from portfolio.enums import EvidenceState
from portfolio.models import Evidence
from portfolio.services import save_draft, start_evidence, withdraw_evidence
from tests.factories import portfolio as make
from tests.factories.world import A, B

AT = dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC)


def codes(caught):
    return [r.code for r in caught.value.refusals]


def save(world, evidence, revision, who="LA1", **fields):
    return save_draft(actor=world.actor(who), evidence=evidence, revision=revision, fields=fields, at=clock.now())


def end_registration(world, who="LA1", **changes):
    rows = Registration.objects.for_centre(world.registrations[who].centre_id).filter(pk=world.registrations[who].pk)
    rows.update(**changes)


def count(world):
    return Evidence.objects.across_centres(reason="a test counts").count()


def test_a_draft_is_the_learners_own(world, events):
    started = start_evidence(actor=world.actor("LA1"), kind="statement", at=AT)
    assert started.learner == world.learners["LA1"]
    assert (started.state, started.kind, started.revision, started.version_number) == ("draft", "statement", 1, 1)
    assert started.created_by == world.people["LA1"]
    assert started.created_at == started.saved_at == AT
    assert events() == ["evidence.started"]


def test_it_may_be_aimed_at_criteria_of_a_unit(world, mappings):
    unit, first, second = (
        world.unit("LA1", make.UNIT),
        world.criterion(make.UNIT, "1.1"),
        world.criterion(make.UNIT, "4.1"),
    )
    started = start_evidence(
        actor=world.actor("LA1"), learner_unit=unit, criterion_ids=[first.public_id, second.public_id], at=AT
    )
    assert mappings(started) == {"1.1": "proposed", "4.1": "proposed"}
    assert started.mappings.first().origin == "unit"


@pytest.mark.parametrize("who", ["AA1", "AT1", "QA", "EA", "CA"])
def test_staff_start_nothing(world, who):
    with pytest.raises(Forbidden):
        start_evidence(actor=world.actor(who), at=AT)
    assert count(world) == 0


def test_an_assessor_who_learns_elsewhere_starts_nothing_here(world):
    with pytest.raises(Forbidden):
        start_evidence(actor=world.actor("DUO", centre=A), at=AT)
    assert start_evidence(actor=world.actor("DUO", centre=B), at=AT).centre == world.centres[B]


def test_somebody_who_is_both_in_one_centre_starts_their_own(world):
    Membership.objects.create(
        centre=world.centres[A], person=world.people["LA1"], role=Role.ADMIN, starts_on=world.today, created_at=AT
    )
    assert start_evidence(actor=world.actor("LA1"), at=AT).learner == world.learners["LA1"]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": RegistrationState.WITHDRAWN},
        {"state": RegistrationState.ON_BREAK},
        {"state": RegistrationState.COMPLETED},
        {"starts_on": dt.date(2019, 1, 1), "ends_on": dt.date(2020, 1, 1)},
        {"starts_on": dt.date(2999, 1, 1)},
    ],
)
def test_a_learner_without_a_running_registration_only_reads(world, changes):
    piece = make.draft(world)
    end_registration(world, **changes)
    for act in (
        lambda: start_evidence(actor=world.actor("LA1"), at=AT),
        lambda: save(world, piece, 2, title="Another"),
        lambda: make.choose(world, piece),
        lambda: make.with_file(world, piece),
        lambda: make.send(world, piece),
        lambda: withdraw_evidence(actor=world.actor("LA1"), evidence=piece, at=AT),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert codes(caught) == ["registration-ended"]
    assert count(world) == 1
    assert make.again(piece).title == piece.title


def test_a_unit_of_somebody_else_or_an_unknown_criterion_starts_nothing(world):
    criterion = world.criterion(make.UNIT, "1.1")
    for unit, criteria in (
        (world.unit("LA2", make.UNIT), [criterion.public_id]),
        (world.unit("LB1", make.UNIT), [criterion.public_id]),
        (world.unit("LA1", make.UNIT), [world.criterion("H-506-2154", "1.1").public_id]),
        (world.unit("LA1", make.UNIT), ["0" * 26]),
    ):
        with pytest.raises(Refused) as caught:
            start_evidence(actor=world.actor("LA1"), learner_unit=unit, criterion_ids=criteria, at=AT)
        assert codes(caught) == ["not-your-unit"]
    assert count(world) == 0


def test_an_unknown_kind_starts_nothing(world):
    with pytest.raises(Refused):
        start_evidence(actor=world.actor("LA1"), kind="observation", at=AT)
    assert count(world) == 0


# --- saving


def test_a_save_keeps_what_was_typed_and_counts_on(world, last_event):
    started = start_evidence(actor=world.actor("LA1"), at=AT)
    saved = save(world, started, 1, title="A refund", activity_date=dt.date(2026, 3, 1), no_customer_named=False)
    assert saved.revision == 2
    assert (saved.title, saved.activity_date, saved.no_customer_named) == ("A refund", dt.date(2026, 3, 1), False)
    assert last_event("evidence.saved").facts == {"fields": ["activity_date", "no_customer_named", "title"]}
    assert "A refund" not in str(last_event("evidence.saved").facts)


def test_a_save_of_one_field_leaves_the_others(world):
    piece = make.draft(world)
    saved = save(world, piece, piece.revision, place="Till 2")
    assert (saved.title, saved.place) == (piece.title, "Till 2")


def test_saving_what_is_there_changes_and_records_nothing(world, events):
    piece = make.draft(world)
    before = events()
    again = save(world, piece, piece.revision, title=piece.title, body=piece.body)
    assert (again.revision, again.saved_at) == (piece.revision, piece.saved_at)
    assert events() == before


def test_a_slower_tab_is_told_and_nothing_of_it_is_written(world):
    piece = make.draft(world)
    faster = save(world, piece, 2, title="From the phone")
    with pytest.raises(Stale) as caught:
        save(world, piece, 2, title="From the laptop")
    assert caught.value.who == world.learners["LA1"].full_name
    assert caught.value.at == faster.saved_at
    assert "another tab" in caught.value.refusals[0].sentence
    assert make.again(piece).title == "From the phone"


def test_an_unchanged_save_of_a_slower_tab_is_told_too(world):
    piece = make.draft(world)
    save(world, piece, 2, title="From the phone")
    with pytest.raises(Stale):
        save(world, piece, 2, title="From the phone")


def test_what_was_sent_is_not_written_on(world):
    version = make.sent(world)
    piece = make.again(version.evidence)
    with pytest.raises(Stale) as caught:
        save(world, piece, piece.revision, title="Better")
    assert "already sent" in caught.value.refusals[0].sentence
    assert caught.value.at == piece.submitted_at
    assert make.again(piece).title == piece.title


def test_who_opened_it_meanwhile_is_named(world):
    version = make.opened(world)
    with pytest.raises(Stale) as caught:
        save(world, version.evidence, version.evidence.revision, title="Better")
    assert caught.value.who == world.people["AA1"].full_name


@pytest.mark.parametrize("field", ["state", "learner_id", "centre_id", "version_number", "submitted_at", "unsure"])
def test_nothing_but_the_fields_of_a_draft_is_written(world, field):
    piece = make.draft(world)
    with pytest.raises(Refused) as caught:
        save(world, piece, piece.revision, **{field: "1"})
    assert codes(caught) == ["unknown-field"]
    assert make.again(piece).revision == piece.revision


def test_a_text_that_is_too_long_is_refused_at_its_field(world):
    piece = make.draft(world, place="")
    with pytest.raises(Refused) as caught:
        save(world, piece, piece.revision, title="x" * 121, place="Till")
    assert [(r.code, r.field) for r in caught.value.refusals] == [("too-long", "title")]
    assert make.again(piece).place == ""


def test_what_no_database_stores_is_left_out_and_the_rest_kept(world):
    piece = make.draft(world)
    saved = save(world, piece, piece.revision, title="A\x00B\ud800 <b>“ü”</b> 🧾")
    assert saved.title == "AB <b>“ü”</b> 🧾"


@pytest.mark.parametrize("who", ["LA2", "AA1", "AA2", "QA", "CA"])
def test_nobody_else_writes_on_it(world, who):
    piece = make.draft(world)
    with pytest.raises(Forbidden):
        save(world, piece, piece.revision, who, title="Mine now")
    assert make.again(piece).title == piece.title


@pytest.mark.parametrize("who", ["LB1", "AB1", "CB"])
def test_in_another_centre_it_is_not_there(world, who):
    piece = make.draft(world)
    with pytest.raises(NotFound) as caught:
        save(world, piece, piece.revision, who, title="Mine now")
    assert not isinstance(caught.value, Forbidden)


def test_a_withdrawn_piece_is_not_written_on(world):
    piece = make.draft(world)
    withdraw_evidence(actor=world.actor("LA1"), evidence=piece, at=AT)
    with pytest.raises(Stale) as caught:
        save(world, piece, piece.revision, title="Still here")
    assert "“Withdrawn”" in caught.value.refusals[0].sentence
    assert make.again(piece).state == EvidenceState.WITHDRAWN
