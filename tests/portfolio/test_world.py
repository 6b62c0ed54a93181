"""The world that other tests stand in is what it says it is."""

from centres.enums import Role
from centres.queries import visible_learners
from tests.factories import files
from tests.factories.world import A, World


def test_everybody_sees_whom_the_abuse_cases_say(world: World):
    seen = {code: {learner.person_id for learner in visible_learners(world.actor(code))} for code in world.people}
    codes = {person.pk: code for code, person in world.people.items()}
    named = {code: {codes[pk] for pk in ids} for code, ids in seen.items()}
    assert named["AA1"] == {"LA1"}
    assert named["AA2"] == {"LA2", "LA3"}  # LA3 through the trainee whom they countersign
    assert named["AT1"] == {"LA3"}
    assert named["QA"] == named["EA"] == named["CA"] == {"LA1", "LA2", "LA3"}
    assert named["AB1"] == {"LB1", "DUO"}
    assert named["LA1"] == {"LA1"}
    assert named["DUO"] == set()


def test_one_person_is_somebody_else_in_the_other_centre(world: World):
    assert world.actor("DUO", centre=A).roles == {Role.ASSESSOR}
    assert world.actor("DUO", centre="10002").is_learner


def test_units_are_chosen_with_their_real_criteria(world: World):
    assert world.unit("LA1", "A-506-2130").learner_id == world.learners["LA1"].pk
    assert world.criterion("L-506-2133", "1.1").verb


def test_sample_files_are_what_they_say():
    assert files.jpeg()[:3] == b"\xff\xd8\xff"
    assert files.jpeg(seed=2) != files.jpeg()
    assert files.pdf()[:5] == b"%PDF-"
    assert files.wav()[:4] == b"RIFF"
    assert files.mp4(gps=True)[4:8] == b"ftyp"
