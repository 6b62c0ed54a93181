"""The system as it is shipped: proxy, web server and production settings together, and the core loop walked through them.

Nothing stands in for anything: nginx reads deploy/nginx.conf, gunicorn deploy/gunicorn.conf.py, the settings what an
installation sets. Only ports, folders and the certificate are this machine's; names and ports are those of .env.example.
"""

import http.client
import os
import signal
import ssl
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connections

from portfolio.models import EvidenceFile, Opening
from tests.browser.test_learner import WAIT, added, choose
from tests.factories import files
from tests.factories import portfolio as made
from tests.factories.world import PASSWORD, two_centres
from tests.ops.conftest import ROOT
from tests.ops.proxying import FILES, SITE, free_port, proxy_before, wait_for
from tests.web.assessor.conftest import ASSESS
from tests.web.learner.conftest import MY


@pytest.fixture
def world(transactional_db):
    return two_centres()


@pytest.fixture
def installed(world, tmp_path):
    """The running system over the database and the files of this test."""
    port, secure = free_port(), free_port()
    environment = shipped_environment(tmp_path, secure)
    run(["manage.py", "collectstatic", "--noinput", "--verbosity", "0"], environment)
    command = ["-m", "gunicorn", "config.wsgi:application", "--config", "deploy/gunicorn.conf.py"]
    with started([*command, "--bind", f"127.0.0.1:{port}"], environment, tmp_path / "site.log") as site:
        wait_for(port, site, tmp_path / "site.log")
        with proxy_before(f"127.0.0.1:{port}", tmp_path, secure=secure) as proxy:
            yield proxy


def shipped_environment(folder, port):
    """Return what an installation sets, the test's own database, store and Redis for its own."""
    (folder / "var").mkdir()
    kept = ("PATH", "HOME", "LANG", "S3_ENDPOINT_URL", "S3_REGION", "S3_ACCESS_KEY", "S3_SECRET_KEY")
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        **databases(folder / "var"),
        "REDIS_URL": settings.REDIS_URL,
        "S3_BUCKET": settings.S3_BUCKET,
        "SECRET_KEY": "only-for-this-test-" * 3,
        "VAR_DIR": str(folder / "var"),
        "SITE_ORIGIN": f"https://{SITE}:{port}",
        "FILES_ORIGIN": f"https://{FILES}:{port}",
        "BEHIND_PROXY": "true",
        "WEB_WORKERS": "1",
    }


def databases(var):
    """Embedded, the site finds rows and files under the names it looks for; full, by their addresses."""
    own = connections["default"].settings_dict["NAME"]
    if not settings.EMBEDDED_DATABASE:
        return {"DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{own}").geturl()}
    (var / "attest.sqlite3").symlink_to(Path(own).resolve())
    media = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    media.mkdir(exist_ok=True)
    (var / "media").symlink_to(media)
    return {}


def run(words, environment):
    subprocess.run([sys.executable, *words], cwd=ROOT, env=environment, check=True)


@contextmanager
def started(words, environment, log):
    with log.open("wb") as out:
        program = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            yield program
        finally:
            program.send_signal(signal.SIGTERM)
            program.wait(timeout=40)


@pytest.fixture
def enter(world, installed, open_page):
    """`enter(code, path)` → (page, what came from the files host); the person signed in by the form, at the path."""
    hasher = Argon2PasswordHasher()

    def go(code, path, **options):
        person = world.people[code]
        person.password = hasher.encode(PASSWORD, hasher.salt())  # the tests' own quick hash is not one of the product
        person.save(update_fields=["password"])
        page = open_page(ignore_https_errors=True, **options)
        heard = []
        page.on("response", lambda answer: heard.append(answer) if "//files." in answer.url else None)
        page.goto(f"https://{SITE}:{installed.secure}/accounts/login/?next={path}")
        page.fill("[name=login]", person.email)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"https://{SITE}:{installed.secure}{path}", timeout=WAIT)
        return page, heard

    return go


def shown(page, selector):
    """Wait until a picture is not only in the page but drawn: its bytes came by the files host."""
    picture = page.locator(selector).first
    picture.scroll_into_view_if_needed(timeout=WAIT)
    for _ in range(WAIT // 100):
        if picture.evaluate("img => img.complete && img.naturalWidth") > 0:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{selector} was never drawn: {picture.get_attribute('src')}")


def until(page, happened):
    for _ in range(WAIT // 100):
        if happened():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never happened")


def ask(proxy, path, host, **headers):
    context = ssl.create_default_context(cafile=str(proxy.folder / "site.pem"))
    context.check_hostname = False
    with closing(http.client.HTTPSConnection("127.0.0.1", proxy.secure, context=context, timeout=10)) as line:
        line.request("GET", path, headers={"Host": f"{host}:{proxy.secure}", **headers})
        answer = line.getresponse()
        return answer.status, answer, answer.read()


def ticket_for(proxy, page, path):
    """Return the path of the ticket that the site gives to whoever is signed in on a page."""
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    status, answer, _ = ask(proxy, path, SITE, Cookie=cookies)
    assert status == 302
    there = urlsplit(answer.getheader("Location"))
    assert there.netloc == f"{FILES}:{proxy.secure}"
    return there.path


def test_the_core_loop_through_the_shipped_proxy(world, enter, installed, room, run_jobs):
    photo = room / "till.jpg"
    photo.write_bytes(files.jpeg(size=(640, 480)))
    made.sent(world)  # the answers of last time stand there first
    unit, thing = world.unit("LA1", made.UNIT), world.criterion(made.UNIT, "4.1")

    # The learner adds a photo; when it was checked, its small picture is drawn from the files host.
    learner, from_files = enter("LA1", f"{MY}units/{unit.public_id}/")
    learner.click(f"text={thing.text}")
    choose(learner, photo)
    added(learner, run_jobs)
    shown(learner, "#file-list img")
    learner.click("text=Next: check and send")
    learner.click("text=No AI tool helped")
    learner.click("text=This is my own work.")
    learner.click("text=Send to Dev")
    learner.wait_for_selector("text=You can recall it until Dev opens it.", timeout=WAIT)
    with learner.expect_download() as given:
        learner.click("text=Download")
    assert Path(given.value.path()).read_bytes() == photo.read_bytes()

    # The assessor opens it: picture beside the criteria, and the original by a ticket, whole and in parts.
    file = EvidenceFile.objects.for_centre(unit.centre_id).get(name="till.jpg")
    assessor, to_assessor = enter("AA1", f"{ASSESS}evidence/{file.evidence.public_id}/", width=1440, height=900)
    shown(assessor, "#stage img")
    looked = Opening.objects.for_centre(unit.centre_id).filter(version__evidence=file.evidence)
    until(assessor, looked.exists)  # the page says by itself, a moment later, that it was shown
    ticket = ticket_for(installed, assessor, f"/c/10001/files/{file.public_id}/")
    assert ask(installed, ticket, FILES)[2] == photo.read_bytes()
    status, answer, body = ask(installed, ticket, FILES, Range="bytes=2-9")
    assert (status, body) == (206, photo.read_bytes()[2:10])
    assert answer.getheader("Content-Range") == f"bytes 2-9/{photo.stat().st_size}"

    # Everything came from there, and there is nothing else there; a ticket is nothing on the site.
    assert {one.status for one in (*from_files, *to_assessor)} <= {200, 206}
    assert {"image/jpeg"} == {one.headers["content-type"] for one in to_assessor}
    assert ask(installed, ticket, SITE)[0] == 404
    for path in ("/", "/accounts/login/", "/handed/x/", f"/c/10001/files/{file.public_id}/", "/static/attest.css"):
        assert ask(installed, path, FILES)[0] == 404, path

    # Tickets stand in no log, neither the proxy's nor the site's.
    ask(installed, "/the-last-one", SITE)
    logs = installed.log(until="/the-last-one") + installed.error_log + (installed.folder / "site.log").read_text()
    assert '"GET /handed/-" 206' in logs
    for secret in (ticket, *(urlsplit(one.url).path for one in (*from_files, *to_assessor))):
        assert secret.removeprefix("/handed/") not in logs
