"""Taking a backup in: into an empty installation, whole or not at all, and looked at before anybody works in it.

First everything is asked that could stand against it, and every byte of the backup is compared; nothing is touched
before that. Objects go first, each under its own name, so that a restore that was cut off can be run again; the
database follows in one step.
"""

import contextlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from django.contrib.contenttypes.models import ContentType
from django.core.files import File
from django.core.management import call_command

from audit.services import record_person
from common import clock
from common.listing import listed
from common.storing import drop_unnamed, fingerprint, keep
from upkeep import databases, schema
from upkeep.manifest import (
    MANIFEST,
    BackupError,
    Manifest,
    Written,
    altered_files,
    listed_objects,
    object_path,
    read_manifest,
    weigh,
)

#: Apps whose rows anybody can make again: they may be there before, as after `first_start.py`.
MADE_AGAIN = frozenset({"auth", "axes", "contenttypes", "jobs", "qualifications", "sessions"})
#: Altered files that are named; there may be many.
NAMED = 20

Tell = Callable[[str], object]


def checked(folder: Path, *, proof: str = "") -> Manifest:
    """Return the manifest of a backup that is whole. Reads every byte of it and changes nothing.

    Refuses what is none, what was cut off, what was altered (each file by its name, `NAMED` of them), another manifest
    than the one with the SHA-256 `proof`, and one of a newer release.
    """
    manifest = read_manifest(folder)
    if proof and weigh(folder / MANIFEST, MANIFEST).sha256 != proof:
        raise BackupError(f"{folder / MANIFEST} was altered: it is not the one with that SHA-256.")
    newer = schema.unknown(manifest.migrations)
    if newer:
        raise BackupError(
            f"{folder} is of a newer release (Attest {manifest.attest}): this one does not know {newer[0]}. "
            "Install that release, then restore."
        )
    altered = list(islice(altered_files(folder, manifest), NAMED))
    if altered:
        raise BackupError(f"The backup was altered. {'; '.join(altered)}.")
    return manifest


def restore(folder: Path, *, proof: str = "", tell: Tell) -> Manifest:
    """Take a backup in, bring it to this release, and say with `tell` what is being done.

    Refuses what `checked` refuses, another kind of database, an older server, a database in which somebody is, and a
    store with anything in it that is not of this backup. Nothing is touched then. Emits "backup.restored".
    """
    tell("Reading the backup and comparing every file in it.")
    manifest = checked(folder, proof=proof)
    _refuse_place(folder, manifest)
    try:
        tell(f"Writing {manifest.objects} objects to the store.")
        for written in listed_objects(folder):
            _put(folder, written)
    except (BotoCoreError, ClientError, OSError) as fault:
        raise BackupError(f"The store took not all of it ({fault}). Mend that and restore again.") from fault
    tell("Writing the database.")
    databases.load(folder / manifest.database.name)
    _bring_forward(manifest, tell)
    facts = {"began": manifest.began, "release": manifest.attest, "objects": manifest.objects}
    record_person("backup.restored", person_id=None, at=clock.now(), facts=facts)
    return manifest


def _refuse_place(folder: Path, manifest: Manifest) -> None:
    if wrong := databases.why_not_take(manifest):
        raise BackupError(f"This backup cannot be taken in here. {wrong}")
    if there := databases.why_not_empty(MADE_AGAIN):
        raise BackupError(f"{there} A backup is restored into an empty installation only.")
    try:
        foreign = next(_foreign(folder), None)
    except (BotoCoreError, ClientError) as fault:
        raise BackupError(f"The store does not answer, or its bucket is not there ({fault}).") from fault
    if foreign is not None:
        raise BackupError(
            f"The store is not empty: {foreign} is not of this backup. A backup is restored into an empty store only."
        )


def _foreign(folder: Path) -> Iterator[str]:
    """Yield objects in the store that are not of a backup. Its own are there after a restore that was cut off."""
    for one in listed():
        try:
            ours = object_path(folder, one.key)
        except BackupError:
            yield one.key
            continue
        if not ours.is_file():
            yield one.key


def _put(folder: Path, written: Written) -> None:
    """Write an object to the store, unless a restore that was cut off has: what it left half is written again."""
    with contextlib.suppress(FileNotFoundError):
        if fingerprint(written.name) == (written.sha256, written.size):
            return
        drop_unnamed([written.name], lambda _keys: ())  # there are no rows yet that could name it
    with object_path(folder, written.name).open("rb") as file:
        size = keep(written.name, File(file))
    if size != written.size:
        raise OSError(f"{written.name} has {size} bytes there, not {written.size}")


def _bring_forward(manifest: Manifest, tell: Tell) -> None:
    lacking = schema.missing()
    if lacking:
        tell(f"Bringing it from Attest {manifest.attest} to this release: {len(lacking)} migrations.")
        call_command("migrate", interactive=False, verbosity=0)
    ContentType.objects.clear_cache()
