"""Asks clamd (INSTREAM). The answer is clean only when clamd has read every byte and said so."""

from __future__ import annotations

import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal

_CHUNK: Final = 256 * 1024
_BEYOND: Final = "Heuristics.Limits.Exceeded"  # clamd's word for "I did not look at all of it"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`clean`, `infected` with the name of what was found, or `not_scanned` with the reason."""

    state: Literal["clean", "infected", "not_scanned"]
    name: str = ""
    reason: str = ""


def scan(stream: BinaryIO, address: str, *, timeout: float = 60) -> Verdict:
    """Sends `stream` to clamd at `address` ("host:port" or "unix:/path"; empty means none is set up).

    `timeout` is seconds of silence. Everything but a full scan is `not_scanned`: "no scanner" and "too long for the
    scanner" stay so; "unreachable", "timeout", "cut off", "no answer" and what clamd calls an error are worth asking
    again: a scanner that falls over a file must not make that file openable.
    """
    if not address:
        return Verdict("not_scanned", reason="no scanner")
    try:
        with _connect(address, timeout) as clamd:
            return _read_verdict(_ask(clamd, stream))
    except TimeoutError:
        return Verdict("not_scanned", reason="timeout")
    except (BrokenPipeError, ConnectionResetError):
        return Verdict("not_scanned", reason="cut off")
    except (OSError, ValueError):
        return Verdict("not_scanned", reason="unreachable")


def _connect(address: str, timeout: float) -> socket.socket:
    if address.startswith("unix:"):
        return _connect_here(address.removeprefix("unix:"), timeout)
    host, _, port = address.removeprefix("tcp://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout)


def _connect_here(path: str, timeout: float) -> socket.socket:
    clamd = socket.socket(socket.AF_UNIX)
    try:
        clamd.settimeout(timeout)
        clamd.connect(path)
    except OSError:
        clamd.close()
        raise
    return clamd


def _ask(clamd: socket.socket, stream: BinaryIO) -> str:
    whole = False
    with suppress(BrokenPipeError, ConnectionResetError):  # clamd says why before it hangs up on a long file
        clamd.sendall(b"zINSTREAM\0")
        while piece := stream.read(_CHUNK):
            clamd.sendall(struct.pack("!I", len(piece)) + piece)
        clamd.sendall(struct.pack("!I", 0))
        whole = True
    answer = b""
    while len(answer) < 4096 and b"\0" not in answer and (piece := clamd.recv(4096)):  # noqa: PLR2004 - one line
        answer += piece
    if not whole and not answer.startswith(b"INSTREAM"):
        raise BrokenPipeError
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _read_verdict(answer: str) -> Verdict:
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Verdict("clean")
    if said.endswith(" FOUND") and not said.startswith(_BEYOND):
        return Verdict("infected", name=said.removesuffix(" FOUND")[:200])
    limits = said.startswith((_BEYOND, "INSTREAM size limit exceeded"))
    return Verdict("not_scanned", reason="too long for the scanner" if limits else said[:200] or "no answer")
