"""What killed processes leave is removed; what a living one holds is not, however old it is."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from common import temporary
from common.temporary import OURS, UPLOADS, own_file, own_folder, sweep

HOLDS = """
import sys, tempfile, time
from common.temporary import own_folder
tempfile.tempdir = sys.argv[1]
with own_folder() as folder:
    open(folder + "/film.mp4", "wb").write(b"x" * 1000)
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _here(room, monkeypatch):
    monkeypatch.setattr(temporary.tempfile, "tempdir", str(room))


def old(path):
    """Make it look as if nobody had touched it for a day."""
    os.utime(path, (0, 0))
    return path


def test_what_a_killed_process_left_is_removed_and_not_before_it_is_killed(room):
    program = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(room)], cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    try:
        left = Path(program.stdout.readline().strip())
        old(left)
        assert sweep(room, OURS) == 0
        assert left.exists()
        program.send_signal(signal.SIGKILL)
        program.wait()
        assert (left / "film.mp4").exists()
        assert sweep(room, OURS) == 1
        assert not left.exists()
    finally:
        program.kill()
        program.wait()
        program.stdout.close()


def test_whoever_makes_a_folder_removes_what_was_left_beside_it(room):
    left = room / "attest-work-left"
    left.mkdir()
    old(left)
    with own_folder() as folder:
        assert not left.exists()
        assert Path(folder).parent == room
    assert not Path(folder).exists()


def test_a_file_is_held_too(room):
    with own_file() as file:
        old(file.name)
        assert sweep(room, OURS) == 0
        assert Path(file.name).exists()
    assert not Path(file.name).exists()


def test_what_is_young_may_be_somebodys_who_has_not_held_it_yet(room):
    young = room / "tmpabcdefgh.upload.mp4"
    young.write_bytes(b"x")
    assert sweep(room, UPLOADS) == 0
    assert sweep(room, UPLOADS, young=-1) == 1
    assert not young.exists()


@pytest.mark.parametrize("name", ["notes.txt", "attest-tests-1", "photo.upload.jpg", "attest.sqlite3"])
def test_what_is_not_ours_by_its_name_stays(room, name):
    old(room / name if (room / name).write_bytes(b"x") else None)
    assert sweep(room, OURS) == sweep(room, UPLOADS) == 0
    assert (room / name).exists()


def test_a_link_is_not_followed(room):
    target = room / "precious"
    target.mkdir()
    (target / "a").write_bytes(b"x")
    link = room / "attest-work-link"
    link.symlink_to(target)
    os.utime(link, (0, 0), follow_symlinks=False)
    assert sweep(room, OURS) == 0
    assert (target / "a").exists()


def test_a_folder_that_is_not_there_is_nothing_to_sweep(room):
    assert sweep(room / "nowhere", OURS) == 0
