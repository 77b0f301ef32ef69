"""Disclosure in Chinese: the headings of a card in a neighbour's words, why something is not public, what a value says there."""

from dataclasses import dataclass

from anju.disclosure.queries.cards import CardLine
from anju.registry.models import Indicator, Source
from anju.rules.disclosure import Bar, without_numbers
from anju.web.registry.words import Shown, shown

HEADINGS: dict[str, str] = {
    "service": "谁在服务",
    "company": "物业企业",
    "fee": "收多少钱",
    "committee": "业主委员会",
    "party": "党的工作",
    "management_area": "小区概况",
    "place": "位置",
}
BARS: dict[Bar, str] = {
    Bar.PERSONAL: "涉及个人信息",
    Bar.NOT_ALLOWED: "方案没有允许公开",
    Bar.ENDED: "方案已不再统计",
    Bar.NOT_RELEASED: "没有经过公开审查",
    Bar.UNKNOWN: "还没有值",
    Bar.CONFLICT: "来源不一致，待核定",
    Bar.UNCONFIRMED: "还没有人确认",
}
PENDING, UNKNOWN = "待核实", "未知"


@dataclass(frozen=True, slots=True)
class PublicLine:
    """One line of a card as it reads. `tri` is the form of the four answers; without a value, `text` says 待核实 or 未知."""

    code: str
    name: str
    text: str
    tri: str
    known: bool
    source: str
    line: CardLine


def public_line(line: CardLine) -> PublicLine:
    """Return how a line reads. The kind of its source is told, not its name: a name may be a person's or a company's."""
    item = line.indicator
    if line.value is None:
        words = UNKNOWN if Bar.UNKNOWN in line.bars else PENDING
        return PublicLine(item.code, item.name, words, "", known=False, source="", line=line)
    told: Shown = shown(line.value, item)
    text = told.text if item.type == "phone" else without_numbers(told.text)
    return PublicLine(item.code, item.name, text, told.tri, known=True, source=source_word(line.source), line=line)


def source_word(kind: str) -> str:
    return str(dict(Source.Kind.choices).get(kind, ""))


def grouped(lines: list[PublicLine]) -> list[tuple[str, str, list[PublicLine]]]:
    """Return the lines by heading, what people ask first first: who serves, what it costs."""
    groups: dict[str, list[PublicLine]] = {}
    for line in lines:
        groups.setdefault(line.line.indicator.group, []).append(line)
    order = [*HEADINGS, *groups]
    return [(code, HEADINGS.get(code, code), groups[code]) for code in dict.fromkeys(order) if code in groups]


def reasons(bars: tuple[Bar, ...]) -> str:
    return "；".join(BARS[bar] for bar in bars)


def items_named(codes: list[str]) -> str:
    """Return the names of indicators by their codes, ended ones too."""
    names = dict(Indicator.objects.filter(code__in=codes).values_list("code", "name"))
    return "、".join(names.get(code, code) for code in codes)
