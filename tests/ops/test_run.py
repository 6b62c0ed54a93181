"""`make run`'s program: one start for site and worker, one stop for both, a plain sentence when something is in the way."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.ops.conftest import ROOT
from tools import run

#: Somebody is in the database already, so no demo is made and a start is as quick as a second one.
ONE_PERSON = (
    "from django.contrib.auth import get_user_model as m; "
    "m().objects.create_user('a@b.example', given_name='A', family_name='B')"
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with a database in which there is one person."""
    folder = tmp_path_factory.mktemp("var")
    for command in (["migrate", "--verbosity", "0"], ["shell", "--verbosity", "0", "--command", ONE_PERSON]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=environment(folder), check=True)
    return folder


def environment(folder):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**kept, "VAR_DIR": str(folder), "DEBUG": "1"}


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture
def start(home):
    started = []

    def launch(port):
        program = subprocess.Popen(
            [sys.executable, "tools/run.py", "--port", str(port)],
            cwd=ROOT,
            env=environment(home),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(program)
        return program

    yield launch
    for program in started:
        program.terminate()
        program.communicate(timeout=30)


def read_until(program, words):
    seen = ""
    for line in program.stdout:
        seen += line
        if words in line:
            return seen
    pytest.fail(f"it ended without saying {words!r}:\n{seen}")


def belonging_to(home, words):
    """Return the processes that were started with this folder and these words."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_text().split("\0")
            if f"VAR_DIR={home}" in (folder / "environ").read_text().split("\0") and words in command:
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def test_site_and_worker_start_together_quickly_and_stop_together(home, start):
    port, begun = free_port(), time.monotonic()
    program = start(port)
    said = read_until(program, "Stop with Ctrl-C")
    assert time.monotonic() - begun < 10
    assert f"http://127.0.0.1:{port}/" in said
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    line.request("GET", "/healthz")
    assert line.getresponse().status == 200
    line.close()
    assert belonging_to(home, "work") != []
    program.terminate()
    assert program.wait(timeout=30) == 0
    assert belonging_to(home, "work") == belonging_to(home, "gunicorn") == []


def test_a_program_that_is_gone_is_started_again_and_the_other_goes_on(home, start):
    program = start(free_port())
    read_until(program, "Stop with Ctrl-C")
    site = set(belonging_to(home, "gunicorn"))
    (worker,) = belonging_to(home, "work")
    os.kill(worker, signal.SIGKILL)
    assert "The worker ended by itself (SIGKILL). It is started again in 1 s." in read_until(program, "ended by itself")
    again = until(lambda: [number for number in belonging_to(home, "work") if number != worker])
    assert len(again) == 1
    assert site <= set(belonging_to(home, "gunicorn"))


def test_so_is_the_site(home, start):
    port = free_port()
    program = start(port)
    read_until(program, "Stop with Ctrl-C")
    for number in belonging_to(home, "gunicorn"):
        os.kill(number, signal.SIGKILL)
    assert "The site ended by itself" in read_until(program, "ended by itself")
    assert until(lambda: answers(port))


def test_when_the_program_itself_is_killed_nothing_is_left_behind(home, start):
    program = start(free_port())
    read_until(program, "Stop with Ctrl-C")
    assert belonging_to(home, "gunicorn") != []
    program.kill()
    program.wait()
    until(lambda: belonging_to(home, "gunicorn") == belonging_to(home, "work") == [])
    again = start(free_port())
    read_until(again, "Stop with Ctrl-C")


def test_a_second_site_on_the_same_data_is_refused_in_words(home, start):
    port = free_port()
    first = start(port)
    read_until(first, "Stop with Ctrl-C")
    second = start(free_port())
    said, _ = second.communicate(timeout=20)
    assert second.returncode == 1
    assert f"Attest runs already with the data in {home}: http://127.0.0.1:{port} (process {first.pid})" in said
    assert "VAR_DIR=another-folder" in said
    assert "preparing" not in said


def test_the_pause_grows_and_ends_growing():
    assert [run.pause_after(falls) for falls in (1, 2, 3, 4, 5, 6, 7, 50)] == [1, 2, 4, 8, 16, 30, 30, 30]


@pytest.mark.parametrize(
    ("host", "debug", "origin"),
    [
        ("127.0.0.1", "1", "http://127.0.0.1:8000"),
        ("localhost", "1", "http://localhost:8000"),
        ("::1", "1", "http://[::1]:8000"),
        ("192.168.1.5", "0", "http://192.168.1.5:8000"),
    ],
)
def test_debug_is_for_this_machine_alone(monkeypatch, host, debug, origin):
    for name in ("DEBUG", "SITE_ORIGIN"):
        monkeypatch.delenv(name, raising=False)
    found = run.environment(host, 8000)
    assert (found["DEBUG"], found["SITE_ORIGIN"]) == (debug, origin)


def until(holds):
    for _ in range(300):
        found = holds()
        if found:
            return found
        time.sleep(0.1)
    pytest.fail("it never happened")


def answers(port):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def test_a_taken_port_is_said_before_anything_is_done(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        program = start(port)
        said, _ = program.communicate(timeout=20)
    assert program.returncode == 1
    assert f"Port {port} is taken" in said
    assert f"make run PORT={port + 1}" in said
    assert "preparing" not in said
