"""The centre walls in the database layer: whatever has not said its centre is refused before it reaches the database."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Prefetch, Q, Subquery
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from centres.models import Allocation, Centre, Learner, LearnerUnit, Membership, Registration
from common.scoping import CentreManager, CentreOwned, UnscopedQuery
from qualifications.models import Qualification
from tests.factories.world import A, B

#: Every way to the database that a queryset has. Each is run without a scope, and inside a centre.
PATHS = {
    "iterate": list,
    "bool": bool,
    "len": len,
    "repr": repr,
    "filter": lambda rows: list(rows.filter(role="assessor")),
    "exclude": lambda rows: list(rows.exclude(role="assessor")),
    "order": lambda rows: list(rows.order_by("-pk")),
    "slice": lambda rows: list(rows.order_by("pk")[:1]),
    "index": lambda rows: rows.order_by("pk")[0],
    "get": lambda rows: rows.get(role="admin"),
    "first": lambda rows: rows.first(),
    "last": lambda rows: rows.last(),
    "latest": lambda rows: rows.latest("created_at"),
    "earliest": lambda rows: rows.earliest("created_at"),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "contains": lambda rows: rows.contains(Membership(pk=1)),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "annotate": lambda rows: list(rows.annotate(n=Count("assurances"))),
    "in_bulk": lambda rows: rows.in_bulk([1, 2]),
    "iterator": lambda rows: list(rows.iterator(chunk_size=2)),
    "values": lambda rows: list(rows.values("person_id")),
    "values_list": lambda rows: list(rows.values_list("pk", flat=True)),
    "dates": lambda rows: list(rows.dates("starts_on", "year")),
    "datetimes": lambda rows: list(rows.datetimes("created_at", "year")),
    "distinct": lambda rows: list(rows.values("role").distinct()),
    "defer": lambda rows: list(rows.defer("role")),
    "only": lambda rows: list(rows.only("role")),
    "select_related": lambda rows: list(rows.select_related("person")),
    "prefetch_related": lambda rows: list(rows.prefetch_related("assurances")),
    "select_for_update": lambda rows: list(rows.select_for_update()),
    "explain": lambda rows: rows.explain(),
    "union": lambda rows: list(rows.union(rows)),
    "intersection": lambda rows: list(rows.intersection(rows)),
    "difference": lambda rows: list(rows.difference(rows)),
    "either": lambda rows: list(rows.filter(role="admin") | rows.filter(role="iqa")),
    "update": lambda rows: rows.update(known_as="x"),
    "update_or_create": lambda rows: rows.update_or_create(role="admin", defaults={"known_as": "x"}),
    "get_or_create": lambda rows: rows.get_or_create(role="admin"),
    "bulk_update": lambda rows: rows.bulk_update([Membership(pk=1, known_as="x")], ["known_as"]),
    "in_a_subquery": lambda rows: list(User.objects.filter(pk__in=rows.values("person_id"))),
    "in_exists": lambda rows: list(User.objects.filter(Exists(rows.filter(person_id=OuterRef("pk"))))),
    "in_an_annotation": lambda rows: list(
        User.objects.annotate(r=Subquery(rows.filter(person_id=OuterRef("pk")).values("role")[:1]))
    ),
    "async_count": lambda rows: _awaited(rows.acount()),
    "async_first": lambda rows: _awaited(rows.afirst()),
    "async_iterate": lambda rows: _awaited(_collect(rows)),
}


def _awaited(work):
    """Wait in a thread of its own: the thread of the tests may have a browser's loop running."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


async def _collect(rows):
    return [row async for row in rows]


@pytest.fixture(autouse=True)
def _sync(monkeypatch):
    """Let an event loop of the test use the connection of the test."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.mark.parametrize("path", PATHS)
def test_a_query_that_names_no_centre_is_refused(world, path):
    before = list(Membership.objects.across_centres(reason="a test looks").order_by("pk").values())
    with CaptureQueriesContext(connection) as caught, pytest.raises(UnscopedQuery, match="for_centre"):
        PATHS[path](Membership.objects.all())
    assert [q["sql"] for q in caught if "centres_membership" in q["sql"]] == []
    assert list(Membership.objects.across_centres(reason="a test looks").order_by("pk").values()) == before


@pytest.mark.parametrize(
    "mix",
    [
        lambda inside, anywhere: inside | anywhere,
        lambda inside, anywhere: anywhere | inside,
        lambda inside, anywhere: inside | anywhere.filter(role="admin"),
        lambda inside, anywhere: inside & anywhere,
        lambda inside, anywhere: inside ^ anywhere,
        lambda inside, anywhere: inside.union(anywhere),
        lambda inside, anywhere: anywhere.union(inside),
        lambda inside, anywhere: inside.filter(pk__in=anywhere),
        lambda inside, anywhere: inside.annotate(n=Subquery(anywhere.values("pk")[:1])),
    ],
)
def test_one_side_that_names_a_centre_does_not_speak_for_the_other(world, mix):
    """Either the mix is refused, or it shows rows of that one centre only."""
    centre = world.centres[A].pk
    try:
        rows = list(mix(Membership.objects.for_centre(centre), Membership.objects.all()))
    except UnscopedQuery:
        return
    assert {row.centre_id for row in rows} == {centre}


#: They run in another thread with a connection of their own, which sees nothing of the test's transaction.
THREADED = {"async_count", "async_first", "async_iterate"}


@pytest.mark.parametrize("path", sorted(set(PATHS) - THREADED))
def test_the_same_inside_a_centre_runs(world, path):
    with transaction.atomic():
        PATHS[path](Membership.objects.for_centre(world.centres[A].pk))


def test_delete_is_refused_and_runs_inside_a_centre(world):
    with pytest.raises(UnscopedQuery):
        Allocation.objects.all().delete()
    with pytest.raises(UnscopedQuery):
        Allocation.objects.filter(pk__gt=0)._raw_delete(using="default")
    assert Allocation.objects.for_centre(world.centres[B].pk).count() == 2
    assert Allocation.objects.for_centre(world.centres[A].pk).delete()[0] == 3
    assert Allocation.objects.for_centre(world.centres[B].pk).count() == 2


def test_updates_stay_in_their_centre(world):
    Membership.objects.for_centre(world.centres[A].pk).update(known_as="changed")
    assert not Membership.objects.for_centre(world.centres[B].pk).filter(known_as="changed").exists()


def test_raw_sql_is_closed(world):
    for rows in (Membership.objects, Membership.objects.all(), Membership.objects.for_centre(world.centres[A].pk)):
        with pytest.raises(UnscopedQuery, match="raw"):
            rows.raw("SELECT * FROM centres_membership")


def test_the_wall_is_lifted_with_a_reason_only(world):
    assert Membership.objects.across_centres(reason="a test counts").count() > 10
    for reason in ("", "   "):
        with pytest.raises(UnscopedQuery, match="reason"):
            Membership.objects.across_centres(reason=reason)


def test_a_scope_is_not_lent_to_the_queryset_it_came_from(world):
    rows = Membership.objects.all()
    assert rows.for_centre(world.centres[A].pk).exists()
    with pytest.raises(UnscopedQuery):
        rows.count()


def test_a_scope_stays_through_further_steps(world):
    rows = Membership.objects.for_centre(world.centres[A].pk).filter(Q(role="admin") | Q(role="iqa"))
    numbers = rows.order_by("pk").annotate(n=F("centre__number")).values_list("n", flat=True)
    assert set(numbers) == {A}


# --- relations ----------------------------------------------------------------------------------------------------


def test_relations_from_global_rows_are_closed(world):
    person, qualification = world.people["DUO"], world.diploma
    for rows in (person.memberships, person.learners, person.allocations, qualification.registrations):
        with pytest.raises(UnscopedQuery):
            rows.count()
        with pytest.raises(UnscopedQuery):
            list(rows.all())
    assert person.memberships.for_centre(world.centres[A].pk).count() == 1
    assert person.memberships.across_centres(reason="a test counts").count() == 2


def test_relations_from_a_centres_row_stay_inside_it(world):
    learner = world.learners["LA1"]
    assert learner.registrations.count() == 1
    assert learner.allocations.get().assessor == world.people["AA1"]
    assert {unit.centre_id for unit in learner.units.all()} == {world.centres[A].pk}


def test_a_relation_of_a_centres_row_writes_inside_it(world):
    learner = world.learners["LA1"]
    assert learner.allocations.update(reason="changed") == 1
    assert learner.allocations.filter(reason="changed").count() == 1
    assert learner.allocations.all().delete()[0] == 1


def test_forward_relations_and_refreshing_need_no_words(world):
    unit = world.unit("LA1", "A-506-2130")
    assert unit.registration.learner.person == world.people["LA1"]
    unit.refresh_from_db()
    unit.save(update_fields=["position"])


def test_prefetching_from_a_centres_rows_runs_and_from_global_rows_does_not(world):
    learners = Learner.objects.for_centre(world.centres[A].pk).prefetch_related("registrations__units", "allocations")
    assert sum(len(r.units.all()) for x in learners for r in x.registrations.all()) == 18
    with pytest.raises(UnscopedQuery):
        list(User.objects.prefetch_related("memberships"))
    with pytest.raises(UnscopedQuery):
        list(Qualification.objects.prefetch_related("registrations"))
    mine = Prefetch("memberships", queryset=Membership.objects.for_centre(world.centres[A].pk))
    duo = User.objects.prefetch_related(mine).get(pk=world.people["DUO"].pk)
    assert len(duo.memberships.all()) == 1


def test_a_prefetch_that_names_its_own_rows_from_a_centres_rows_stays_inside(world):
    units = Prefetch("units", queryset=LearnerUnit.objects.order_by("-position"))
    rows = Registration.objects.for_centre(world.centres[B].pk).prefetch_related(units)
    assert {unit.centre_id for row in rows for unit in row.units.all()} == {world.centres[B].pk}


#: Rows without a centre are everybody's: `qualifications.queries.visible` narrows them to those and one's own.
PARTLY_SHARED = {"qualifications.Unit", "qualifications.UnitWords", "qualifications.Qualification"}


def test_every_table_with_a_centre_has_the_wall():
    from django.apps import apps

    tables = [m for m in apps.get_models() if any(f.name == "centre" for f in m._meta.get_fields() if f.concrete)]
    shared = [m for m in tables if m._meta.get_field("centre").null]
    assert {m._meta.label for m in shared} == PARTLY_SHARED
    ours = [m for m in tables if m not in shared]
    assert Membership in ours
    assert [m._meta.label for m in ours if not issubclass(m, CentreOwned)] == []
    assert [m._meta.label for m in ours if not isinstance(m._default_manager, CentreManager)] == []
    assert all(len(m._meta.managers) == 1 for m in ours)


def test_a_centre_gives_no_way_to_its_rows():
    reverse = [f.name for f in Centre._meta.get_fields() if f.auto_created and not f.concrete and not f.hidden]
    assert reverse == []


# --- lookups from global rows ---------------------------------------------------------------------------------------

#: Every way to write one. Each starts at, or passes through, a row that belongs to no centre.
LOOKUPS = {
    "filter": lambda: User.objects.filter(learners__workplace="x"),
    "exclude": lambda: User.objects.exclude(memberships__role="admin"),
    "q": lambda: User.objects.filter(Q(email="x") | ~Q(allocations__reason="x")),
    "isnull": lambda: User.objects.filter(learners__isnull=False),
    "values": lambda: User.objects.values("learners__date_of_birth"),
    "values_list": lambda: User.objects.values_list("email", "memberships__known_as"),
    "the rows themselves": lambda: User.objects.values_list("memberships"),
    "f": lambda: User.objects.annotate(born=F("learners__date_of_birth")),
    "count": lambda: Qualification.objects.annotate(n=Count("registrations")),
    "aggregate": lambda: Qualification.objects.aggregate(n=Count("registrations")),
    "counted inside": lambda: Qualification.objects.annotate(n=Count("pk", filter=Q(registrations__state="active"))),
    "order_by": lambda: User.objects.order_by("learners__family_name"),
    "distinct": lambda: User.objects.distinct("learners__family_name").order_by("learners__family_name"),
    "filtered relation": lambda: User.objects.annotate(
        r=FilteredRelation("memberships", condition=Q(memberships__role="x"))
    ).filter(r__role="x"),
    "the base manager": lambda: User._base_manager.filter(learners__workplace="x"),
    "another global row": lambda: EmailAddress.objects.filter(user__learners__workplace="x"),
    "through a global row": lambda: Registration.objects.for_centre(1).filter(learner__person__memberships__role="x"),
    "through it across": lambda: Registration.objects.across_centres(reason="a test").filter(
        qualification__registrations__state="active"
    ),
    "update": lambda: User.objects.filter(learners__workplace="x").update(given_name="x"),
    "a condition": lambda: User.objects.filter(
        Exists(Allocation.objects.for_centre(1).filter(learner__person__learners=1))
    ),
}


@pytest.mark.parametrize("way", LOOKUPS)
def test_a_lookup_from_a_global_row_meets_the_wall(world, way):
    with CaptureQueriesContext(connection) as caught, pytest.raises(UnscopedQuery, match="→"):
        list(LOOKUPS[way]())
    assert len(caught) == 0


def test_every_way_back_is_closed():
    from django.apps import apps

    from common.scoping import ways_back

    fields = ways_back(apps.get_models())
    assert {"centres.Membership.person", "centres.Registration.qualification", "centres.LearnerUnit.centre"} <= {
        str(field) for field in fields
    }
    for field in fields:
        with pytest.raises(UnscopedQuery):
            _ = field.remote_field.path_infos


def test_what_a_centre_names_is_still_found_and_so_are_its_own_relations(world):
    rows = Registration.objects.for_centre(world.centres[A].pk)
    assert rows.filter(qualification=world.diploma, learner__person__email__contains="@").count() == 3
    assert rows.filter(learner__allocations__assessor=world.people["AA1"]).count() == 1
    assert rows.filter(units__unit__key="A-506-2130").count() == 3
    names = Membership.objects.for_centre(world.centres[A].pk).filter(role="admin").values("person")
    assert User.objects.get(pk__in=names) == world.people["CA"]
