"""What the preview page shows: its numbers, its rows with what can be chosen, its columns."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import reverse

from anju.base.actor import Actor
from anju.base.sheet_faults import BadSheet
from anju.registry.models import ImportRow, ListImport
from anju.registry.queries.catalogue import catalogue_here
from anju.registry.queries.companies import companies_in_list
from anju.registry.queries.imports import (
    RowPage,
    beside_numbers,
    left_rows,
    present_values,
    reasons_of,
    rows_page,
    undone_counts,
)
from anju.registry.services.imports.choices import SKIP, answer_to, doubt_key, is_of_the_row, may_be_named, options_of
from anju.rules.lists.canonical import canonical
from anju.rules.lists.catalogue import Catalogue
from anju.rules.lists.rows import CONFIDENT
from anju.rules.lists.stored import Stored, restore
from anju.rules.permissions import Permission
from anju.web.imports.serving import serving_lines
from anju.web.imports.words import FILES, LEFT, WHY_COLUMN, reason_name, said_doubt
from anju.web.registry.words import why_alike
from anju.web.sheet_words import MACROS, said_sheet

_NUMBERS = (
    ("accepted", "将写入", "accepted"),
    ("doubtful", "存疑", "doubtful"),
    ("rejected", "拒绝", "rejected"),
    ("unchanged", "不变", "unchanged"),
    ("conflicts", "冲突", "conflicts"),
)
_FEW, SETTLE = 8, Permission.COMPANY_SETTLE
WORKED = {"reading": "正在逐行核对", "treating": "正在处理存疑的行", "writing": "正在写入", "undoing": "正在撤回"}


class Naming(NamedTuple):
    """A name that somebody typed for a row and that was refused, with the reason in words."""

    line: int
    typed: str
    why: str


def preview(actor: Actor, row: ListImport, asked: Mapping[str, str], naming: Naming | None = None) -> dict[str, Any]:
    """Return the context of the preview for what the address asks: which rows, of which reason, from which line."""
    catalogue = catalogue_here()
    shown = (
        asked.get("show", "")
        if asked.get("show") in {*dict(_SHOWN_WORDS)}
        else ("doubtful" if row.doubtful else "accepted")
    )
    reasons = reasons_of(row) if row.doubtful else []
    reason = asked.get("reason", "") if asked.get("reason") in dict(reasons) else ""
    place = _place(asked)
    page = rows_page(row, shown=shown, reason=reason, after=place.get("after", 0), before=place.get("before"))
    lines = serving_lines(actor, row, page) if shown == "serving" else _lines(page, catalogue, shown, naming)
    beside = naming is not None and any(one["row"].line == naming.line for one in lines)
    return {
        **({"failure": ""} if beside else {}),
        "row": row,
        "shown": shown,
        "shown_words": dict(_SHOWN_WORDS)[shown],
        "reason": reason,
        "reasons": [(code, reason_name(code, catalogue), count) for code, count in reasons],
        "numbers": [_number(row, *number, shown) for number in _NUMBERS],
        "beside": _beside(row, shown),
        "lines": lines,
        "here": _address(shown, reason, **place).removesuffix("#rows"),
        "bulk": _bulk(page, reason),
        "newer_url": _address(shown, reason, before=page.before) if page.before else "",
        "older_url": _address(shown, reason, after=page.after) if page.after else "",
        "columns": _columns(row, catalogue),
        "column_choices": _column_choices(catalogue),
        "matched": sum(
            1 for column in row.header.get("columns", ()) if column["code"] and column["confidence"] >= CONFIDENT
        ),
        "notes": notes(row),
        "ready": row.created + row.linked,
        "companies": _companies(actor, row),
    }


def _companies(actor: Actor, row: ListImport) -> dict[str, Any]:
    """The companies of the list that nobody has settled yet, the commonest first: a few of them, and how many there are."""
    waiting = [one for one in companies_in_list(actor, row) if one.settled is None]
    rows = [(one, [f"{found.name}（{why_alike(found)}）" for found in one.candidates]) for one in waiting[:_FEW]]
    return {"rows": rows, "waiting": len(waiting), "left": len(waiting) - len(rows), "may": actor.may(SETTLE)}


_BESIDE = (("awaiting", "待定乡镇"), ("serving", "谁服务哪个小区"))
_SHOWN_WORDS = (*((code, label) for code, label, _ in _NUMBERS), *_BESIDE)


def _beside(row: ListImport, shown: str) -> list[dict[str, Any]]:
    """Rows that are looked at for another reason than their verdict; nothing where there are none."""
    counts = beside_numbers(row)
    return [
        {"label": label, "count": f"{counts[code]:,}", "url": f"?show={code}#rows", "current": code == shown}
        for code, label in _BESIDE
        if counts[code] or code == shown
    ]


def _number(row: ListImport, code: str, label: str, field: str, shown: str) -> dict[str, Any]:
    asked = "请逐条处理，现在" if row.state == "previewed" else "其中"
    notes = {
        "accepted": f"连同存疑的：新登记 {row.created:,}，对上 {row.linked:,}",
        "doubtful": f"{asked}跳过 {row.skipped - row.rejected:,} 行" if row.doubtful else "没有",
        "rejected": "缺名称、失真或不在辖区" if row.rejected else "没有",
        "unchanged": "与库中一致",
        "conflicts": "与其他来源不同",
    }
    return {
        "label": label, "figure": getattr(row, field), "note": notes[code], "url": f"?show={code}#rows", "current": code == shown,
    }  # fmt: skip


def _address(shown: str, reason: str, **place: int | None) -> str:
    return "?" + urlencode({"show": shown, **({"reason": reason} if reason else {}), **place}) + "#rows"


def _line(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _place(asked: Mapping[str, str]) -> dict[str, int]:
    """Return the line that the page goes on from, or back from."""
    return {which: line for which in ("after", "before") if (line := _line(asked.get(which)))}


def _lines(page: RowPage, catalogue: Catalogue, shown: str, naming: Naming | None) -> list[dict[str, Any]]:
    """One line a doubt where doubts are shown, else one line a row."""
    if shown not in {"doubtful", "rejected"}:
        return [_plain_line(one, catalogue, naming) for one in page.rows]
    present = present_values(page.rows)
    return [
        _doubt_line(one, doubt, present, catalogue, number) | _named(one, naming, at=doubt)
        for one in page.rows
        for number, doubt in enumerate(one.doubts)
    ]


def _plain_line(one: ImportRow, catalogue: Catalogue, naming: Naming | None) -> dict[str, Any]:
    told = [
        f"{catalogue.by_code[cell[0]].name} {_shown(cell, catalogue)}"
        for cell in one.cells[:6]
        if cell[0] in catalogue.by_code
    ]
    return {
        "row": one,
        "act": one.get_act_display(),
        "namesake": next((doubt[3].get("line") or "库里" for doubt in one.doubts if doubt[2] == "name_taken"), ""),
        "compound": one.compound,
        "as": one.told.get("create_as", "") if one.act == "create" and one.told.get("create_as") != one.name else "",
        "told": "，".join(told) + ("……" if len(one.cells) > 6 else ""),
        **(_named(one, naming) if "name" in one.choice else {}),
    }


def _shown(cell: Sequence[Any], catalogue: Catalogue) -> str:
    type_ = getattr(catalogue.by_code[cell[0]], "type", "text")
    return canonical(restore(Stored(*cell[2:7]), type_)) if type_ not in {"person", "phone"} else "●"


def _doubt_line(
    one: ImportRow, doubt: Sequence[Any], present: Mapping[tuple[int, str], str], catalogue: Catalogue, number: int
) -> dict[str, Any]:
    column, why = said_doubt(doubt, catalogue)
    now = "，".join(filter(None, (present.get((one.compound_id or 0, cell[0]), "") for cell in doubt[5])))
    return {
        "row": one,
        "first": number == 0,
        "column": column,
        "value": doubt[1],
        "present": now,
        "why": why,
        "field": f"t-{one.line}-{doubt_key(doubt)}",
        "options": _options(one, doubt, now, catalogue),
    }


def _options(one: ImportRow, doubt: Sequence[Any], now: str, catalogue: Catalogue) -> list[tuple[str, str, bool]]:
    if one.verdict == ImportRow.Verdict.REJECTED:
        return []
    whole = is_of_the_row(doubt)
    chosen = (
        answer_to(doubt, one.choice) or SKIP if whole else one.choice.get("cells", {}).get(doubt_key(doubt), "keep")
    )
    options = options_of(doubt, one.compound_id)
    return [(each, _words(each, doubt, now, catalogue), each == chosen) for each in options]


def _words(option: str, doubt: Sequence[Any], now: str, catalogue: Catalogue) -> str:
    if option.startswith("link:"):
        names = {f"link:{pk}": name for pk, name, _ in doubt[3].get("candidates", ())}
        return f"是“{names[option]}”"
    if option == "keep":
        return f"保留 {now}" if now else "记为未知"
    if option == "take":
        return "写入 " + "，".join(_shown(cell, catalogue) for cell in doubt[5])
    return {"skip": "跳过本行", "write": "照写本行", "new": "按新小区登记"}[option]


def _named(one: ImportRow, naming: Naming | None, at: Sequence[Any] | None = None) -> dict[str, Any]:
    """What is shown for giving the row another name, beside the first doubt about its name or else its first."""
    first = next((each for each in one.doubts if each[0] == "name"), one.doubts[0] if one.doubts else None)
    if at not in (None, first) or not may_be_named(one):
        return {}
    refused = naming if naming and naming.line == one.line else None
    return {
        "naming": {
            "typed": refused.typed if refused else one.choice.get("name", one.name),
            "why": refused.why if refused else "",
            "words": "另起名称" if one.name else "补上名称",
        }
    }


_BULK = {
    "skip": "跳过本行",
    "keep": "保留现值，没有就记为未知",
    "take": "按建议写入",
    "write": "照写本行",
    "link": "对上最像的已有小区",
    "new": "按新小区登记",
}


def _bulk(page: RowPage, reason: str) -> list[tuple[str, str]]:
    """Return what all rows of a reason can be answered with, from those on the page."""
    found = {
        option.split(":")[0]
        for one in page.rows
        for doubt in one.doubts
        if doubt[2] == reason
        for option in options_of(doubt, None)
    }
    return [(option, words) for option, words in _BULK.items() if option in found]


def _columns(row: ListImport, catalogue: Catalogue) -> list[dict[str, Any]]:
    return [_column(at, column, catalogue) for at, column in enumerate(row.header.get("columns", ()))]


def _column(at: int, column: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    confidence = column["confidence"] if column["code"] else 0
    state, words = ("done", "高") if confidence >= 80 else (("warn", "中") if confidence >= CONFIDENT else ("", "低"))
    known = catalogue.by_code.get(column["code"])
    return {
        "at": at,
        "heading": column["heading"] or f"第 {at + 1} 列（没有列名）",
        "first": "●"
        if known is not None and known.type in {"phone", "person"} and column["first"]
        else column["first"],
        "code": column["code"] if confidence >= CONFIDENT else "",
        "confidence": column["confidence"],
        "state": state,
        "words": words,
        "why": WHY_COLUMN[column["reason"]],
    }


def _column_choices(catalogue: Catalogue) -> list[tuple[str, str]]:
    return [("", "不导入"), *((code, one.name) for code, one in catalogue.by_code.items() if one.type != "ignored")]


def notes(row: ListImport) -> list[str]:
    """Return what is to be known about the file before it is written."""
    header = row.header
    said = []
    if header.get("macros"):
        said.append(MACROS)
    if header.get("hidden"):
        said.append("名册在一张隐藏的工作表里，请确认就是这一张。")
    if header.get("hidden_lines"):
        said.append(f"有 {header['hidden_lines']} 行在表格里被隐藏或筛掉，也读了。")
    if others := header.get("others"):
        said.append(f"只读了工作表“{row.sheet}”，没有读：{'、'.join(others[:8])}。")
    return said


def failure(row: ListImport) -> str:
    """Return why a file was not read, or why a worker gave the preview back."""
    if row.failure in FILES:
        return said_sheet(BadSheet(row.failure, row.failure_line), FILES)
    return _GIVEN_BACK.get(row.failure, "没有办成，请再试一次。") if row.failure else ""


def undone(row: ListImport) -> dict[str, Any]:
    """Return what undoing a list did: how much went, and the first of the rows that stayed, with why."""
    statements, compounds = undone_counts(row)
    left = [(one, LEFT[why]) for one, why in left_rows(row)]
    return {
        "undone": {"statements": statements, "compounds": compounds},
        "left": left,
        "more_left": len(row.left) - len(left),
    }


_GIVEN_BACK = {
    "import.changed": "预览之后，库里有了变化，没有写入。已重新核对，请看清新的预览，再写入一次。",
    "denied": "办理时您已不在这个岗位，没有办成。",
}


def waited_for(row: ListImport) -> dict[str, object]:
    """Return what the bar shows of an import that a worker reads or writes."""
    return {
        "wait_url": reverse("imports:progress", args=[row.pk]) + f"?of={row.state}",
        "wait_words": WORKED.get(row.state, ""),
        "wait_done": row.done,
        "wait_whole": row.rows,
        "wait_unit": "行",
    }


def steps(row: ListImport | None) -> list[dict[str, str]]:
    """Return the four steps with where this import is."""
    now = 0 if row is None else {"failed": 0, "written": 4, "undoing": 4, "undone": 4, "writing": 3}.get(row.state, 2)
    labels = ("选文件", "对列", "预览", "写入")
    return [
        {"label": label, "state": "done" if at < now else ("now" if at == now else "")}
        for at, label in enumerate(labels)
    ]


def trail(row: ListImport | None = None, *last: str) -> list[dict[str, str]]:
    crumbs = [{"label": "摸底排查", "url": reverse("imports:imports")}]
    if row is not None:
        crumbs.append({"label": row.file_name, "url": reverse("imports:import", args=[row.pk])})
    return crumbs + [{"label": label, "url": ""} for label in last]
