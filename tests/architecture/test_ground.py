"""What the other tests stand on does what they believe."""

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.enums import Outcome
from audit.models import Event
from common.append_only import protected_tables
from common.clock import now


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_append_only_tables_are_emptied_between_tests_and_protected_in_each(turn):
    assert Event.objects.count() == 0
    event = Event.objects.create(at=now(), action=f"turn.{turn}", outcome=Outcome.DONE)
    assert "audit_event" in protected_tables(connection)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_event SET action = 'other' WHERE id = %s", [event.pk])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_event")
    assert Event.objects.get().action == f"turn.{turn}"


@pytest.mark.django_db
def test_the_switches_are_what_the_run_says():
    vendor = "postgresql" if "postgresql" in settings.DATABASES["default"]["ENGINE"] else "sqlite"
    assert connection.vendor == vendor
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert len(queries) == 1


def test_files_of_tests_lie_apart_from_a_persons_own():
    name = default_storage.save("ground/a.txt", ContentFile(b"bytes"))
    try:
        with default_storage.open(name) as file:
            assert file.read() == b"bytes"
        place = default_storage.bucket_name if settings.S3_BUCKET else default_storage.location
        assert "attest-test" in str(place)
    finally:
        default_storage.delete(name)
    assert not default_storage.exists(name)


@pytest.mark.django_db(transaction=True)
def test_a_browser_reaches_the_site_and_the_content_policy_lets_its_page_be(live_server, open_page):
    page = open_page()
    answer = page.goto(f"{live_server.url}/accounts/login/")
    assert answer.status == 200
    assert page.evaluate("getComputedStyle(document.body).fontFamily") != ""
    assert page.viewport_size == {"width": 390, "height": 844}
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def is_pure(request):
    return request.node.get_closest_marker("pure") is not None


def test_what_names_a_service_runs_in_both_modes(request):
    """This module names the storage and the connection: none of its tests is left out of a full run."""
    assert not is_pure(request)
