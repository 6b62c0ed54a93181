"""The limits of the parts fit each other: what the application takes, the proxy and the scanner let through."""

import re

from media import policy
from tests.ops.conftest import ROOT

FACTOR = {"k": 1024, "m": 1024**2, "g": 1024**3}


def size(text):
    return int(text[:-1]) * FACTOR[text[-1].lower()]


def test_the_proxy_lets_the_largest_file_and_its_form_through(nginx_conf):
    limit = size(re.search(r"^\s{4}client_max_body_size (\w+);", nginx_conf, re.MULTILINE).group(1))
    assert policy.VIDEO < limit <= policy.VIDEO * 1.1


def test_the_scanner_takes_the_largest_file_as_a_stream():
    conf = (ROOT / "deploy" / "clamd.conf").read_text()
    assert size(re.search(r"^StreamMaxLength (\w+)$", conf, re.MULTILINE).group(1)) > policy.VIDEO
    assert "\nAlertExceedsMax yes\n" in conf  # what it did not read in full is never called clean


def test_the_proxy_waits_longer_than_the_site(nginx_conf):
    site = (ROOT / "deploy" / "gunicorn.conf.py").read_text()
    site_timeout = int(re.search(r"^timeout = (\d+)", site, re.MULTILINE).group(1))
    assert int(re.search(r"proxy_read_timeout (\d+)s", nginx_conf).group(1)) > site_timeout
    site_keepalive = int(re.search(r"^keepalive = (\d+)", site, re.MULTILINE).group(1))
    assert site_keepalive > int(re.search(r"keepalive_timeout (\d+)s", nginx_conf).group(1))


def test_both_web_servers_are_behind_the_proxy(nginx_conf, services):
    named = set(re.findall(r"server (web\d+):8000", nginx_conf))
    assert named == {name for name in services if re.match(r"web\d+$", name)}


def test_the_proxys_page_names_the_applications_limit():
    page = (ROOT / "deploy" / "proxy-pages" / "413.html").read_text()
    assert f"larger than {policy.VIDEO // 1024**3} GB" in page


def test_the_proxy_finds_what_its_configuration_names(nginx_conf, services):
    mounted = {entry.split(":")[1] for entry in services["nginx"]["volumes"] if ":" in entry}
    assert {"/etc/nginx/nginx.conf", "/etc/nginx/tls", "/etc/nginx/proxy-pages"} == mounted
    for code, page in re.findall(r"error_page ([\d ]+) /proxy-pages/([\w.]+);", nginx_conf):
        assert (ROOT / "deploy" / "proxy-pages" / page).exists(), code
