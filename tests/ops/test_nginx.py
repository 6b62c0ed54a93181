"""The proxy's real configuration, run by a real nginx before a stand-in for the site that repeats what it is told."""

import http.client
import http.server
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest

from tests.ops.conftest import ROOT

SITE, FILES = "attest.test", "files.attest.test"
FORGED = {
    "X-Forwarded-For": "10.9.8.7",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Host": "evil.test",
    "Forwarded": "for=10.9.8.7",
    "X-Accel-Redirect": "/etc/passwd",
    "X-Accel-Mapping": "/=/",
    "X-Original-URL": "/admin",
    "X-Real-IP": "10.9.8.7",
}


class Repeat(http.server.BaseHTTPRequestHandler):
    """Answers with the headers it was given, and tries to make the proxy open a file."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        body = json.dumps({"headers": {k.lower(): v for k, v in self.headers.items()}, "path": self.path}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Accel-Redirect", "/etc/nginx/nginx.conf")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_POST = do_HEAD = answer  # noqa: N815 - the library's names

    def log_message(self, *_args):
        """Say nothing."""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def make_certificate(folder):
    subject = ["-subj", f"/CN={SITE}", "-addext", f"subjectAltName=DNS:{SITE},DNS:{FILES}"]
    where = ["-keyout", str(folder / "site.key"), "-out", str(folder / "site.pem")]
    kind = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"]
    subprocess.run(["openssl", "req", *kind, *where, *subject], check=True, capture_output=True)


@pytest.fixture(scope="module")
def proxy(tmp_path_factory):
    """nginx with our configuration; only addresses and folders are those of this machine."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None or shutil.which("openssl") is None:
        pytest.skip("no nginx on this machine")
    folder = tmp_path_factory.mktemp("nginx")
    make_certificate(folder)
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Repeat)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    plain, encrypted = free_port(), free_port()
    upstream = f"127.0.0.1:{site.server_address[1]}"
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for ours, here in {
        "listen 8080": f"listen 127.0.0.1:{plain}",
        "listen 8443": f"listen 127.0.0.1:{encrypted}",
        "web1:8000": upstream,
        "web2:8000": upstream,
        "/etc/nginx/tls": str(folder),
        "/var/cache/nginx": str(folder),
        "/tmp/nginx.pid": str(folder / "nginx.pid"),  # noqa: S108 - replaced, not used
        "/dev/stdout": str(folder / "access.log"),
        "/dev/stderr": str(folder / "error.log"),
    }.items():
        assert ours in text, ours
        text = text.replace(ours, here)
    (folder / "nginx.conf").write_text(text)
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    server = subprocess.Popen([*command, "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    try:
        wait_for(encrypted, server, folder)
        yield plain, encrypted, folder
    finally:
        server.terminate()
        server.wait()
        site.shutdown()
        site.server_close()


def wait_for(port, server, folder):
    for _ in range(100):
        assert server.poll() is None, (folder / "error.log").read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("nginx did not start")


def ask(proxy, path, *, method="GET", host=SITE, headers=None, encrypted=True):
    plain, secure, folder = proxy
    if encrypted:
        context = ssl.create_default_context(cafile=str(folder / "site.pem"))
        context.check_hostname = False
        line = http.client.HTTPSConnection("127.0.0.1", secure, context=context, timeout=10)
    else:
        line = http.client.HTTPConnection("127.0.0.1", plain, timeout=10)
    line.request(method, path, headers={"Host": host, **(headers or {})})
    answer = line.getresponse()
    body = answer.read()
    line.close()
    return answer.status, answer, body


def test_what_a_client_mappings_about_proxies_never_arrives(proxy):
    status, _, body = ask(proxy, "/", headers=FORGED)
    heard = json.loads(body)["headers"]
    assert status == 200
    assert heard["x-forwarded-for"] == heard["x-real-ip"] == "127.0.0.1"
    assert heard["x-forwarded-proto"] == "https"
    assert heard["host"] == SITE
    for name in ("x-accel-redirect", "x-accel-mapping", "x-original-url", "x-forwarded-host", "forwarded"):
        assert not heard.get(name), name


def test_the_application_cannot_make_the_proxy_open_a_file(proxy):
    status, _, body = ask(proxy, "/c/12345/my/")
    assert status == 200
    assert json.loads(body)["path"] == "/c/12345/my/"


def test_without_encryption_there_is_only_the_way_to_it(proxy):
    status, answer, _ = ask(proxy, "/accounts/login/?next=/x", encrypted=False)
    assert (status, answer.getheader("Location")) == (308, f"https://{SITE}/accounts/login/?next=/x")
    assert ask(proxy, "/healthz", encrypted=False)[0] == 200


def test_the_files_host_gives_files_and_nothing_else(proxy):
    assert ask(proxy, "/c/12345/files/abc/", host=FILES)[0] == 200
    assert ask(proxy, "/c/12345/files/abc/", method="HEAD", host=FILES)[0] == 200
    assert ask(proxy, "/c/12345/files/abc/", method="POST", host=FILES)[0] == 403
    for path in ("/", "/accounts/login/", "/c/12345/my/", "/static/attest.css", "/healthz"):
        assert ask(proxy, path, host=FILES)[0] == 404, path


def test_slashes_are_passed_on_as_they_came(proxy):
    """The permission is decided on the same address that the person sent."""
    assert json.loads(ask(proxy, "/c/12345//files///abc")[2])["path"] == "/c/12345//files///abc"


def test_a_file_of_two_gigabytes_may_be_announced_and_a_larger_one_not(proxy):
    context = ssl.create_default_context(cafile=str(proxy[2] / "site.pem"))
    context.check_hostname = False
    for length, refused in ((2048 * 1024**2, False), (2200 * 1024**2, True)):
        with (
            socket.create_connection(("127.0.0.1", proxy[1]), timeout=10) as raw,
            context.wrap_socket(raw, server_hostname=SITE) as line,
        ):
            line.sendall(f"POST /c/1/my/ HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: {length}\r\n\r\n".encode())
            line.settimeout(0.5)
            try:
                answer = line.recv(200)
            except TimeoutError:
                answer = b""  # it waits for the bytes
            assert answer.startswith(b"HTTP/1.1 413") is refused


def test_signing_in_takes_no_large_forms(proxy):
    assert ask(proxy, "/accounts/login/", method="POST", headers={"Content-Length": str(2 * 1024**2)})[0] == 413


def test_logs_hold_no_query_strings(proxy):
    ask(proxy, "/c/12345/my/?q=Aled+Jones")
    log = (proxy[2] / "access.log").read_text()
    assert "/c/12345/my/" in log
    assert "Aled" not in log
