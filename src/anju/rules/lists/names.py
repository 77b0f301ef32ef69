"""Names and other texts: kept as written, doubted where they are a figure, a heading or a site's decoration."""

import re
from collections.abc import Collection
from typing import Final

from anju.rules.lists.figures import ABOUT, NUMBER
from anju.rules.lists.quantities import amounts_of
from anju.rules.lists.readings import Doubtful, Known, Missing, Placeholder, Reading, Rejected, Value, Words
from anju.rules.lists.text import idle_words, plain, said_nothing, says_none, tidy
from anju.rules.names import BadName, tidy_name

NAME_LIMIT: Final = 100
TEXT_LIMIT: Final = 500
_SITE: Final = re.compile(
    r"[\[【〔][^\[\]【】〔〕]*(?:入驻|认领|认证|详情|交通图|地图|查看|更多|点击|申请|收藏|举报)[^\[\]【】〔〕]*[\]】〕]?\s*$"
)
_ESTIMATE: Final = re.compile(r"\d+(?:\.\d+)?\s*元\s*/")
_LOST_SIGNS: Final = re.compile("^[?？]+|�+|(?<=[\u4e00-\u9fff])\\?(?=[\u4e00-\u9fff])")
_SIGNS: Final = "?？\ufffd"
_CUT: Final = re.compile(r"(?:\.{2,}|…+)$")
_PHASE: Final = re.compile("[一二三四五六七八九十]期|其中|含")
_BARE_FIGURE: Final = re.compile(r"[\d.,]+")
_NOUGHT: Final = re.compile(r"0+(?:\.0+)?")
_SPELLING: Final = re.compile(r"[\s·•.\-—_()（）\[\]【】《》“”\"',、，。|]")
_LEADING_FIGURE: Final = re.compile(rf"(?:{ABOUT})?\s*(?:{NUMBER})")


def read_text(raw: str, *, headings: Collection[str] = (), limit: int = TEXT_LIMIT) -> Reading:
    """Read a text of any wording; `headings` are the names of columns, which are no values."""
    return _read(raw, headings, limit=limit)


def read_organisation(raw: str, *, headings: Collection[str] = ()) -> Reading:
    """Read the name of an organisation: a figure, a percentage or a price under it was meant for another column."""
    reading = _read(raw, headings, limit=NAME_LIMIT)
    text = reading.value.text if isinstance(reading, Known) and isinstance(reading.value, Words) else ""
    if text and _CUT.search(text):
        return Doubtful("truncated", Words(_CUT.sub("", text)))
    if text in {"开发商", "品牌开发商", "物业", "物业公司", "公司", "开发公司", "物业管理公司"}:
        return Doubtful("generic_name", found=text)
    return reading


def read_name(raw: str) -> Reading:
    """Read a compound's name. Without one nothing can be stored, so the row is rejected."""
    try:
        name = tidy_name(tidy(raw) or raw, limit=NAME_LIMIT)
    except BadName as bad:
        return Rejected(f"name_{bad.code}")
    bare = plain(name)
    if said_nothing(bare) or says_none(bare):
        return Rejected("name_empty", found=name)
    if mended := _without_lost_signs(name):
        return Doubtful("lost_signs", Words(mended))
    if _BARE_FIGURE.fullmatch(bare):
        return Doubtful("wrong_kind", Words(name), found="number")
    return Known(Words(name))


def _read(raw: str, headings: Collection[str], *, limit: int) -> Reading:
    text, bare = tidy(raw), plain(raw)
    if (nothing := said_nothing(bare)) or says_none(bare):
        return nothing or Missing(text)
    if _NOUGHT.fullmatch(bare):
        return Placeholder(text)
    if doubt := idle_words(bare):
        return doubt
    if bare.strip(" :*") in headings:
        return Doubtful("heading_as_value", found=text)
    if len(text) > limit:
        return Doubtful("too_long", found=str(len(text)))
    return _figure_for_words(bare) or _decorated(text)


def _figure_for_words(bare: str) -> Doubtful | None:
    if _ESTIMATE.search(bare):
        return Doubtful("wrong_kind", found="money")
    if _LEADING_FIGURE.match(bare) is None:
        return None
    amounts, rest = amounts_of(bare)
    return None if _PHASE.sub("", rest) else Doubtful("wrong_kind", found=amounts[0].family or "number")


def _decorated(text: str) -> Reading:
    bare = _SITE.sub("", text).rstrip()
    if bare != text:
        proposed: Value | None = Words(bare) if bare else None
        return Doubtful("site_suffix", proposed, found=text[len(bare) :].strip())
    if mended := _without_lost_signs(text):
        return Doubtful("lost_signs", Words(mended))
    return Known(Words(text))


def _without_lost_signs(text: str) -> str:
    """Return the text without the ? that stand where a conversion lost a character; nothing where there are none."""
    if not any(sign in text for sign in _SIGNS):
        return ""
    mended = _LOST_SIGNS.sub("", text).strip()
    return mended if mended != text else ""


def name_key(name: str) -> str:
    """Return what two spellings of one name share: 示例 · 碧水花园 and 示例·碧水花园(南区)."""
    return _SPELLING.sub("", plain(name)).lower()
