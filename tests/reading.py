"""Can everybody read this page? axe in light and dark, and no sideways scrolling at any width (WCAG 2.2 AA)."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

AXE = Axe()
FIND = """options => axe.run(document, options).then(
  found => found.violations.map(one => [one.id, one.nodes[0].html.slice(0, 200)]))"""
ALL = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast",)
#: Scheme, width, and what axe looks for: the layouts differ below 640 px, only colours differ with the scheme.
VIEWS = (("light", 320, ALL), ("light", 390, ()), ("light", 1440, ALL), ("dark", 390, COLOURS), ("dark", 1440, ()))


def faults(page: Any) -> list[tuple[str, ...]]:
    """Return what is wrong with the page as it stands: its address, the view, what, and where."""
    found: list[tuple[str, ...]] = []
    for scheme, width, rules in VIEWS:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("scrollTo(0, 0)")  # where a test left the page, a bar at its foot may lie over half a box
        _settle(page)
        view = (page.url, scheme, str(width))
        found += [(*view, *fault) for fault in _violations(page, rules)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((*view, "scrolls sideways"))
    return found


def _violations(page: Any, rules: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return what axe finds: which rule, and where. It is put into a page once."""
    if not rules:
        return []
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.axe_script)
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    return [tuple(fault) for fault in page.evaluate(FIND, options)]


def _settle(page: Any) -> None:
    """Wait until nothing moves any more. With less motion asked for nothing should: then this is one question."""
    for _ in range(200):
        if page.evaluate("document.getAnimations().length") == 0:
            return
        page.wait_for_timeout(20)
