"""Workbooks made by hand, part by part, for what no program would write willingly."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def by_hand(
    body: bytes, *, after: bytes = b"", strings: bytes = b"", extra: Mapping[str, bytes] | None = None
) -> bytes:
    """One sheet, 表一, whose `sheetData` is `body`."""
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_REL}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook xmlns="{SHEETS}" xmlns:r="{_REL}"><sheets>'
        '<sheet name="表一" sheetId="1" r:id="rId1"/></sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_REL}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_REL}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>".encode(),
        "xl/sharedStrings.xml": f'<sst xmlns="{SHEETS}">'.encode() + strings + b"</sst>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEETS}"><sheetData>'.encode()
        + body
        + b"</sheetData>"
        + after
        + b"</worksheet>",
        **(extra or {}),
    }
    return zipped(parts)


def zipped(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def with_long_part(content: bytes, name: str, piece: bytes, times: int, claimed: int | None = None) -> bytes:
    """A workbook one part of which unpacks to `times` times `piece`; nobody has to pack as much. `claimed`: what its directory says."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = pack.compress(piece) + pack.flush(zlib.Z_FULL_FLUSH)
    packed = once * times + pack.flush()
    size = len(piece) * times if claimed is None else claimed
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist() if each != name}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for other, part in parts.items():
            archive.writestr(other, part)
        archive.writestr(name, packed)
        listed = archive.getinfo(name)
        listed.compress_type, listed.file_size = zipfile.ZIP_DEFLATED, size
    return target.getvalue()


def strings_table(*texts: str, cut: int | None = None) -> bytes:
    """The SST record of an .xls; `cut`: how many signs of the last string stand in a record that continues it."""
    entries = b"".join(struct.pack("<HB", len(text), 1) + text.encode("utf-16-le") for text in texts)
    head = struct.pack("<II", len(texts), len(texts))
    if cut is None:
        return record(0x00FC, head + entries)
    return record(0x00FC, head + entries[: -2 * cut]) + record(0x003C, b"\x01" + entries[-2 * cut :])


def told(row: int, column: int, string: int) -> bytes:
    """A cell that tells a string of the table."""
    return record(0x00FD, struct.pack("<HHHI", row, column, 0, string))


def ole(streams: Mapping[str, bytes]) -> bytes:
    """An OLE container (the file system of .xls) with sectors of 512 bytes and no small streams."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    data, starts = b"", {}
    chain: list[int] = []
    for name, content in streams.items():
        padded = content.ljust(max(4096, -(-len(content) // 512) * 512), b"\x00")
        starts[name] = (len(chain), len(padded))
        count = len(padded) // 512
        chain += [len(chain) + step + 1 for step in range(count - 1)] + [end]
        data += padded
    entries = [_entry("Root Entry", 5, end, 0, child=1)]
    for number, (name, (start, size)) in enumerate(starts.items(), start=2):
        entries.append(_entry(name, 2, start, size, right=number if number <= len(starts) else free))
    directory = b"".join(entries).ljust(-(-len(entries) // 4) * 512, b"\x00")
    first_directory, first_fat = len(chain), len(chain) + len(directory) // 512
    chain += [first_directory + step + 1 for step in range(len(directory) // 512 - 1)] + [end]
    fats = next(count for count in range(1, 110) if count * 128 >= len(chain) + count)
    chain += [0xFFFFFFFD] * fats
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(fats * 512, b"\xff")
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 6
    )
    head += struct.pack("<IIIIIIIII", 0, fats, first_directory, 0, 4096, end, 0, end, 0)
    head += struct.pack("<109I", *[first_fat + number for number in range(fats)], *[free] * (109 - fats))
    return head + data + directory + table


def _entry(name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le") + b"\x00\x00"
    links = struct.pack("<BBIII", kind, 1, 0xFFFFFFFF, right, child)
    return (
        text.ljust(64, b"\x00") + struct.pack("<H", len(text)) + links + b"\x00" * 36 + struct.pack("<IQ", start, size)
    )


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def old_workbook(*records: bytes, hidden: bool = False, globals_: bytes = b"") -> bytes:
    """An .xls of one sheet, 表一, with the given records in it."""
    name = "表一".encode("utf-16-le")
    bof = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    bound = struct.pack("<BB", int(hidden), 0) + struct.pack("<BB", 2, 1) + name
    page = record(0x0042, struct.pack("<H", 1200))
    start = len(bof) + len(page) + len(globals_) + 4 + 4 + len(bound) + 4
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + b"".join(records) + record(0x000A)
    return bof + page + globals_ + record(0x0085, struct.pack("<I", start) + bound) + record(0x000A) + sheet


def number(row: int, column: int, value: float) -> bytes:
    return record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def label(row: int, column: int, text: str) -> bytes:
    return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def failure(row: int, column: int, code: int) -> bytes:
    return record(0x0205, struct.pack("<HHHBB", row, column, 0, code, 1))
