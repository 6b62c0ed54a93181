"""PostgreSQL: does an admin's act in a centre stop its learners?"""

import threading

import pytest
from django.db import connection, transaction

from centres.services.holding import hold_centre
from common import clock
from portfolio import services as ps
from tests.factories.world import two_centres

pytestmark = [pytest.mark.django_db(transaction=True)]


def test_a_learner_begins_a_piece_while_an_admin_holds_the_centre(db):
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time anyway")
    world = two_centres()
    la, out = world.actor("LA1"), {}

    def begin():
        try:
            with connection.cursor() as c:
                c.execute("SET lock_timeout = '3s'")
            ps.start_evidence(actor=la, kind="writing", at=clock.now())
            out["learner"] = "done"
        except Exception as e:  # noqa: BLE001 - told to the test
            out["learner"] = repr(e)[:160]
        finally:
            connection.close()

    with transaction.atomic():
        hold_centre(la.centre_id)  # what register, allocate, move_learners, an import of 10,000 hold until they commit
        t = threading.Thread(target=begin)
        t.start()
        t.join(20)
    assert out.get("learner") == "done"
