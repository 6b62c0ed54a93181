"""A tab that was left open on a page of the centre: another admin was faster, and it changes nothing."""

from assessments.models import LedgerEntry
from centres import services as centre
from centres.enums import Role
from centres.models import Allocation, Countersigner, Membership, Registration, SufficiencyDecision, SufficiencyRule
from common import clock
from tests.factories import moving, rules
from tests.factories import portfolio as made
from tests.factories.world import A
from tests.web.assessor.test_sign_off import complete
from tests.web.centre.forms import learner_url, person_url
from tests.web.shared.tabs import WHY, late, sign, tab


def ids(rows):
    return list(rows.order_by("pk").values_list("pk", flat=True))


def of(model, world):
    return model.objects.for_centre(world.centres[A].pk)


def test_a_stale_tab_ends_no_role_whose_dates_changed(world, as_client):
    client, row = as_client("CA"), of(Membership, world).get(person=world.people["AA2"])
    there = person_url(world, "AA2", f"roles/{row.public_id}/end/")
    form = tab(client, person_url(world, "AA2"), there)
    later = world.today.replace(year=world.today.year + 1)
    centre.end_membership(actor=world.actor("CA"), membership=row, on=later, at=clock.now())
    assert "Somebody changed this role meanwhile" in late(client, there, form, now="1")
    row.refresh_from_db()
    assert row.ends_on == later


def test_a_stale_tab_of_a_person_changes_nothing_after_another_admin_did(world, as_client):
    client = as_client("CA")
    forms = {
        rest: tab(client, person_url(world, "AT1"), person_url(world, "AT1", rest))
        for rest in ("roles/", "countersigner/", "link/")
    }
    forms["end-access/"] = tab(client, person_url(world, "AT1", "end-access/"))
    given = {"person": world.people["AT1"], "role": Role.EQA, "starts_on": world.today}
    of(Membership, world).create(
        centre=world.centres[A], created_at=clock.now(), person=given["person"], role="learner", starts_on=world.today
    )
    before = ids(of(Membership, world)), ids(of(Countersigner, world))
    day = world.today.isoformat()
    late(client, person_url(world, "AT1", "roles/"), forms["roles/"], roles="assessor", starts_on=day)
    other = world.people["AA1"].public_id
    late(
        client, person_url(world, "AT1", "countersigner/"), forms["countersigner/"], countersigner=other, starts_on=day
    )
    late(client, person_url(world, "AT1", "link/"), forms["link/"])
    late(client, person_url(world, "AT1", "end-access/"), forms["end-access/"])
    assert (ids(of(Membership, world)), ids(of(Countersigner, world))) == before
    assert not of(Membership, world).filter(person=world.people["AT1"]).exclude(ends_on=None).exists()


def test_a_stale_tab_ends_no_countersigner_whose_days_changed(world, as_client):
    client, link = as_client("CA"), of(Countersigner, world).get(trainee=world.people["AT1"])
    there = person_url(world, "AT1", f"countersigner/{world.people['AA2'].public_id}/end/")
    form = tab(client, person_url(world, "AT1"), there)
    later = world.today.replace(year=world.today.year + 1)
    of(Countersigner, world).filter(pk=link.pk).update(ends_on=later)
    late(client, there, form)
    link.refresh_from_db()
    assert link.ends_on == later


def test_a_stale_tab_ends_no_allocation_whose_days_changed(world, as_client):
    client, row = as_client("CA"), of(Allocation, world).get(learner=world.learners["LA1"])
    there = learner_url(world, "LA1", f"assessor/{row.public_id}/end/")
    form = tab(client, learner_url(world, "LA1"), there)
    later = world.today.replace(year=world.today.year + 1)
    of(Allocation, world).filter(pk=row.pk).update(ends_on=later)
    late(client, there, form)
    row.refresh_from_db()
    assert row.ends_on == later


def test_a_stale_tab_gives_no_learner_away_whom_another_admin_gave_away(world, as_client):
    client, there = as_client("CA"), f"/c/{A}/centre/caseload/move/"
    form = tab(client, f"/c/{A}/centre/caseload/", there)
    actor, learner = world.actor("CA"), world.learners["LA1"]
    centre.allocate(
        actor=actor,
        learner=learner,
        assessor_id=world.people["AA2"].pk,
        starts_on=world.today,
        reason=WHY,
        at=clock.now(),
    )
    before = ids(of(Allocation, world))
    fields = {
        "learners": [learner.public_id, world.learners["LA2"].public_id],
        "assessor": world.people["DUO"].public_id,
        "starts_on": world.today.isoformat(),
    }
    text = late(client, there, form, **fields, reason=WHY)
    assert learner.full_name in text.split("govuk-error-summary__list", 1)[1].split("</ul>", 1)[0]
    assert ids(of(Allocation, world)) == before


def test_a_stale_tab_registers_nobody_beside_a_new_registration(world, as_client):
    client = as_client("CA")
    there = learner_url(world, "LA1", "register/")
    form = tab(client, f"{there}?qualification={world.certificate.public_id}")
    moving.publish_more(world.at)
    moving.register(world, moving.HIGHER, "LA1")
    before = ids(of(Registration, world))
    late(
        client,
        there,
        form,
        qualification=world.certificate.public_id,
        starts_on=world.today.isoformat(),
        level_reason=WHY,
        prior_learning="Two years in a shop.",
    )
    assert ids(of(Registration, world)) == before


def test_a_stale_tab_moves_no_registration_whose_units_were_signed(world, as_client):
    moving.publish_more(world.at)
    client, row = as_client("CA"), world.registrations["LA1"]
    target = moving.qualification(moving.HIGHER)
    there = learner_url(world, "LA1", f"move/{row.public_id}/")
    form = tab(client, f"{there}?qualification={target.public_id}")
    complete(world)
    sign(world)
    before = ids(of(Registration, world))
    late(client, there, form, qualification=target.public_id, units=[], reason=WHY)
    assert ids(of(Registration, world)) == before
    assert LedgerEntry.objects.for_centre(row.centre_id).count() == 1


def test_a_stale_tab_sets_no_rule_beside_another(world, as_client):
    client = as_client("CA")
    there, unit = f"/c/{A}/centre/rules/new/", world.unit("LA1", made.UNIT)
    one = learner_url(world, "LA1", f"exceptions/{unit.public_id}/")
    form, exception = tab(client, there), tab(client, one)
    waiting = rules.proposed(world, unit_key=made.UNIT)
    before = ids(of(SufficiencyRule, world))
    common = {"pieces": "2", "occasions": "1", "starts_on": world.today.isoformat(), "reason": WHY}
    late(client, there, form, unit="", kind="", **common)
    late(client, one, exception, criterion="", eases="more", **common)
    assert ids(of(SufficiencyRule, world)) == before
    second = as_client(rules.lead(world))
    answer = tab(second, f"/c/{A}/centre/rules/{waiting.public_id}/")
    rules.lead(world, "EA")
    SufficiencyDecision.objects.create(
        centre=world.centres[A],
        rule=waiting,
        agrees=True,
        author=waiting.author,
        decided_by=world.people["EA"],
        at=clock.now(),
    )
    late(second, f"/c/{A}/centre/rules/{waiting.public_id}/", answer, agrees="no", note=WHY)
    assert of(SufficiencyDecision, world).get().agrees
