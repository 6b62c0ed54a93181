"""What the forms on our own pages send: every page that somebody may read, every form on it, every field of those."""

from collections import defaultdict
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


class Forms(HTMLParser):
    """Collects {address: {name: value}} of the forms of one page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.found = page, defaultdict(dict)
        self.here: str | None = None
        self.named: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        for way in ("hx-post", "data-draft", "data-autosave"):
            if way in said:
                self.found[urlsplit(said[way]).path].update({})
        if tag == "form":
            self.here = (
                urlsplit(urljoin(self.page, said.get("action", ""))).path if said.get("method") == "post" else None
            )
            if self.here and "id" in said:
                self.named[said["id"]] = self.here
        if tag in {"input", "textarea", "select", "button"} and said.get("name"):
            target = self.named.get(said.get("form", "")) or self.here
            if target:
                self.found[target].setdefault(said["name"], said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.here = None


def forms_on(page: str, text: str) -> dict[str, dict[str, str]]:
    reader = Forms(page)
    reader.feed(text)
    return reader.found
