"""Rows of the table as HTML, written in one pass: a page of 50 rows has a thousand cells, and a template takes ten times as long.

Every text goes through `escape`; what is put together here is called safe once, at the end.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString

from anju.places.models import Compound
from anju.reports.columns import DAYS, KIND, KNOWN, PLACE, STATE, Column, Columns
from anju.reports.queries.cells import STATES, Told, account_of, figure, is_unknown, share, told_of, written
from anju.reports.queries.pages import Row
from anju.reports.queries.totals import Total, is_added
from anju.reports.view import SCALES, TableView
from anju.web.templatetags.look import DASH, DEMO, icon
from anju.web.templatetags.look import row as address

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


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How rows are drawn: one object of `look_of` for all that are drawn alike. `asked`: the keys that completeness is out of;
    `editable`: cells open the form; `grouped`: rows stand under their town, else each names its own."""

    columns: tuple[Column, ...]
    classes: tuple[str, ...]
    asked: frozenset[str]
    today: int
    editable: bool
    grouped: bool


@lru_cache(maxsize=64)
def look_of(columns: Columns, codes: tuple[str, ...], *, today: int, editable: bool, grouped: bool) -> Look:
    """Return how rows look with these columns, the standard ones where `codes` is empty. `today` as 20260131."""
    chosen = columns.chosen(codes)
    return Look(chosen, tuple(_firsts(chosen)), columns.keys, today, editable, grouped)


def body(look: Look, rows: Sequence[Row], towns: dict[int, SafeString], names: dict[int, str]) -> SafeString:
    """Return the table's bodies: one a town where the rows stand by town, each headed by its row of totals."""
    parts: list[str] = []
    town: int | None = None
    for row in rows:
        if look.grouped and row[1] != town:
            parts.append(("</tbody>" if town else "") + f'<tbody id="t{row[1]}">')
            parts.append(towns.get(row[1], ""))
            town = row[1]
        parts.append(_drawn(look, row, "" if look.grouped else names.get(row[1], "")))
    return SafeString(("" if look.grouped else "<tbody>") + "".join(parts) + "</tbody>")


def _firsts(columns: Sequence[Column]) -> list[str]:
    """The class of each column: where a group begins, and where figures stand at the right."""
    classes = []
    for number, column in enumerate(columns):
        words = ["aj-num"] if column.numeric else []
        if not number or columns[number - 1].group != column.group:
            words.append("aj-g")
        classes.append(" ".join(words))
    return classes


@lru_cache(maxsize=1024)  # some 10 kB each; most readers open the same first pages
def _drawn(look: Look, row: Row, town: str) -> str:
    """One row. It is decided by its values alone, so one that nobody has changed since is not drawn again."""
    pk, name, document = row[0], _name(row[4]), json.loads(row[10])
    page = address("places:compound", pk)
    box = f'<input type="checkbox" name="row" value="{pk}" form="act" aria-label="选中{escape(row[4])}">'
    out = [
        f'<tr data-row="{pk}" id="r{pk}"><th scope="row">{box if look.editable else ""}<a href="{page}">{name}</a></th>'
    ]
    account = account_of(document, look.asked)
    beside = any(column.code == STATE for column in look.columns)  # the state stands in its own column: here only who
    for column, css in zip(look.columns, look.classes, strict=True):
        if column.pk is None:
            out.append(f'<td class="{css}">{_own(look, row, column, account, town)}</td>')
            continue
        told = told_of(document, column, look.today)
        text = _company(told, beside) if told is not None and column.type == "service" else _text(column, told)
        if told is not None and told.stale:
            text = f'<span class="aj-stale" title="过期未核实">{text}{icon("clock")}<span class="aj-vh">（过期未核实）</span></span>'
        if told is not None and told.conflict:
            css = f"{css} aj-conf".lstrip()
            text += (
                f'<a class="aj-src" href="{page}" aria-label="{told.sources}源：来源不一致，查看">{told.sources}源</a>'
            )
        point = f' data-c="{column.code}"' if look.editable else ""
        out.append(f'<td class="{css}"{point}>{text}</td>' if css else f"<td{point}>{text}</td>")
    out.append("</tr>")
    return "".join(out)


def _name(name: str) -> str:
    text = escape(name)
    return f'<span class="aj-demo">{DEMO}</span>{text[len(DEMO) :]}' if text.startswith(DEMO) else text


def _company(told: Told, beside: bool) -> str:
    if told.form == "unknown" or (told.form == "company" and not told.text):
        return _UNKNOWN
    return _NOT_APPLICABLE if beside and not told.text else escape(told.text or STATES.get(told.form, ""))


def _text(column: Column, told: Told | None) -> str:
    if told is None or is_unknown(column, told):
        return _UNKNOWN
    if column.type == "answer":
        return _ANSWERS.get(told.form, _UNKNOWN)
    text = escape(written(column, told))
    return f'<span class="aj-nb">{text}</span>' if column.type in DAYS else text


def _own(look: Look, row: Row, column: Column, account: tuple[int, date | None], town: str) -> str:
    if column.code == PLACE:
        community = escape(row[8]) if row[9] == "community" else '<span class="aj-unk">待定</span>'
        return community if look.grouped else f"{escape(town)} {community}"
    if column.code == KIND:
        return escape(KINDS[row[5]]) if row[5] != "unknown" else _UNKNOWN
    if column.code == STATE:
        return _STATES[row[6]]
    known, verified = account
    if column.code == KNOWN:
        return str(share(known, len(look.asked)))
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
