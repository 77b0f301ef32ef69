"""Where a problem goes: a table of rows, read from above, each with the reason it leaves in the answer. No language, no order to guess.

The plan's own lists have gaps, so the dispatcher may always decide otherwise; what he decides is listed for the county to mend its
list with (`overrides`).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from anju.rules.cases.matters import TOWN, Matter, When
from anju.rules.cases.workflow import Urgency


@dataclass(frozen=True, slots=True)
class Place:
    """What routing asks of a compound and of what was told. All units are codes of units.toml.

    `town`: the government of the compound's own town. The booleans say which bodies the compound has. `respondents`: the codes of
    those the case is about, `company` and `owners_org` among them where it is them.
    """

    town: str
    has_company: bool = False
    has_owners_org: bool = False
    has_supervising_unit: bool = False
    circumstances: frozenset[str] = frozenset()
    respondents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Route:
    """The answer. `lead` is empty where nobody may be named by rule. `dissuader`: company, owners_org or nobody.

    `reasons` are codes of the rows that applied, in their order; `WORDS` says them.
    """

    lead: str
    joint: tuple[str, ...]
    urgency: Urgency
    first: str = ""
    dissuader: str = ""
    pending: bool = False
    reasons: tuple[str, ...] = ()

    @property
    def single(self) -> bool:
        """Say whether the table gives one lead, and nothing that the county has yet to confirm."""
        return bool(self.lead) and not self.pending


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a row is asked: the answer so far, the matter, the place, and whether the matter's route is confirmed."""

    route: Route
    matter: Matter
    place: Place
    confirmed: bool

    @property
    def matched(self) -> tuple[When, ...]:
        return tuple(when for when in self.matter.when if when.circumstance in self.place.circumstances)

    @property
    def dissuader(self) -> str:
        bodies = (("company", self.place.has_company), ("owners_org", self.place.has_owners_org))
        return next((code for code, there in bodies if there and code not in self.place.respondents), "")


def _apply_circumstances(on: _Asked) -> Route:
    """Later rows of the catalogue win; the unit that led before goes on as a helper."""
    route = on.route
    for when in on.matched:
        joint = route.joint
        if when.lead:
            joint = (route.lead, *(unit for unit in joint if unit != when.lead))
        route = replace(
            route,
            lead=when.lead or route.lead,
            joint=joint,
            urgency=when.urgency or route.urgency,
            first=when.first or route.first,
        )
    return route


def _own_town(on: _Asked) -> Route:
    lead, *joint = (on.place.town if unit == TOWN else unit for unit in (on.route.lead, *on.route.joint))
    return replace(on.route, lead=lead, joint=tuple(joint))


def _without_helpers(on: _Asked) -> Route:
    return replace(on.route, joint=tuple(unit for unit in on.route.joint if unit not in on.place.respondents))


@dataclass(frozen=True, slots=True)
class Row:
    """The reason it leaves, when it applies, the answer it gives."""

    reason: str
    applies: Callable[[_Asked], bool]
    answer: Callable[[_Asked], Route]


# Read from above; every row sees the answer of those before it.
TABLE: Final = (
    Row("by_catalogue", lambda _: True, lambda on: on.route),
    Row("by_circumstance", lambda on: bool(on.matched), _apply_circumstances),
    Row("own_town", lambda on: TOWN in (on.route.lead, *on.route.joint), _own_town),
    Row(
        "no_company",
        lambda on: on.route.first == "company" and not on.place.has_company,
        lambda on: replace(on.route, first="supervising_unit" if on.place.has_supervising_unit else ""),
    ),
    Row(
        "dissuade_first",
        lambda on: on.matter.dissuade and on.route.urgency is not Urgency.A and bool(on.dissuader),
        lambda on: replace(on.route, dissuader=on.dissuader),
    ),
    Row(
        "lead_keeps_out",
        lambda on: on.route.lead in on.place.respondents,
        lambda on: replace(on.route, lead=""),
    ),
    Row("helper_keeps_out", lambda on: bool(on.place.respondents & set(on.route.joint)), _without_helpers),
    Row(
        "to_be_confirmed",
        lambda on: not on.confirmed,
        lambda on: replace(on.route, pending=True),
    ),
)
WORDS: Final[dict[str, str]] = {
    "by_catalogue": "按事项目录。",
    "by_circumstance": "因所述情形，按目录改由别的单位主办或提高紧急程度。",
    "own_town": "“属地”是小区所在的乡镇。",
    "no_company": "小区没有物业服务企业，直接由主办单位负责。",
    "dissuade_first": "先由物业服务企业或业主自治组织劝阻，无效即移送。",
    "lead_keeps_out": "主办单位就是被反映的单位，须由督办员指定管辖。",
    "helper_keeps_out": "被反映的单位不参加协办。",
    "to_be_confirmed": "方案没有分主办、协办，或责任单位没有列全，这一路由待县里确认。",
}


def route(matter: Matter, place: Place, *, confirmed: bool) -> Route:
    """Return who leads, who helps, who is asked first, and why. `confirmed`: somebody named has confirmed the route of this matter."""
    found = Route(matter.lead, matter.joint, matter.urgency, matter.first)
    for row in TABLE:
        asked = _Asked(found, matter, place, confirmed)
        if row.applies(asked):
            found = replace(row.answer(asked), reasons=(*found.reasons, row.reason))
    return found


# Why a case waits for a person to dispatch it, and what of it is said on the page.
WAITS: Final[dict[str, str]] = {
    "by_hand": "这一路由没有开启自动派遣。",
    "to_be_confirmed": "这一路由还没有确认。",
    "no_lead": "按归口表没有可以主办的单位。",
    "unit_missing": "归口表里有本县还没有登记的单位。",
    "dissuade_first": "要先由物业服务企业或业主自治组织劝阻。",
}


def waits_for(way: Route, *, auto: bool, whole: bool) -> tuple[str, ...]:
    """Return why a person must dispatch, as codes of `WAITS`; nothing where the system does so at once after acceptance.

    `auto`: the bureau has switched the route to automatic. `whole`: every unit the route names is one the county has.
    """
    tests = (
        ("by_hand", not auto),
        ("to_be_confirmed", way.pending),
        ("no_lead", not way.lead),
        ("unit_missing", bool(way.lead) and not whole),
        ("dissuade_first", bool(way.dissuader)),
    )
    return tuple(reason for reason, waits in tests if waits)


@dataclass(frozen=True, slots=True)
class Override:
    """A matter that dispatchers send elsewhere than the catalogue says, and how often."""

    matter: str
    lead: str
    count: int


def overrides(dispatched: Iterable[tuple[str, str, str]]) -> tuple[Override, ...]:
    """Return what was dispatched otherwise than routed, the most frequent first: the monthly correction of the catalogue.

    `dispatched`: matter, the lead the table gave (empty where none), the lead that was named.
    """
    counts: dict[tuple[str, str], int] = {}
    for matter, routed, lead in dispatched:
        if routed != lead:
            counts[matter, lead] = counts.get((matter, lead), 0) + 1
    found = [Override(matter, lead, count) for (matter, lead), count in counts.items()]
    return tuple(sorted(found, key=lambda one: (-one.count, one.matter, one.lead)))
