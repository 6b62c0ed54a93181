"""Can everybody read this page? axe in light and dark, and no sideways scrolling at any width (WCAG 2.2 AA)."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
#: Scheme, width, and whether axe looks too: the layouts differ below 640 px, colours with the scheme.
VIEWS = (("light", 320, True), ("light", 390, False), ("light", 1440, True), ("dark", 390, True), ("dark", 1440, False))


def faults(page: Any) -> list[tuple[str, ...]]:
    """Return what is wrong with the page as it stands: its address, the view, what, and where."""
    found: list[tuple[str, ...]] = []
    for scheme, width, looked_at in VIEWS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("scrollTo(0, 0)")  # where a test left the page, a bar at its foot may lie over half a box
        _settle(page)
        view = (page.url, scheme, str(width))
        answer = Axe().run(page, options=RULES).response if looked_at else {"violations": []}
        found += [(*view, fault["id"], fault["nodes"][0]["html"][:200]) for fault in answer["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((*view, "scrolls sideways"))
    return found


def _settle(page: Any) -> None:
    """Wait until colours have changed with the scheme: each level of the page follows the one above it, a frame later."""
    for _ in range(100):
        page.wait_for_timeout(100)
        if page.evaluate("document.getAnimations().length") == 0:
            return
