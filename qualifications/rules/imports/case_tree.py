"""The tree of a CASE package: every item once, under one parent, the top under the document."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from common.text import _
from qualifications.rules.imports.findings import Brought

DOCUMENT_KEYS = ("identifier", "uri", "creator", "title", "lastChangeDateTime")
ITEM_KEYS = ("identifier", "fullStatement", "uri", "lastChangeDateTime")
ASSOCIATION_KEYS = ("identifier", "associationType", "uri", "originNodeURI", "destinationNodeURI", "lastChangeDateTime")
DEEPEST = 6


@dataclass(eq=False, slots=True)
class Node:
    """An item (or the document) with what stands under it. `row` counts the items from 1."""

    item: Mapping[str, Any]
    row: int = 0
    type: str = ""
    depth: int = 0
    parent: "Node | None" = None
    order: tuple[Any, ...] = ()
    children: list["Node"] = field(default_factory=list)

    def below(self) -> Iterator["Node"]:
        """Yield this node and all under it, in order."""
        yield self
        for child in self.children:
            yield from child.below()


def grow(package: Any, brought: Brought) -> Node | None:
    """Return the document with its tree, or None after saying why there is none."""
    if not isinstance(package, Mapping) or not isinstance(package.get("CFDocument"), Mapping):
        brought.say(
            0,
            "CFDocument",
            _("This is not a CASE package: it has no CFDocument. Save the whole package (CFPackage) as JSON."),
        )
        return None
    lists = {key: package.get(key) or [] for key in ("CFItems", "CFAssociations")}
    for key, rows in lists.items():
        if not isinstance(rows, list):
            brought.say(0, key, _("“%(key)s” must be a list."), key=key)
            return None
    document = Node(package["CFDocument"], type="document")
    _complete(document.item, DOCUMENT_KEYS, 0, "CFDocument", brought)
    nodes = _nodes(lists["CFItems"], document, brought)
    if not brought.problems:
        _hang(nodes, lists["CFAssociations"], brought)
    if not brought.problems:
        _reach(document, nodes, brought)
    return document


def _complete(item: Any, keys: tuple[str, ...], row: int, place: str, brought: Brought) -> bool:
    if not isinstance(item, Mapping):
        brought.say(row, place, _("This entry must have keys and values."), place)
        return False
    missing = [key for key in keys if not item.get(key)]
    for key in missing:
        brought.say(row, key, _("“%(key)s” is missing, and CASE asks for it."), place, key=key)
    return not missing


def _nodes(items: list[Any], document: Node, brought: Brought) -> dict[str, Node]:
    found = {str(document.item.get("identifier")): document}
    for row, item in enumerate(items, 1):
        if not _complete(item, ITEM_KEYS, row, "CFItems", brought):
            continue
        identifier = str(item["identifier"])
        if identifier in found:
            words = _("The identifier of this item stands in item %(first)d already. Every item has its own.")
            brought.say(row, "identifier", words, "CFItems", first=found[identifier].row)
        found.setdefault(identifier, Node(item, row))
    return found


def _end(link: Any) -> str:
    """Return the identifier that a link names: an object, or an address that ends in it."""
    if isinstance(link, Mapping):
        return str(link.get("identifier") or str(link.get("uri", "")).rstrip("/").rpartition("/")[2])
    return str(link).rstrip("/").rpartition("/")[2]


def _hang(nodes: Mapping[str, Node], associations: list[Any], brought: Brought) -> None:
    """Hang every child under its parent. Associations of other types say nothing about the tree."""
    for row, entry in enumerate(associations, 1):
        if not _complete(entry, ASSOCIATION_KEYS, row, "CFAssociations", brought):
            continue
        if entry["associationType"] != "isChildOf":
            continue
        child, parent = nodes.get(_end(entry["originNodeURI"])), nodes.get(_end(entry["destinationNodeURI"]))
        for node, key in ((child, "originNodeURI"), (parent, "destinationNodeURI")):
            if node is None:
                words = _("“%(key)s” names an item that is not in the package.")
                brought.say(row, key, words, "CFAssociations", key=key)
        if child is None or parent is None:
            continue
        if child.parent is not None and child.parent is not parent:
            words = _("Item %(child)d has a second parent here. An item stands in one place.")
            brought.say(row, "destinationNodeURI", words, "CFAssociations", child=child.row)
        elif child.parent is None:
            child.parent, child.order = parent, _order(entry, child)
            parent.children.append(child)
    for node in nodes.values():
        node.children.sort(key=lambda n: n.order)


def _order(entry: Mapping[str, Any], child: Node) -> tuple[Any, ...]:
    """Return where a child stands among its siblings: by sequence number, else by its code, else as in the file."""
    sequence = entry.get("sequenceNumber")
    number = float(sequence) if isinstance(sequence, int | float) else float("inf")
    code = str(child.item.get("listEnumeration") or child.item.get("humanCodingScheme") or "")
    return number, [int(part) for part in re.findall(r"[0-9]{1,9}", code)] or [10**9], child.row


def _reach(document: Node, nodes: Mapping[str, Node], brought: Brought) -> None:
    """Give every item its depth; what the document does not reach has no parent or goes round in a circle."""
    waiting, reached = [document], {document}
    while waiting:
        node = waiting.pop()
        for child in node.children:
            child.depth = node.depth + 1
            reached.add(child)
            waiting.append(child)
    for node in nodes.values():
        if node in reached:
            if node.depth > DEEPEST:
                brought.say(
                    node.row, "", _("This item stands too deep in the tree to be part of a qualification."), "CFItems"
                )
        elif node.parent is None:
            brought.say(
                node.row,
                "identifier",
                _("This item is under nothing. Add an isChildOf from it to its parent."),
                "CFItems",
            )
        elif _circles(node):
            words = _("This item stands under itself: its parents go round in a circle (“%(names)s”).")
            brought.say(node.row, "identifier", words, "CFItems", names=_names(node))


def _circles(node: Node) -> bool:
    seen, up = {node}, node.parent
    while up is not None and up not in seen:
        seen.add(up)
        up = up.parent
    return up is node


def _names(node: Node) -> str:
    names, up = [str(node.item["fullStatement"])[:40]], node.parent
    while up is not None and up is not node and len(names) < 5:  # noqa: PLR2004 - enough to recognise the circle
        names.append(str(up.item["fullStatement"])[:40])
        up = up.parent
    return "” → “".join(names)
