"""Versions, files, thumbnails, where files come from and where the same bytes are."""

import datetime as dt

import pytest

from common.storing import local_path
from portfolio.queries.core import (
    added_before,
    copy_without_place,
    draft_files,
    files_of,
    origins,
    same_bytes,
    seen_learners,
    thumbs,
    versions_of,
)
from portfolio.queries.state_facts import is_active
from portfolio.services import recall_evidence, remove_file, set_mappings
from portfolio.services.integrity import is_intact, is_whole
from tests.factories import files
from tests.factories import portfolio as make
from tests.factories.world import A

AT = dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def photos(world):
    """`photos(3)` → a sent version of LA1 with so many photos."""

    def make_it(number, who="LA1", **changed):
        piece = make.draft(world, who, kind="media", **changed)
        for seed in range(1, number + 1):
            make.with_file(world, piece, who, name=f"{seed}.jpg", content=files.jpeg(seed=seed))
        make.choose(world, piece, who)
        return make.send(world, piece, who)

    return make_it


def test_versions_are_listed_newest_first(world, django_assert_num_queries):
    first = make.sent(world)
    piece = recall_evidence(actor=world.actor("LA1"), evidence=make.again(first.evidence), at=AT)
    second = make.send(world, piece)
    with django_assert_num_queries(1):
        found = versions_of(piece)
        assert [v.submitted_by.full_name for v in found] == [world.people["LA1"].full_name] * 2
    assert found == [second, first]


@pytest.mark.parametrize("number", [1, 3])
def test_files_of_a_version_stand_in_its_order_with_their_previews(photos, number, django_assert_num_queries):
    version = photos(number)
    with django_assert_num_queries(2):
        found = files_of(version)
        kinds = [[p.kind for p in file.previews.all()] for file in found]
    assert [f.name for f in found] == [f"{n}.jpg" for n in range(1, number + 1)]
    assert kinds == [["image", "thumb"]] * number


def test_files_of_a_draft_leave_out_what_was_removed(world):
    piece = make.draft(world, kind="media")
    first = make.with_file(world, piece)
    second = make.with_file(world, piece, name="second.jpg", content=files.jpeg(seed=2))
    remove_file(actor=world.actor("LA1"), evidence=piece, file=first, at=AT)
    assert draft_files(piece) == [second]


def test_one_picture_stands_for_each_piece_of_a_list(world, photos, django_assert_num_queries):
    two, one, none = photos(2).evidence, photos(1).evidence, make.sent(world).evidence
    with django_assert_num_queries(1):
        found = thumbs(two.centre_id, [two.pk, one.pk, none.pk])
    first = two.files.get(position=0)
    assert found[two.pk] == first.previews.get(kind="thumb").public_id
    assert set(found) == {two.pk, one.pk}


def test_pictures_of_another_centre_are_not_lent(world, photos):
    assert thumbs(world.centres["10002"].pk, [photos(1).evidence.pk]) == {}


def test_the_same_file_in_another_piece_of_ones_own_is_named(world):
    first, second = make.draft(world, kind="media", title="First"), make.draft(world, kind="media", title="Second")
    make.with_file(world, first)
    assert added_before(make.with_file(world, second)) == "First"
    assert added_before(make.with_file(world, make.draft(world, "LA2", kind="media"), "LA2")) == ""


# --- where a file comes from


def test_where_a_photo_comes_from(world, photos):
    day = files.TAKEN.date() + dt.timedelta(days=2)
    version = photos(1, activity_date=day)
    one = origins(version, world.actor("AA1"))[0]
    assert (one.activity_on, one.captured_at, one.days_apart, one.far) == (day, files.TAKEN, 2, False)
    assert "SM-A546B" in one.device
    assert one.has_location is False
    assert one.sha256 == version.files[0]["sha256"]
    assert one.same == ()


@pytest.mark.parametrize(("days", "far"), [(7, False), (8, True)])
def test_far_apart_is_more_than_a_week(world, photos, days, far):
    version = photos(1, activity_date=files.TAKEN.date() + dt.timedelta(days=days))
    assert origins(version, world.actor("AA1"))[0].far is far


def test_a_file_that_says_nothing_says_nothing(world):
    piece = make.draft(world)
    make.with_file(world, piece, name="notes.txt", content=b"I rang back.")
    make.choose(world, piece)
    one = origins(make.send(world, piece), world.actor("AA1"))[0]
    assert (one.captured_at, one.days_apart, one.far, one.device) == (None, None, False, "")


# --- the same bytes


def test_the_same_bytes_of_somebody_one_may_not_see_have_no_name(world, photos):
    photos(1, "LA2")
    version = photos(1)
    found = same_bytes(version, world.actor("AA1"))[version.files[0]["sha256"]]
    assert len(found) == 1
    assert (found[0].who, found[0].evidence_id, found[0].file_name) == ("another learner of this centre", "", "")
    assert found[0].same_learner is False


def test_who_may_see_both_is_told_who(world, photos):
    other = photos(1, "LA2")
    version = photos(1)
    one = same_bytes(version, world.actor("QA"))[version.files[0]["sha256"]][0]
    assert one.who == world.learners["LA2"].full_name
    assert one.evidence_id == other.evidence.public_id


def test_ones_own_other_piece_is_said_to_be_the_same_learners(world, photos):
    photos(1)
    version = photos(1)
    one = origins(version, world.actor("AA1"))[0].same[0]
    assert (one.same_learner, one.who) == (True, world.learners["LA1"].full_name)


def test_drafts_other_centres_and_the_piece_itself_do_not_count(world, photos):
    make.with_file(world, make.draft(world, "LA2", kind="media"), "LA2", content=files.jpeg(seed=1))
    photos(1, "LB1")
    version = photos(1)
    assert same_bytes(version, world.actor("QA")) == {}


@pytest.mark.parametrize("number", [1, 5])
def test_origins_cost_the_same_for_one_file_and_for_five(world, photos, number, django_assert_num_queries):
    photos(number, "LA2")
    version = photos(number)
    actor = world.actor("AA1")
    with django_assert_num_queries(4):
        assert len(origins(version, actor)) == number


def test_an_admin_sees_nobodys_evidence(world):
    assert list(seen_learners(world.actor("CA"))) == []
    assert set(seen_learners(world.actor("QA"))) == {world.learners[c] for c in ("LA1", "LA2", "LA3")}
    assert list(seen_learners(world.actor("LA1"))) == []
    assert list(seen_learners(world.actor("DUO", centre=A))) == []


# --- copies and bytes


def test_the_copy_without_the_place_is_our_own_picture_or_recording(world):
    piece = make.draft(world, kind="media")
    photo = make.with_file(world, piece, content=files.jpeg(gps=True))
    sound = make.with_file(world, piece, name="call.wav", content=files.wav())
    words = make.with_file(world, piece, name="notes.txt", content=b"I rang back.")
    assert copy_without_place(photo).kind == "image"
    assert copy_without_place(sound).kind == "playable"
    assert copy_without_place(words) is None


def test_a_changed_or_missing_object_is_noticed(world):
    file = make.with_file(world, make.draft(world, kind="media"))
    assert (is_intact(file), is_whole(file)) == (True, True)
    path = local_path_of(file)
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    assert (is_intact(file), is_whole(file)) == (False, True)
    path.write_bytes(content[:-1])
    assert (is_intact(file), is_whole(file)) == (False, False)
    path.unlink()
    assert (is_intact(file), is_whole(file)) == (False, False)


def local_path_of(file):
    from django.core.files.storage import default_storage

    path = local_path(default_storage, file.storage_key)
    if path is None:
        pytest.skip("the objects of an S3 store are not files here")
    return path


def test_staff_have_no_registration_that_could_run(world):
    assert is_active(world.actor("LA1")) is True
    assert is_active(world.actor("AA1")) is False


def test_not_sure_leaves_nothing_to_show(world):
    piece = make.draft(world)
    assert set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=[], unsure=True, at=AT) == []
