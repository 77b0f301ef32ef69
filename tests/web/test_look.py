"""The look holds together: parts are used and say what they point at, pages are light, colours can be read."""

import gzip
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.template import Context, Engine
from django.template.loader import get_template, render_to_string

import anju.web
from anju.web.gallery import page

WEB = Path(anju.web.__file__).parent
STATIC = WEB / "static" / "anju"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
CSS = (STATIC / "anju.css").read_text()
ROOMY_BUDGET = 60_000
POINTERS = ("for", "aria-labelledby", "aria-describedby")


class _Outline(HTMLParser):
    """The ids of a page and everything that points at one; how many h1."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.pointers: set[str] = set()
        self.tags: Counter[str] = Counter()
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        if "id" in found:
            self.ids[found["id"]] += 1
        for name in POINTERS:
            self.pointers.update(found.get(name, "").split())
        if (target := found.get("href", "")).startswith("#"):
            self.pointers.add(target[1:])


@pytest.mark.parametrize("paper", ["", "roomy"])
def test_gallery_points_only_at_what_is_there(paper: str) -> None:
    outline = _Outline(render_to_string(*page(paper)))
    assert {id for id, times in outline.ids.items() if times > 1} == set()
    assert outline.pointers - set(outline.ids) == set()
    assert outline.tags["h1"] == 1
    assert outline.tags["main"] == 1


def test_gallery_says_what_is_wrong_beside_the_field_and_at_the_top() -> None:
    markup = render_to_string(*page(""))
    assert markup.count("请填写小区名称。") == 2
    assert 'href="#id_refused-name"' in markup
    assert re.search(r'<input[^>]*name="refused-name"[^>]*aria-invalid="true"', markup)


def test_template_carries_no_inline_style_script_or_handler() -> None:
    inline = re.compile(r'\sstyle\s*=|\son[a-z]+\s*=\s*"|<style|<script(?![^>]*\ssrc=)|javascript:', re.IGNORECASE)
    assert [path.name for path in TEMPLATES if inline.search(path.read_text())] == []


def test_part_is_used_by_a_template_or_a_tag() -> None:
    known = "".join(path.read_text() for path in [*TEMPLATES, WEB / "templatetags" / "look.py"])
    parts = [path for path in TEMPLATES if path.parent.name == "parts"]
    assert [path.name for path in parts if f'"parts/{path.name}"' not in known] == []


def test_roomy_page_stays_under_sixty_kilobytes() -> None:
    pieces = [render_to_string(*page("roomy")).encode(), *(path.read_bytes() for path in STATIC.iterdir())]
    assert sum(len(gzip.compress(piece)) for piece in pieces) < ROOMY_BUDGET
    assert "vendor/" not in render_to_string(*page("roomy"))


def test_server_error_page_needs_nothing() -> None:
    markup = Engine().from_string((WEB / "templates" / "500.html").read_text()).render(Context())
    assert "/static/anju/anju.css" in markup
    assert get_template("500.html").render() == markup


def test_form_shows_a_hostile_value_as_text() -> None:
    class Name(forms.Form):
        name = forms.CharField(label="<b>名称</b>", max_length=3)

    form = Name({"name": '"><img src=x onerror=alert(1)>'})
    markup = render_to_string("parts/form.html", {"form": form, "submit": "保存"})
    assert "<img" not in markup
    assert "<b>" not in markup


def _luminance(colour: str) -> float:
    full = colour[1:] if len(colour) == 7 else "".join(sign * 2 for sign in colour[1:])
    channels = [int(full[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        *(
            (text, paper)
            for text in ("ink", "text2", "blue", "blue-d", "red")
            for paper in ("page", "card", "hover", "blue-t")
        ),
        ("red", "red-t"),
        ("amber-ink", "amber-t"),
        ("green", "card"),
        ("card", "blue"),
        ("card", "red"),
    ],
)
def test_colour_of_text_reads_on_its_paper(text: str, paper: str) -> None:
    tokens = dict(re.findall(r"--aj-([a-z0-9-]+): (#[0-9a-f]{3,6});", CSS))
    lighter, darker = sorted((_luminance(tokens[text]), _luminance(tokens[paper])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_a_select_offers_what_djangos_own_does() -> None:
    """Groups, the chosen one, numbers, nothing chosen, and labels that would like to be markup."""
    choices = [("", "请选择"), (1, "一<b>"), ("组&", [(2000, '"二"'), (3, "三")])]
    drawn = forms.Select(attrs={"id": "x", "required": True}, choices=choices)
    for value in ("", None, 2000, "3", "不在其中"):
        context = drawn.get_context("name", value, {})
        own, djangos = drawn.render("name", value), DjangoTemplates().render(drawn.template_name, context)
        assert re.sub(r"\s*\n\s*", "", own) == re.sub(r"\s*\n\s*", "", djangos)
    assert "&lt;b&gt;" in own
