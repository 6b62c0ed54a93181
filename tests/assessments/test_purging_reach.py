"""How far a removal reaches: who reads of it, what is over, where else the same file is (R60, R13)."""

import pytest

from assessments import services
from assessments.queries.chain_faults import broken_links
from centres.enums import Role, UnitState
from centres.models import Assurance, Membership
from common import clock
from common.refusals import NotFound
from portfolio.enums import EvidenceState
from portfolio.models import EvidenceVersion, Tombstone
from portfolio.queries.purges import copies_elsewhere, purge_for, purges_page
from tests.assessments.test_purging import ask, decide, shown
from tests.assessments.test_sign_off import complete, confirm, sign
from tests.factories import files, moving
from tests.factories import portfolio as made
from tests.factories.world import CERTIFICATE, DIPLOMA

__all__ = ["shown"]


def test_what_is_over_keeps_its_signature_and_gives_up_what_it_rested_on(world):
    """Nobody can reopen a unit of a registration that was moved: somebody's data would stay for good (R60)."""
    moving.publish_more(world.at)
    piece = complete(world)
    sign(world)
    confirm(world)
    unit = world.unit("LA1", made.UNIT)
    moving.move(world, world.registrations["LA1"], moving.HIGHER)
    version = EvidenceVersion.objects.for_centre(piece.centre_id).get(evidence=piece)
    version.evidence = made.again(piece)
    decide(world, ask(world, version, words=True))
    unit.refresh_from_db()
    assert (made.again(piece).state, unit.state) == (EvidenceState.ACCEPTED, UnitState.ACHIEVED)
    assert Tombstone.objects.for_centre(piece.centre_id).exists()
    assert list(broken_links()) == []


def test_whoever_answers_reads_in_how_many_other_pieces_the_same_file_is(world, as_client):
    """Those stay until somebody asks there, so somebody has to know (R60)."""
    photo, versions = files.jpeg(seed=5), []
    for who in ("LA1", "LA1", "LA2"):
        piece = made.draft(world, kind="media", who=who)
        made.with_file(world, piece, content=photo, who=who)
        made.choose(world, piece, who=who)
        if who == "LA1":
            version = made.open_it(world, made.send(world, piece))
            version.evidence = made.again(piece)
            versions.append(version)
    row = ask(world, versions[0])
    page = as_client("CA").get(f"/c/10001/centre/personal-data/{row.public_id}/")
    assert "in 1 other piece of your centre" in page.content.decode()
    decide(world, row)
    assert copies_elsewhere(versions[0]) == 1
    assert copies_elsewhere(versions[1]) == 0
    decide(world, ask(world, versions[1]))
    page = as_client("CA").get(f"/c/10001/centre/personal-data/{row.public_id}/")
    assert "other piece" not in page.content.decode()


@pytest.mark.parametrize(("code", "seen"), [(DIPLOMA, True), (CERTIFICATE, False)])
def test_a_lead_reads_and_answers_only_what_is_asked_in_what_they_assure(world, shown, code, seen):
    """The request names the learner and says what is in the piece (R13, R99)."""
    row = ask(world, shown, words=True)
    role = Membership.objects.create(
        centre=world.centres["10001"],
        person=world.people["DUO"],
        role=Role.LEAD_IQA,
        starts_on=world.today,
        created_at=world.at,
    )
    Assurance.objects.create(centre=role.centre, membership=role, entry_code=code)
    lead = world.actor("DUO", centre="10001")
    rows, _page, counts = purges_page(lead, "waiting", 1)
    assert ([one.learner for one in rows] != [], counts["all"]) == (seen, int(seen))
    if seen:
        assert purge_for(lead, row.public_id) == row
    else:
        for act in (lambda: purge_for(lead, row.public_id), lambda: decide_as(lead, row)):
            with pytest.raises(NotFound):
                act()


def decide_as(actor, purge):
    return services.decide_purge(actor=actor, purge=purge, agrees=True, at=clock.now())
