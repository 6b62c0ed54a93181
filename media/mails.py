"""Saved e-mails: read as text, with the names of what is attached; nothing in them is opened or fetched."""

from __future__ import annotations

from dataclasses import replace
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from html.parser import HTMLParser
from pathlib import Path
from typing import Final

from media.finding import Finding, NotAccepted
from media.names import plain_line, plain_text
from media.texts import TEXT

_HEADERS: Final = ("From", "To", "Cc", "Date", "Subject")
_SILENT: Final = {"script", "style", "head", "title", "template", "noscript"}
_LINES: Final = {"p", "br", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote"}
_PARTS: Final = 200


def inspect_mail(path: Path, finding: Finding) -> Finding:
    """Proves a saved e-mail by its headers (`not-mail`)."""
    message = _message(path)
    if not message.get("From") or not (message.get("Date") or message.get("Subject") or message.get("To")):
        raise NotAccepted("not-mail")
    return replace(finding, active_content=("attachments",) if _attached(message) else ())


def mail_text(path: Path) -> str:
    """Headers, body and the names of attachments as plain text of at most 200,000 characters."""
    message = _message(path)
    head = [f"{name}: {plain_line(str(message[name]), 500)}" for name in _HEADERS if message.get(name)]
    part = message.get_body(("plain", "html"))
    text = _content(part) if part is not None else ""
    names = [f"[{name}]" for name in _attached(message)]
    return plain_text("\n".join([*head, "", text, "", *names]), TEXT)


def words_of_html(source: str) -> str:
    """The words of a web page, without its scripts, styles and tags."""
    reader = _Words()
    reader.feed(source)
    return "".join(reader.words)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        if tag in _LINES:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in _SILENT))

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def _message(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        return BytesParser(_class=EmailMessage, policy=policy.default).parse(file)


def _content(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    try:
        text = raw.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:  # a character set that nobody knows
        text = raw.decode("utf-8", "replace")
    return words_of_html(text) if part.get_content_subtype() == "html" else text


def _attached(message: EmailMessage) -> list[str]:
    parts = list(message.walk())[:_PARTS]
    return [plain_line(part.get_filename() or "", 200) for part in parts if part.get_filename()]
