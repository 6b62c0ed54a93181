"""What is removed for privacy is removed from pages and the store, and the log still holds."""

from common import clock
from ledger import services
from portfolio.models import EvidenceFile
from tests.assessments.test_purging import ask, decide
from tests.factories import portfolio as made
from tests.ledger.conftest import found


def test_a_purge_leaves_every_seal_whole(world, run_jobs):
    piece = made.draft(world, kind="media")
    made.with_file(world, piece)
    made.choose(world, piece)
    version = made.open_it(world, made.send(world, piece))
    version.evidence = made.again(piece)
    services.seal(at=clock.now())
    decide(world, ask(world, version, words=True))
    run_jobs()
    assert EvidenceFile.objects.for_centre(version.centre_id).get().state == "purged"
    services.seal(at=clock.now())
    assert found(clock.now()) == []
