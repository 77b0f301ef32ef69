"""What a text tells of persons: spans proposed for blackening, shown in a preview before a respondent or the public reads it.

Proposals, not decisions: a person looks at every text. So it proposes too much rather than too little. Every pattern is linear.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

BLACK: Final = "█"


class Personal(StrEnum):
    PHONE = "phone"
    ID_NUMBER = "id_number"
    PLATE = "plate"
    ROOM = "room"
    NAME = "name"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` up to `end`, not included, and what they seem to be."""

    start: int
    end: int
    kind: Personal


_WIDE: Final = str.maketrans("０１２３４５６７８９－Ｘｘ", "0123456789-Xx")
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹"
    "薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤农蓝"
)
_TITLES: Final = "先生|女士|小姐|老师|师傅|大爷|大妈|大叔|阿姨|经理|主任|某某|某"
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PATTERNS: Final = (
    (Personal.ID_NUMBER, re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")),
    (Personal.PHONE, re.compile(r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")),
    (Personal.PHONE, re.compile(r"(?<!\d)0\d{2,3}[-—– ]{0,2}[2-8]\d{6,7}(?!\d)")),
    (Personal.PHONE, re.compile(r"(?<=电话|座机|号码)[:： 是]{0,2}[2-8]\d{6,7}(?!\d)")),
    (Personal.PLATE, re.compile(rf"[{_PROVINCES}][A-Za-z][·• ]?[A-Za-z0-9]{{5,6}}(?![A-Za-z0-9])")),
    (Personal.ROOM, re.compile(r"(?<![\dA-Za-z])[A-Za-z]?\d{1,3}[-—–]\d{1,2}[-—–]\d{3,4}(?!\d)")),
    (
        Personal.ROOM,
        re.compile(r"(?:[A-Za-z0-9一二三四五六七八九十]{1,3}(?:幢|栋|号楼|座|单元)){0,2}(?<!\d)\d{3,4}(?:号房|室|房|户)(?!屋)"),
    ),
    (
        Personal.ROOM,
        re.compile(r"(?:[A-Za-z0-9一二三四五六七八九十]{1,3}(?:幢|栋|号楼|座|单元)){1,2}\d{3,4}(?![\d年元平㎡.])"),
    ),
    (Personal.NAME, re.compile(rf"(?<=姓名)[:： 是叫]{{0,2}}[{_SURNAMES}][一-鿿]{{1,2}}")),
    (Personal.NAME, re.compile(rf"(?<=姓)[{_SURNAMES}]")),
    (Personal.NAME, re.compile(rf"(?<=叫)[{_SURNAMES}][一-鿿]{{1,2}}")),
    (Personal.NAME, re.compile(rf"[{_SURNAMES}](?:{_TITLES})")),
)  # fmt: skip
_HOUSE: Final = re.compile(r".*(?:幢|栋|号楼|座|单元)")
# In a place every number of three or four digits may be a room, unless it is said of what.
_ROOM_OF_A_PLACE: Final = re.compile(
    r"(?<![0-9〇零一二三四五六七八九十])(?:[0-9]{3,4}|[〇零一二三四五六七八九]{3,4})(?![0-9〇零一二三四五六七八九十]|幢|栋|号楼|座|单元|楼|层)"
)


def proposals(text: str) -> tuple[Span, ...]:
    """Return what should be blackened, in order, nothing twice; of two that overlap the one that begins first."""
    plain = text.translate(_WIDE)
    found = sorted(
        (Span(match.start(), match.end(), kind) for kind, pattern in _PATTERNS for match in pattern.finditer(plain)),
        key=lambda span: (span.start, -span.end),
    )
    kept: list[Span] = []
    for span in found:
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


def covered_place(place: str) -> str:
    """Return a place without what tells of a person: of 3栋2单元501室 the house and the entrance stay."""
    plain = place.translate(_WIDE)
    rooms = (Span(match.start(), match.end(), Personal.ROOM) for match in _ROOM_OF_A_PLACE.finditer(plain))
    return blacken(place, tuple(_behind_the_house(span, plain) for span in (*proposals(place), *rooms)))


def _behind_the_house(span: Span, place: str) -> Span:
    house = _HOUSE.match(place, span.start, span.end) if span.kind is Personal.ROOM else None
    return replace(span, start=house.end()) if house else span


def blacken(text: str, spans: tuple[Span, ...]) -> str:
    """Return the text with every character of the spans black; its length stays."""
    black = {place for span in spans for place in range(span.start, span.end)}
    return "".join(BLACK if place in black else mark for place, mark in enumerate(text))
