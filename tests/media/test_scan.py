"""The scanner: clean is only what clamd read whole and called so (D16)."""

import io
import socket
import struct
import threading

import pytest

from media.scan import Verdict, scan

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """A clamd of our own on a free port: it speaks INSTREAM and remembers what it was sent."""

    def __init__(self, *, answer=None, cut_after=None, silent=False):
        self.answer, self.cut_after, self.silent = answer, cut_after, silent
        self.received = b""
        self.command = b""
        self.done = threading.Event()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.server.getsockname()[1]}"
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        caller, _ = self.server.accept()
        with caller, caller.makefile("rb") as line:
            self.command = line.read(10)
            while size := struct.unpack("!I", line.read(4))[0]:
                self.received += line.read(size)
                if self.cut_after is not None and len(self.received) > self.cut_after:
                    caller.sendall(self.answer or b"")
                    return
            if self.silent:
                self.done.wait(5)
                return
            infected = b"stream: Eicar-Signature FOUND\0" if EICAR in self.received else b"stream: OK\0"
            caller.sendall(infected if self.answer is None else self.answer)

    def close(self):
        self.done.set()
        self.server.close()
        self.thread.join(5)


@pytest.fixture
def clamd():
    started = []

    def start(**how):
        started.append(Clamd(**how))
        return started[-1]

    yield start
    for one in started:
        one.close()


def test_every_byte_is_sent_and_the_answer_is_clean(clamd):
    server = clamd()
    data = bytes(range(256)) * 4000
    assert scan(io.BytesIO(data), server.address) == Verdict("clean")
    assert server.command == b"zINSTREAM\0"
    assert server.received == data


def test_an_infected_file_is_named(clamd):
    assert scan(io.BytesIO(b"x" * 300_000 + EICAR), clamd().address) == Verdict("infected", name="Eicar-Signature")


def test_an_address_may_say_tcp(clamd):
    assert scan(io.BytesIO(b"x"), "tcp://" + clamd().address).state == "clean"


def test_a_unix_socket_works_too(tmp_path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "clamd"))
        server.listen()

        def answer():
            caller, _ = server.accept()
            with caller:
                while not caller.recv(65_536).endswith(b"\0\0\0\0"):
                    pass
                caller.sendall(b"stream: OK\0")

        thread = threading.Thread(target=answer)
        thread.start()
        assert scan(io.BytesIO(b"hello"), f"unix:{tmp_path / 'clamd'}") == Verdict("clean")
        thread.join()


def test_no_scanner_is_said_and_nothing_is_read():
    stream = io.BytesIO(b"x")
    assert scan(stream, "") == Verdict("not_scanned", reason="no scanner")
    assert stream.tell() == 0


def test_nobody_there_is_not_clean():
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
    assert scan(io.BytesIO(b"x"), address) == Verdict("not_scanned", reason="unreachable")


@pytest.mark.parametrize("address", ["nonsense", "host:port", "unix:/nowhere/at/all"])
def test_an_address_that_is_none_is_not_clean(address):
    assert scan(io.BytesIO(b"x"), address).state == "not_scanned"


def test_silence_is_not_clean(clamd):
    assert scan(io.BytesIO(b"x"), clamd(silent=True).address, timeout=0.2) == Verdict("not_scanned", reason="timeout")


def test_a_socket_cut_in_the_middle_is_not_clean(clamd):
    verdict = scan(io.BytesIO(b"x" * 20_000_000), clamd(cut_after=1_000_000).address)
    assert verdict == Verdict("not_scanned", reason="cut off")


def test_a_file_longer_than_clamd_takes_is_told_apart_from_a_scanner_that_fell_over(clamd):
    said = b"INSTREAM size limit exceeded. ERROR\0"
    verdict = scan(io.BytesIO(b"x" * 20_000_000), clamd(cut_after=1_000_000, answer=said).address)
    assert verdict == Verdict("not_scanned", reason="too long for the scanner")


def test_an_ok_before_the_last_byte_is_not_clean(clamd):
    verdict = scan(io.BytesIO(b"x" * 20_000_000), clamd(cut_after=1_000_000, answer=b"stream: OK\0").address)
    assert verdict == Verdict("not_scanned", reason="cut off")


@pytest.mark.parametrize(("answer", "reason"), [
    (b"INSTREAM size limit exceeded. ERROR\0", "too long for the scanner"),
    (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", "too long for the scanner"),
    (b"stream: Can't allocate memory ERROR\0", "Can't allocate memory ERROR"),
    (b"", "no answer"), (b"\0", "no answer"), (b"OKAY\0", "OKAY"), (b"stream: NOT OK\0", "NOT OK"),
    (b"x" * 9000, "x" * 200), (b"\xff\xfe\0", "��"),
])  # fmt: skip
def test_everything_but_a_plain_ok_is_not_clean(clamd, answer, reason):
    assert scan(io.BytesIO(b"x"), clamd(answer=answer).address) == Verdict("not_scanned", reason=reason)
