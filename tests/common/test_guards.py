"""Guards as SQL, and the tables that keep their triggers when a migration rewrites them."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.state import ProjectState
from django.db.models import CheckConstraint, Q

from centres.models import LearnerUnit, Registration
from common.append_only import protected_tables
from common.checking import AddChecks, Gently, ValidateChecks
from common.constraints import allowed
from common.guards import Guard, steps
from portfolio.models import Evidence, EvidenceMapping

SAME_LEARNER = Guard(name="x", refuse=[[("differ", "learner", "registration__learner")]])


class On:
    """What a schema editor is to a guard."""

    def __init__(self, vendor):
        self.connection = type("C", (), {"vendor": vendor})
        self.deferred_sql = []


def test_a_guard_is_written_for_each_vendor():
    function, trigger = SAME_LEARNER.statements(LearnerUnit, On("postgresql"))
    path = '(SELECT w0."learner_id" FROM "centres_registration" w0 WHERE w0."id" = NEW."registration_id")'
    assert f'NEW."learner_id" <> {path}' in function
    assert "check_violation" in function
    assert 'INSERT OR UPDATE OF "learner_id", "registration_id" ON "centres_learnerunit"' in trigger
    insert, update = SAME_LEARNER.statements(LearnerUnit, On("sqlite"))
    assert f'WHEN (NEW."learner_id" <> {path})' in insert
    assert 'UPDATE OF "learner_id", "registration_id"' in update


def test_what_only_a_change_can_break_is_not_asked_of_a_new_row():
    guard = Guard(name="x", refuse=[[("changes", "state"), ("in", "learner_unit__state", {"b", "a"})]])
    (only,) = guard.statements(EvidenceMapping, On("sqlite"))
    assert "BEFORE UPDATE OF" in only
    assert 'NEW."state" IS NOT OLD."state"' in only
    assert "IN ('a', 'b')" in only
    function, trigger = guard.statements(EvidenceMapping, On("postgresql"))
    assert "INSERT" not in function + trigger
    was = Guard(name="x", refuse=[[("was", "state", ["it's"]), ("not_in", "state", ["x"])]])
    assert "OLD.\"state\" IN ('it''s')" in was.condition(EvidenceMapping, update=True)
    assert was.condition(EvidenceMapping, update=False) == ""


def test_a_new_table_gets_its_guards_after_it_is_made():
    editor = On("sqlite")
    assert SAME_LEARNER.constraint_sql(LearnerUnit, editor) is None
    assert len(editor.deferred_sql) == 2
    editor.remaking = True
    SAME_LEARNER.constraint_sql(LearnerUnit, editor)
    assert len(editor.deferred_sql) == 2


def test_a_guard_is_written_down_and_read_again():
    path, args, named = SAME_LEARNER.deconstruct()
    assert path == "common.guards.Guard"
    again = Guard(*args, **named)
    assert again == SAME_LEARNER
    assert hash(again) == hash(SAME_LEARNER)
    assert again != Guard(name="y", refuse=SAME_LEARNER.refuse)
    assert next(steps(LearnerUnit, "registration__learner__person")) == (Registration, "learner")


def test_a_column_may_be_empty_where_the_model_says_so():
    assert "" in allowed(Evidence._meta.get_field("setting"))
    assert "" not in allowed(Evidence._meta.get_field("state"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL rewrites no table")
def test_a_rewritten_table_keeps_its_triggers():
    def triggers():
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
            return cursor.fetchall()

    before, protected = triggers(), protected_tables(connection)
    for label in ("assessments.Judgement", "centres.Registration", "qualifications.UnitWords"):
        from django.apps import apps

        with connection.schema_editor() as editor:
            editor._remake_table(apps.get_model(label))
    assert triggers() == before
    assert protected_tables(connection) == protected


@pytest.mark.django_db(transaction=True)
def test_a_guard_is_added_and_taken_away_and_so_are_checks():
    """Forwards, backwards: with a guard that refuses everything, and a check that lets nothing be."""
    guard = Guard(name="nothing_at_all", refuse=[[("not_in", "name", ["x"])]])
    model, check = _sites(), CheckConstraint(condition=Q(name="y"), name="only_y")
    with connection.schema_editor() as editor:
        editor.add_constraint(model, guard)
    assert _refused("b")
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, guard)
    assert not _refused("b")
    state = ProjectState.from_apps(_apps())
    after, adding = state.clone(), AddChecks("Site", [check])
    adding.state_forwards("centres", after)
    _empty()
    with connection.schema_editor() as editor:
        Gently().database_forwards("centres", editor, state, state)
        adding.database_forwards("centres", editor, state, after)
    assert _refused("c")
    assert not _refused("y")
    with connection.schema_editor() as editor:
        ValidateChecks("Site", ["only_y"]).database_forwards("centres", editor, after, after)
    with connection.schema_editor() as editor:
        adding.database_backwards("centres", editor, after, state)
    assert not _refused("c")


def _apps():
    from django.apps import apps

    return apps


def _sites():
    return _apps().get_model("centres.Site")


def _empty():
    _sites().objects.across_centres(reason="a test tidies up").delete()


def _refused(name):
    from centres.models import Centre

    centre, _new = Centre.objects.get_or_create(number="10009", defaults={"name": "x"})
    try:
        with transaction.atomic():
            _sites().objects.create(centre=centre, name=name)
    except IntegrityError:
        return True
    return False
