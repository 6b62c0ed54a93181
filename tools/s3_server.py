"""An S3-compatible server on this machine, for tests and trials: OpenStack Swift with its S3 interface.

python tools/s3_server.py            installs it once under var/s3, serves until interrupted, prints the settings
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
import venv
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(os.environ.get("VAR_DIR") or ROOT / "var") / "s3"
VENV = HOME / "venv"
REQUIREMENTS = ROOT / "tools" / "s3_requirements.txt"
ACCESS_KEY, SECRET_KEY = "test:tester", "testing1234567890"
READY_SECONDS = 30.0
STORES = ("account", "container", "object")

COMMON = """[swift-hash]
swift_hash_path_suffix = attest
swift_hash_path_prefix = attest
[storage-policy:0]
name = Policy-0
default = yes
[swift-constraints]
"""
STORE = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
workers = 0
user = {user}
swift_dir = {etc}
devices = {node}
mount_check = false
disable_fallocate = true
log_name = {name}
[pipeline:main]
pipeline = {name}-server
[app:{name}-server]
use = egg:swift#{name}
[{name}-replicator]
[{name}-updater]
[{name}-auditor]
"""
FILTERS = {
    "catch_errors": "",
    "gatekeeper": "",
    "healthcheck": "",
    "cache": "memcache_servers = 127.0.0.1:1",
    "listing_formats": "",
    "bulk": "",
    "s3api": "s3_acl = false\nlocation = us-east-1",
    "tempauth": f"user_test_tester = {SECRET_KEY} .admin",
    "copy": "",
    "container-quotas": "",
    "account-quotas": "",
    "slo": "",
    "dlo": "",
    "versioned_writes": "allow_versioned_writes = true\nallow_object_versioning = true",
    "symlink": "",
}
EGG_NAMES = {"cache": "memcache", "container-quotas": "container_quotas", "account-quotas": "account_quotas"}


def install() -> None:
    """Make the environment once, and again when the list of packages has changed."""
    stamp = VENV / "installed"
    wanted = REQUIREMENTS.read_text()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    venv.create(VENV, with_pip=True, clear=True)
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-r", str(REQUIREMENTS)], check=True)
    stamp.write_text(wanted)


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        taken = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in taken]


def _user() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def _configure(folder: Path, ports: dict[str, int]) -> Path:
    etc, node = folder / "etc", folder / "node"
    (node / "d1").mkdir(parents=True)
    etc.mkdir()
    (etc / "swift.conf").write_text(COMMON)
    for name in STORES:
        facts = {"port": ports[name], "user": _user(), "etc": etc, "node": node, "name": name}
        (etc / f"{name}-server.conf").write_text(STORE.format(**facts))
        _make_ring(etc, name, ports[name])
    (etc / "proxy-server.conf").write_text(_proxy(etc, ports["proxy"]))
    return etc


def _make_ring(etc: Path, name: str, port: int) -> None:
    builder = [str(VENV / "bin" / "swift-ring-builder"), f"{name}.builder"]
    device = [
        "--region",
        "1",
        "--zone",
        "1",
        "--ip",
        "127.0.0.1",
        "--port",
        str(port),
        "--device",
        "d1",
        "--weight",
        "1",
    ]
    for step in (["create", "4", "1", "1"], ["add", *device], ["rebalance"]):
        subprocess.run([*builder, *step], cwd=etc, check=True, stdout=subprocess.DEVNULL)


def _proxy(etc: Path, port: int) -> str:
    head = f"[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = {port}\nworkers = 0\nuser = {_user()}\nswift_dir = {etc}\n"
    pipeline = f"[pipeline:main]\npipeline = {' '.join(FILTERS)} proxy-server\n"
    app = "[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n"
    filters = "".join(
        f"[filter:{name}]\nuse = egg:swift#{EGG_NAMES.get(name, name)}\n{options}\n"
        for name, options in FILTERS.items()
    )
    return head + pipeline + app + filters


def _wait(port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.sendall(b"GET /healthcheck HTTP/1.0\r\n\r\n")
            if b" 200 " in line.recv(64):
                return
        time.sleep(0.1)
    raise SystemExit(f"the S3 server does not answer; see {HOME}/data/log")


@contextlib.contextmanager
def serving() -> Iterator[dict[str, str]]:
    """Install when needed, start with an empty store on free ports, yield the settings, stop at the end."""
    install()
    folder = HOME / f"data-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "log").mkdir(parents=True)
    names = (*STORES, "proxy")
    ports = dict(zip(names, _free_ports(len(names)), strict=True))
    etc = _configure(folder, ports)
    servers = [_start(name, etc, folder / "log" / f"{name}.log") for name in names]
    try:
        _wait(ports["proxy"])
        yield {
            "S3_BUCKET": "attest",
            "S3_ENDPOINT_URL": f"http://127.0.0.1:{ports['proxy']}",
            "S3_ACCESS_KEY": ACCESS_KEY,
            "S3_SECRET_KEY": SECRET_KEY,
        }
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _start(name: str, etc: Path, log: Path) -> "subprocess.Popen[bytes]":
    command = [str(VENV / "bin" / f"swift-{name}-server"), str(etc / f"{name}-server.conf")]
    with log.open("wb") as out:
        return subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)


def main() -> None:
    with serving() as settings:
        for name, value in settings.items():
            print(f"export {name}={value}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    main()
