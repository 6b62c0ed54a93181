"""The proxy's real configuration, run by a real nginx before a stand-in for the site that repeats what it is told."""

import http.client
import http.server
import json
import re
import socket
import ssl
import threading
from contextlib import closing

import pytest

from tests.ops.addresses import SECRETS, addresses
from tests.ops.conftest import ROOT
from tests.ops.proxying import FILES, SITE, free_port, proxy_before

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
    disable_nagle_algorithm = True

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


@pytest.fixture(scope="module")
def site():
    """A stand-in for the application."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Repeat)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def proxy(site, tmp_path_factory):
    with proxy_before(f"127.0.0.1:{site.server_address[1]}", tmp_path_factory.mktemp("nginx")) as started:
        yield started


def trusting(proxy):
    context = ssl.create_default_context(cafile=str(proxy.folder / "site.pem"))
    context.check_hostname = False
    return context


def connected(proxy):
    return http.client.HTTPSConnection("127.0.0.1", proxy.secure, context=trusting(proxy), timeout=10)


def ask(proxy, path, *, encrypted=True, **options):
    """Ask once, on a connection of its own."""
    line = connected(proxy) if encrypted else http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=10)
    with closing(line):
        return say(line, path, **options)


def say(line, path, *, method="GET", host=SITE, headers=None):
    line.request(method, path, headers={"Host": host, **(headers or {})})
    answer = line.getresponse()
    return answer.status, answer, answer.read()


def test_what_a_client_claims_about_proxies_never_arrives(proxy):
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


def test_the_files_host_gives_tickets_to_whoever_asks_and_nothing_else(proxy):
    for path in addresses("handed"):
        for host in (FILES, f"{FILES}:{proxy.secure}", FILES.upper()):
            assert json.loads(ask(proxy, path, host=host)[2])["path"] == path
        assert ask(proxy, path, method="HEAD", host=FILES)[0] == 200
        assert ask(proxy, path, method="POST", host=FILES)[0] == 403
    with closing(connected(proxy)) as line:
        for path in (*addresses(), "/static/attest.css"):
            assert say(line, path, host=FILES)[0] == 404, path


def test_every_address_of_the_site_reaches_the_application(proxy):
    """From the list of addresses itself: one that is added later is asked too."""
    paths = set(addresses()) - {"/readyz"}  # for whoever watches from inside
    assert len(paths) > 100
    with closing(connected(proxy)) as line:
        for path in (*paths, "/static/attest.css"):
            status, _, body = say(line, path)
            assert (status, json.loads(body)["path"]) == (200, path)
            assert not path.startswith("/proxy-pages/")


def test_the_application_hears_the_port_that_the_browser_wrote(proxy):
    """Addresses it makes for letters and redirects would lose it, and lead nowhere."""
    for asked in (SITE, f"{SITE}:{proxy.secure}", f"{SITE}:443", f"{FILES}:8443"):
        path = addresses("handed")[0] if asked.startswith("files.") else "/"
        assert json.loads(ask(proxy, path, host=asked)[2])["headers"]["host"] == asked
    # What stands behind a host is no port unless it is one, and the host is the one by which nginx chose its rules.
    whole = f"https://{FILES}/handed/x/"
    assert json.loads(ask(proxy, whole, host=f"{SITE}:99")[2])["headers"]["host"] == f"{FILES}:99"


def test_slashes_are_passed_on_as_they_came(proxy):
    """The permission is decided on the same address that the person sent."""
    assert json.loads(ask(proxy, "/c/12345//files///abc")[2])["path"] == "/c/12345//files///abc"


def test_a_file_of_two_gigabytes_may_be_announced_and_a_larger_one_not(proxy):
    context = trusting(proxy)
    for length, refused in ((2048 * 1024**2, False), (2200 * 1024**2, True)):
        with (
            socket.create_connection(("127.0.0.1", proxy.secure), timeout=10) as raw,
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


def test_a_class_signs_in_from_one_address_and_a_flood_is_told_so(proxy):
    """200 people, three pages each and a mistake now and then; then somebody who only wants the processors busy."""
    with closing(connected(proxy)) as line:
        assert {say(line, "/accounts/login/")[0] for _ in range(600)} == {200}
        sent = {"method": "POST", "headers": {"Content-Length": "0"}}
        assert {say(line, "/accounts/login/", **sent)[0] for _ in range(300)} == {200}
        many = (say(line, "/accounts/login/", **sent) for _ in range(5000))
        status, given, body = next(said for said in many if said[0] != 200)
        assert (status, given.getheader("Cache-Control")) == (429, "no-store")
        assert b"Wait a minute" in body
        assert say(line, "/accounts/login/")[0] == 200  # who only looks is never turned away


def test_what_the_proxy_says_no_to_is_said_on_pages_of_ours(proxy):
    status, answer, body = ask(proxy, "/accounts/login/", method="POST", headers={"Content-Length": str(2 * 1024**2)})
    assert (status, answer.getheader("Content-Type")) == (413, "text/html")
    assert b"That is too large to send" in body
    assert "default-src 'none'" in answer.getheader("Content-Security-Policy")
    for host in (SITE, FILES):
        assert ask(proxy, "/proxy-pages/page.css", host=host)[1].getheader("Content-Type") == "text/css"


def test_a_site_that_does_not_answer_is_said_on_a_page_of_ours(tmp_path):
    with proxy_before(f"127.0.0.1:{free_port()}", tmp_path) as proxy:
        for path, host in (("/c/12345/my/?q=Aled+Jones", SITE), ("/handed/signed:secret/", FILES)):
            status, _, body = ask(proxy, path, host=host)
            assert status == 502
            assert b"Attest does not answer right now" in body
            assert b"nginx" not in body
        log = proxy.log(until='/handed/-" 502')
        assert '/c/12345/my/" 502' in log  # which address it was is known
        for text in (log, proxy.error_log):
            assert "Aled" not in text
            assert "signed:secret" not in text


def test_pages_of_the_proxy_need_nobody_else():
    pages = sorted((ROOT / "deploy" / "proxy-pages").glob("*.html"))
    assert [page.stem for page in pages] == ["413", "429", "502"]
    for page in pages:
        linked = re.findall(r"(?:src|href)=\"([^\"]+)\"", page.read_text())
        assert sorted(linked) == ["/", "/proxy-pages/page.css"]


def test_logs_hold_no_query_strings(proxy):
    ask(proxy, "/c/12345/my/?q=Aled+Jones")
    assert "Aled" not in proxy.log(until="/c/12345/my/") + proxy.error_log


def test_the_requests_number_is_the_proxys_and_stands_in_its_log(proxy):
    _, _, body = ask(proxy, "/numbered", headers={"X-Request-ID": "f" * 32})
    number = json.loads(body)["headers"]["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", number)
    assert number != "f" * 32
    line = next(line for line in proxy.log(until="/numbered").splitlines() if "/numbered" in line)
    assert line.endswith(f" {number}")


def test_nobody_asks_from_outside_whether_every_part_works(proxy):
    assert ask(proxy, "/readyz")[0] == 404
    assert ask(proxy, "/readyz", host=FILES)[0] == 404


def test_logs_hold_nothing_that_opens_something(proxy):
    """Tickets of files, keys of letters, invitations: every address that has such a part, from the list itself."""
    secret = "5ecret-5ecret-5ecret"
    paths = addresses(None, **dict.fromkeys(SECRETS, secret))
    carrying = [path for path in paths if secret in path]
    assert len(carrying) >= 4
    for path in carrying:
        for way in (path, path.replace("/a", "/%61", 1), f"{path}?next=/", path.removesuffix("/")):
            for host in (SITE, FILES):
                ask(proxy, way, host=host)
    ask(proxy, "/the-last-one")
    assert secret not in proxy.log(until="/the-last-one") + proxy.error_log
