"""One file, one child: what it may use, what it may see, and what is believed of its answer."""

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from common.faults import Away
from media.finding import ChildLost, Finding, finding_from_json, refused
from media.policy import MB
from media.preview_kinds import Made, Shown
from media.reading import LIMITS
from media.sandbox import (
    RECORDING,
    Limits,
    _ended,
    _prepared,
    _read,
    _start,
    inspect_apart,
    limits_for,
    prepare_file,
    run_child,
)

from .conftest import look
from .test_pictures import png_chunk

ROOT = Path(__file__).resolve().parents[2]


def prepare(path, out, **options):
    out.mkdir(exist_ok=True)
    return prepare_file(path, declared_name=path.name, size=path.stat().st_size, out_dir=out, **options)


def large_png(side):
    body = zlib.compressobj(1)
    line = b"\4" + b"\0" * (side * 3)  # filtered by Paeth: what takes a reader longest, on every machine
    packed = b"".join(body.compress(line) for _ in range(side)) + body.flush()
    header = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", packed) + png_chunk(b"IEND", b"")


@pytest.fixture(scope="session")
def heavy(tmp_path_factory):
    """A picture of 64 million dots in a small file: 256 MB once decoded."""
    path = tmp_path_factory.mktemp("heavy") / "heavy.png"
    path.write_bytes(large_png(8000))
    return path


@pytest.mark.parametrize("kind", ["jpg", "heic", "pdf", "mp3", "mp4"])
def test_a_child_finds_and_makes_what_the_library_does(shelf, tmp_path, kind):
    done = prepare(shelf.path(kind), tmp_path / "out")
    assert done.finding == shelf.finding(kind)
    assert [one.kind for one in done.made][:1] == {"pdf": ["page"], "mp3": ["playable"], "mp4": ["poster"]}.get(
        kind, ["image"]
    )
    assert {one.filename for one in done.made} == {path.name for path in (tmp_path / "out").iterdir()}


def test_refusals_come_back_with_their_words(put, tmp_path):
    done = prepare(put("x.png", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"), tmp_path / "out")
    assert done.finding.code == "renamed"
    assert "(SVG)" in done.finding.sentence
    assert done.made == ()
    assert inspect_apart(put("y.txt", b"hello"), declared_name="y.txt", size=5).ok


def test_time_by_the_clock_runs_out_and_says_nothing_about_the_file(shelf, tmp_path):
    start = time.monotonic()
    with pytest.raises(ChildLost, match="clock"):
        prepare(shelf.path("mp4"), tmp_path / "out", limits=Limits(wall_seconds=0.05))
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("limits", [Limits(), RECORDING, LIMITS])
def test_the_processors_time_runs_out_first(limits):
    """So that what runs out of the clock's was starved or asleep."""
    assert limits.cpu_seconds < limits.wall_seconds


def test_a_child_that_is_killed_says_nothing_about_the_file(heavy, tmp_path):
    """What the kernel does when memory is short, to a good picture."""
    with pytest.raises(ChildLost, match="-9"):
        prepare(
            heavy, tmp_path / "out", beat=lambda: [os.kill(pid, signal.SIGKILL) for pid in children_of(os.getpid())]
        )


def children_of(pid):
    """The sandbox's own children: processes of ours that lead a session."""
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in told if os.getsid(int(child)) == int(child)]


def test_a_full_disk_says_nothing_about_the_file(tmp_path):
    code = "import errno; from media import child; child._TASKS = {'full': lambda job: (_ for _ in ()).throw(OSError(errno.ENOSPC, 'x'))}"
    order = tmp_path / "job.json"
    order.write_text(json.dumps({"task": "full", "job": {}, "limits": asdict(Limits()), "answer": str(tmp_path / "a")}))
    run = f"{code}; import sys; from pathlib import Path; sys.exit(child.main(Path(sys.argv[1])))"
    ended = subprocess.run([sys.executable, "-c", run, str(order)], cwd=ROOT, check=False)
    with pytest.raises(Away):
        _ended(ended.returncode)


def test_nobody_to_hand_the_order_to_is_the_machines_fault(monkeypatch, shelf, tmp_path):
    """A full temporary folder: not even the order can be written."""

    def full(*_args, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        prepare(shelf.path("jpg"), tmp_path / "out")


def test_the_processor_runs_out(heavy, tmp_path):
    assert prepare(heavy, tmp_path / "out", limits=Limits(cpu_seconds=1)).finding.code == "too-slow"


def test_memory_runs_out_for_the_child_and_for_nobody_else(heavy, tmp_path):
    tight = prepare(heavy, tmp_path / "out", limits=Limits(memory=400 * MB))
    assert tight.finding.code == "too-heavy"
    assert "Save it smaller" in tight.finding.sentence
    assert not any((tmp_path / "out").iterdir())


def test_what_it_may_write_is_bounded(shelf, tmp_path):
    with suppress(ChildLost):
        assert prepare(shelf.path("mp4"), tmp_path / "out", limits=replace(RECORDING, written=20_000)).finding.ok
    assert all(path.stat().st_size <= 20_000 for path in (tmp_path / "out").iterdir())


def test_a_child_that_breaks_has_said_nothing(tmp_path):
    with pytest.raises(ChildLost):
        run_child("no such task", {}, Limits())


@pytest.mark.parametrize(("code", "means"), [(-signal.SIGXCPU, "too-slow"), (77, "too-heavy")])
def test_a_limit_that_a_file_used_up_is_put_into_words(code, means):
    assert _ended(code) == means
    assert refused(means).sentence


@pytest.mark.parametrize("code", [None, -signal.SIGKILL, -signal.SIGTERM, -signal.SIGSEGV, -signal.SIGBUS, 1, 2, 137])
def test_every_other_end_of_a_child_is_no_answer(code):
    with pytest.raises(ChildLost):
        _ended(code)


@pytest.mark.parametrize("said", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 100_000, b'"' + b"x" * 17_000_000 + b'"'])
def test_an_answer_that_nobody_can_read_is_none(tmp_path, said):
    (tmp_path / "answer.json").write_bytes(said)
    with pytest.raises(ChildLost):
        _read(tmp_path / "answer.json")
    with pytest.raises(ChildLost):
        _read(tmp_path / "there is none")


def test_recordings_may_take_longer():
    assert limits_for("a.mp4") == RECORDING
    assert limits_for("a.jpg") == Limits()
    assert limits_for("nothing") == Limits()


def test_the_child_sees_nothing_of_ours(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    order = tmp_path / "job.json"
    os.mkfifo(order)  # the child waits for its order, so that it can be looked at
    with (tmp_path / "said").open("wb") as said:
        child = _start(order, str(tmp_path), said)
        try:
            deadline = time.monotonic() + 5
            while (
                "attest" not in (seen := Path(f"/proc/{child.pid}/environ").read_text())
                and "HOME=" + str(tmp_path) not in seen
            ):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            names = {line.partition("=")[0] for line in seen.split("\0") if line}
            assert names == {
                "PATH",
                "LANG",
                "HOME",
                "TMPDIR",
                "PYTHONPATH",
                "PYTHONDONTWRITEBYTECODE",
                "MALLOC_ARENA_MAX",
            }
            assert Path(f"/proc/{child.pid}/cwd").readlink() == tmp_path
            assert os.getsid(child.pid) == child.pid
        finally:
            child.kill()
            child.wait()


LOCKED_IN = """
import json, resource, socket, sys
from media.child import leave_network, limit
limit({"cpu_seconds": 9, "memory": 900_000_000, "written": 1000})
gone = leave_network()
try:
    socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()
    reached = True
except OSError:
    reached = False
limits = [resource.getrlimit(what) for what in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)]
status = open("/proc/self/status").read()
print(json.dumps([gone, reached, limits, "NoNewPrivs:\\t1" in status, "django.conf" in sys.modules]))
"""


def test_a_child_locks_itself_in():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        ran = subprocess.run(
            [sys.executable, "-c", LOCKED_IN, port], cwd=ROOT, capture_output=True, text=True, check=True
        )
    gone, reached, limits, no_new, django_conf = json.loads(ran.stdout)
    assert reached is not gone
    assert limits == [[9, 14], [900_000_000] * 2, [1000, 1000], [0, 0]]
    assert no_new
    assert not django_conf


def test_limits_are_never_raised_above_what_the_worker_has():
    script = LOCKED_IN.replace("limit({", "resource.setrlimit(resource.RLIMIT_CPU, (5, 5)); limit({", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        ran = subprocess.run(
            [sys.executable, "-c", script, str(server.getsockname()[1])],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
    assert json.loads(ran.stdout)[2][0] == [5, 5]


def test_the_worker_is_told_that_the_child_still_works_and_may_stop_it(heavy, tmp_path):
    beats = []
    prepare(heavy, tmp_path / "out", beat=lambda: beats.append(1))
    assert beats

    def stop():
        raise RuntimeError("the lease is gone")

    with pytest.raises(RuntimeError, match="lease"):
        prepare(heavy, tmp_path / "out2", beat=stop)


def test_files_do_not_hinder_one_another(shelf, tmp_path):
    done = {}

    def one(kind):
        done[kind] = prepare(shelf.path(kind), tmp_path / kind)

    threads = [threading.Thread(target=one, args=(kind,)) for kind in ("jpg", "png", "pdf")]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert all(done[kind].finding.ok for kind in ("jpg", "png", "pdf"))


def answer(made=(), **finding):
    return {
        "finding": Finding(family="image", extension="jpg", content_type="image/jpeg").as_json() | finding,
        "made": list(made),
    }


def preview(**change):
    return asdict(Made(Shown.IMAGE, 0, "image.jpg", "image/jpeg", 10, 10)) | change


@pytest.mark.parametrize("change", [
    {"kind": "script"}, {"content_type": "text/html"}, {"filename": "../image.jpg"}, {"filename": "/etc/passwd"}, {"filename": "link.jpg"},
    {"filename": "missing.jpg"}, {"filename": ""}, {"filename": "."}, {"filename": 7}, {"filename": "empty.jpg"},
    {"width": -1}, {"width": "<b>"}, {"duration": "x"}, {"position": -3}, {"text": 5},
])  # fmt: skip
def test_previews_that_a_child_could_not_have_made_are_not_believed(tmp_path, change):
    (tmp_path / "image.jpg").write_bytes(b"x")
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "link.jpg").symlink_to("/etc/passwd")
    assert _prepared(answer([preview()]), tmp_path).finding.ok
    with pytest.raises(ChildLost):
        _prepared(answer([preview(**change)]), tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"code": 5},
        {"width": -1},
        {"width": "1"},
        {"duration_seconds": "x"},
        {"captured_at": "yesterday"},
        {"detail": 3},
        {"active_content": 5},
        {"pages": 2**40},
    ],
)
def test_findings_of_the_wrong_shape_are_not_believed(tmp_path, change):
    with pytest.raises(ChildLost):
        _prepared(answer(**change), tmp_path)


@pytest.mark.parametrize(
    "rubbish",
    [
        {},
        {"finding": None, "made": []},
        {"finding": {}, "made": []},
        {"finding": answer()["finding"]},
        {"finding": answer()["finding"], "made": 5},
    ],
)
def test_answers_that_make_no_sense_are_none(tmp_path, rubbish):
    with pytest.raises(ChildLost):
        _prepared(rubbish, tmp_path)


def test_words_of_a_child_are_cleaned_again(tmp_path):
    found = _prepared(answer(device="a\r\nb\u202e" + "x" * 200, active_content=["javascript", "<b>"]), tmp_path).finding
    assert found.device.startswith("a bx")
    assert len(found.device) == 80
    assert found.active_content == ("javascript",)
    made = _prepared(answer([asdict(Made(Shown.TEXT, content_type="text/plain", text="a\0b"))]), tmp_path).made
    assert made[0].text == "ab"


@pytest.mark.parametrize("kind", ["jpg", "pdf", "mp4", "docx"])
def test_findings_travel_as_json_unchanged(shelf, kind):
    found = shelf.finding(kind)
    assert finding_from_json(json.loads(json.dumps(found.as_json()))) == found
    bad = look(shelf.path(kind), "x.png")
    assert finding_from_json(json.loads(json.dumps(bad.as_json()))) == bad
