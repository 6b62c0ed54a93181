"""What people do leaves nothing that the doctor would name: in every state that work can be in."""

import pytest

from tests.upkeep import scenes
from tests.upkeep.conftest import said


def test_an_empty_installation_is_sound(db):
    assert said() == []


@pytest.mark.parametrize("scene", scenes.ALL, ids=lambda scene: scene.__name__)
def test_what_people_do_is_sound(world, scene):
    scene(world)
    assert said() == []
    assert said("objects", files=True) == []


def test_all_of_it_together_is_sound(world):
    for scene in (scenes.signed_in_training, scenes.exempt, scenes.with_photo, scenes.sent_back_and_again):
        scene(world)
    assert said(files=True) == []
