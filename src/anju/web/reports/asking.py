"""From a request to a view of the table, and the words of its filters."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from anju.base.actor import Actor, Refused
from anju.places.models import Compound, Division
from anju.reports.columns import Column, Columns
from anju.reports.queries.rows import columns_for
from anju.reports.view import Condition, TableView, read_view
from anju.web.reports.words import ANSWERS, GROUPS, MARKS, OPERATORS, VIEWS, heading, operator_words
from anju.web.words import sentence

STATES = dict(Compound.ServiceState.choices)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks of the table. `problem`: why it cannot be answered, in words; the view is then the plain one."""

    columns: Columns
    view: TableView
    problem: str = ""


def asked_of(request: HttpRequest, actor: Actor) -> Asked:
    columns = columns_for(actor)
    try:
        return Asked(columns, read_view(request.GET, columns))
    except Refused as refusal:
        return Asked(columns, TableView(), sentence(refusal))


def address(view: TableView, *, of: str = "reports:table", **more: object) -> str:
    query = "&".join([view.query(), *(f"{key}={value}" for key, value in more.items() if value)]).strip("&")
    return f"{reverse(of)}?{query}" if query else reverse(of)


@lru_cache(maxsize=16)
def common_views(columns: Columns) -> tuple[tuple[str, str, TableView], ...]:
    """Return id, name and view of what every post has; a county that does not ask something has no view of it."""
    views = []
    for number, (name, query) in enumerate(VIEWS):
        with suppress(Refused):
            views.append((f"v{number}", name, read_view(QueryDict(query), columns)))
    return tuple(views)


def tabs_of(view: TableView, columns: Columns, saved: Sequence[tuple[int, str, str]]) -> list[dict[str, Any]]:
    """The views of everyone, then one's own (id, name, query); one that looks at the same rows is the current one."""
    here = replace(view, columns=(), sort="").query()
    whole = view.query()
    base = reverse("reports:table")
    tabs = [
        {"label": name, "url": address(common), "current": common.query() == here, "id": id_}
        for id_, name, common in common_views(columns)
    ]
    own = [
        {"label": name, "url": f"{base}?{query}", "current": query == whole, "id": f"s{pk}"}
        for pk, name, query in saved
    ]
    if any(tab["current"] for tab in own):
        tabs = [tab | {"current": False} for tab in tabs]
    return [*tabs, *own]


def chips(view: TableView, columns: Columns, *, of: str = "reports:table") -> list[dict[str, str]]:
    """Each condition in words, with the address of the view without it."""
    return [{"words": _words(one, columns), "url": address(view.without(one), of=of)} for one in view.conditions]


def _words(condition: Condition, columns: Columns) -> str:
    column = columns.by_code[condition.code]
    value = condition.value
    if column.type == "answer":
        value = ANSWERS.get(value, value)
    if column.type == "service" and condition.operator == "is":
        value = STATES.get(value, value)
    return " ".join(part for part in (heading(column), operator_words(column, condition.operator), value) if part)


def filter_choices(view: TableView) -> dict[str, Any]:
    return {
        "kinds": _options(tuple(Compound.Kind.choices), view.kind),
        "states": _options(tuple(Compound.ServiceState.choices), view.state),
        "marks": _options(MARKS, view.mark),
        "operators": _options(OPERATORS, ""),
    }


@lru_cache(maxsize=200)
def _options(choices: Sequence[tuple[str, str]], chosen: str) -> SafeString:
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((code, SafeString(" selected") if code == chosen else "", name) for code, name in choices),
    )


def sifted_options(columns: Columns) -> SafeString:
    """The columns one can ask something of, by their groups."""
    inside = tuple(column for column in columns.every if column.sifted)
    return _by_group(inside, '<option value="{}">{}</option>')


def _by_group(columns: tuple[Column, ...], line: str) -> SafeString:
    parts = []
    for group, name in GROUPS.items():
        inside = [(column.code, column.name) for column in columns if column.group == group]
        if inside:
            parts.append(format_html('<optgroup label="{}">{}</optgroup>', name, format_html_join("", line, inside)))
    return SafeString("".join(parts))


def chooser(columns: Columns, chosen: frozenset[str]) -> SafeString:
    """Boxes for every column, by their groups."""
    parts = []
    for group, name in GROUPS.items():
        inside = [
            (column.code, SafeString(" checked") if column.code in chosen else "", column.name)
            for column in columns.every
            if column.group == group
        ]
        boxes = format_html_join("", '<label><input type="checkbox" name="c" value="{}"{}>{}</label>', inside)
        if inside:
            parts.append(format_html("<fieldset><legend>{}</legend>{}</fieldset>", name, boxes))
    return SafeString("".join(parts))


def heads(columns: Sequence[Column], view: TableView) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The two lines of the table's head: groups with how wide they are, columns with the way to order by them."""
    groups: list[dict[str, Any]] = []
    cells = []
    for column in columns:
        new = not groups or groups[-1]["code"] != column.group
        if new:
            groups.append({"code": column.group, "name": GROUPS[column.group], "wide": 0})
        groups[-1]["wide"] += 1
        cells.append(_head(column, view, new=new))
    return groups, cells


def _head(column: Column, view: TableView, *, new: bool) -> dict[str, Any]:
    falls, rises = f"-{column.code}", column.code
    wanted = {falls: rises, rises: ""}.get(view.sort, falls)
    return {
        "name": heading(column),
        "unit": column.unit,
        "full": column.name,
        "css": " ".join([*(["aj-num"] if column.numeric else []), *(["aj-g"] if new else [])]),
        "sort_url": address(replace(view, sort=wanted)) if column.sortable else "",
        "sorted": {falls: "descending", rises: "ascending"}.get(view.sort, "") if column.sortable else "",
    }


def table_address(request: HttpRequest) -> str:
    """Return the way back to the view one came from: a query of ours, whatever it asks."""
    query = request.POST.get("next", request.GET.get("next", ""))
    return f"{reverse('reports:table')}?{urlencode(parse_qsl(query), safe=':,')}" if query else reverse("reports:table")


def told_view(asked: Asked) -> list[str]:
    """Return what narrows a view, in words."""
    told = told_conditions(asked.view, asked.columns)
    if asked.view.division:
        told += [row.name for row in Division.objects.filter(pk=asked.view.division)]
    return told


def told_conditions(view: TableView, columns: Columns) -> list[str]:
    """Return what narrows a view but for its division, in words."""
    told = [chip["words"] for chip in chips(view, columns)]
    for choices, value in ((Compound.Kind.choices, view.kind), (STATES.items(), view.state), (MARKS, view.mark)):
        told += [name for code, name in choices if code == value]
    if view.text:
        told.append(f"名称含“{view.text}”")
    return told
