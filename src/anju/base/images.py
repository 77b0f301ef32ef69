"""Pictures made safe: decoded within limits, turned upright, written anew without anything that came with them.

Where and when a picture was taken is read from it only for a caller who has the person's consent.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image, ImageDraw, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from anju.base.file_kinds import BadFile, Kind

MOST_PIXELS = 50_000_000
LONGEST_SIDE = 4096
THUMBNAIL = 480
_GRID = 16  # a box grows to whole blocks of JPEG, so that no ringing of what it covers is left beside it
_QUALITY: Final[dict[str, dict[str, Any]]] = {
    "jpeg": {"quality": 88, "optimize": True},
    "webp": {"quality": 88},
    "png": {"optimize": True},
}
_ZONE = ZoneInfo("Asia/Shanghai")

Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels of the kept picture


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture written anew. Position in millionths of a degree (WGS-84), None where not told."""

    content: bytes
    thumbnail: bytes
    width: int
    height: int
    taken_at: datetime | None = None
    latitude: int | None = None
    longitude: int | None = None


def cleaned(content: bytes, kind: Kind, *, consent: bool) -> Picture:
    """Return the picture anew, its longest side at most `LONGEST_SIDE`. Raises `BadFile`."""
    with _damage_is_refused():
        source = _opened(content, kind)
        told = _told(source.getexif()) if consent else (None, None, None)
        if isinstance(source, JpegImageFile):
            source.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        source.load()
        return _written(ImageOps.exif_transpose(source), kind, told)


def blackened(content: bytes, kind: Kind, boxes: Sequence[Box]) -> Picture:
    """Return the picture anew with every box covered; a box that lies outside covers nothing and is refused."""
    with _damage_is_refused():
        picture = _opened(content, kind).convert("RGB")
        pen = ImageDraw.Draw(picture)
        for box in boxes:
            pen.rectangle(_outer(box, picture), fill=(0, 0, 0))
        return _written(picture, kind, (None, None, None))


def _outer(box: Box, picture: Image.Image) -> Box:
    left, top, right, bottom = box
    if not (0 <= left < right and 0 <= top < bottom and left < picture.width and top < picture.height):
        raise BadFile("bad_box")
    return left // _GRID * _GRID, top // _GRID * _GRID, -(-right // _GRID) * _GRID - 1, -(-bottom // _GRID) * _GRID - 1


@contextmanager
def _damage_is_refused() -> Iterator[None]:
    """Whatever a decoder stumbles over is the file's fault."""
    try:
        yield
    except BadFile:
        raise
    except Image.DecompressionBombError as bomb:
        raise BadFile("too_many_pixels") from bomb
    except Exception as broken:
        raise BadFile("damaged") from broken


def _opened(content: bytes, kind: Kind) -> Image.Image:
    """Only the head is read here: a bomb shows its size before it is inflated."""
    source = Image.open(io.BytesIO(content), formats=[kind.code])
    if source.width * source.height > MOST_PIXELS:
        raise BadFile("too_many_pixels")
    return source


def _written(picture: Image.Image, kind: Kind, told: tuple[datetime | None, int | None, int | None]) -> Picture:
    plain = picture.convert("RGBA" if kind.code != "jpeg" and picture.has_transparency_data else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    small = plain.convert("RGB")
    small.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    return Picture(_bytes(plain, kind.code), _bytes(small, "jpeg"), plain.width, plain.height, *told)


def _bytes(picture: Image.Image, code: str) -> bytes:
    """A new picture takes the pixels only: what was attached to the old one stays behind."""
    target = io.BytesIO()
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    bare.save(target, code, **_QUALITY[code])
    return target.getvalue()


def _told(exif: Image.Exif) -> tuple[datetime | None, int | None, int | None]:
    """What a picture says of its moment and place; anything that cannot be read is not told."""
    details, place = exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude = _angle(place.get(ExifTags.GPS.GPSLatitude), place.get(ExifTags.GPS.GPSLatitudeRef), "NS", 90)
    longitude = _angle(place.get(ExifTags.GPS.GPSLongitude), place.get(ExifTags.GPS.GPSLongitudeRef), "EW", 180)
    if latitude is None or longitude is None:
        latitude = longitude = None
    return _moment(details), latitude, longitude


def _moment(details: dict[int, Any]) -> datetime | None:
    text = str(details.get(ExifTags.Base.DateTimeOriginal, ""))
    offset = str(details.get(ExifTags.Base.OffsetTimeOriginal, ""))
    try:
        if offset:
            return datetime.strptime(text + offset, "%Y:%m:%d %H:%M:%S%z")
        return datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=_ZONE)
    except ValueError:
        return None


def _angle(parts: Any, half: Any, halves: str, most: int) -> int | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
        angle = round((degrees + minutes / 60 + seconds / 3600) * 1_000_000)
        sign = (1, -1)[halves.index(half)]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    return sign * angle if 0 <= angle <= most * 1_000_000 else None
