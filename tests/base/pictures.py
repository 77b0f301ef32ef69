"""Real bytes of pictures and papers, made for the tests."""

import io
import struct
import zlib
from typing import Any

from PIL import ExifTags, Image, ImageDraw


def picture(
    code: str = "jpeg", size: tuple[int, int] = (640, 480), *, exif: Image.Exif | None = None, **more: Any
) -> bytes:
    """White, with a red square at its upper left."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, 99, 99), fill=(255, 0, 0))
    target = io.BytesIO()
    image.save(target, code, **({"exif": exif} if exif else {}), **more)
    return target.getvalue()


def travelled() -> Image.Exif:
    """What a telephone writes: turned by 90 degrees, taken on a morning, somewhere at 24.5 N 111.25 E."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Model] = "示例手机"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:11:24 08:15:00"
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (24.0, 30.0, 0.0)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "E", (111.0, 15.0, 0.0)
    return exif


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes whose head asks for an area without end."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )


def paper(more: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n" + more + b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
