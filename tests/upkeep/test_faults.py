"""Each thing that somebody with the database's password could change is named, on a line of its own."""

import re

import pytest
from django.db import connection

from assessments.models import Countersignature, CurrentDecision, Exemption, Judgement, LedgerEntry, Review
from centres.models import Allocation, Learner, LearnerUnit, Membership, Registration, StateChange, UnitChange
from portfolio.models import (
    Evidence,
    EvidenceFile,
    EvidenceMapping,
    EvidenceVersion,
    PurgeDecision,
    Tombstone,
    VersionFile,
)
from tests.upkeep import faults_of_rows, faults_of_work, scenes
from tests.upkeep.conftest import every, said, tampered, unchecked
from upkeep.examining import names

FAULTS = {**faults_of_work.FAULTS, **faults_of_rows.FAULTS}
#: Asked by tests below, or in `test_doctor`.
ASKED_ELSEWHERE = {"schema", "relations", "database", "objects"}
#: Whose guards and checks stand aside.
TABLES = (
    Allocation, CurrentDecision, Countersignature, Evidence, EvidenceFile, EvidenceMapping, EvidenceVersion, Exemption,
    Judgement, Learner, LearnerUnit, LedgerEntry, Membership, PurgeDecision, Registration, Review, StateChange, Tombstone,
    UnitChange, VersionFile,
)  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_it_is_named(world, name):
    check, scene, change, words = FAULTS[name]
    scene(world)
    assert said(check) == []
    with tampered(*TABLES):
        with unchecked(), connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA defer_foreign_keys = ON")
            change(world)
        found = said(check)
    assert any(re.search(words, line) for line in found), found
    assert said(check) == [], "all is taken back"


def test_every_check_has_something_that_it_names():
    assert {check for check, *_rest in FAULTS.values()} | ASKED_ELSEWHERE == set(names())


def test_a_row_that_names_one_that_is_not_there_is_named(world):
    piece = scenes.sent(world)
    with tampered(Evidence), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA defer_foreign_keys = ON")  # as PostgreSQL does: it would be refused at the end
        cursor.execute("UPDATE portfolio_evidence SET created_by_id = 987654")
        assert said("relations") == [
            f"relations: Evidence {piece.public_id} names a User (created_by) that is not there"
        ]


def test_what_the_database_no_longer_refuses_is_named(world):
    assert said("schema") == []
    with tampered(Allocation):
        found = said("schema")
        assert any("by which audit_event is append-only" in line for line in found)
        assert any("by which centres_allocation keeps to allocation_of_another" in line for line in found)
        assert len(found) > 20


def test_migrations_that_lack_or_are_of_another_release_are_named(world):
    with tampered(), connection.cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET name = '0999_later' WHERE app = 'jobs' AND name = '0001_initial'")
        found = said("schema")
    assert "schema: the migration jobs.0001_initial was not applied" in found
    assert "schema: the migration jobs.0999_later is of another release" in found


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps checksums of its own")
def test_what_sqlite_says_of_its_own_file_is_named(world):
    scenes.sent(world)
    with tampered(Evidence):
        with unchecked():
            every(Evidence).update(state="lost")
        assert said("database") == ["database: the file of the database: CHECK constraint failed in portfolio_evidence"]
