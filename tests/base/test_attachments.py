"""Files that people hand in: what they are, what is taken off them, who gets to see them."""

import io
import json
from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from anju.base import attachments
from anju.base.actor import SYSTEM, Refused
from anju.base.attachments import (
    blacken_picture,
    find_file,
    keep_file,
    missing_files,
    open_file,
    open_original,
    open_thumbnail,
    release_file,
    withdraw_file,
)
from anju.base.file_kinds import BadFile, kind_of
from anju.base.images import LONGEST_SIDE, cleaned
from anju.base.models import Attachment, AuditEntry
from anju.base.sheet_export import Column, stream_workbook
from anju.base.store import FolderStore
from anju.web.files import FILE_WORDS, serve_file
from tests.base.pictures import paper, picture, png_bomb, travelled
from tests.base.sheet_files import by_hand, ole, zipped
from tests.people import NOW

DOCUMENT = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"})
WORKBOOK = b"".join(stream_workbook("表", [Column("甲")], [["a"]]))


def kept(content: bytes, name: str = "a.jpg", **more: bool) -> Attachment:
    return keep_file(actor=SYSTEM, name=name, content=io.BytesIO(content), at=NOW, **more)


def pixels(file: Attachment) -> Image.Image:
    with open_file(file) as stream:
        return Image.open(io.BytesIO(stream.read())).convert("RGB")


def code_of(content: bytes, name: str) -> str:
    with pytest.raises(BadFile) as refused:
        cleaned(content, kind_of(name, content), consent=False)
    return refused.value.code


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("照片.JPG", picture(), "jpeg"),
        ("a.jpeg", picture(exif=travelled()), "jpeg"),
        ("a.png", picture("png"), "png"),
        ("a.webp", picture("webp"), "webp"),
        ("纪要.pdf", paper(), "pdf"),
        ("a.docx", DOCUMENT, "docx"),
        ("a.xlsx", WORKBOOK, "xlsx"),
    ],
)
def test_keep_file_of_each_kind(db: None, name: str, content: bytes, kind: str) -> None:
    file = kept(content, name)
    assert file.kind == kind
    assert file.released_at is None
    assert name.partition(".")[0] not in file.public_name or name.startswith("a.")
    assert len(file.public_name) >= 24
    assert find_file(file.public_name) == file
    with open_file(file) as stream:
        assert len(stream.read()) == file.size


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.jpg", b"", "empty"),
        ("a.jpg", b"\xff\xd8\xff" + b"x" * (20 * 1024 * 1024), "too_big"),
        ("a.png", picture(), "wrong_name"),
        ("a.pdf.exe", paper(), "wrong_name"),
        ("jpg", picture(), "wrong_name"),
        ("a.exe", b"MZ\x90\x00", "unknown_kind"),
        ("a.svg", b"<svg onload='x'/>", "unknown_kind"),
        ("a.gif", b"GIF89a", "unknown_kind"),
        ("a.heic", b"\x00\x00\x00\x18ftypheic", "heic"),
        ("a.jpg", picture() + zipped({"a": b"b"}), "two_kinds"),
        ("a.jpg", picture() + b"<script>alert(1)</script>", "two_kinds"),
        ("a.png", picture("png") + b"<?php system(1)", "two_kinds"),
        ("a.png", picture("png") + paper(), "two_kinds"),
        ("a.jpg", picture(comment=b"<html><body>"), "two_kinds"),
        ("a.xlsx", b"PK\x03\x04" + b"x" * 30 + WORKBOOK, "two_kinds"),
        ("a.pdf", paper() + zipped({"a": b"b"}), "two_kinds"),
        ("a.pdf", paper(b"<</S/JavaScript/JS(app.alert)>>"), "active"),
        ("a.pdf", paper(b"<</Encrypt 2 0 R>>"), "encrypted"),
        ("a.pdf", b"%PDF-1.7 cut off", "damaged"),
        ("a.xlsx", by_hand(b"", extra={"xl/vbaProject.bin": b"x"}), "active"),
        ("a.xlsx", by_hand(b"", extra={"xl/media/a.png": b"\x00" * 90_000_000}), "too_big"),
        ("a.docx", zipped({"word/other.xml": b"x"}), "unknown_kind"),
        ("a.docx", DOCUMENT[:-30], "damaged"),
        ("a.docx", ole({"EncryptedPackage": b"x"}), "encrypted"),
        ("a.png", png_bomb(100_000, 100_000), "too_many_pixels"),
        ("a.png", png_bomb(8_000, 8_000), "too_many_pixels"),
        ("a.png", png_bomb(100, 100), "damaged"),
        ("a.jpg", picture()[:2000], "damaged"),
        ("a.webp", picture("webp")[:100], "damaged"),
    ],
)
def test_refuse_file_that_is_not_what_it_says(name: str, content: bytes, code: str) -> None:
    assert code_of(content, name) == code
    assert code in FILE_WORDS


@pytest.mark.parametrize("noise", [b"\x9e<sVg\x9c\x81\x02\xff", b"\x01<SVG /\x83\x9f\x00", b"\x11<  svg\x8d"])
def test_keep_photo_in_whose_noise_a_mark_of_markup_stands_by_chance(db: None, noise: bytes) -> None:
    """`<svg` alone stands in one of some hundred photos of 3 MB: four bytes, three of them in either case."""
    assert kept(picture() + noise * 3).kind == "jpeg"
    assert code_of(picture() + noise + b"<svg onload=alert(1)>", "a.jpg") == "two_kinds"


@pytest.mark.parametrize(("content", "name"), [(b"GIF89a", "a.gif"), (b"words", "a.jpg"), (paper(), "a.pdf")])
def test_keep_file_where_only_photos_are_taken_speaks_of_photos_alone(db: None, content: bytes, name: str) -> None:
    with pytest.raises(BadFile) as refused:
        kept(content, name, images_only=True)
    assert refused.value.code == "no_picture"


def test_keep_file_refused_leaves_nothing(db: None) -> None:
    with pytest.raises(BadFile):
        kept(picture()[:2000], seal=True)
    assert not Attachment.objects.exists()


def test_keep_picture_takes_everything_off_it(db: None) -> None:
    file = kept(picture(exif=travelled()) + b"\x00film behind the photo")
    with open_file(file) as stream:
        content = stream.read()
    assert b"Exif" not in content
    assert "示例手机".encode() not in content
    assert b"film" not in content
    assert (file.taken_at, file.latitude, file.longitude) == (None, None, None)
    assert (file.width, file.height) == (480, 640)  # turned upright before its direction was taken off
    assert pixels(file).getpixel((479, 0))[0] > 200  # type: ignore[index]
    assert pixels(file).getpixel((0, 0))[1] > 200  # type: ignore[index]


def test_keep_picture_with_consent_keeps_moment_and_place(db: None) -> None:
    file = kept(picture(exif=travelled()), consent=True)
    assert file.taken_at == datetime(2026, 11, 24, 8, 15, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (file.latitude, file.longitude) == (24_500_000, 111_250_000)


def test_keep_picture_with_consent_that_tells_nonsense(db: None) -> None:
    exif = travelled()
    exif.get_ifd(0x8825)[2] = (99.0, 0.0, 0.0)
    exif.get_ifd(0x8769)[0x9003] = "0000:00:00 00:00:00"
    file = kept(picture(exif=exif), consent=True)
    assert (file.taken_at, file.latitude, file.longitude) == (None, None, None)


def test_keep_large_picture_smaller_with_a_thumbnail(db: None) -> None:
    file = kept(picture(size=(6000, 3000)))
    assert (file.width, file.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    with open_thumbnail(file) as stream:
        assert Image.open(stream).size == (480, 240)


def test_keep_same_file_twice_stores_it_once(db: None) -> None:
    first, second = kept(paper(), "a.pdf"), kept(paper(), "b.pdf")
    assert first.digest == second.digest
    assert first.public_name != second.public_name


def test_open_sealed_original_stands_in_the_trail(db: None, people: SimpleNamespace) -> None:
    original = picture(exif=travelled())
    file, plain = kept(original, seal=True), kept(original)
    officer = people.bureau_officer.actor
    with open_original(actor=officer, file=file, reason="行政处罚取证", at=NOW) as stream:
        assert stream.read() == original
    entry = AuditEntry.objects.get(action="file.original_opened")
    assert (entry.user_id, json.loads(entry.body)["note"]) == (officer.user_id, {"reason": "行政处罚取证"})
    with pytest.raises(Refused):
        open_original(actor=officer, file=plain, reason="行政处罚取证", at=NOW)


def test_release_and_withdraw_file(db: None, people: SimpleNamespace) -> None:
    file, reviewer = kept(paper(), "a.pdf"), people.bureau_reviewer.actor
    released = release_file(actor=reviewer, file=file, at=NOW)
    assert (released.released_by, released.released_at) == (reviewer.user_id, NOW)
    assert withdraw_file(actor=reviewer, file=file, reason="有身份证号", at=NOW).released_at is None
    assert list(
        AuditEntry.objects.filter(action__startswith="file.").values_list("action", flat=True).order_by("id")
    ) == [
        "file.released",
        "file.withdrawn",
    ]
    with pytest.raises(Refused):
        release_file(actor=SYSTEM, file=file, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=file.pk).update(released_at=NOW)


@pytest.mark.parametrize("code", ["jpeg", "png", "webp"])
def test_blacken_picture_makes_a_new_one(db: None, code: str) -> None:
    file = kept(picture(code), f"a.{code}")
    made = blacken_picture(actor=SYSTEM, file=file, boxes=[(0, 0, 100, 100), (600, 400, 9000, 9000)], at=NOW)
    assert made.derived_from == file
    assert made.released_at is None
    covered = pixels(made)
    assert {covered.getpixel(at) for at in ((0, 0), (50, 50), (111, 111), (639, 479))} == {(0, 0, 0)}
    assert min(covered.getpixel((300, 200))) > 240  # type: ignore[arg-type]
    with open_thumbnail(made) as stream:
        assert sum(Image.open(stream).convert("RGB").getpixel((10, 10))) < 30  # type: ignore[arg-type]
    assert pixels(file).getpixel((10, 10))[0] > 200  # type: ignore[index]


@pytest.mark.parametrize("boxes", [[], [(5, 5, 5, 9)], [(-1, 0, 5, 5)], [(700, 0, 800, 10)]])
def test_blacken_picture_refuses_boxes_that_cover_nothing(db: None, boxes: list[tuple[int, int, int, int]]) -> None:
    with pytest.raises(BadFile):
        blacken_picture(actor=SYSTEM, file=kept(picture()), boxes=boxes, at=NOW)


def test_serve_file_to_whom_the_callback_says(db: None) -> None:
    file, document = kept(picture()), kept(paper(), "会议纪要.pdf")
    shown = serve_file(file.public_name, lambda _: True)
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in shown["Content-Security-Policy"]
    assert shown["Content-Disposition"] == f'inline; filename="{file.public_name}"'
    assert b"".join(shown.streaming_content)[:3] == b"\xff\xd8\xff"  # type: ignore[arg-type]
    saved = serve_file(document.public_name, lambda _: True)
    assert saved["Content-Disposition"] == f'attachment; filename="{document.public_name}"'
    small = serve_file(file.public_name, lambda asked: asked == file, thumbnail=True)
    assert small["Content-Type"] == "image/jpeg"
    for response in (saved, small):
        response.close()


def test_serve_file_to_a_stranger_as_if_it_were_not_there(db: None) -> None:
    file, document = kept(picture()), kept(paper(), "a.pdf")
    for name, may, thumbnail in [
        (file.public_name, False, False),
        (f"{file.pk}", True, False),
        ("../../secret.key", True, False),
        ("\x00"[:0] + "x" * 1000, True, False),
        (document.public_name, True, True),
    ]:
        with pytest.raises(Http404):
            serve_file(name, lambda _, may=may: may, thumbnail=thumbnail)  # type: ignore[misc]


def test_check_names_files_that_are_gone(db: None, monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from pathlib import Path

    place = FolderStore(Path(str(tmp_path)) / "文件 夹")
    monkeypatch.setattr(attachments, "store", lambda: place)
    file = kept(picture())
    assert missing_files() == []
    path = place.root / file.thumbnail_digest[:2] / file.thumbnail_digest
    assert path.stat().st_mode & 0o077 == 0
    path.unlink()
    assert missing_files() == [file.pk]
    assert not list(place.root.with_name("文件 夹.incoming").iterdir())
    with pytest.raises(ValueError):
        place.open("../../etc/passwd")


@settings(deadline=None, max_examples=40)
@given(
    some.sampled_from(["jpeg", "png", "webp"]),
    some.lists(some.tuples(some.integers(0, 10_000), some.integers(0, 255)), max_size=12),
)
def test_damaged_picture_is_refused_or_written_anew(code: str, changes: list[tuple[int, int]]) -> None:
    content = bytearray(picture(code, exif=travelled()))
    for place, value in changes:
        content[place % len(content)] = value
    try:
        made = cleaned(bytes(content), kind_of(f"a.{code}", bytes(content)), consent=True)
    except BadFile as bad:
        assert bad.code in FILE_WORDS  # noqa: PT017
        return
    assert Image.open(io.BytesIO(made.content)).size == (made.width, made.height)
