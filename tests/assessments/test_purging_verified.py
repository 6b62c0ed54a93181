"""What verifying says of a tombstone, and of what is missing or left beside one (R60, I5)."""

# ruff: noqa: F811 - the fixtures come from the file beside this one

import datetime as dt
import io
from collections import Counter

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from assessments.services.verification import altered_records
from common import clock
from portfolio.enums import FileState
from portfolio.models import EvidenceFile, Preview, Tombstone
from tests.assessments.test_purging import STAYS, decide, file_of, purge, shown  # noqa: F401 - fixtures among them
from tests.assessments.test_sign_off import complete, sign


def test_the_chain_and_the_ledger_hold_and_name_the_tombstone(world, shown, purge, run_jobs):
    complete(world, who="LA2", by="AA2")
    sign(world, who="LA2", by="AA2")
    decide(world, purge)
    run_jobs()
    said = io.StringIO()
    call_command("verify_ledger", stdout=said)
    stones = Tombstone.objects.for_centre(shown.centre_id)
    assert all(stone.public_id in said.getvalue() for stone in stones)
    assert stones.count() == 2


def test_bytes_that_are_still_there_after_an_hour_are_a_fault(world, shown, purge, monkeypatch):
    decide(world, purge)
    assert list(altered_records(Counter())) == []
    later = clock.now() + dt.timedelta(hours=1, seconds=1)
    monkeypatch.setattr("assessments.services.verification.clock.now", lambda: later)
    with pytest.raises(CommandError, match="bytes are still there"):
        call_command("verify_ledger", stdout=io.StringIO(), stderr=io.StringIO())


def test_a_picture_that_was_made_of_a_removed_file_is_a_fault(world, shown, purge):
    decide(world, purge)
    Preview.objects.create(centre_id=shown.centre_id, file=file_of(shown), kind="thumb", storage_key="left/behind")
    with pytest.raises(CommandError, match="pictures or text are still there"):
        call_command("verify_ledger", stdout=io.StringIO(), stderr=io.StringIO())


def test_words_that_are_withheld_although_nobody_agreed_are_a_fault(world, shown, purge):
    """A row that a shell wrote hides what a learner said as well as one that two people agreed on."""
    refusal = decide(world, purge, agrees=False, note=STAYS)
    Tombstone.objects.create(
        centre_id=shown.centre_id, decision=refusal, version=shown, sha256=shown.digest, size=0, at=clock.now()
    )
    with pytest.raises(CommandError, match="withheld although nobody agreed"):
        call_command("verify_ledger", stdout=io.StringIO(), stderr=io.StringIO())


def test_a_removed_file_without_a_tombstone_is_a_fault(world, shown):
    rows = EvidenceFile.objects.for_centre(shown.centre_id).filter(pk=file_of(shown).pk)
    rows.update(state=FileState.PURGED, removed_at=clock.now())
    with pytest.raises(CommandError, match="no tombstone says so"):
        call_command("verify_ledger", stdout=io.StringIO(), stderr=io.StringIO())
