"""Rows of the table as HTML, written in one pass: a page of 50 rows has a thousand cells, and a template takes ten times as long.

Every text goes through `escape`; what is put together here is called safe once, at the end.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString

from anju.places.models import Compound
from anju.reports.columns import DAYS, KIND, KNOWN, PLACE, STATE, Column
from anju.reports.queries.cells import STATES, Told, account_of, figure, is_unknown, share, told_of, written
from anju.reports.queries.totals import Total, is_added
from anju.reports.view import SCALES, TableView
from anju.web.templatetags.look import DASH, DEMO

KINDS = dict(Compound.Kind.choices)
_UNKNOWN = '<span class="aj-unk">未知</span>'
_NOT_APPLICABLE = f'<span class="aj-2" aria-label="不适用">{DASH}</span>'
_ANSWERS = {
    "yes": '<span class="aj-tri is-yes">有</span>',
    "no": '<span class="aj-tri">无</span>',
    "not_applicable": _NOT_APPLICABLE,
}
_STATES = {**{code: escape(name) for code, name in STATES.items()}, "unknown": _UNKNOWN}
_STATES["unmanaged"] = '<span class="aj-st is-warn">失管</span>'


@dataclass(frozen=True, slots=True)
class Grid:
    """What a page of the table is drawn from. `asked`: the keys that completeness is out of; `editable`: cells open the form;
    `grouped`: rows stand under their town, else each names its own of `towns`."""

    columns: tuple[Column, ...]
    rows: Sequence[tuple[Any, ...]]
    asked: frozenset[str]
    today: int
    editable: bool
    grouped: bool
    towns: dict[int, str]


def body(grid: Grid, towns: dict[int, SafeString]) -> SafeString:
    """Return the table's bodies: one a town where the rows stand by town, each headed by its row of totals."""
    first = _firsts(grid.columns)
    draw = _drawer(grid, first)
    parts: list[str] = []
    town: int | None = None
    for row in grid.rows:
        if grid.grouped and row[1] != town:
            parts.append(("</tbody>" if town else "") + f'<tbody id="t{row[1]}">')
            parts.append(towns.get(row[1], ""))
            town = row[1]
        parts.append(draw(row))
    return SafeString(("" if grid.grouped else "<tbody>") + "".join(parts) + "</tbody>")


def _firsts(columns: Sequence[Column]) -> list[str]:
    """The class of each column: where a group begins, and where figures stand at the right."""
    classes = []
    for number, column in enumerate(columns):
        words = ["aj-num"] if column.numeric else []
        if not number or columns[number - 1].group != column.group:
            words.append("aj-g")
        classes.append(" ".join(words))
    return classes


def _drawer(grid: Grid, classes: list[str]) -> Callable[[tuple[Any, ...]], str]:
    page = reverse("places:compound", args=[1])[:-2]
    clock = f'<svg class="aj-i" aria-hidden="true"><use href="{static("anju/icons.svg")}#clock"/></svg>'
    old = f'{clock}<span class="aj-vh">（过期未核实）</span></span>'

    beside = any(column.code == STATE for column in grid.columns)  # the state stands in its own column: here only who

    def company_of(told: Told) -> str:
        if told.form == "unknown" or (told.form == "company" and not told.text):
            return _UNKNOWN
        return _NOT_APPLICABLE if beside and not told.text else escape(told.text or STATES.get(told.form, ""))

    def draw(row: tuple[Any, ...]) -> str:
        pk, name = row[0], escape(row[4])
        if name.startswith(DEMO):
            name = f'<span class="aj-demo">{DEMO}</span>{name[len(DEMO) :]}'
        chosen = (
            f'<input type="checkbox" name="row" value="{pk}" form="act" aria-label="选中{escape(row[4])}">'
            if grid.editable
            else ""
        )
        out = [f'<tr data-row="{pk}"><th scope="row">{chosen}<a href="{page}{pk}/">{name}</a></th>']
        account: list[Any] = []
        for column, css in zip(grid.columns, classes, strict=True):
            if column.pk is None:
                out.append(f'<td class="{css}">{_own(grid, row, column, account)}</td>')
                continue
            told = told_of(row[10], column, grid.today)
            text = company_of(told) if told is not None and column.type == "service" else _text(column, told)
            if told is not None and told.stale:
                text = f'<span class="aj-stale" title="过期未核实">{text}{old}'
            if told is not None and told.conflict:
                css = f"{css} aj-conf".lstrip()
                text += f'<a class="aj-src" href="{page}{pk}/" aria-label="{told.sources}源：来源不一致，查看">{told.sources}源</a>'
            point = f' data-c="{column.code}"' if grid.editable else ""
            out.append(f'<td class="{css}"{point}>{text}</td>' if css else f"<td{point}>{text}</td>")
        out.append("</tr>")
        return "".join(out)

    return draw


def _text(column: Column, told: Told | None) -> str:
    if told is None or is_unknown(column, told):
        return _UNKNOWN
    if column.type == "answer":
        return _ANSWERS.get(told.form, _UNKNOWN)
    text = escape(written(column, told))
    return f'<span class="aj-nb">{text}</span>' if column.type in DAYS else text


def _own(grid: Grid, row: tuple[Any, ...], column: Column, account: list[Any]) -> str:
    if column.code == PLACE:
        community = escape(row[8]) if row[9] == "community" else '<span class="aj-unk">待定</span>'
        return community if grid.grouped else f"{escape(grid.towns.get(row[1], ''))} {community}"
    if column.code == KIND:
        return escape(KINDS[row[5]]) if row[5] != "unknown" else _UNKNOWN
    if column.code == STATE:
        return _STATES[row[6]]
    if not account:  # both columns ask for it
        account.extend(account_of(row[10], grid.asked))
    known, verified = account
    if column.code == KNOWN:
        return str(share(known, len(grid.asked)))
    return verified.isoformat() if verified else DASH


def sum_row(total: Total, columns: Sequence[Column], view: TableView, *, counted: bool = True) -> str:
    """Return the row of totals of a town, or of everything; `counted` False: the place that the totals come to."""
    narrowed = replace(view, division=total.town) if total.town else view
    heading = f"{escape(total.name)} <small>{total.rows:,}个小区</small>" if counted else escape(total.name)
    place = f'<a href="{_link(narrowed)}">{heading}</a>' if total.town else heading
    cells = [f'<th scope="{"rowgroup" if total.town else "row"}">{place}</th>']
    for column, css in zip(columns, _firsts(columns), strict=True):
        text = _sum(total, column, narrowed) if counted else ""
        cells.append(f'<td class="{css}">{text}</td>')
    return f'<tr class="aj-total" id="sum{total.town or ""}">{"".join(cells)}</tr>'


def _sum(total: Total, column: Column, view: TableView) -> str:
    if column.code == STATE:
        return f'<a href="{_link(replace(view, state="unmanaged"))}">失管 {total.unmanaged:,}</a>'
    if column.pk is None or not is_added(column):
        return ""
    sum_ = total.sums[column.pk]
    if column.type == "answer":
        return f'<a href="{_link(view.also(column.code, "is", "yes"))}">{sum_.figure:,}</a><span class="aj-of">/{total.rows:,}</span>'
    words = figure(sum_.figure, SCALES.get(column.type, 1))
    missing = (
        f'<a class="aj-miss" href="{_link(view.also(column.code, "unknown"))}">缺{sum_.missing:,}</a>'
        if sum_.missing
        else ""
    )
    if sum_.missing == total.rows:
        return missing
    return f'{missing}<a href="{_link(view.also(column.code, "known"))}">{words}</a>'


def _link(view: TableView) -> str:
    return escape(f"{reverse('reports:table')}?{view.query()}")


def sums(
    towns: Sequence[Total], whole: Total | None, columns: Sequence[Column], view: TableView
) -> tuple[dict[int, SafeString], SafeString]:
    """Return the rows of totals by town, and that of everything; without the whole, only the places that they come to."""
    counted = whole is not None
    each = {total.town or 0: SafeString(sum_row(total, columns, view, counted=counted)) for total in towns}
    return each, SafeString(sum_row(whole, columns, view) if whole else "")
