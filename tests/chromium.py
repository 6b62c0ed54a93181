"""The Chromium that browser tests and pictures use: found on the machine, never downloaded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MISSING = "no Chromium on this machine: install it or name it in CHROMIUM; browser tests are not run"
#: The shell without a window first: it draws no tabs and no menus, a quarter less work for each page.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = (390, 844)
#: A form that saves what is typed when it is left, and how long (ms) that may take.
KEEPS_DRAFTS = "form[data-draft]"
LAST_WORDS = 250
PATIENCE = 10_000  # ms an expectation waits to come true: two cores that run everything at once are slow


def find() -> str | None:
    """Return the path of a Chromium: the one CHROMIUM names, else one on the search path."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if os.access(named, os.X_OK) else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def running(path: str) -> Iterator[Any]:
    """Start it without a window. Playwright keeps a loop in this thread, so Django must be told that we know."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=flags)
        try:
            yield started
        finally:
            started.close()


class Pages:
    """Pages opened by one test, and what their scripts complained of."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.contexts: list[Any] = []
        self.faults: list[str] = []

    def open(self, width: int = PHONE[0], height: int = PHONE[1], **options: Any) -> Any:
        """Return a page in a context of its own: British, London time, the size of a phone unless told otherwise."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            locale="en-GB",
            timezone_id="Europe/London",
            **options,
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._heard(page.url, message.text))
        return page

    def _heard(self, url: str, text: str) -> None:
        if "Content Security Policy" in text:
            self.faults.append(f"{url}: {text}")

    def close(self) -> None:
        for context in self.contexts:
            for page in context.pages:
                _leave(page)
            context.close()


def _leave(page: Any) -> None:
    """Leave a page that may still save its draft: let it, while there are rows."""
    if page.locator(KEEPS_DRAFTS).count():
        page.goto("about:blank")
        page.wait_for_timeout(LAST_WORDS)
