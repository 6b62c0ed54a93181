"""Where the wall between centres is lifted or walked round, and why each of these places may."""

import ast

from tests.architecture import sources

#: file → what it does there. A file that is new here is looked at by a second person.
LIFTED = {
    "assessments/health.py": "the doctor reads what all centres decided and signed and writes nothing",
    "assessments/queries/chain.py": "verifying reads the chains of all centres and writes nothing",
    "assessments/queries/chain_faults.py": "verifying reads the chains of all centres and writes nothing",
    "assessments/queries/rests_on.py": "verifying reads what chains of all centres name and writes nothing",
    "assessments/services/verification.py": "verifying reads what all centres sent and decided and writes nothing",
    "centres/health.py": "the doctor reads the registrations of all centres and writes nothing",
    "centres/queries/addresses.py": "an address of somebody known elsewhere is not corrected here; yes or no alone",
    "centres/queries/core.py": "who a person is must be known before any centre is",
    "centres/queries/external.py": "whoever looks from outside holds no role in any centre of that body; yes, no, who of ours",
    "centres/services/correcting.py": "a name that another centre knows as well is not changed there; yes or no alone",
    "demo/arrivals.py": "the demo lets its people in, in both of its centres",
    "portfolio/health.py": "the doctor reads the pieces and files of all centres and writes nothing",
    "ledger/queries/rows.py": "sealing and checking read the rows of all centres and write none of them",
    "portfolio/queries/learner/library.py": "pictures, reached through the learner's own evidence",
    "portfolio/queries/objects.py": "which of some keys of the store a row names; keys alone",
    "portfolio/services/files.py": "background work is told the number of one file",
    "portfolio/services/preparing.py": "background work is told the number of one file",
    "qualifications/health.py": "the doctor asks which bytes the imports of all centres name",
    "qualifications/queries/imports.py": "which of some keys of the store a row names; keys alone",
    "qualifications/services/import_reading.py": "background work is told the number of one import",
    "tools/shots.py": "pictures of the demo for the guides",
}


def calls(name):
    """Yield (file, keywords of the call) of every call of a method of that name."""
    for source in sources.product():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
                yield source.path, {k.arg: k.value for k in node.keywords}


def test_every_lifted_wall_is_listed_with_its_reason():
    found = {path for path, _ in calls("across_centres") if path != "common/scoping.py"}
    assert found == set(LIFTED)
    assert [path for path, reason in LIFTED.items() if len(reason.split()) < 4] == []


def test_every_lifted_wall_says_its_reason_in_words():
    for path, keywords in calls("across_centres"):
        reason = keywords["reason"]
        if isinstance(reason, ast.Constant):
            assert len(reason.value.split()) >= 3, path
        else:
            assert isinstance(reason, ast.Name), path


def test_nobody_goes_round_the_manager():
    attributes = {"_base_manager", "_default_manager", "_raw_delete", "_meta_base_manager"}
    found = {
        source.path
        for source in sources.product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in attributes
    }
    assert found == {"common/scoping.py", "tools/prepare.py"}  # the second asks whether anybody is there yet


def test_nobody_writes_sql_about_a_centres_rows():
    allowed = {
        "common/append_only.py": "triggers",
        "common/postgresql/base.py": "what time the database has, asked of each new connection",
        "common/sqlite3/base.py": "the triggers of a table that is rewritten",
        "web/shared/views.py": "SELECT 1: does the database answer",
    }
    found = {
        source.path
        for source in sources.product()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr in {"cursor", "raw", "RawSQL"}
        if source.path.split("/")[0] in {*sources.APPS, "common", "web"}
    }
    assert found - set(allowed) - {"common/scoping.py", "jobs/queries.py", "jobs/services.py"} == set()
