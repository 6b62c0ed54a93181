"""What the record says of each act: its name and the facts beside it. Who reads the record later rests on both.

Every event that any test writes is held against this table (`tests/fixtures.py`): an act that is not in it, a fact more
or a fact less fails that test. "?" behind a fact: it is there only where there is something to say.
"""

ACTS = {
    "account.invited": "",
    "account.invitation_accepted": "",
    "account.preferences": "",
    "account.view": "view",
    "account.renamed": "",
    "account.sessions_ended": "sessions",
    "account.password_chosen": "",
    "account.address_asked": "",
    "account.address_kept": "",
    "account.address_changed": "",
    "account.address_corrected": "",
    "approval.recorded": "entry_code status approved_on",
    "identity.recorded": "matches document",
    "induction.acknowledged": "version",
    "centre.policy_changed": "before after",
    "person.invited": "roles",
    "person.link_sent": "",
    "person.address_corrected": "",
    "role.granted": "role person",
    "role.ended": "role on",
    "access.ended": "roles learners",
    "external.proposed": "codes",
    "external.agreed": "",
    "external.refused": "",
    "sufficiency.proposed": "scope asked eases from",
    "sufficiency.agreed": "scope asked eases from",
    "sufficiency.refused": "scope asked eases from",
    "learner.registered": "learner units starts_on entry_confirmed?",
    "learner.corrected": "correction fields",
    "learner.allocated": "learner assessor starts_on ends_on registration exception?",
    "learner.allocation_resumed": "starts_on after",
    "learner.allocation_ended": "on",
    "countersigner.set": "trainee countersigner",
    "countersigner.ended": "on",
    "registration.state_changed": "change was to on",
    "registration.units_changed": "change added dropped accepted satisfied credit",
    "registration.moved": "from qualification units",
    "units.scheduled": "order dated",
    "evidence.started": "kind",
    "evidence.saved": "fields",
    "evidence.submitted": "version digest declaration",
    "evidence.recalled": "version",
    "evidence.revised": "version",
    "evidence.withdrawn": "from mappings files",
    "evidence.opened": "version file?",
    "evidence.decided": "version digest verdicts",
    "evidence.returned": "version digest? verdicts",
    "evidence.replied": "",
    "evidence.purge_asked": "version words",
    "evidence.purged": "version removed",
    "evidence.purge_refused": "version removed",
    "file.received": "sha256 size",
    "file.removed": "sha256",
    "file.opened": "sha256",
    "file.altered": "sha256",
    "file.ready": "sha256",
    "file.not_scanned": "sha256",
    "file.refused": "sha256",
    "file.infected": "sha256",
    "file.put_aside": "sha256",
    "file.check_again": "sha256",
    "job.tried_again": "task",
    "centre.opened": "number",
    "mappings.set": "criteria unsure",
    "mappings.offered_again": "criteria",
    "mapping.added": "criterion",
    "judgement.countersigned": "agrees digest",
    "unit.signed": "digest",
    "unit.countersigned": "",
    "unit.countersign_refused": "",
    "unit.confirmed": "",
    "unit.disputed": "",
    "unit.dispute_answered": "digest",
    "unit.confirmed_absent": "digest",
    "unit.reopened": "digest",
    "unit.carried_over": "from rests_on digest",
    "unit.carry_declined": "from rests_on digest",
    "exemption.recorded": "unit",
    "exemption.approved": "unit",
    "exemption.refused": "unit",
    "exemption.revoked": "unit digest",
    "criterion.tagged": "before after",
    "criterion.explained": "taken_away",
    "draft.submitted": "changes",
    "draft.published": "units qualifications sha256",
    "draft.rejected": "",
    "draft.reopened": "",
    "draft.withdrawn": "",
    "import.withdrawn": "",
    "import.staged": "source sha256 size",
    "import.matched": "columns",
    "import.draft": "problems units",
    "import.matching": "problems units",
    "import.broken": "problems units",
    "import.mended": "sha256 size",
    "import.read_again": "",
}


def why_not_recorded(action: str, facts: dict[str, object]) -> str:
    """Say what is wrong with an event by the table, or nothing. Some tests write made-up acts of their own."""
    if action.endswith(".tested") or action.startswith(("test.", "turn.")):
        return ""
    if action not in ACTS:
        return f"“{action}” is not in the table of acts"
    words = ACTS[action].split()
    must, may = {w for w in words if not w.endswith("?")}, {w.removesuffix("?") for w in words}
    return "" if must <= facts.keys() <= may else f"“{action}” tells {sorted(facts)}, not {words}"


#: What every entry of the sign-off chain says (`assessments.services.ledger`), and what each act adds to it.
ENTRY = (
    "v registration learner learner_person qualification qualification_text unit unit_key unit_text"
    " sequence act person roles standing at note"
)
ENTRIES = {
    "assessor_signed": "decisions evidence declaration sufficiency?",
    "countersigned": "",
    "countersign_refused": "",
    "learner_confirmed": "",
    "learner_disputed": "",
    "dispute_answered": "answers",
    "confirmed_absent": "",
    "reopened": "voids exemption?",
    "carried_over": "from",
    "carry_declined": "from",
    "exempted": "exemption certificate recorded_by stands_by",
}
#: What a version that was sent says of each of its files and of each criterion it is offered for.
SENT_FILE = {"id", "name", "sha256", "size"}
SENT_CRITERION = {"unit", "criterion", "number", "page", "seconds", "note"}
#: Of the unit that one carried over, or not, rests on.
FROM = {"registration", "unit", "unit_key", "content", "sequence", "digest"}


def why_not_chained(act: str, payload: dict[str, object]) -> str:
    """Say what is wrong with an entry of the chain by the table, or nothing."""
    words = [*ENTRY.split(), *ENTRIES[act].split()]
    must, may = {w for w in words if not w.endswith("?")}, {w.removesuffix("?") for w in words}
    whole = must <= payload.keys() <= may and payload.get("from", dict.fromkeys(FROM)).keys() == FROM
    return "" if whole else f"“{act}” says {sorted(payload)}, not {words}"
