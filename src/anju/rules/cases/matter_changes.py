"""A matter that is edited: what is wrong with it, what changed, when its route must be confirmed anew, what a newer policy file may do.

The policy file proposes, the bureau decides: a row of the file that the bureau has not touched is taken over, one that it has edited is
left and the difference is shown. What is edited is held to the same law as the file (`matters.row_faults`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Final

from anju.rules.cases.matters import Matter, When, row_faults
from anju.rules.cases.workflow import Amount, Urgency
from anju.rules.policy_faults import WORDS

# The parts of a matter as a page names them, in the order in which they are read.
PARTS: Final[dict[str, str]] = {
    "name": "名称",
    "item": "方案条目",
    "cite": "出处",
    "type": "类型",
    "urgency": "紧急程度",
    "lead": "主办单位",
    "joint": "协办单位",
    "when": "情形",
    "source": "主办单位的来源",
    "beyond": "方案没有列的单位",
    "confirm": "待确认的事",
    "dissuade": "先劝阻",
    "first": "先由谁负责",
    "handle": "办理时限",
    "emergency": "紧急电话",
    "private": "不公开",
    "file_when": "立案条件",
    "close_when": "结案条件",
}
# What sends a case somewhere or sets its pace. Whoever confirms a route confirms these; a change of one of them asks for it again.
ROUTE: Final = frozenset({"lead", "joint", "when", "dissuade", "first", "urgency", "handle"})


@dataclass(frozen=True, slots=True)
class Change:
    """One part that differs; the values are those of `plain`."""

    part: str
    old: Any
    new: Any


class Offer(StrEnum):
    """What a row of a newer policy file does: nothing, it is taken over, or somebody is asked."""

    NOTHING = "nothing"
    TAKE = "take"
    ASK = "ask"


def plain(matter: Matter) -> dict[str, Any]:
    """Return the matter as it is kept: values that JSON knows. `read_plain(plain(m)) == m`."""
    told = asdict(matter) | {"handle": str(matter.handle) if matter.handle else None}
    return {name: _plain(value) for name, value in told.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return str(value) if isinstance(value, StrEnum) else value


def read_plain(kept: Mapping[str, Any]) -> Matter:
    """Return the matter that was kept, in any version: what a later release added stands at its default."""
    body = {field.name: kept[field.name] for field in fields(Matter) if field.name in kept}
    handle, when = body.pop("handle", None), body.pop("when", ())
    told: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}
    told["urgency"] = Urgency(body["urgency"])
    return Matter(**told, handle=Amount.of(handle) if handle else None, when=tuple(_when(one) for one in when))


def _when(told: Mapping[str, Any]) -> When:
    urgency = told["urgency"]
    return When(told["circumstance"], told["lead"] or "", Urgency(urgency) if urgency else None, told["first"] or "")


def changes(old: Matter, new: Matter) -> tuple[Change, ...]:
    """Return the parts that differ, in the order of `PARTS`; the code never does."""
    was, now = plain(old), plain(new)
    return tuple(Change(part, was[part], now[part]) for part in PARTS if was[part] != now[part])


def moves_route(old: Matter, new: Matter) -> bool:
    """Say whether a confirmed route must be confirmed anew."""
    return any(change.part in ROUTE for change in changes(old, new))


def beyond(lead: str, joint: Iterable[str], listed: Collection[str]) -> tuple[str, ...]:
    """Return the units that the plan's own list of the item lacks, the lead first: each is a gap to be confirmed (待确认)."""
    return tuple(unit for unit in dict.fromkeys((lead, *joint)) if unit not in listed)


def faults(
    matter: Matter,
    *,
    units: Collection[str],
    items: Mapping[str, Collection[str]],
    types: Collection[str],
    circumstances: Collection[str],
) -> tuple[str, ...]:
    """Return what is wrong with an edited matter, as sentences; nothing where it may stand.

    `units`: known codes. `items`: the units of each item of the plan. Held to the shapes and references of matters.toml.
    """
    row = {name: value for name, value in plain(matter).items() if value not in (None, "", [], False)}
    row["joint"] = list(matter.joint)
    row["when"] = [{name: value for name, value in one.items() if value} for one in plain(matter)["when"]]
    found = list(row_faults(row, frozenset(units), items, frozenset(types), set(circumstances)))
    twice = [unit for unit in matter.joint if unit == matter.lead or matter.joint.count(unit) > 1]
    said = [
        WORDS[one.code].format(**{**one.values, "key": PARTS.get(one.values.get("key", ""), one.values.get("key", ""))})
        for one in found
    ]
    return (*said, *(["主办单位不能同时协办，协办单位不能重复。"] if twice else []))


def offered(*, base: Matter | None, held: Matter | None, filed: Matter | None) -> Offer:
    """Say what a newer policy file does to a matter. None: not listed, or retired.

    `base`: as the file had it last; `held`: as it holds now; `filed`: as the file has it. What holds is the bureau's own
    where it differs from what the file said last; that is never overwritten unasked.
    """
    if filed in (base, held):
        return Offer.NOTHING
    return Offer.TAKE if held == base else Offer.ASK


@dataclass(frozen=True, slots=True)
class Gap:
    """Something about a matter that the county has yet to settle. `kind`: beyond, note, unit, route; `told`: codes or a text."""

    kind: str
    told: tuple[str, ...] = ()


def gaps(matter: Matter, *, confirmed: bool, missing: Collection[str]) -> tuple[Gap, ...]:
    """Return what is 待确认 of a matter. `confirmed`: its route is; `missing`: codes for which the county has no unit.

    Once a named officer has confirmed the route, what the plan's list lacks is settled; a unit that is not there still is not.
    """
    found: list[Gap] = []
    if not confirmed:
        found += [Gap("beyond", matter.beyond)] if matter.beyond else []
        found += [Gap("note", (matter.confirm,))] if matter.confirm else []
        found += [Gap("route")]
    leads = (matter.lead, *matter.joint, *(one.lead for one in matter.when if one.lead))
    absent = tuple(unit for unit in dict.fromkeys(leads) if unit in missing)
    return (*found, *([Gap("unit", absent)] if absent else []))
