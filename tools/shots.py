"""make shots: the pictures of the screens in docs/shots, taken from a demo of its own in var/shots.

python tools/shots.py [--only NAME] [--keep]
"""

import argparse
import io
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
ROOM, OUT = ROOT / "var" / "shots", ROOT / "docs" / "shots"
PHONE, WIDE = (390, 844), (1440, 900)
#: How much of a long page is shown, in CSS pixels.
TALLEST = {PHONE: 1500, WIDE: 1150}
#: Phones have sharp screens; a laptop's picture would only grow.
SHARPNESS = {PHONE: 1.5, WIDE: 1}
#: A page without photos has this share of its dots in its 256 commonest colours.
FLAT = 0.97
#: Where the machine has a font as narrow as those of telephones, the pictures use it.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <match>
    <test name="family" qual="any"><string>sans-serif</string></test>
    <edit name="family" mode="prepend_first" binding="strong">
      <string>Roboto</string><string>Liberation Sans</string>
    </edit>
  </match>
</fontconfig>
"""
FEEDBACK = "You let her finish before you spoke. When she got cross, you slowed down. That changed the talk."
START_SECONDS = 180


@dataclass(frozen=True)
class Shot:
    """One picture: its name, who is signed in, the address, and what it looks like."""

    name: str
    who: str
    address: str
    size: tuple[int, int]
    dark: bool = False
    press: str = ""  # a CSS selector of what is pressed before the picture
    typed: tuple[str, str] = ("", "")  # a CSS selector and what is typed there
    grows: bool = True  # the window becomes as long as the page


def main() -> int:
    options = _options()
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    os.environ.update(DJANGO_SETTINGS_MODULE="config.settings", DEBUG="1", VAR_DIR=str(ROOM), SITE_ORIGIN=address)
    for switch in ("DATABASE_URL", "REDIS_URL", "S3_BUCKET", "FILES_ORIGIN", "EMAIL_URL"):
        os.environ.pop(switch, None)
    if not options.keep:
        shutil.rmtree(ROOM, ignore_errors=True)
    with _served(port, address), _browser() as browser:
        import django

        django.setup()
        shots = [shot for shot in _shots() if not options.only or shot.name.startswith(options.only)]
        _take(browser, address, shots)
    print(f"{len(shots)} pictures, {sum(path.stat().st_size for path in OUT.glob('*')) / 1e6:.1f} MB in {OUT}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="only pictures whose name begins so")
    parser.add_argument("--keep", action="store_true", help="use the demo of the last run")
    return parser.parse_args()


def _free_port() -> int:
    """Return a port that nobody listens on, so that pictures are never taken of somebody else's site."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def _served(port: int, address: str) -> Iterator[None]:
    """Run the site with its worker until the pictures are taken."""
    site = subprocess.Popen([sys.executable, "tools/run.py", "--port", str(port)], cwd=ROOT)
    try:
        _wait(site, f"{address}/healthz")
        yield
    finally:
        site.terminate()
        site.wait()


def _wait(site: "subprocess.Popen[bytes]", address: str) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and site.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2)
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
        else:
            return
    raise SystemExit("The site did not start; the lines above say why.")


@contextmanager
def _browser() -> Iterator[Any]:
    from tests import chromium

    path = chromium.find()
    if path is None:
        raise SystemExit(chromium.MISSING)
    ROOM.joinpath("fonts.conf").write_text(FONTS)
    os.environ["FONTCONFIG_FILE"] = str(ROOM / "fonts.conf")
    with chromium.running(path) as browser:
        yield browser


def _shots() -> list[Shot]:
    """Return all pictures, in the order in which they are taken."""
    return [*_entrance(), *_learner(), *_assessor(), *_admin()]


def _entrance() -> Iterator[Shot]:
    yield Shot("sign-in-phone", "", "/accounts/login/", PHONE)
    yield Shot("sign-in", "", "/accounts/login/", WIDE)


def _learner() -> Iterator[Shot]:
    from demo.pieces import shop

    my = _pages("maya", "learner")
    yield Shot("today-phone", "maya", my("today"), PHONE)
    yield Shot("today-dark-phone", "maya", my("today"), PHONE, dark=True)
    yield Shot("today", "maya", my("today"), WIDE)
    yield Shot("units-phone", "maya", my("units"), PHONE)
    yield Shot("unit-phone", "maya", my("unit", _unit("maya", shop.SERVE)), PHONE)
    yield Shot("unit", "maya", my("unit", _unit("maya", shop.SERVE)), WIDE)
    yield Shot("add-phone", "maya", my("add"), PHONE)
    yield Shot("draft-phone", "maya", my("evidence", _piece("maya", shop.SELF_SERVICE.title)), PHONE)
    yield Shot("shows-phone", "maya", my("shows", _piece("maya", shop.OFFER_TALK.title)), PHONE)
    yield Shot("send-phone", "maya", my("send", _piece("maya", shop.OFFER_TALK.title)), PHONE)
    yield Shot("portfolio-phone", "maya", my("portfolio"), PHONE)
    yield Shot("portfolio", "maya", my("portfolio"), WIDE)
    yield Shot("feedback-phone", "maya", my("feedback"), PHONE)
    yield Shot("sent-back-phone", "maya", my("feedback_item", _piece("maya", shop.COMPLAINTS_POSTER.title)), PHONE)
    yield Shot("confirm-phone", "maya", my("confirm", _unit("maya", shop.EMPLOYERS)), PHONE)
    yield Shot("catalogue", "maya", f"/c/{_centre('maya')}/catalogue/", WIDE)


def _assessor() -> Iterator[Shot]:
    from demo.pieces import calls, hotel, shop

    work = _pages("maya", "assessor")
    photo = work("assess", _piece("maya", shop.PRICE_LABELS.title))
    yield Shot("work", "priya", work("work"), WIDE)
    yield Shot("work-phone", "priya", work("work"), PHONE)
    film = work("assess", _piece("maya", shop.UPSET_CUSTOMER.title))
    yield Shot("assess", "priya", film, WIDE, press="[data-all-met]", typed=("#id_feedback", FEEDBACK))
    yield Shot("assess-dark", "priya", photo, WIDE, dark=True)
    yield Shot("assess-phone", "priya", photo, PHONE, grows=False)
    yield Shot("assess-practice", "priya", work("assess", _piece("amir", calls.PRACTICE_CALL.title)), WIDE)
    two = work("assess", _piece("iris", calls.PAID_TWICE.title))
    yield Shot("assess-two", "priya", two, WIDE)
    yield Shot("learner-of-assessor", "priya", work("learner", _learner_id("maya")), WIDE)
    yield Shot("matrix", "priya", work("matrix", _unit("maya", shop.TALK)), WIDE, press=".at-matrix__cell")
    yield Shot("sign-off", "priya", work("sign_off", _unit("amir", calls.CUSTOMERS)), WIDE)
    yield Shot("sign-off-blocked", "priya", work("sign_off", _unit("maya", shop.SERVE)), WIDE)
    yield Shot("countersign", "priya", work("countersign"), WIDE)
    yield Shot("countersign-one", "priya", work("countersign_item", _to_countersign(hotel.WELCOME_GROUP.title)), WIDE)


def _admin() -> Iterator[Shot]:
    centre = _pages("maya", "centre")
    yield Shot("people", "rowan", centre("people"), WIDE)
    yield Shot("people-phone", "rowan", centre("people"), PHONE)
    yield Shot("person", "rowan", centre("person", _person_id("callum")), WIDE)
    yield Shot("learners", "rowan", centre("learners"), WIDE)
    yield Shot("learners-dark", "rowan", centre("learners"), WIDE, dark=True)
    yield Shot("learner", "rowan", centre("learner", _learner_id("iris")), WIDE)
    yield Shot("register", "rowan", centre("register"), WIDE)
    yield Shot("caseload", "rowan", centre("caseload"), WIDE)
    yield from _catalogue(centre)


def _catalogue(centre: Callable[..., str]) -> Iterator[Shot]:
    """Return what admins do with qualifications: choosing units, moving, bringing in, letting through."""
    maya, daisy = _learner_id("maya"), _learner_id("daisy")
    units = centre("units", maya, _registration("maya", "10379"))
    yield Shot("choose-units", "rowan", units, WIDE)
    yield Shot("choose-units-phone", "rowan", units, PHONE)
    move = centre("move", daisy, _registration("daisy", "03455"))
    yield Shot("move", "rowan", f"{move}?qualification={_qualification('10379')}", WIDE)
    yield Shot("import", "rowan", centre("import"), WIDE)
    yield Shot("drafts", "heather", centre("drafts"), WIDE)
    yield Shot("draft", "heather", centre("draft", _draft("Speaking with customers, shorter")), WIDE)
    yield Shot("search", "priya", f"/c/{_centre('maya')}/catalogue/?q=telephone", WIDE)
    yield Shot("search-phone", "priya", f"/c/{_centre('maya')}/catalogue/?q=telephone", PHONE)
    structure = f"/c/{_centre('maya')}/catalogue/qualifications/{_qualification('10381')}/"
    yield Shot("structure", "priya", structure, WIDE)
    yield Shot("versions", "priya", f"{structure}versions/", WIDE)


def _pages(learner: str, namespace: str) -> Callable[..., str]:
    """Return a function from the name of a page in the centre of a learner to its address."""
    from django.urls import reverse

    number = _centre(learner)
    return lambda name, *ids: reverse(f"{namespace}:{name}", args=[number, *ids])


def _centre(learner: str) -> str:
    from demo.stage import ENROLMENTS

    return ENROLMENTS[learner].centre


def _person_id(key: str) -> str:
    from accounts.models import User

    return User.objects.get(email__startswith=f"{key}@").public_id


def _row(model: Any, **wanted: Any) -> str:
    found: str = model.objects.across_centres(reason="pictures of the demo").filter(**wanted)[0].public_id
    return found


def _learner_id(key: str) -> str:
    from centres.models import Learner

    return _row(Learner, person__email__startswith=f"{key}@")


def _registration(key: str, code: str) -> str:
    from centres.models import Registration

    return _row(Registration, learner__person__email__startswith=f"{key}@", qualification__entry_code=code)


def _draft(title: str) -> str:
    from qualifications.models import Draft

    return _row(Draft, title=title)


def _qualification(code: str) -> str:
    """Return the public id of the version that counts in the first centre of the demo."""
    from centres.models import Centre
    from qualifications.queries import current_versions

    centre = Centre.objects.order_by("number").first()
    return str(current_versions(centre.pk if centre else None).get(entry_code=code).public_id)


def _unit(key: str, unit: str) -> str:
    from centres.models import LearnerUnit

    return _row(LearnerUnit, learner__person__email__startswith=f"{key}@", unit__key=unit)


def _piece(key: str, title: str) -> str:
    from portfolio.models import Evidence

    return _row(Evidence, learner__person__email__startswith=f"{key}@", title=title)


def _to_countersign(title: str) -> str:
    from assessments.models import Judgement

    return _row(Judgement, mapping__evidence__title=title)


def _take(browser: Any, address: str, shots: list[Shot]) -> None:
    """Take the pictures; everybody signs in once."""
    OUT.mkdir(parents=True, exist_ok=True)
    signed_in: dict[str, Any] = {}
    for shot in shots:
        if shot.who and shot.who not in signed_in:
            signed_in[shot.who] = _sign_in(browser, address, shot.who)
        page = _page(browser, shot, signed_in.get(shot.who))
        answer = page.goto(address + shot.address, wait_until="networkidle")
        if answer is None or answer.status != 200:  # noqa: PLR2004 - a page that is there
            print(f"  {shot.name}: {answer.status if answer else 'nothing'} at {shot.address}")
        else:
            print(f"  {shot.name}: {_save(shot, _picture(page, shot)) // 1000} kB", flush=True)
        page.context.close()


def _page(browser: Any, shot: Shot, state: Any) -> Any:
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]},
        device_scale_factor=SHARPNESS[shot.size],
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/London",
        storage_state=state,
    )
    page = context.new_page()
    page.on("pageerror", lambda error: print(f"  {shot.name}: script: {error}"))
    page.on("console", lambda said: print(f"  {shot.name}: {said.text}") if said.type == "error" else None)
    return page


def _sign_in(browser: Any, address: str, key: str) -> Any:
    from accounts.models import User
    from demo.people import PASSWORD

    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{address}/accounts/login/")
    page.fill("[name=login]", User.objects.get(email__startswith=f"{key}@").email)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    state = page.context.storage_state()
    page.context.close()
    return state


def _picture(page: Any, shot: Shot) -> bytes:
    """Return the page from its top, as long as it is up to the tallest: the window grows, so sticky bars stay right."""
    width, height = shot.size
    if shot.grows:
        long = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, min(long, TALLEST[shot.size]))})
    if shot.press:
        page.eval_on_selector(shot.press, "found => found.click()")
        page.wait_for_load_state("networkidle")
    if shot.typed[0]:
        page.fill(*shot.typed)
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(250)
    taken: bytes = page.screenshot(animations="disabled")
    return taken


def _few_colours(picture: Any, found: list[tuple[int, tuple[int, ...]]]) -> Any:
    """Return a picture of its commonest colours. `found` is (dots, colour), the commonest first.

    Pillow looks colours up in steps of four: the commonest of a step stands for all in it, so that white stays white.
    """
    from PIL import Image

    kept: dict[tuple[int, ...], tuple[int, ...]] = {}
    for _number, colour in found:
        kept.setdefault(tuple(part >> 2 for part in colour), colour)
    steps, colours = list(kept)[:256], list(kept.values())[:256]
    palette = Image.new("P", (1, 1))
    palette.putpalette([part << 2 for step in steps for part in step])
    few = picture.quantize(palette=palette, dither=Image.Dither.NONE)
    few.putpalette([part for colour in colours for part in colour])
    return few


def _save(shot: Shot, png: bytes) -> int:
    """Keep a picture, as a PNG of its own flat colours or, with photos in it, as a JPEG; return its bytes."""
    from PIL import Image

    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for old in OUT.glob(f"{shot.name}.*"):
        old.unlink()
    dots = picture.width * picture.height
    found: Any = sorted(picture.getcolors(dots) or [], reverse=True)
    if sum(number for number, _colour in found[:256]) > FLAT * dots:
        path = OUT / f"{shot.name}.png"
        _few_colours(picture, found).save(path, optimize=True)
    else:
        path = OUT / f"{shot.name}.jpg"
        picture.save(path, quality=80, optimize=True, progressive=True)
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
