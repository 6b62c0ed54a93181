"""What tests of open tabs share: a page is opened, its form is sent later, as its browser would send it."""

import re
from html import unescape

from assessments.services import reopen_unit, sign_off
from common import clock
from tests.factories import portfolio as made

WHY = "Typed with care, and not to be lost."


def tab(client, address, action=""):
    """Open a page and return its form to `action` as the browser would send it: the hidden fields."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    for head, form in re.findall(r'<form\b([^>]*method="post"[^>]*)>(.*?)</form>', answer.content.decode(), re.DOTALL):
        if not action or f'action="{action}"' in head:
            fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
            found = {}
            for name, text in fields:
                found.setdefault(name, []).append(unescape(text))
            if found.get("seen"):
                return found
    raise AssertionError(f"no form to {action} that names a state")


def late(client, address, fields, **typed):
    """Send the form of an open tab; it is refused as stale, and what was typed is on the page."""
    answer = client.post(address, {**fields, **typed})
    text = unescape(answer.content.decode())
    assert answer.status_code == 409, answer.status_code
    for words in typed.values():
        if words == WHY:
            assert WHY in text
    return text


def sign(world, by="AA1", who="LA1"):
    unit = world.unit(who, made.UNIT)
    sign_off(actor=world.actor(by), learner_unit=unit, declared=True, reauthenticated=True, at=clock.now())


def reopen(world, by="AA1", who="LA1"):
    unit = world.unit(who, made.UNIT)
    reopen_unit(actor=world.actor(by), learner_unit=unit, reason=WHY, reauthenticated=True, at=clock.now())
