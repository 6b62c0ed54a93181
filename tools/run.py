"""Serve Attest on this machine, embedded: the site and the worker under one program. Interrupt it to stop both.

python tools/run.py [--port 8000] [--host 127.0.0.1]

A program that ends by itself is started again, after a pause that grows. Both end with this one, however it ends, and a
second one is not started on the same data.
"""

import argparse
import contextlib
import ctypes
import fcntl
import http.client
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60.0
GRACE_SECONDS = 20.0
#: Seconds before a program is started again: one, then twice as many each time it did not stay up for a minute.
FIRST_PAUSE, LONGEST_PAUSE, STAYED_UP = 1.0, 30.0, 60.0
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
Program = subprocess.Popen[bytes]


def environment(host: str, port: int) -> dict[str, str]:
    """Return the settings of an embedded installation for one person; what is already set stays.

    What others in the network can reach is served without DEBUG, whose pages show everything.
    """
    here = is_this_machine(host)
    shown = host if here else _shown(host)
    defaults = {
        "DEBUG": "1" if here else "0",
        "SITE_ORIGIN": f"http://{f'[{shown}]' if ':' in shown else shown}:{port}",
        "VAR_DIR": str(ROOT / "var"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }
    return {**defaults, **os.environ}


def is_this_machine(host: str) -> bool:
    """Say whether only this machine can reach a host of that name."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def _shown(host: str) -> str:
    """Return the address by which others find this machine: for "every address", the one that leads out."""
    if host != "0.0.0.0":  # noqa: S104 - only compared
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, contextlib.suppress(OSError):
        one.connect(("192.0.2.1", 9))  # nothing is sent: the system only looks which way it would go
        return str(one.getsockname()[0])
    return "127.0.0.1"


def take(var: Path, address: str) -> IO[str]:
    """Hold the data for this program and the two it starts; stop with a sentence when another site uses it.

    The system lets go of it when the last of them has ended, however that was. Those whose program is gone get the time
    that they need to end their work.
    """
    var.mkdir(parents=True, exist_ok=True)
    lock = (var / "in-use").open("a+")
    until = time.monotonic() + GRACE_SECONDS
    while not _locked(lock):
        lock.seek(0)
        number, _, where = lock.read().strip().partition(" ")
        if _runs(number) or time.monotonic() > until:
            raise SystemExit(
                f"Attest runs already with the data in {var}: {where or 'somewhere'} (process {number or 'unknown'}).\n"
                "Open it there, or stop it first. A second one needs data of its own: VAR_DIR=another-folder"
            )
        time.sleep(0.2)
    lock.truncate(0)
    lock.write(f"{os.getpid()} {address}\n")
    lock.flush()
    return lock


def _locked(lock: IO[str]) -> bool:
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _runs(number: str) -> bool:
    try:
        os.kill(int(number), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def refuse_taken(host: str, port: int) -> None:
    """Stop with a sentence when somebody already listens there."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise SystemExit(f"Port {port} is taken ({error.strerror}). Try: make run PORT={port + 1}") from None


@dataclass
class Kept:
    """A program that is to run as long as this one does."""

    name: str
    start: Callable[[], Program]
    running: Program | None = None
    begun: float = 0.0
    again_at: float = 0.0
    falls: int = 0

    def look(self, now: float) -> None:
        """Start it when it is due; when it has ended by itself say so, and say when it is started again."""
        if self.running is None:
            if now >= self.again_at:
                self.running, self.begun = self.start(), now
            return
        code = self.running.poll()
        if code is None:
            return
        self.falls = 1 if now - self.begun > STAYED_UP else self.falls + 1
        pause = pause_after(self.falls)
        self.running, self.again_at = None, now + pause
        print(f"The {self.name} ended by itself ({_how(code)}). It is started again in {pause:.0f} s.", flush=True)


def pause_after(falls: int) -> float:
    """Return how long to wait after so many falls in a row."""
    return min(FIRST_PAUSE * 2.0 ** (falls - 1), LONGEST_PAUSE)


def _how(code: int) -> str:
    if code >= 0:
        return f"code {code}"
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"


def programs(host: str, port: int, env: dict[str, str], lock: IO[str]) -> list[Kept]:
    """Return the site and the worker, started."""
    site = [
        *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
        *("--bind", f"{host}:{port}", "--workers", "1", "--worker-class", "gthread", "--threads", "8"),
        *("--timeout", "120", "--graceful-timeout", "10", "--no-control-socket", "--log-level", "warning"),
        *("--forwarder-headers", ""),  # no header of a client moves the site to another path
    ]
    worker = [sys.executable, "manage.py", "work"]
    found = [Kept(name, _starter(command, env, lock)) for name, command in (("site", site), ("worker", worker))]
    for one in found:
        one.look(time.monotonic())
    return found


def _starter(command: list[str], env: dict[str, str], lock: IO[str]) -> Callable[[], Program]:
    """Return what starts a program. It holds the data too, and it is told to end when this program is gone."""
    mine = os.getpid()

    def end_with_me() -> None:
        if _libc is None:
            return
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != mine:  # gone in between
            os._exit(1)

    def start() -> Program:
        # A session of its own: an interrupt at the terminal reaches this program only, and it stops them in order.
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=env,
            start_new_session=True,
            pass_fds=(lock.fileno(),),
            preexec_fn=end_with_me,  # noqa: PLW1509 - there is one thread here
        )

    return start


def wait_until_served(port: int, kept: list[Kept]) -> None:
    """Return when the site answers; stop when a program has ended or it takes too long."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and all(one.running and one.running.poll() is None for one in kept):
        if _answers(port):
            return
        time.sleep(0.1)
    raise SystemExit("The site did not start; the lines above say why.")


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    with contextlib.suppress(OSError, http.client.HTTPException):
        line.request("GET", "/healthz")
        return line.getresponse().status == http.HTTPStatus.OK
    return False


def tell(address: str, var: Path, seconds: float) -> None:
    """Print where to go and who can sign in."""
    people = var / "demo.txt"
    print(f"\nAttest is ready after {seconds:.1f} s:  {address}/\n")
    if people.exists():
        print(people.read_text().rstrip())
    print(f"\nLetters that were sent: {var / 'mail'}\nStop with Ctrl-C. The data stays in {var}.", flush=True)


def stop(kept: list[Kept]) -> None:
    """End both gently; what still runs after the grace is killed, and its job is found again by its lease."""
    running = [one.running for one in kept if one.running]
    for program in running:
        program.terminate()
    until = time.monotonic() + GRACE_SECONDS
    for program in running:
        try:
            program.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            program.kill()


def _told_to_stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1")
    options = parser.parse_args()
    begun = time.monotonic()
    signal.signal(signal.SIGTERM, _told_to_stop)
    env = environment(options.host, options.port)
    lock = take(Path(env["VAR_DIR"]), env["SITE_ORIGIN"])
    refuse_taken(options.host, options.port)
    print("Attest: preparing", flush=True)
    if subprocess.run([sys.executable, "tools/prepare.py"], cwd=ROOT, env=env, check=False).returncode:
        return 1
    kept = programs(options.host, options.port, env, lock)
    try:
        wait_until_served(options.port, kept)
        tell(env["SITE_ORIGIN"], Path(env["VAR_DIR"]), time.monotonic() - begun)
        while True:
            for one in kept:
                one.look(time.monotonic())
            time.sleep(0.3)
    except KeyboardInterrupt:
        print("\nstopping")
        return 0
    finally:
        stop(kept)


if __name__ == "__main__":
    sys.exit(main())
