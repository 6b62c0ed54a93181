"""The forms that pages really show: each names its state, and what people type into it can be shown to them again."""

import re

import pytest

from tests.access.table import OF_A, ROUTES
from tests.access.test_matrix import address, expected
from tests.access.things import things_of
from tests.architecture.test_forms import has_a_label, typed_names
from tests.factories.world import A

#: Typed into forms that are sent for a part of a page, not to be kept: searches inside a form.
SEARCHES = {"q", "find"}


@pytest.fixture
def pages(world, as_client):
    """Every page of everybody that has a form, as (address's name, person, page)."""
    things, found = things_of(world, "LA1", "AA1"), []
    for who in OF_A:
        client = as_client(who)
        for name in ROUTES:
            if expected(name, who, "get") != "ok":
                continue
            answer = client.get(address(name, A, things))
            if answer.status_code == 200 and "html" in answer["Content-Type"]:
                found.append((name, who, answer.content.decode()))
    return found


def test_forms_say_what_they_were_made_from_and_what_is_typed_has_a_name(pages):
    marks = [(name, who, m) for name, who, page in pages for m in re.findall(r'name="seen" value="([^"]*)"', page)]
    assert len({name for name, _who, _mark in marks}) > 12
    #: The choice of units and the schedule may be seen before anybody changed them.
    assert {name for name, _who, mark in marks if not mark} <= {"centre:units", "centre:learner"}
    typed = {(name, field) for name, _who, page in pages for field in typed_names(page)}
    assert {one for one in typed if one[1] not in SEARCHES and not has_a_label(one[1])} == set()
