"""Serve Attest on this machine, embedded: the site and the worker under one program. Interrupt it to stop both.

python tools/run.py [--port 8000] [--host 127.0.0.1]
"""

import argparse
import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
READY_SECONDS = 60.0
GRACE_SECONDS = 20.0
Program = subprocess.Popen[bytes]


def environment(host: str, port: int) -> dict[str, str]:
    """Return the settings of an embedded installation for one person; what is already set stays."""
    shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - only compared
    defaults = {
        "DEBUG": "1",
        "SITE_ORIGIN": f"http://{shown}:{port}",
        "VAR_DIR": str(ROOT / "var"),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }
    return {**defaults, **os.environ}


def refuse_taken(host: str, port: int) -> None:
    """Stop with a sentence when somebody already listens there."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise SystemExit(f"Port {port} is taken ({error.strerror}). Try: make run PORT={port + 1}") from None


def programs(host: str, port: int, env: dict[str, str]) -> list[Program]:
    """Start the site and the worker."""
    site = [
        *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
        *("--bind", f"{host}:{port}", "--workers", "1", "--worker-class", "gthread", "--threads", "8"),
        *("--timeout", "120", "--graceful-timeout", "10", "--no-control-socket", "--log-level", "warning"),
        *("--forwarder-headers", ""),  # no header of a client moves the site to another path
    ]
    worker = [sys.executable, "manage.py", "work"]
    # A session of its own: an interrupt at the terminal reaches this program only, and it stops them in order.
    return [subprocess.Popen(c, cwd=ROOT, env=env, start_new_session=True) for c in (site, worker)]


def wait_until_served(port: int, running: list[Program]) -> None:
    """Return when the site answers; stop when a program has ended or it takes too long."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and all(program.poll() is None for program in running):
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


def stop(running: list[Program]) -> None:
    """End both gently; what still runs after the grace is killed, and its job is found again by its lease."""
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
    refuse_taken(options.host, options.port)
    print("Attest: preparing", flush=True)
    if subprocess.run([sys.executable, "tools/prepare.py"], cwd=ROOT, env=env, check=False).returncode:
        return 1
    running = programs(options.host, options.port, env)
    try:
        wait_until_served(options.port, running)
        tell(env["SITE_ORIGIN"], Path(env["VAR_DIR"]), time.monotonic() - begun)
        while all(program.poll() is None for program in running):
            time.sleep(0.3)
    except KeyboardInterrupt:
        print("\nstopping")
        return 0
    finally:
        stop(running)
    print("A program ended by itself; the lines above say why.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
