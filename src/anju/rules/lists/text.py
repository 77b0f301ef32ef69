"""Text of a cell made plain, and the many ways in which people write that they know nothing."""

import html
import re
import unicodedata
from datetime import date, datetime
from typing import Final

from anju.rules.lists.readings import Doubtful, Missing, Rejected

Cell = str | int | date | None
LONGEST: Final = 1000

_WIDE_THOUSANDS: Final = re.compile("(?<=[０-９0-9])，(?=[０-９]{3}(?![０-９]))")
_ENTITY: Final = re.compile(r"&(?:#\d{1,5}|#x[0-9a-fA-F]{1,4}|nbsp|amp|lt|gt|quot);?")
_HIDDEN: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SHEET_ERROR: Final = re.compile(r"#(?:REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FORMULA!)|#{3,}")
_UNSAVED: Final = "#FORMULA!"  # what the reader of sheets puts where a formula was saved without its result
_NOT_THERE: Final = (
    r"(?:目前|现|尚|还|暂时?){0,2}(?:暂|无|未|没有|没|缺)(?:有|相关|任何|具体|详细|确切|出)*(?:规划|资料|信息|数据|内容|记录|消息|介绍)"
    r"|暂无|暂缺|暂定|待定|待补充?|待查|待核实|待填写?|待完善|待更新|未定|未填写?|未提供|未登记|未统计|未录入|未采集|尚未(?:公布|公开|确定|统计|登记)"
    r"|未公布|未公开|不详|未详|不明|不清楚?|不知道?|未知(?:类型)?|保密|缺失?|略|空白?|无法(?:核实|提供|查明)"
    r"|\[[^\]]*已(?:去除|隐藏|删除)\]"
    r"|null|none|nil|nan|undefined|n/?a|#n/?a|tb[da]|\((?:null|无|空)\)|约?[-—–_/\\.。·…*~?,、]+"
)
_UNIT_BEHIND: Final = (
    r"(?<=\w)[\s(]*(?:元|万|块)*[/每·.\s]*"
    r"(?:平方米|平米|平方|m2|亩|户|套|栋|幢|个|辆|台|部|人|年|%)?[/每·.\s]*(?:月|年)?[)\s]*"
)
_SAYS_NOTHING: Final = re.compile(rf"(?:{_NOT_THERE})(?:{_UNIT_BEHIND})?", re.IGNORECASE)
_NOTHING: Final = re.compile(r"无|没有?|无此项")
_AFTER_MARKER: Final = re.compile(r"(?:暂无|无|没有)(?:相关)?(?:资料|信息|数据)(.+)")
_HEARSAY: Final = re.compile(
    "不知道|不晓得|不清楚|度娘|没听说|没人知道|谁知道|问(?:百度|物业|保安)|记不清|忘记?了|你猜"
)
_SCIENTIFIC: Final = re.compile(r"[+-]?\d+(?:\.\d+)?E\+?\d+", re.IGNORECASE)
_PROMPT: Final = re.compile(
    "(?:请)?(?:输入|填写|选择|点击|填入|录入)[^，。]{0,20}|(?:例如?|示例|如)[:：].*|必填|选填|下拉选择"
)


def cell_text(cell: Cell) -> str:
    """Return the cell as text. A reader of workbooks hands over whole figures as integers or as their shortest digits."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def plain(text: str) -> str:
    """Return the text for reading figures from: full-width signs narrow, entities resolved, single spaces, nothing hidden.

    A Chinese comma between figures separates them and must not become a sign of thousands.
    """
    text = _unescaped(text)
    if "，" in text:
        text = _WIDE_THOUSANDS.sub(",", text).replace("，", "、")
    return " ".join(unicodedata.normalize("NFKC", _shown(text)).split())


def tidy(text: str) -> str:
    """Return the text for people: NFC, single spaces, nothing hidden, its own punctuation kept."""
    return " ".join(unicodedata.normalize("NFC", _shown(_unescaped(text))).split())


def _shown(text: str) -> str:
    """What is hidden is not printable; hardly any text holds it, and looking for it in each would take longest of all."""
    return text if text.isprintable() else _HIDDEN.sub("", text)


def _unescaped(text: str) -> str:
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def without_control(text: str) -> str:
    return _CONTROL.sub("", text)


def said_nothing(text: str, units: re.Pattern[str] | None = None) -> Missing | None:
    """Return `Missing` where the plain text is empty, a unit alone, or words for not knowing, with or without a unit behind them."""
    if not text or _SAYS_NOTHING.fullmatch(text) or (units and units.fullmatch(text)):
        return Missing(text)
    return None


def says_none(text: str) -> bool:
    """Tell whether the plain text says that there is none: for some columns that is an answer, for others nothing."""
    return _NOTHING.fullmatch(text) is not None


def strange(raw: str) -> Doubtful | None:
    """Return what is wrong with a cell whatever its column: too long, an error of the sheet, control characters."""
    if len(raw) > LONGEST:
        return Doubtful("too_long", found=str(len(raw)))
    if "#" in raw and _SHEET_ERROR.fullmatch(raw.strip()):
        found = raw.strip()
        return Doubtful("formula_unsaved") if found == _UNSAVED else Doubtful("sheet_error", found=found)
    return None


def has_control(raw: str) -> bool:
    return not raw.isprintable() and _CONTROL.search(raw) is not None


def idle_words(text: str) -> Doubtful | None:
    """Return the doubt about words that nobody meant as a value: a form's prompt, hearsay, several fields run together."""
    if _PROMPT.fullmatch(text):
        return Doubtful("form_prompt")
    if _HEARSAY.search(text):
        return Doubtful("hearsay")
    if _AFTER_MARKER.fullmatch(text):
        return Doubtful("several_fields")
    return None


def is_spoiled(text: str) -> bool:
    """Tell whether the plain text is what a spreadsheet makes of a long number: 1.38E+10."""
    return _SCIENTIFIC.fullmatch(text) is not None


def spoiled() -> Rejected:
    return Rejected("number_spoiled")
