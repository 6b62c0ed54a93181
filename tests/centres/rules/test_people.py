"""Who may be given which role, be invited, and whose role may end: every refusal with its field (B10, B11, R13)."""

import datetime as dt
from dataclasses import replace

import pytest

from centres.enums import ASSURING, STAFF, Role
from centres.rules import apart, people
from centres.rules.people import EndFacts, GrantFacts, InviteFacts, Span
from tests.saying import said

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
GRANT = GrantFacts(role=Role.ASSESSOR, starts_on=TODAY, ends_on=None, today=TODAY, own=False)
CODES = {"entry_codes": frozenset({"A"}), "known_codes": frozenset({"A", "B"})}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"role": Role.LEARNER}, "learner-by-registering:roles"),
        ({"role": Role.LEARNER, "was_learner": True}, ""),
        ({"role": Role.EQA, **CODES}, "external-by-two:roles"),
        ({"role": Role.EQA, "own": True, **CODES}, "own-role:roles"),
        ({"looks_in": True}, "external-elsewhere:roles"),
        ({"own": True}, "own-role:roles"),
        ({"own": True, "role": Role.LEARNER, "was_learner": True}, ""),
        ({"starts_on": TODAY - DAY}, "starts-in-past:starts_on"),
        ({"ends_on": TODAY - DAY}, "ends-before-start:ends_on"),
        ({"role": Role.IQA, **CODES}, ""),
        ({"role": Role.IQA}, "assurance-missing:entry_codes"),
        ({"role": Role.IQA, **CODES, "entry_codes": frozenset({"A", "C"})}, "assurance-unknown:entry_codes"),
        ({"role": Role.LEAD_IQA, **CODES, "assesses": frozenset({"A diploma"})}, "assessor-apart:entry_codes"),
        ({"assesses": frozenset({"A diploma"})}, ""),
    ],
)
def test_a_role_can_be_given(changed, expected):
    assert said(people.why_not_grant(replace(GRANT, **changed))) == expected


@pytest.mark.parametrize("role", [role for role in Role if role in STAFF - ASSURING])
def test_nobody_gives_themselves_a_post(role):
    assert said(people.why_not_grant(replace(GRANT, role=role, own=True))) == "own-role:roles"
    assert said(people.why_not_grant(replace(GRANT, role=role))) == ""


def held(role, first, last):
    return {"held": (Span(role, TODAY + first * DAY, None if last is None else TODAY + last * DAY),)}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (held(Role.ASSESSOR, -5, None), "already-held:roles"),
        (held(Role.ASSESSOR, -5, 0), "already-held:roles"),
        (held(Role.ASSESSOR, -5, -1), ""),
        (held(Role.ADMIN, -5, None), ""),
        (held(Role.EQA, -5, 0), "external-apart:roles"),
        (held(Role.EQA, -5, -1), ""),
        (held(Role.EQA, 3, 5) | {"ends_on": TODAY + 3 * DAY}, "external-apart:roles"),
        (held(Role.EQA, 3, 5) | {"ends_on": TODAY + 2 * DAY}, ""),
        (held(Role.ASSESSOR, 3, None) | {"ends_on": TODAY + 2 * DAY}, ""),
        (held(Role.ASSESSOR, 3, None) | {"ends_on": TODAY + 3 * DAY}, "already-held:roles"),
    ],
)
def test_what_is_held_on_the_same_days(changed, expected):
    assert said(people.why_not_grant(replace(GRANT, **changed))) == expected


def test_an_external_assurer_is_apart_both_ways():
    facts = replace(GRANT, role=Role.EQA, own=False, **held(Role.ADMIN, -5, None), **CODES)
    assert said(people.why_not_grant(facts)) == "external-by-two:roles external-apart:roles"
    facts = replace(facts, **held(Role.EQA, -5, None))
    assert said(people.why_not_grant(facts)) == "external-by-two:roles already-held:roles"


def test_the_role_is_named_that_is_held_already():
    (found,) = people.why_not_grant(replace(GRANT, **held(Role.ASSESSOR, -5, None)))
    assert "role Assessor on these days" in found.sentence


INVITE = InviteFacts("anne@example.org", "Anne", "Archer", (Role.ASSESSOR,))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"given_name": ""}, "name-missing:given_name"),
        ({"family_name": "3"}, "name-letters:family_name"),
        ({"email": "anne"}, "email:email"),
        ({"roles": ()}, "role-missing:roles"),
        ({"roles": (Role.EQA,)}, ""),
        ({"roles": (Role.EQA, Role.EQA)}, ""),
        ({"roles": (Role.EQA, Role.ADMIN)}, "external-apart:roles"),
        ({"roles": (Role.ADMIN, Role.ASSESSOR)}, ""),
    ],
)
def test_who_can_be_invited(changed, expected):
    assert said(people.why_not_invite(replace(INVITE, **changed))) == expected


@pytest.mark.parametrize(
    ("email", "fits"),
    [
        ("anne@example.org", True),
        ("a" * 242 + "@example.org", True),
        ("a" * 243 + "@example.org", False),
        ("", False),
        ("anne", False),
        ("example.org", False),
        ("@example.org", False),
        ("anne@example", False),
        ("anne@anne@example.org", False),
        ("an ne@example.org", False),
        ("anne@example.org\u200b", False),
        ("anne\t@example.org", False),
    ],
)
def test_what_an_address_looks_like(email, fits):
    assert said(people.why_not_email(email)) == ("" if fits else "email:email")


END = EndFacts(Role.ADMIN, TODAY - 9 * DAY, None, TODAY, TODAY, other_admins=True)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"on": TODAY - DAY}, ""),
        ({"on": TODAY - 2 * DAY}, "ends-in-past:on"),
        ({"starts_on": TODAY + 4 * DAY, "on": TODAY + 3 * DAY}, ""),
        ({"starts_on": TODAY + 4 * DAY, "on": TODAY + 2 * DAY}, "ends-in-past:on"),
        ({"ends_on": TODAY}, ""),
        ({"ends_on": TODAY - DAY}, "already-over:on"),
        ({"ends_on": TODAY + DAY, "on": TODAY + DAY}, ""),
        ({"ends_on": TODAY + DAY, "on": TODAY + 2 * DAY}, "ends-later:on"),
        ({"other_admins": False}, "last-admin:"),
        ({"other_admins": False, "role": Role.ASSESSOR}, ""),
    ],
)
def test_when_a_role_ends(changed, expected):
    assert said(people.why_not_end(replace(END, **changed))) == expected


def test_somebody_without_a_role_is_told_so():
    assert people.say_no_role() == "This person holds no role in the centre."


# --- duties apart


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"own": True}, "own-registration:"),
        ({"looks_after": True}, "registrar-apart:"),
        ({"held": frozenset({Role.ADMIN, Role.LEARNER})}, ""),
        ({"held": frozenset({Role.EQA})}, "external-apart:email"),
        ({"looks_in": True}, "external-elsewhere:email"),
        ({"assurers": frozenset({"Zoe", "Ida"})}, "assurer-apart:qualification"),
    ],
)
def test_who_enters_whom(changed, expected):
    found = apart.why_not_enter(apart.EnteringFacts(**{"own": False} | changed))
    assert said(found) == expected
    assert all(one.sentence.startswith("Ida looks after") for one in found if one.code == "assurer-apart")


def test_who_assures_neither_countersigns_nor_assesses_and_the_first_title_is_named():
    titles = ["B diploma", "A diploma"]
    for rule in (apart.why_not_countersign_assured, apart.why_not_assure):
        assert rule([]) == []
        (found,) = rule(titles)
        assert "A diploma" in found.sentence
    assert said(apart.why_not_countersign_assured(titles)) == "assurer-apart:"
    assert said(apart.why_not_assure(titles)) == "assessor-apart:entry_codes"
    assert said(apart.why_not_assurer("Anne", [])) == ""
    assert apart.why_not_assurer("Anne", titles)[0].sentence.startswith("Anne quality-assures A diploma,")


def test_only_who_registered_is_kept_from_assessing():
    assert apart.why_not_registrar(1, {2}, "Anne", "Ella") == []
    assert said(apart.why_not_registrar(1, {1}, "Anne", "Ella")) == "registrar-apart:assessor"
    assert apart.why_not_registrar(1, {1}, "Anne", "Ella")[0].sentence.startswith("Anne registered Ella")
