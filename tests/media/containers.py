"""Hostile and old containers, built by hand."""

import io
import struct
import zipfile

from media import samples

SECTOR = 512
ODF = "application/vnd.oasis.opendocument"


def ole(streams, *, sector_of_main=b""):
    """An OLE2 container with these stream and storage names; the first stream's bytes are `sector_of_main`."""
    entries = [_entry("Root Entry", 5)] + [
        _entry(name, 2, start=0xFFFFFFFE if number else 3, size=4096) for number, name in enumerate(streams)
    ]
    entries += [b"\0" * 128] * (-len(entries) % 4)
    directory = b"".join(entries)
    sectors = len(directory) // SECTOR
    main = sector_of_main.ljust(SECTOR, b"\0")
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        0xFFFFFFFE,
        0,
        0xFFFFFFFE,
        0,
    )
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    following = {0: 0xFFFFFFFD, 1: 2 if sectors > 1 else 0xFFFFFFFE, 2: 0xFFFFFFFE, 3: 0xFFFFFFFE}
    table = struct.pack("<128I", *[following.get(n, 0xFFFFFFFF) for n in range(128)])
    return header + table + directory.ljust(2 * SECTOR, b"\0") + main + b"\0" * 4096


def _entry(name, kind, start=0xFFFFFFFE, size=0):
    raw = name.encode("utf-16-le") + b"\0\0"
    return raw.ljust(64, b"\0") + struct.pack("<HBB12x16xI16xIII", len(raw), kind, 1, 0, start, size, 0)


def odf(kind="text", *, content=None, manifest="<manifest/>", extra=None):
    spaces = (
        'xmlns:office="o" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="t" xmlns:draw="d"'
    )
    return samples.package({
        "mimetype": f"{ODF}.{kind}",
        "META-INF/manifest.xml": manifest,
        "content.xml": f"<office:doc {spaces}>{content or '<text:p>Words</text:p>'}</office:doc>",
        **(extra or {}),
    })  # fmt: skip


def pptx(slides):
    kind = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="x"><Override PartName="/ppt/presentation.xml" ContentType="{kind}"/></Types>',
        "ppt/presentation.xml": "<presentation/>",
    }
    for number, words in slides:
        parts[f"ppt/slides/slide{number}.xml"] = f'<sld xmlns:a="a"><a:p><a:r><a:t>{words}</a:t></a:r></a:p></sld>'
    return samples.package(parts)


def repacked(data, change=None, add=None, drop=()):
    """The same package with some members changed, added or dropped."""
    change, add = change or {}, add or {}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename not in drop:
                new.writestr(info.filename, change.get(info.filename, old.read(info)))
        for name, body in add.items():
            new.writestr(name, body)
    return out.getvalue()


def flat_bomb(size):
    """A docx with one member that unpacks to `size` bytes of nothing."""
    return repacked(samples.docx(title="x", paragraphs=[]), add={"word/media/image1.bin": b"\0" * size})


def overlapped_bomb():
    """Two hundred names in the directory for the same packed bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/kernel.bin", b"\0" * 1_000_000)
        kernel = file.infolist()[0]
        for number in range(200):
            twin = zipfile.ZipInfo(f"word/{number:06}.bin")
            twin.compress_type, twin.header_offset, twin.CRC = zipfile.ZIP_DEFLATED, kernel.header_offset, kernel.CRC
            twin.compress_size, twin.file_size, twin.create_system = kernel.compress_size, kernel.file_size, 3
            file.filelist.append(twin)
    return out.getvalue()


def nested_bomb(depth):
    """A package in a package in a package."""
    data = samples.docx(title="x", paragraphs=[])
    for _ in range(depth):
        data = repacked(samples.docx(title="x", paragraphs=[]), add={"word/embeddings/inner.docx": data})
    return data


def lying(data, name, size):
    """The package with the directory saying that `name` unpacks to `size` bytes."""
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(name.encode()))
    return data[: place + 24] + struct.pack("<I", size) + data[place + 28 :]


def encrypted_flag(data):
    """The package with the flag for a password on each member."""
    raw = bytearray(data)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = raw.find(mark)
        while place >= 0:
            raw[place + offset] |= 1
            place = raw.find(mark, place + 4)
    return bytes(raw)


def held_upright(film):
    """The same film with the mark by which a phone says that it was turned by a quarter."""
    straight = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    quarter = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30)
    place = film.index(straight, film.index(b"tkhd"))
    return film[:place] + quarter + film[place + len(straight) :]
