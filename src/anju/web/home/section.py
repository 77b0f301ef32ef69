"""What one app brings to 今日: its due rows and its quiet numbers, with their words. `sections.py` lists those that there are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from anju.accounts.queries.today import Task
from anju.base.actor import Actor
from anju.base.composed import Rows
from anju.rules.permissions import Permission


@dataclass(frozen=True, slots=True)
class Way:
    """Where a row leads: a page, of this row where `one`, with a query whose values may name the task's fields."""

    page: str
    one: bool = False
    query: tuple[tuple[str, str], ...] = ()


def as_it_is(what: str) -> str:
    return what


@dataclass(frozen=True, slots=True)
class Line:
    """How one kind of task reads; `own` where it is about oneself. `act` needs `permission`, without it the button says 查看.

    `rest` and `rest_way` are the row for those that are not listed. `spell` puts into words what the task only names by a code.
    """

    category: str
    says: str
    way: Way
    act: str = "查看"
    act_way: Way | None = None
    permission: Permission | None = None
    own: str = ""
    own_way: Way | None = None
    rest: str = ""
    rest_way: Way | None = None
    spell: Callable[[str], str] = as_it_is


@dataclass(frozen=True, slots=True)
class Number:
    """A quiet number: its label, unit, the list it opens to whoever has `needs`, and the second number beside it."""

    label: str
    unit: str
    url: str
    needs: Permission
    query: str = ""
    note: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """`tasks` yields what is due to an actor at a moment, asked with `@composed` queries: two or three an app, whatever the rows.

    `lines` are the words of each kind of its tasks, in the order in which those without a last day stand. `rows` gives the query
    behind each of `numbers`; the numbers of all sections are counted in one query. `shown` are the codes that each role sees, the
    key "" standing for the roles not named. `waits` are codes of `rows` that stand on the worklist as one line each, to whoever has
    the permission: they are counted together with the numbers.
    """

    tasks: Callable[[Actor, datetime], Iterable[Task]]
    lines: Mapping[str, Line]
    rows: Callable[[Actor, date], Rows] = lambda _actor, _day: {}
    numbers: Mapping[str, Number] = field(default_factory=dict)
    shown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    waits: Mapping[str, Permission] = field(default_factory=dict)
