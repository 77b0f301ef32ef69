"""The sidebar: the plan's verbs, each page under its verb, shown to those whose post opens it."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse

from anju.base.actor import Actor
from anju.rules.permissions import Permission as P


@dataclass(frozen=True, slots=True)
class Item:
    label: str
    url: str
    current: bool = False
    count: int | None = None
    late: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    verb: str
    items: tuple[Item, ...]


# verb, label, URL name, permission. Pages of later apps add their line here.
_PAGES: tuple[tuple[str, str, str, P], ...] = (
    ("我的", "今日", "home:today", P.DESK_VIEW),
    ("我的", "我的岗位", "people:mine", P.DESK_VIEW),
    ("我的", "通知", "notices:notices", P.DESK_VIEW),
    ("我的", "责任清单", "places:policy", P.POLICY_VIEW),
    ("知底数", "一张表", "reports:table", P.FACT_VIEW),
    ("知底数", "小区", "places:compounds", P.COMPOUND_VIEW),
    ("知底数", "摸底排查", "imports:imports", P.LIST_IMPORT),
    ("知底数", "底数进度", "registry:progress", P.FACT_VIEW),
    ("知底数", "底数核定", "registry:settle", P.FACT_CONFIRM),
    ("知底数", "企业名称核对", "registry:companies", P.COMPANY_SETTLE),
    ("知底数", "单位与企业", "places:organisations", P.ORGANISATION_VIEW),
    ("知底数", "行政区划", "places:divisions", P.DIVISION_VIEW),
    ("知底数", "公开审查", "disclosure:releases", P.RELEASE_VIEW),
    ("办事项", "问题清单", "cases:list", P.CASE_VIEW),
    ("办事项", "纠错", "disclosure:corrections", P.CORRECTION_ANSWER),
    ("办事项", "代录", "intake:enter", P.ROUND_ENTER),
    ("办事项", "12345 工单表", "intake:hotline", P.HOTLINE_IMPORT),
    ("办事项", "征集和调查", "inspections:rounds", P.ROUND_VIEW),
    ("办事项", "销号清单", "ledger:problems", P.CASE_VIEW),
    ("办事项", "单位办理情况", "ledger:figures", P.CASE_VIEW),
    ("办事项", "事项目录", "matters:matters", P.POLICY_VIEW),
    ("办事项", "受理电话", "board:phones", P.ORGANISATION_VIEW),
    ("管系统", "人员", "people:people", P.PERSON_VIEW),
    ("管系统", "岗位", "people:posts", P.POST_VIEW),
    ("管系统", "双人复核", "people:proposals", P.POST_VIEW),
    ("管系统", "工作日历", "calendar:year", P.CALENDAR_VIEW),
    ("管系统", "审计记录", "trail:entries", P.AUDIT_READ),
)


def navigation(actor: Actor, path: str) -> tuple[Group, ...]:
    """Return the groups of the sidebar for this actor; the current page is the longest URL that `path` begins with."""
    urls = (url for _, _, url in _open_to(actor.permissions) if path.startswith(url))
    return _groups(actor.permissions, max(urls, key=len, default=""))


@lru_cache(maxsize=64)
def _open_to(permissions: frozenset[P]) -> tuple[tuple[str, str, str], ...]:
    return tuple((verb, label, reverse(name)) for verb, label, name, needs in _PAGES if needs in permissions)


@lru_cache(maxsize=1024)
def _groups(permissions: frozenset[P], current: str) -> tuple[Group, ...]:
    items: dict[str, list[Item]] = {}
    for verb, label, url in _open_to(permissions):
        items.setdefault(verb, []).append(Item(label, url, current=url == current))
    return tuple(Group(verb, tuple(pages)) for verb, pages in items.items())
