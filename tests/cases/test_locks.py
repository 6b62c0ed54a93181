"""PostgreSQL: does an act of one stop others who have nothing to do with it?"""

import threading

import pytest
from django.db import connection, transaction

from assessments.enums import Act
from assessments.services import ledger
from centres.models import Registration
from centres.services.holding import hold_centre
from common import clock
from portfolio import services as ps
from tests.assessments.conftest import KEY
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


def test_a_signature_in_one_centre_holds_up_no_registration_in_another(db):
    if connection.vendor != "postgresql":
        pytest.skip("one writer at a time anyway")
    world, out = two_centres(), {}
    other, at = world.registrations["LB1"], clock.now()

    def register():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '3s'")
            with transaction.atomic():
                Registration.objects.create(
                    centre=other.centre,
                    learner=other.learner,
                    qualification=other.qualification,
                    starts_on=world.today,
                    ends_on=world.today,
                    state="withdrawn",
                    registered_by=world.people["CB"],
                    created_at=at,
                )
                with connection.cursor() as cursor:  # what a commit does
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                transaction.set_rollback(True)
            out["registered"] = "done"
        except Exception as fault:  # noqa: BLE001 - told to the test
            out["registered"] = repr(fault)[:200]
        finally:
            connection.close()

    with transaction.atomic():
        ledger.append(  # what every signature does last, before its request is answered
            actor=world.actor("AA1"),
            person_public_id=world.people["AA1"].public_id,
            learner_unit=world.unit("LA1", KEY),
            act=Act.REOPENED,
            facts={"voids": ""},
            note="x",
            at=at,
        )
        thread = threading.Thread(target=register)
        thread.start()
        thread.join(20)
        transaction.set_rollback(True)
    assert out["registered"] == "done"
