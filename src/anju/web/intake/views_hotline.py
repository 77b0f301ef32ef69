"""12345 工单表: taken in, looked at, filed; the replies go back in the same layout."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.base.file_kinds import BadFile
from anju.base.sheets import BadSheet, Sheet, write_workbook
from anju.inspections.queries.hotline import Replied, as_text, lines_of, replies_of, rows_of, sheets_for
from anju.inspections.services.hotline import file_orders, take_sheet
from anju.rules.hotline import HEADINGS, Layout, read_orders
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.files import FILE_WORDS
from anju.web.intake.forms import SheetForm
from anju.web.sheet_words import SHEET_WORDS, said_sheet

FAULTS = {
    "no_order": "没有工单编号",
    "no_text": "没有诉求内容",
    "too_long": "内容太长，请删到 4000 字以内",
    "twice": "和上面的工单编号重复",
    "no_place": "认不出是哪个小区，请在表里写上小区名再导入",
    "several_places": "对得上几个小区，请写全名再导入",
}
_WORDS = {
    **SHEET_WORDS,
    "no_header": "没有找到标题行。表里要有“工单编号”和“诉求内容”（或“问题描述”）两列。",
    "no_lines": "标题下面没有工单。",
}
_ADDED = ("reply", "done", "state")


@door(Permission.HOTLINE_IMPORT)
def sheets(request: ActorRequest) -> HttpResponse:
    form = SheetForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = take_sheet(actor=request.actor, name=file.name, content=file.read(), at=timezone.now())
        except BadSheet as bad:
            form.add_error("file", said_sheet(bad, _WORDS))
        except BadFile as bad:
            form.add_error("file", FILE_WORDS[bad.code])
        else:
            return redirect("intake:sheet", pk=row.pk)
    context = {"form": form, "rows": sheets_for(request.actor)[:50], "breadcrumb": _trail()}
    return render(request, "intake/hotline.html", context)


@door(Permission.HOTLINE_IMPORT)
def sheet(request: ActorRequest, pk: int) -> HttpResponse:
    """What each line will be; one press files those that can be."""
    row = get_object_or_404(sheets_for(request.actor), pk=pk)
    if request.method == "POST":
        taken = file_orders(actor=request.actor, sheet=row, at=timezone.now())
        messages.success(
            request, f"登记了 {taken.filed} 件，原来已登记 {taken.known} 件，还有 {taken.left} 件没有登记。"
        )
        return redirect("intake:sheet", pk=row.pk)
    lines = lines_of(request.actor, row)
    context = {
        "sheet": row,
        "lines": [(line, "；".join(FAULTS[code] for code in line.faults)) for line in lines],
        "ready": sum(1 for line in lines if not line.faults and not line.number),
        "filed": sum(1 for line in lines if line.number),
        "breadcrumb": _trail(row.name),
    }
    return render(request, "intake/sheet.html", context)


@door(Permission.HOTLINE_IMPORT)
def replies(request: ActorRequest, pk: int) -> HttpResponse:
    """The sheet as it came, with its reply columns filled, and added at the end where it had none."""
    row = get_object_or_404(sheets_for(request.actor), pk=pk)
    rows, layout = rows_of(row)
    orders = {one.line: one.order for one in read_orders(rows, layout)}
    told = replies_of(request.actor, list(orders.values()))
    table = _filled([[as_text(cell) for cell in line] for line in rows], layout, orders, told)
    widths = [18] * max(map(len, table), default=1)
    content = write_workbook([Sheet("办理结果", table, widths)])
    headers = {"Content-Disposition": f'attachment; filename="hotline-{row.pk}.xlsx"'}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return HttpResponse(content, content_type=kind, headers=headers)


def _filled(
    table: list[list[str]], layout: Layout, orders: dict[int, str], told: dict[str, Replied]
) -> list[list[str]]:
    width = max(map(len, table))
    columns = dict(layout.columns)
    for what in _ADDED:
        if what not in columns:
            columns[what], width = width, width + 1
    table = [line + [""] * (width - len(line)) for line in table]
    for what in _ADDED:
        table[layout.line][columns[what]] = table[layout.line][columns[what]] or HEADINGS[what][0]
    for line, order in orders.items():
        if (found := told.get(order)) is not None:
            values = {"reply": found.text, "done": _when(found.at), "state": found.state}
            for what, value in values.items():
                table[line - 1][columns[what]] = value or table[line - 1][columns[what]]
    return table


def _when(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _trail(last: str = "") -> list[dict[str, str]]:
    start = [{"label": "代录", "url": reverse("intake:enter")}]
    hotline = {"label": "12345 工单表"}
    return [*start, hotline | {"url": reverse("intake:hotline")}, {"label": last}] if last else [*start, hotline]
