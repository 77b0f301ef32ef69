"""Matters in Chinese: what each part says, what is 待确认, what changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from anju.cases.models import Matter
from anju.cases.queries.catalogue import catalogue_in_force
from anju.cases.queries.matters import MatterLine, unit_names
from anju.rules.cases.matter_changes import PARTS, Change, Gap, plain
from anju.rules.cases.matters import TOWN
from anju.rules.cases.matters import Matter as MatterRow
from anju.rules.cases.workflow import Urgency
from anju.web.cases.words import TYPES, URGENCIES, amount_words

FIRST: Final[dict[str, str]] = {
    "company": "物业服务企业",
    "developer": "建设单位",
    "supervising_unit": "主管单位",
    "utility": "专营单位",
}
SOURCES: Final[dict[str, str]] = {"seed": "方案的责任单位之内", "statute": "依法条", "manual": "按职责拟定"}
NOTHING: Final = "—"
BY_FLOW: Final = "按流程的一般时限"
_YES: Final = {True: "是", False: "否"}


@dataclass(frozen=True, slots=True)
class Named:
    """The names behind the codes, read once for a page."""

    units: Mapping[str, str]
    circumstances: Mapping[str, str]

    @classmethod
    def now(cls) -> "Named":
        return cls(unit_names(), catalogue_in_force().circumstances)

    def seen_from(self, town: str) -> "Named":
        """Return the names as somebody in a town reads them: 属地 is its own government."""
        return replace(self, units={**self.units, TOWN: town})

    def unit(self, code: str) -> str:
        return self.units.get(code, code)

    def unit_list(self, codes: Iterable[str]) -> str:
        return "、".join(self.unit(code) for code in codes)

    def part(self, part: str, value: Any) -> str:
        """Return what a part of a matter says, as `matter_changes.plain` keeps it."""
        if isinstance(value, bool):
            return _YES[value]
        if not value:
            return BY_FLOW if part == "handle" else NOTHING
        match part:
            case "lead":
                return self.unit(value)
            case "joint" | "beyond":
                return self.unit_list(value)
            case "when":
                return "；".join(self.when(one) for one in value)
            case "emergency":
                return "、".join(value)
            case "handle":
                return amount_words(value)
        said = {"type": TYPES, "urgency": URGENCIES, "first": FIRST, "source": SOURCES}.get(part, {})
        return str(said.get(value, value))

    def when(self, one: Mapping[str, Any]) -> str:
        name = self.circumstances.get(one["circumstance"], one["circumstance"])
        ways = [
            f"由{self.unit(one['lead'])}主办" if one["lead"] else "",
            f"按{URGENCIES[one['urgency']]}办" if one["urgency"] else "",
            f"先由{FIRST.get(one['first'], one['first'])}负责" if one["first"] else "",
        ]
        return f"{name}：{'，'.join(way for way in ways if way) or '只作标记'}"

    def gap(self, gap: Gap) -> str:
        match gap.kind:
            case "beyond":
                return f"方案这一条的责任单位里没有列：{self.unit_list(gap.told)}。"
            case "note":
                return f"{gap.told[0]}。"
            case "unit":
                return f"本县还没有登记：{self.unit_list(gap.told)}。"
        return "主办、协办和时限是建议，方案没有写，还没有人确认。"

    def changes(self, found: Iterable[Change]) -> list[dict[str, str]]:
        return [
            {"part": PARTS[one.part], "old": self.part(one.part, one.old), "new": self.part(one.part, one.new)}
            for one in found
        ]


def state_of(line: MatterLine) -> tuple[str, str]:
    """Return look and word of a matter in a list."""
    if line.matter.ended_on is not None:
        return "", "已停用"
    if line.offered:
        return "warn", "方案文件有新写法"
    if not line.matter.confirmed:
        return "warn", "待确认"
    return ("done", "自动派遣") if line.matter.auto else ("done", "已确认")


def facts_of(row: MatterRow, named: Named, parts: Iterable[str]) -> list[tuple[str, str]]:
    told = plain(row)
    return [(PARTS[part], named.part(part, told[part])) for part in parts]


def before_it(row: MatterRow, urgency: Urgency, first: str) -> str:
    """Return who has to act before the lead does: dissuade, which nothing urgent waits for, or put it right."""
    dissuade = row.dissuade and urgency is not Urgency.A
    ways = ["物业企业或业主组织先劝阻" if dissuade else "", f"先由{FIRST[first]}负责" if first else ""]
    return "；".join(way for way in ways if way)


def title_of(matter: Matter) -> str:
    return f"{matter.code} {matter.name}"
