"""Files on their way out: one helper for every view that serves an attachment."""

from collections.abc import Callable
from typing import BinaryIO

from django.http import FileResponse, Http404

from anju.base.attachments import find_file, open_file, open_thumbnail
from anju.base.file_kinds import KINDS
from anju.base.models import Attachment

FILE_WORDS: dict[str, str] = {
    "active": "文件里带有宏或脚本，不能收。请另存为不带宏的文件，或打印成 PDF。",
    "bad_box": "没有涂黑的地方，或涂到了图片外面。请重新框选。",
    "damaged": "文件已损坏，打不开。请重新拍照或另存后再选。",
    "empty": "文件是空的，请重新选择。",
    "encrypted": "文件加了密码。请去掉密码再选。",
    "heic": "这是苹果手机的 HEIC 照片，还不能收。请在“设置 - 相机 - 格式”里选“兼容性最佳”再拍，或发截图。",
    "no_picture": "这里只收照片（JPG、PNG、WebP）。",
    "too_big": "文件太大，最多 20 MB。",
    "too_many_pixels": "图片太大，最多 5000 万像素。请缩小后再选。",
    "two_kinds": "这个文件不只是一张图片或一份文档，为了安全不能收。请重新拍照或另存。",
    "unknown_kind": "只收照片（JPG、PNG、WebP）和文档（PDF、XLSX、DOCX）。",
    "wrong_name": "文件名和内容对不上（例如把别的文件改名成了 .jpg）。请用原来的文件。",
}
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def serve_file(name: str, may: Callable[[Attachment], bool], *, thumbnail: bool = False) -> FileResponse:
    """Answer with the file of a public name if `may` says so of it; to anybody else it does not exist.

    Pictures are shown, papers are saved, under the random name. A browser must not guess another type, run anything, or keep a copy.
    """
    file = find_file(name[:40])
    if file is None or not may(file) or (thumbnail and not file.thumbnail_digest):
        raise Http404
    kind = KINDS["jpeg"] if thumbnail else KINDS[file.kind]
    response = FileResponse(
        open_thumbnail(file) if thumbnail else open_file(file),
        content_type=kind.mime,
        as_attachment=not kind.is_image,
        filename=f"{file.public_name.rpartition('.')[0]}.{kind.extensions[0]}",
    )
    return _guarded(response)


def save_original(file: Attachment, content: BinaryIO) -> FileResponse:
    """Answer with the sealed original of a picture, to be saved. Who may have it, the service that opened it has asked."""
    kind = KINDS[file.kind]
    name = f"{file.public_name.rpartition('.')[0]}-original.{kind.extensions[0]}"
    return _guarded(FileResponse(content, content_type=kind.mime, as_attachment=True, filename=name))


def _guarded(response: FileResponse) -> FileResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response
