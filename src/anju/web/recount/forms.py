"""The owner's spreadsheet, or the figures of a published result, as a recount document."""

import json
from typing import Any

from django import forms

from anju.base.sheets import MOST_BYTES, BadSheet, read_rows, shown
from anju.rules.voting.profiles import CIVIL_CODE_278, REGULATION_2018, Matter
from anju.rules.voting.recount_format import FORMAT, Recount, read_recount
from anju.rules.voting.recount_json import load, parse
from anju.rules.voting.recount_refusals import BadFile
from anju.rules.voting.spreadsheet import BadTable, read_table
from anju.web.fields import NameField
from anju.web.recount import words
from anju.web.sheet_words import said_sheet

MOST_LINES = 20_000
MOST_TEXT = 4_000_000
_MATTERS = [
    (Matter.ORDINARY.value, "一般事项：同意的要超过一半（选聘物业、选举业委会、使用维修资金等）"),
    (Matter.SPECIAL.value, "特别事项：同意的要达到四分之三（筹集维修资金，改建重建，改变共有部分用途或用来经营）"),
]
_PROFILES = [
    (CIVIL_CODE_278.code, "2021年1月1日以后（民法典）"),
    (REGULATION_2018.code, "2020年底以前（当时的物业管理条例）"),
]
_UNKNOWN_CHOICE = {"required": "请选一项。", "invalid_choice": "没有这一项，请重新选。"}

Document = dict[str, Any]


class MatterForm(forms.Form):
    """What was voted on and by which rule: the same for both ways of giving the figures."""

    title = NameField(label="表决的事", limit=60, required=False, help_text="印在纸上用，例如：续聘示例物业服务公司")
    matter = forms.ChoiceField(
        label="要多少人同意", choices=_MATTERS, widget=forms.RadioSelect, error_messages=_UNKNOWN_CHOICE
    )
    profile = forms.ChoiceField(
        label="什么时候表决的", choices=_PROFILES, initial=CIVIL_CODE_278.code, error_messages=_UNKNOWN_CHOICE
    )

    document: Document
    recount: Recount
    filled = 0

    def _head(self, data: dict[str, Any]) -> Document:
        return {"format": FORMAT, "matter": data["matter"], "profile": data["profile"]}


class TableForm(MatterForm):
    """A spreadsheet pasted or chosen, or a recount file."""

    table = forms.CharField(
        label="把表格粘在这里",
        required=False,
        strip=False,
        max_length=MOST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text="四列：房号、面积、业主、意见。在 Excel、WPS 里选中，复制，粘到这里。没投的意见空着。",
    )
    file = forms.FileField(
        label="或者选一个文件",
        required=False,
        allow_empty_file=True,
        help_text=".xlsx、.csv，也可以拖到这里。以前下载的重算文件 .json 也行，按它自己写的事项和规则算。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.json"}),
    )
    silent_counts_with_majority = forms.BooleanField(
        label="议事规则写明：没表决的计入多数", required=False, help_text="没有写明就不要勾。勾了，两种算法都会写出来。"
    )
    invalid_participates = forms.BooleanField(label="议事规则写明：废票也算参加表决", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        pasted, sent = data["table"], data["file"]
        field = "file" if sent else "table"
        try:
            self.document = self._document(data, _bytes_of(pasted, sent))
            self.recount = read_recount(self.document)
        except BadTable as bad:
            for found in bad.found:
                self.add_error(field, words.fault(found))
        except BadSheet as bad:
            self.add_error(field, said_sheet(bad, words.SHEETS))
        except BadFile as bad:
            self.add_error(field, words.bad_file(bad))
        return data

    def _document(self, data: dict[str, Any], content: bytes) -> Document:
        if content.lstrip()[:1] in (b"{", b"["):  # a recount file says by itself what was voted on, and by which rule
            document: Any = load(content)
            if isinstance(document, list):
                raise BadSheet("several")
            return dict(document)
        rows = [[shown(cell) for cell in row] for row in read_rows(content, most=MOST_LINES)]
        table = read_table(rows)
        self.filled = table.filled
        flags = {name: data[name] for name in ("silent_counts_with_majority", "invalid_participates")}
        return self._head(data) | flags | {"roll": table.roll, "ballots": table.ballots}


def _bytes_of(pasted: str, sent: Any) -> bytes:
    if bool(pasted.strip()) == bool(sent):
        raise forms.ValidationError(words.BOTH_GIVEN if sent else words.NOTHING_GIVEN)
    if sent is None:
        return pasted.encode("utf-8", errors="replace")
    if (sent.size or 0) > MOST_BYTES:
        raise BadSheet("too_big")
    return bytes(sent.read())


class TotalsForm(MatterForm):
    """The figures of a published result; what was not published stays empty."""

    heads = forms.CharField(label="全部人数", required=False)
    area = forms.CharField(label="全部面积（㎡）", required=False)
    participating_heads = forms.CharField(label="参加表决的人数", required=False)
    participating_area = forms.CharField(label="参加表决的面积（㎡）", required=False)
    agree_heads = forms.CharField(label="同意的人数", required=False)
    agree_area = forms.CharField(label="同意的面积（㎡）", required=False)

    FIGURES = ("heads", "area", "participating_heads", "participating_area", "agree_heads", "agree_area")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.FIGURES:
            mode = "decimal" if name.endswith("area") else "numeric"
            self.fields[name].widget.attrs |= {"inputmode": mode, "maxlength": "30", "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        self.document = self._head(data) | {"totals": {name: _figure(name, data[name]) for name in self.FIGURES}}
        try:
            self.recount = read_recount(parse(json.dumps(self.document)))
        except BadFile as bad:
            field = bad.where.removeprefix("totals.")
            self.add_error(field if field in self.FIGURES else None, words.bad_file(bad))
        return data


def _figure(name: str, text: str) -> object:
    """An area stays text; heads become a whole number where they are one, and are refused by the format where not."""
    plain = text.replace(",", "").replace("，", "").strip()
    if not plain:
        return None
    return int(plain) if name.endswith("heads") and plain.isascii() and plain.isdigit() and len(plain) < 16 else plain


class DocumentForm(forms.Form):
    """A result's own document, on its way from the page to a file or a paper. Nothing of it is stored."""

    document = forms.CharField(strip=False, max_length=MOST_TEXT)
    title = NameField(label="表决的事", limit=60, required=False)

    recount: Recount

    def clean_document(self) -> str:
        text: str = self.cleaned_data["document"]
        try:
            self.recount = read_recount(parse(text))
        except BadFile as bad:
            raise forms.ValidationError(words.bad_file(bad)) from bad
        return text
