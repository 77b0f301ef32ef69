"""The look's own tags: parts that wrap other markup, icons, and small spellings. `docs/design.md` shows each in use."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from anju.rules.phones import mask_phone
from anju.web.home.row import Row
from anju.web.navigation import Group
from anju.web.paths import row_path

register = template.Library()
DASH = "—"
DEMO = "示例·"


@register.simple_tag
def icon(name: str) -> SafeString:
    """One drawing of icons.svg, for the eye only: the word stands beside it."""
    return _drawn(name)


@cache
def _drawn(name: str) -> SafeString:
    return format_html('<svg class="aj-i" aria-hidden="true"><use href="{}#{}"/></svg>', static("anju/icons.svg"), name)


@register.simple_tag
def row(name: str, pk: int) -> str:
    """The address of one row of a long list. `url` asks the resolver for each, which takes longer than the rest of the row."""
    return row_path(name, pk)


@register.simple_tag
def status(state: str, text: str) -> SafeString:
    """A state in one word with its look: done, go, warn, or none."""
    return _marked("st", state, text)


@register.simple_tag
def due(state: str, text: str, note: str = "") -> SafeString:
    """How much time is left, with its look: late, today, far, or none; and small beside it what it is left for."""
    return _marked("due", state, text, note)


@lru_cache(maxsize=2048, typed=True)  # text that is safe and text that is not are equal
def _marked(part: str, state: str, text: str, note: str = "") -> SafeString:
    mark = format_html('<span class="aj-{}{}">{}</span>', part, f" is-{state}" if state else "", text)
    return format_html('{} <small class="aj-2">{}</small>', mark, note) if note else mark


@register.simple_tag
def options(groups: Iterable[tuple[str | None, list[dict[str, Any]], int]]) -> SafeString:
    """What a select offers, from its widget's `optgroups`. Django includes two templates for each, the slowest part of a list."""
    return format_html_join("", "{}{}{}", (_offered(name, choices) for name, choices, _ in groups))


def _offered(name: str | None, choices: list[dict[str, Any]]) -> tuple[SafeString | str, SafeString, SafeString | str]:
    each = (
        (str(choice["value"]), mark_safe(" selected") if choice["selected"] else "", choice["label"])
        for choice in choices
    )
    drawn = format_html_join("", '<option value="{}"{}>{}</option>', each)
    return (format_html('<optgroup label="{}">', name), drawn, mark_safe("</optgroup>")) if name else ("", drawn, "")


@register.simple_tag
def sidebar(groups: Iterable[Group], copy: str) -> SafeString:
    """The lists of the sidebar, or of the phone's menu as its second `copy`: the same on most pages, so kept once rendered."""
    return _listed(tuple(groups), copy)


@lru_cache(maxsize=512)
def _listed(groups: tuple[Group, ...], copy: str) -> SafeString:
    return render_to_string("parts/nav.html", {"nav": groups, "copy": copy})


@register.simple_tag
def work(row: Row) -> SafeString:
    """One row of the worklist. What waits today mostly waited when the desk was opened before, so each is kept once drawn."""
    return _worked(row)


@lru_cache(maxsize=2048)
def _worked(row: Row) -> SafeString:
    return render_to_string("parts/work.html", {"row": row})


@register.simple_block_tag
def head(content: str, title: str, sub: str = "") -> str:
    """The top of a page: its h1, one line under it, and inside the tag the acts, one of them primary at most."""
    return render_to_string("parts/head.html", {"acts": content, "title": title, "sub": sub})


@register.simple_block_tag
def card(content: str, title: str, note: str = "", id: str = "", url: str = "", link: str = "") -> str:
    """A card with a heading. Put tables straight inside and everything else into `<div class="aj-body">`."""
    values = {"content": content, "title": title, "note": note, "id": id, "url": url, "link": link}
    return render_to_string("parts/card.html", values)


@register.simple_block_tag
def table(content: str, caption: str, stacked: bool = False) -> str:
    """A plain table: the rows inside the tag, read aloud as `caption`. It scrolls by itself on a phone, or stacks."""
    return render_to_string("parts/table.html", {"content": content, "caption": caption, "stacked": stacked})


@register.simple_block_tag
def drawer(content: str, id: str, title: str, back: str = "main") -> str:
    """A drawer at the right, opened by a link to `#id` and closed by one to `#back`."""
    return render_to_string("parts/drawer.html", {"content": content, "id": id, "title": title, "back": back})


@register.filter
def demo(name: Any) -> SafeString:
    """Grey the prefix 示例· so that the eye reads the name. One element, as rows that lay out their children want it."""
    text = str(name)
    if not text.startswith(DEMO):
        return format_html("{}", text)
    return format_html('<span><span class="aj-demo">{}</span>{}</span>', DEMO, text.removeprefix(DEMO))


@register.filter
def day(value: date | None) -> SafeString | str:
    """2026-11-24, as in tables; a dash where there is no day."""
    if value is None or value == "":
        return DASH
    text = (localtime(value) if isinstance(value, datetime) else value).strftime("%Y-%m-%d")
    return format_html('<time class="aj-nb" datetime="{}">{}</time>', text, text)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """2026-11-24 08:30 in the county's time; a dash where there is none."""
    if value is None or value == "":
        return DASH
    here = localtime(value)
    words = here.strftime("%Y-%m-%d %H:%M")
    return format_html('<time class="aj-nb" datetime="{}">{}</time>', here.isoformat(timespec="seconds"), words)


@register.filter
def ending(value: datetime | None) -> SafeString | str:
    """An end: 2026-11-24 24:00 rather than the midnight that the next day begins with, which would read as a day more."""
    if value is None:
        return DASH
    here = localtime(value)
    if here.time() != time():
        return moment(value)
    words = f"{here - timedelta(days=1):%Y-%m-%d} 24:00"
    return format_html('<time class="aj-nb" datetime="{}">{}</time>', here.isoformat(timespec="seconds"), words)


@register.filter
def figure(value: int | None) -> str:
    """1,086; a dash where there is no number. Grouped by three, as in Chinese accounts."""
    return DASH if value is None else f"{value:,}"


@register.filter
def masked(phone: str | None) -> str:
    """135****0000."""
    return mask_phone(phone or "") or DASH
