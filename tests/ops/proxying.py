"""The shipped proxy configuration, run by a real nginx; only its ports, folders and servers are those of this machine."""

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ops.conftest import ROOT

PATIENCE = 10  # seconds
SITE, FILES = "attest.localhost", "files.attest.localhost"


@dataclass(frozen=True)
class Proxy:
    """Where it listens, and the folder of its logs and certificate."""

    plain: int
    secure: int
    folder: Path

    def log(self, until: str) -> str:
        """Return the access log once `until` stands in it: a line is written a moment after its answer was sent."""
        end = time.monotonic() + PATIENCE
        while until not in (text := (self.folder / "access.log").read_text()):
            assert time.monotonic() < end, text
            time.sleep(0.02)
        return text

    @property
    def error_log(self) -> str:
        return (self.folder / "error.log").read_text()


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def make_certificate(folder):
    subject = ["-subj", f"/CN={SITE}", "-addext", f"subjectAltName=DNS:{SITE},DNS:{FILES}"]
    where = ["-keyout", str(folder / "site.key"), "-out", str(folder / "site.pem")]
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    subprocess.run(["openssl", "req", *kind, *where, *subject], check=True, capture_output=True)


def configured(folder, plain, secure, upstream):
    """Return our configuration for this machine. Every replacement must find its place, so that none is left over."""
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for ours, here in {
        "listen 8080": f"listen 127.0.0.1:{plain}",
        "listen 8443": f"listen 127.0.0.1:{secure}",
        "web1:8000": upstream,
        "web2:8000": upstream,
        "/etc/nginx/tls": str(folder),
        "root /etc/nginx;": f"root {ROOT / 'deploy'};",
        "/var/cache/nginx": str(folder),
        "/tmp/nginx.pid": str(folder / "nginx.pid"),  # noqa: S108 - replaced, not used
        "/dev/stdout": str(folder / "access.log"),
        "/dev/stderr": str(folder / "error.log"),
    }.items():
        assert ours in text, ours
        text = text.replace(ours, here)
    return text


@contextmanager
def proxy_before(upstream, folder, *, secure=0):
    """Run nginx before `upstream` ("127.0.0.1:8000"); skips where there is none on this machine."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None or shutil.which("openssl") is None:
        pytest.skip("no nginx on this machine")
    make_certificate(folder)
    proxy = Proxy(free_port(), secure or free_port(), folder)
    (folder / "nginx.conf").write_text(configured(folder, proxy.plain, proxy.secure, upstream))
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    # Started by root, nginx would work as nobody, who may not write into this folder.
    own = "user root; daemon off;" if os.geteuid() == 0 else "daemon off;"
    server = subprocess.Popen([*command, "-g", own], stderr=subprocess.DEVNULL)
    try:
        wait_for(proxy.secure, server, folder / "error.log")
        yield proxy
    finally:
        server.terminate()
        server.wait()


def wait_for(port, server, log, seconds=20):
    """Wait until somebody answers on a port; what a program said stands in its log when it ended instead."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert server.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"nobody answers on port {port}: {log.read_text()}")
