"""The sidebar: the plan's verbs, each page under its verb, shown to those whose post opens it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class Group:
    verb: str
    items: list[Item] = field(default_factory=list)


# verb, label, URL name, permission. Pages of later apps add their line here.
_PAGES: tuple[tuple[str, str, str, P], ...] = (
    ("我的", "今日", "home:today", P.DESK_VIEW),
    ("我的", "我的岗位", "people:mine", P.DESK_VIEW),
    ("我的", "责任清单", "places:policy", P.POLICY_VIEW),
    ("知底数", "小区", "places:compounds", P.COMPOUND_VIEW),
    ("知底数", "摸底排查", "imports:imports", P.LIST_IMPORT),
    ("知底数", "单位与企业", "places:organisations", P.ORGANISATION_VIEW),
    ("知底数", "行政区划", "places:divisions", P.DIVISION_VIEW),
    ("管系统", "人员", "people:people", P.PERSON_VIEW),
    ("管系统", "岗位", "people:posts", P.POST_VIEW),
    ("管系统", "双人复核", "people:proposals", P.POST_VIEW),
    ("管系统", "审计记录", "trail:entries", P.AUDIT_READ),
)


def navigation(actor: Actor, path: str) -> list[Group]:
    """Return the groups of the sidebar for this actor; the current page is the longest URL that `path` begins with."""
    open_pages = list(_open_to(actor))
    current = max((url for _, _, url in open_pages if path.startswith(url)), key=len, default="")
    groups: dict[str, Group] = {}
    for verb, label, url in open_pages:
        groups.setdefault(verb, Group(verb)).items.append(Item(label, url, current=url == current))
    return list(groups.values())


def _open_to(actor: Actor) -> Iterator[tuple[str, str, str]]:
    for verb, label, name, permission in _PAGES:
        if actor.may(permission):
            yield verb, label, reverse(name)
