"""公开前看照片: the reviewer of a case blackens what tells of a person and releases a photo, or leaves it private."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import Refused
from anju.base.file_kinds import BadFile
from anju.base.images import Box
from anju.cases.models import Case
from anju.cases.queries.photos import Photo, may_review, photo_of, photos_of, shows_photos
from anju.cases.services.photos import blacken_photo, open_evidence, release_photo, withdraw_photo
from anju.rules.permissions import Permission
from anju.web.cases.forms import RevealForm as ReasonForm
from anju.web.cases.views_cases import case_or_404, trail
from anju.web.cases.words import PICTURES
from anju.web.doors import ActorRequest, door
from anju.web.files import FILE_WORDS, save_original
from anju.web.refusals import refusals
from anju.web.words import sentence

LONG: Final = 24
SHORT: Final = 18


@door(Permission.CASE_ACT)
def photos(request: ActorRequest, pk: int) -> HttpResponse:
    row, at = case_or_404(request, pk), timezone.now()
    if away := _away(request, row, at):
        return away
    if request.method == "POST":
        _press(request, row, at)
        return redirect("cases:photos", pk=pk)
    context = {
        "case": row,
        "photos": [_shown(row, one) for one in photos_of(row)],
        "never": not shows_photos(row),
        "breadcrumb": trail(row, "公开前看照片"),
    }
    return render(request, "cases/photos.html", context)


@door(Permission.CASE_ACT)
def blacken(request: ActorRequest, pk: int, name: str) -> HttpResponse:
    """The picture under a grid of squares: each that is ticked is covered. Nothing is changed in the picture itself."""
    row, at = case_or_404(request, pk), timezone.now()
    if away := _away(request, row, at):
        return away
    photo = photo_of(row, name)
    if photo is None:
        raise Http404
    width, height = photo.file.width or 0, photo.file.height or 0
    columns, rows = grid_of(width, height)
    if request.method == "POST":
        boxes = list(boxes_of(request.POST.getlist("cell"), width, height))
        if _tried(request, lambda: blacken_photo(actor=request.actor, case=row, name=name, boxes=boxes, at=at)):
            messages.success(request, "已另存一张涂黑的，原图没有改动。请核对后再公开。")
            return redirect("cases:photos", pk=pk)
    context = {
        "case": row,
        "photo": _shown(row, photo),
        "upright": rows > columns,
        "lines": [[(f"{line}-{column}", line + 1, column + 1) for column in range(columns)] for line in range(rows)],
        "breadcrumb": [*trail(row, "公开前看照片", reverse("cases:photos", args=[pk])), {"label": "涂黑"}],
    }
    return render(request, "cases/blacken.html", context)


@door(Permission.CASE_ACT)
def original(request: ActorRequest, pk: int, name: str) -> HttpResponseBase:
    """The picture as it came, sealed as evidence: given out for a reason that is written down."""
    row, form = case_or_404(request, pk), ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            reason, at = form.cleaned_data["reason"], timezone.now()
            file, content = open_evidence(actor=request.actor, case=row, name=name, reason=reason, at=at)
        if done.ok:
            return save_original(file, content)
    context = {
        "form": form,
        "title": "取原始照片",
        "sub": f"{row.number}，{row.compound.name}",
        "submit": "取出",
        "consequences": [
            "原图带有拍摄时间、地点和设备，只用于执法取证。",
            "您的姓名、岗位、时间和用途会记入审计记录。",
        ],
        "back_url": reverse("cases:case", args=[pk]),
        "breadcrumb": trail(row, "取原始照片"),
    }
    return render(request, "base/confirm.html", context)


def boxes_of(cells: list[str], width: int, height: int) -> Iterator[Box]:
    """Yield the fields `line-column` of the grid as boxes of the picture; runs in a line are one box, what is no field is left out."""
    columns, rows = grid_of(width, height)
    marked = {place for cell in cells[: LONG * SHORT] if (place := _place(cell))}
    for line in range(rows):
        column = 0
        while column < columns:
            end = column
            while end < columns and (line, end) in marked:
                end += 1
            if end > column:
                yield (
                    column * width // columns,
                    line * height // rows,
                    -(-end * width // columns),
                    -(-(line + 1) * height // rows),
                )
            column = end + 1


def grid_of(width: int, height: int) -> tuple[int, int]:
    """Return how many columns and rows the grid of a picture has: more along its longer side, so that the fields are about square."""
    return (SHORT, LONG) if height > width else (LONG, SHORT)


def _place(cell: str) -> tuple[int, int] | None:
    line, _, column = cell.partition("-")
    if not (line.isascii() and line.isdigit() and column.isascii() and column.isdigit() and len(cell) < 6):
        return None
    return int(line), int(column)


def _press(request: ActorRequest, row: Case, at: datetime) -> None:
    actor, name = request.actor, request.POST.get("photo", "")[:40]
    match request.POST.get("do"):
        case "release":
            looked = request.POST.get("looked") == "1"
            if _tried(request, lambda: release_photo(actor=actor, case=row, name=name, looked=looked, at=at)):
                messages.success(request, "这张照片可以公开了，件办结并公开后所有人看得到。")
        case "withdraw":
            if _tried(request, lambda: withdraw_photo(actor=actor, case=row, name=name, at=at)):
                messages.success(request, "已收回，外面看不到了。")
        case _:
            messages.warning(request, "没有选要办的。")


def _tried(request: ActorRequest, work: Callable[[], object]) -> bool:
    try:
        work()
    except BadFile as bad:
        messages.error(request, FILE_WORDS[bad.code])
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        return True
    return False


def _away(request: ActorRequest, row: Case, at: datetime) -> HttpResponseRedirect | None:
    if may_review(request.actor, row, at):
        return None
    messages.error(request, "照片在办结后由公开审查人看，现在不能办，或不由您的岗位办理。")
    return redirect("cases:case", pk=row.pk)


def _shown(row: Case, photo: Photo) -> dict[str, Any]:
    name = photo.file.public_name
    return {
        "name": name,
        "url": reverse("cases:file", args=[row.pk, name]),
        "blacken_url": reverse("cases:blacken", args=[row.pk, name]),
        "kind": PICTURES[photo.kind],
        "covered": photo.covered,
        "released": photo.file.released_at,
    }
