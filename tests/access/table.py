"""Who may do what, as a table: every address × every person of the cast (security, G1).

For each route: what a person gets for GET and for POST on a thing of LA1's (or of the centre). `ok` is any answer but a denial:
the page, a redirect, a form with its sentences (422), "wrong method" (405). Not named: 403, "not your act".
`hidden` people get 404: it is not in their world. People of centre B get 404 for everything, whatever the table says.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

LEARNERS = ("LA1", "LA2", "LA3")
ASSESSORS = ("AA1", "AA2", "AT1", "DUO")
ASSURERS = ("QA", "EA")
ADMINS = ("CA",)
OF_A = (*LEARNERS, *ASSESSORS, *ASSURERS, *ADMINS)
OF_B = ("LB1", "AB1", "QB", "CB")


def _names(groups: Iterable[str | tuple[str, ...]]) -> frozenset[str]:
    return frozenset(n for group in groups for n in ((group,) if isinstance(group, str) else group))


@dataclass(frozen=True)
class Route:
    """One address: which ids it takes, who reads, who acts, from whom it is hidden."""

    ids: dict[str, str] = field(default_factory=dict)  # url keyword → name of a thing of LA1's
    reads: frozenset[str] = frozenset()
    acts: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()


def route(ids: dict[str, str] | None = None, *, reads=(), acts=None, hidden=()) -> Route:
    """A route; whoever acts may also ask with GET (and is told 405 where there is no page)."""
    readers = _names(reads)
    return Route(ids or {}, readers, readers if acts is None else _names(acts), _names(hidden))


OTHER_LEARNERS = ("LA2", "LA3")
#: Staff of A who do not see LA1. (AA2 sees LA3 through the trainee.)
OTHER_STAFF = ("AA2", "AT1", "DUO")
SEES_LA1 = ("AA1", ASSURERS)
EVERYBODY = (OF_A,)

ROUTES: dict[str, Route] = {
    "shared:centre_home": route(reads=EVERYBODY),
    # --- the catalogue
    "catalogue:index": route(reads=EVERYBODY),
    "catalogue:qualification": route({"public_id": "qualification"}, reads=EVERYBODY),
    "catalogue:export": route(
        {"public_id": "qualification", "form": "form"},
        reads=[ASSESSORS, ASSURERS, ADMINS],
        acts=[ASSESSORS, ASSURERS, ADMINS],
    ),
    "catalogue:unit": route({"public_id": "catalogue_unit"}, reads=EVERYBODY),
    "catalogue:versions": route({"public_id": "qualification"}, reads=EVERYBODY),
    "catalogue:compare": route({"public_id": "qualification", "other": "qualification"}, reads=EVERYBODY),
    "catalogue:criterion": route(
        {"public_id": "catalogue_unit", "criterion": "catalogue_criterion"}, reads=["AA1", "AA2", "DUO", ADMINS]
    ),
    # --- the learner
    **{
        f"learner:{name}": route(reads=[LEARNERS])
        for name in ("today", "units", "view", "portfolio", "add", "feedback", "next", "record", "induction")
    },
    "learner:moved": route({"registration": "moved"}, reads=["LA1"], hidden=OTHER_LEARNERS),
    **{
        f"learner:{name}": route({"unit": "unit"}, reads=["LA1"], hidden=OTHER_LEARNERS) for name in ("unit", "confirm")
    },
    **{
        f"learner:{name}": route({"evidence": "evidence"}, reads=["LA1"], hidden=OTHER_LEARNERS)
        for name in (
            "evidence",
            "autosave",
            "shows",
            "send",
            "recall",
            "revise",
            "withdraw",
            "feedback_item",
            "feedback_read",
            "reply",
        )
    },
    "learner:remove_file": route({"evidence": "evidence", "file": "file"}, reads=["LA1"], hidden=OTHER_LEARNERS),
    # --- the assessor, and who may look over the shoulder
    "assessor:work": route(reads=[ASSESSORS]),
    "assessor:next": route(reads=[ASSESSORS]),
    "assessor:assess": route({"evidence": "evidence"}, reads=SEES_LA1, acts=["AA1"], hidden=OTHER_STAFF),
    "assessor:shown": route({"evidence": "evidence"}, reads=SEES_LA1, hidden=OTHER_STAFF),
    **{
        f"assessor:{name}": route({"evidence": "evidence"}, reads=["AA1"], hidden=OTHER_STAFF)
        for name in ("decide", "feedback_draft", "add_mapping", "reply")
    },
    # internal quality assurers find it too; an external one writes nothing
    "assessor:purge": route({"evidence": "evidence"}, reads=["AA1", "QA"], hidden=OTHER_STAFF),
    "assessor:learners": route(reads=[ASSESSORS, ASSURERS]),
    "assessor:learner": route({"learner": "learner"}, reads=SEES_LA1, hidden=OTHER_STAFF),
    "assessor:progression": route({"learner": "learner"}, reads=SEES_LA1, hidden=OTHER_STAFF),
    # it is for the certificate, which nobody assures: of LA1 the assurers see the diploma and no more
    "assessor:moved": route({"registration": "moved"}, reads=["AA1"], hidden=[*OTHER_STAFF, *ASSURERS]),
    "assessor:carry": route({"unit": "unit"}, reads=["AA1"], hidden=OTHER_STAFF),
    "assessor:carry_decline": route({"unit": "moved_unit"}, reads=["AA1"], hidden=OTHER_STAFF),
    "assessor:schedule": route({"learner": "learner"}, reads=["AA1"], hidden=OTHER_STAFF),
    "assessor:matrix": route({"unit": "unit"}, reads=SEES_LA1, hidden=OTHER_STAFF),
    "assessor:matrix_list": route({"unit": "unit"}, reads=SEES_LA1, hidden=OTHER_STAFF),
    "assessor:sign_off_list": route(reads=[ASSESSORS]),
    "assessor:sign_off": route({"unit": "unit"}, reads=SEES_LA1, acts=["AA1"], hidden=OTHER_STAFF),
    "assessor:reopen": route({"unit": "unit"}, reads=["AA1"], hidden=OTHER_STAFF),
    "assessor:answer": route({"unit": "unit"}, reads=["AA1"], hidden=OTHER_STAFF),
    "assessor:countersign": route(reads=["AA1", "AA2", "DUO"]),
    # AT1 is a trainee: countersigning is closed to trainees altogether, whatever the thing
    "assessor:countersign_item": route({"judgement": "judgement"}, reads=[], hidden=["AA2", "DUO"]),
    "assessor:countersign_shown": route({"judgement": "judgement"}, reads=[], hidden=["AA2", "DUO"]),
    "assessor:countersign_unit": route({"unit": "unit"}, reads=[], hidden=["AA2", "DUO"]),
    # --- the centre admin
    **{
        f"centre:{name}": route(reads=[ADMINS])
        for name in ("people", "invite", "learners", "register", "caseload", "reallocate")
    },
    **{
        f"centre:{name}": route({"person": "person"}, reads=[ADMINS])
        for name in ("person", "send_link", "address", "end_access", "grant", "countersigner")
    },
    "centre:attention": route(reads=[ADMINS]),
    "centre:try_again": route({"job": "job"}, reads=[ADMINS]),
    "centre:import": route(reads=[ADMINS]),
    **{
        f"centre:{name}": route({"draft": "import"}, reads=[ADMINS])
        for name in ("import_preview", "import_match", "import_mend", "import_withdraw")
    },
    "centre:end_role": route({"person": "person", "role": "role"}, reads=[ADMINS]),
    **{
        f"centre:{name}": route({"learner": "learner"}, reads=[ADMINS])
        for name in ("learner", "add_registration", "schedule", "allocate", "progression", "record", "number")
    },
    "centre:rules": route(reads=[ASSESSORS, ASSURERS, ADMINS]),
    "centre:propose_rule": route(reads=[ADMINS]),
    "centre:rule": route({"rule": "rule"}, reads=[*SEES_LA1, ADMINS], acts=[ADMINS], hidden=OTHER_STAFF),
    "centre:exception": route({"learner": "learner", "unit": "unit"}, reads=[ADMINS]),
    "centre:approvals": route(reads=[ADMINS, ASSURERS]),
    "centre:approval": route({"qualification": "qualification"}, reads=[ADMINS, ASSURERS], acts=ADMINS),
    "centre:policy": route(reads=[ADMINS]),
    **{f"centre:{name}": route(reads=[ADMINS]) for name in ("externals", "propose_external")},
    "centre:external": route({"external": "external"}, reads=[ADMINS]),
    "centre:purges": route(reads=[ADMINS]),
    "centre:purge": route({"purge": "purge"}, reads=[ADMINS]),
    "centre:identity": route({"learner": "learner"}, reads=[ADMINS, "AA1"], hidden=OTHER_STAFF),
    "centre:end_countersigner": route({"person": "trainee", "other": "countersigner"}, reads=[ADMINS]),
    "centre:units": route({"learner": "learner", "registration": "registration"}, reads=[ADMINS]),
    "centre:move": route({"learner": "learner", "registration": "registration"}, reads=[ADMINS]),
    "centre:state": route({"learner": "learner", "registration": "registration"}, reads=[ADMINS]),
    "centre:signed": route({"unit": "unit"}, reads=[ADMINS]),
    "centre:certificate": route({"learner": "learner", "unit": "unit"}, reads=[ADMINS]),
    "proof:item": route({"registration": "registration"}, reads=["AA1", ASSURERS, ADMINS], hidden=OTHER_STAFF),
    "proof:chain": route({"registration": "registration"}, reads=["AA1", ASSURERS, ADMINS], hidden=OTHER_STAFF),
    "exemptions:list": route(reads=[ADMINS, ASSURERS]),
    "exemptions:item": route({"exemption": "exemption"}, reads=[ADMINS, ASSURERS], acts=[ADMINS, "QA"]),
    "centre:end_allocation": route({"learner": "learner", "allocation": "allocation"}, reads=[ADMINS]),
    # --- drafts of the catalogue: their author is somebody else, so the admin is the second person
    "centre:drafts": route(reads=[ADMINS]),
    **{
        f"centre:{name}": route({"draft": "draft"}, reads=[ADMINS])
        for name in ("draft", "draft_submit", "draft_approve", "draft_reject", "draft_reopen", "draft_withdraw")
    },
    # --- bytes
    **{
        f"files:{name}": route({"evidence": "evidence"}, reads=["LA1"], hidden=OTHER_LEARNERS)
        for name in ("upload", "status")
    },
    "files:original": route({"file": "file"}, reads=["LA1", *SEES_LA1], hidden=[*OTHER_LEARNERS, *OTHER_STAFF, ADMINS]),
    "files:preview": route(
        {"preview": "preview"}, reads=["LA1", *SEES_LA1], hidden=[*OTHER_LEARNERS, *OTHER_STAFF, ADMINS]
    ),
}

#: Addresses outside any centre: what they are, and why no role decides about them.
OUTSIDE = {
    "shared:front_door": "sends a signed-in person to their own first place",
    "shared:healthy": "says only whether the database answers",
    "ready": "names parts and whether they work; the proxy lets nobody there from outside",
    "web_account:index": "one's own account",
    "handed:file": "the signed ticket of 60 seconds in the address is the right",
    "case:documents": "what the installation publishes for everybody; nothing of a centre",
    "case:document": "see case:documents",
    "case:package": "see case:documents",
    "case:item": "see case:documents",
    "case:item_associations": "see case:documents",
    "case:association": "see case:documents",
    "web_account:invitation": "the secret in the address is the right",
}
