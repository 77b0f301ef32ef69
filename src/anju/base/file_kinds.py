"""What a file is, by its content: the name must agree, and it must be that one thing only.

Codes of `BadFile`: `too_big`, `empty`, `unknown_kind`, `heic`, `wrong_name` (content and extension differ), `two_kinds` (also a web page,
an archive or a program), `active` (macros, scripts), `encrypted`, `too_many_pixels`, `damaged`; `no_picture` where only pictures are
taken; and `bad_box` where a box to be blackened covers nothing.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Final

from anju.base.sheet_faults import BadSheet
from anju.base.sheet_zip import MOST_UNPACKED, look_at_archive

MOST_BYTES = 20 * 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument."
_ZIP_END = b"PK\x05\x06"
_ZIP_END_WITHIN = 65_557
_MARKUP = re.compile(rb"<\s*(?:script|html|svg|iframe|body|\?php|!doctype)", re.IGNORECASE)
# What a photo consists of is noise, and in noise `<svg` stands by chance, once in a few hundred photos: there it must go on as a page does.
_MARKUP_IN_NOISE = re.compile(_MARKUP.pattern + rb"[\s/>][\x20-\x7e\s]{4}", re.IGNORECASE)
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is kept: its code, the extensions it may come with, the first of which it goes out with."""

    code: str
    extensions: tuple[str, ...]
    mime: str
    is_image: bool = False


KINDS: Final = {
    kind.code: kind
    for kind in (
        Kind("jpeg", ("jpg", "jpeg", "jpe", "jfif"), "image/jpeg", is_image=True),
        Kind("png", ("png",), "image/png", is_image=True),
        Kind("webp", ("webp",), "image/webp", is_image=True),
        Kind("pdf", ("pdf",), "application/pdf"),
        Kind("xlsx", ("xlsx",), _OFFICE + "spreadsheetml.sheet"),
        Kind("docx", ("docx",), _OFFICE + "wordprocessingml.document"),
    )
}


class BadFile(ValueError):
    """A file that is not kept; the codes are above."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def kind_of(name: str, content: bytes) -> Kind:
    """Return the kind of a file whose name and content agree. Raises `BadFile`."""
    if not content:
        raise BadFile("empty")
    if len(content) > MOST_BYTES:
        raise BadFile("too_big")
    kind = KINDS[_code(content)]
    _, dot, extension = name.rpartition(".")
    if not dot or extension.lower() not in kind.extensions:
        raise BadFile("wrong_name")
    _require_single(kind, content)
    return kind


def _code(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"PK\x03\x04"):
        return _office_code(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile("encrypted" if "EncryptedPackage".encode("utf-16-le") in content else "unknown_kind")
    raise BadFile("heic" if content[4:8] == b"ftyp" and content[8:12] in _HEIC else "unknown_kind")


def _office_code(content: bytes) -> str:
    """The parts of an office document are inflated and counted, as those of a list."""
    try:
        names = look_at_archive(io.BytesIO(content), MOST_UNPACKED)
    except BadSheet as bad:
        raise BadFile("too_big" if bad.code == "too_big" else "damaged") from bad
    if any(
        name.lower().endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs")) or "activex" in name.lower()
        for name in names
    ):
        raise BadFile("active")
    for part, code in (("xl/workbook.xml", "xlsx"), ("word/document.xml", "docx")):
        if part in names:
            return code
    raise BadFile("unknown_kind")


def _require_single(kind: Kind, content: bytes) -> None:
    """Refuse what is also something else. Telephones put a film behind a photo: that is no danger, and is dropped."""
    if kind.code in {"xlsx", "docx"}:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if min(part.header_offset for part in archive.infolist()) or _MARKUP.search(archive.comment):
                raise BadFile("two_kinds")
        return
    if _ZIP_END in content[-_ZIP_END_WITHIN:] or _MARKUP.search(content, 0, 1024):
        raise BadFile("two_kinds")
    if kind.is_image and (_MARKUP_IN_NOISE.search(content) or b"%PDF-" in content):
        raise BadFile("two_kinds")
    if kind.code == "pdf":
        _require_quiet_pdf(content)


def _require_quiet_pdf(content: bytes) -> None:
    if b"%%EOF" not in content[-2048:]:
        raise BadFile("damaged")
    if b"/Encrypt" in content:
        raise BadFile("encrypted")
    if _ACTIVE_PDF.search(content):
        raise BadFile("active")
