"""Office files: weighed before unpacking, macros, passwords and outside references refused (security D08, D10, D11, D13)."""

import socket
import stat
import struct
import threading
import tracemalloc
import zipfile
from io import BytesIO

import pytest

from media import samples
from media.packages import MEMBERS

from .conftest import look
from .containers import (
    encrypted_flag,
    flat_bomb,
    lying,
    nested_bomb,
    odf,
    ole,
    overlapped_bomb,
    pptx,
    repacked,
)


def test_office_files_are_what_they_say(shelf, put):
    for kind in ("docx", "xlsx"):
        assert shelf.finding(kind).ok
        assert shelf.finding(kind).active_content == ()
    assert look(put("x.pptx", pptx([(1, "Hello")]))).ok
    for ending, kind in (("odt", "text"), ("ods", "spreadsheet"), ("odp", "presentation")):
        assert look(put(f"x.{ending}", odf(kind))).ok


@pytest.mark.parametrize(
    ("name", "kind"), [("x.xlsx", "docx"), ("x.docx", "xlsx"), ("x.pptx", "docx"), ("x.odt", "docx")]
)
def test_one_kind_under_the_name_of_another_is_refused(shelf, code_of, name, kind):
    assert code_of(name, shelf.bytes(kind)) == "renamed"


def test_odf_under_another_name_is_refused(code_of):
    assert code_of("x.ods", odf("text")) == "renamed"
    assert code_of("x.docx", odf("text")) == "renamed"


def test_a_zip_named_docx_is_refused(code_of):
    assert code_of("x.docx", samples.package({"hello.txt": "hello"})) == "renamed"


def test_a_package_without_its_main_part_is_damaged(shelf, code_of):
    assert code_of("x.docx", repacked(shelf.bytes("docx"), drop=["word/document.xml"])) == "damaged"
    assert code_of("x.docx", repacked(shelf.bytes("docx"), change={"[Content_Types].xml": b"<Types"})) == "damaged"


@pytest.mark.parametrize("bomb", [
    lambda: flat_bomb(150_000_000),
    lambda: repacked(flat_bomb(60_000_000), add={"word/media/image2.bin": b"\0" * 60_000_000}),
    lambda: repacked(samples.docx(title="x", paragraphs=[]), add={f"word/media/{n}.bin": b"" for n in range(MEMBERS + 1)}),
])  # fmt: skip
def test_bombs_are_refused_by_what_they_declare(code_of, bomb):
    assert code_of("x.docx", bomb()) == "unpacks-too-big"


def test_a_bomb_is_refused_before_it_is_unpacked(put):
    path = put("x.docx", flat_bomb(150_000_000))
    tracemalloc.start()
    try:
        assert look(path).code == "unpacks-too-big"
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_mild_one_passes(code_of):
    assert code_of("x.docx", flat_bomb(8_400_000)) == "ok"


def test_overlapped_members_are_refused(code_of):
    assert code_of("x.docx", overlapped_bomb()) == "unsafe-inside"


def test_packages_in_packages_are_weighed_and_end_somewhere(code_of):
    assert code_of("x.docx", nested_bomb(2)) == "ok"
    assert code_of("x.docx", nested_bomb(3)) == "unsafe-inside"
    inner = repacked(samples.docx(title="x", paragraphs=[]), add={"word/embeddings/in.docx": flat_bomb(150_000_000)})
    assert code_of("x.docx", inner) == "unpacks-too-big"


def test_a_directory_that_lies_about_sizes_is_damaged(code_of):
    assert code_of("x.docx", lying(flat_bomb(5_000_000), "word/media/image1.bin", 10)) == "damaged"
    assert code_of("x.docx", lying(flat_bomb(5_000_000), "word/media/image1.bin", 2**31)) == "unpacks-too-big"


def test_an_end_that_lies_about_members_is_refused(shelf, code_of):
    data = shelf.bytes("docx")
    place = data.rindex(b"PK\x05\x06") + 10
    assert code_of("x.docx", data[:place] + struct.pack("<H", 65_535) + data[place + 2 :]) == "unpacks-too-big"


@pytest.mark.parametrize(
    "name",
    ["../../x", "/abs", "C:\\x", "..\\x", "word/../../x", "a\\..\\x", "word/run.exe", "word/more.zip", "word/a.js"],
)
def test_members_that_point_outside_or_act_are_refused(shelf, code_of, name):
    assert code_of("x.docx", repacked(shelf.bytes("docx"), add={name: b"x"})) == "unsafe-inside"


def test_nul_symlink_and_doubled_names_are_refused(shelf, code_of):
    data = repacked(shelf.bytes("docx"), add={"word/a@b.xml": b"<x/>"}).replace(b"word/a@b.xml", b"word/a\0b.xml")
    assert code_of("x.docx", data) == "unsafe-inside"
    link = zipfile.ZipInfo("word/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = BytesIO(shelf.bytes("docx"))
    with zipfile.ZipFile(out, "a") as file:
        file.writestr(link, "/etc/passwd")
    assert code_of("x.docx", out.getvalue()) == "unsafe-inside"
    doubled = repacked(shelf.bytes("docx"), add={"WORD/document.xml": b"<x/>"})
    assert code_of("x.docx", doubled) == "unsafe-inside"


def test_nothing_is_written_beside_the_file(shelf, put, tmp_path):
    path = put("x.docx", repacked(shelf.bytes("docx"), add={"../escaped.txt": b"x"}))
    look(path)
    assert [one.name for one in tmp_path.iterdir()] == ["x.docx"]
    assert not (tmp_path.parent / "escaped.txt").exists()


@pytest.mark.parametrize(("ending", "data"), [
    ("docx", lambda: repacked(samples.docx(title="x", paragraphs=[]), add={"word/vbaProject.bin": b"x"})),
    ("xlsx", lambda: repacked(samples.xlsx(title="x", rows=[]), add={"xl/vbaProject.bin": b"x"})),
    ("odt", lambda: odf(extra={"Basic/Standard/Module1.xml": "<x/>"})),
    ("odt", lambda: odf(extra={"Scripts/python/x.py": "x"})),
])  # fmt: skip
def test_macros_are_refused(code_of, ending, data):
    assert code_of(f"x.{ending}", data()) == "macro"


def test_a_docm_renamed_docx_is_refused_by_its_content_type(shelf, code_of):
    plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with zipfile.ZipFile(BytesIO(shelf.bytes("docx"))) as file:
        types = file.read("[Content_Types].xml").replace(
            plain, b"application/vnd.ms-word.document.macroEnabled.main+xml"
        )
    assert code_of("x.docx", repacked(shelf.bytes("docx"), change={"[Content_Types].xml": types})) == "macro"


def test_passwords_are_named(shelf, put, code_of):
    assert code_of("x.docx", ole(["EncryptedPackage", "EncryptionInfo"])) == "password"
    assert code_of("x.xlsx", ole(["EncryptionInfo", "EncryptedPackage"])) == "password"
    assert code_of("x.docx", encrypted_flag(shelf.bytes("docx"))) == "password"
    assert code_of("x.odt", odf(manifest='<m><encryption-data checksum="x"/></m>')) == "password"
    assert "Remove the password" in look(put("x.pptx", ole(["EncryptedPackage"]))).sentence


@pytest.fixture
def listener():
    """A port on this machine that counts who calls."""
    calls = []
    server = socket.create_server(("127.0.0.1", 0))

    def answer():
        while True:
            try:
                caller, _ = server.accept()
            except OSError:
                return
            calls.append(1)
            caller.close()

    threading.Thread(target=answer, daemon=True).start()
    yield server.getsockname()[1], calls
    server.close()


@pytest.mark.parametrize("entity", [
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:{port}/">]>',
    '<!DOCTYPE x SYSTEM "http://127.0.0.1:{port}/x.dtd">', '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY e "&a;&a;&a;">]>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "\\\\\\\\127.0.0.1\\\\share">]>',
])  # fmt: skip
def test_entities_and_document_types_are_refused_and_nobody_is_called(shelf, code_of, listener, entity):
    port, calls = listener
    head = f'<?xml version="1.0"?>{entity.replace("{port}", str(port))}'.encode()
    body = head + b"<x>&e;</x>"
    assert code_of("x.docx", repacked(shelf.bytes("docx"), change={"word/document.xml": body})) == "reaches-out"
    assert code_of("x.docx", repacked(shelf.bytes("docx"), change={"[Content_Types].xml": body})) == "reaches-out"
    assert code_of("x.xlsx", repacked(shelf.bytes("xlsx"), change={"xl/worksheets/sheet1.xml": body})) == "reaches-out"
    assert code_of("x.odt", repacked(odf(), change={"content.xml": body})) == "reaches-out"
    wide = body.decode().encode("utf-16")
    assert code_of("x.docx", repacked(shelf.bytes("docx"), change={"word/document.xml": wide})) == "reaches-out"
    assert calls == []


def test_what_could_act_is_flagged(shelf, put):
    outside = '<Relationships><Relationship Type="x/attachedTemplate" Target="http://example.org/t.dotm" TargetMode="External"/></Relationships>'
    data = repacked(
        shelf.bytes("docx"),
        add={"word/_rels/settings.xml.rels": outside, "word/embeddings/sheet.xlsx": shelf.bytes("xlsx")},
    )
    found = look(put("x.docx", data))
    assert found.ok
    assert found.active_content == ("embedded-objects", "remote-template")


def test_old_office_files_are_known_by_what_is_in_them(code_of):
    for ending, stream in (
        ("doc", "WordDocument"),
        ("xls", "Workbook"),
        ("xls", "Book"),
        ("ppt", "PowerPoint Document"),
        ("msg", "__properties_version1.0"),
    ):
        assert code_of(f"x.{ending}", ole([stream])) == "ok"
        assert code_of("x.docx", ole([stream])) == "renamed"
    assert code_of("x.doc", ole(["Workbook"])) == "renamed"
    assert code_of("x.doc", ole(["WordDocument", "Macros"])) == "macro"
    assert code_of("x.xls", ole(["Workbook", "_VBA_PROJECT_CUR"])) == "macro"


def test_passwords_of_old_office_files_are_found(code_of):
    word = b"\xec\xa5\xc1\0" + b"\0" * 6 + struct.pack("<H", 0x0100)
    sheet = struct.pack("<HH4x", 0x0809, 4) + struct.pack("<HH2x", 0x2F, 2)
    assert code_of("x.doc", ole(["WordDocument"], sector_of_main=word)) == "password"
    assert code_of("x.xls", ole(["Workbook"], sector_of_main=sheet)) == "password"
    assert code_of("x.ppt", ole(["PowerPoint Document", "EncryptedSummary"])) == "password"
    assert code_of("x.doc", ole(["WordDocument"], sector_of_main=b"\xec\xa5\xc1\0" + b"\0" * 20)) == "ok"


def test_torn_and_looping_old_containers_end_in_a_sentence(code_of):
    good = ole(["WordDocument"])
    assert {code_of("x.doc", good[: len(good) * tenth // 10]) for tenth in range(1, 4)} == {"damaged"}
    loop = bytearray(good)
    loop[512 + 4 : 512 + 8] = struct.pack("<I", 1)  # the directory is followed by itself
    assert code_of("x.doc", bytes(loop)) == "ok"
    loop[44:48], loop[68:72] = b"\xff\xff\0\0", b"\0\0\0\0"  # the table is followed by itself
    assert code_of("x.doc", bytes(loop)) in {"ok", "damaged"}
    far = bytearray(good)
    far[48:52] = struct.pack("<I", 0x00FFFFFF)
    assert code_of("x.doc", bytes(far)) == "damaged"
