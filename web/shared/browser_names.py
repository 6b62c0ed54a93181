"""What a browser calls itself, in words people know. A guess for a list, never a fact to decide on."""

from django.utils.translation import gettext as _

# The order matters: many browsers also name those they are compatible with.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def _first(pairs: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for sign, name in pairs if sign in text), "")


def name_of(user_agent: str) -> str:
    """Return "Chrome on Windows", one half when the other is unknown, or "A device"."""
    browser, device = _first(BROWSERS, user_agent), _first(DEVICES, user_agent)
    if browser and device:
        return _("%(browser)s on %(device)s") % {"browser": browser, "device": device}
    return browser or device or _("A device")
