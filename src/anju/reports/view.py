"""What one looks at in the one table, as a value: read from the query of an address, written back to the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, Protocol
from urllib.parse import urlencode

from anju.base.actor import Refused
from anju.places.models import Compound
from anju.reports.columns import DAYS, FIGURES, STANDARD, Column, Columns
from anju.rules.lists.answers import ANSWERS

OPERATORS: Final = ("is", "ge", "le", "has", "unknown", "known", "stale", "conflict")
MARKS: Final = ("unknown", "stale", "conflict", "awaiting")
_ALWAYS: Final = frozenset({"unknown", "known", "stale", "conflict"})
MOST_CONDITIONS, LONGEST = 12, 50
SCALES: Final = {
    "area": 100,
    "fee": 100,
    "ratio": 1000,
    "percent": 100,
}  # steps of the stored figure in one unit of the column
_CODES: Final[dict[str, dict[str, str]]] = {  # what people write for what an address says
    "answer": {"有": "yes", "是": "yes", "无": "no", "否": "no", "未知": "unknown", "不适用": "not_applicable"},
    "service": {name: code for code, name in Compound.ServiceState.choices},
}
_LARGEST: Final = 10**15


class Asked(Protocol):
    """A query string already taken apart, as `QueryDict` has it."""

    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing asked of a column's cell. `value` as a person writes it: a figure in the column's unit, a day, an answer's code, a text."""

    code: str
    operator: str
    value: str = ""

    def written(self) -> str:
        return f"{self.code}:{self.operator}:{self.value}" if self.value else f"{self.code}:{self.operator}"


@dataclass(frozen=True, slots=True)
class TableView:
    """A view. `columns`: codes, empty for the standard ones; `sort`: a code, - before it for the largest first, empty by place and name."""

    columns: tuple[str, ...] = ()
    division: int | None = None
    kind: str = ""
    state: str = ""
    mark: str = ""
    text: str = ""
    conditions: tuple[Condition, ...] = ()
    sort: str = ""

    @property
    def narrowed(self) -> bool:
        return self != TableView(columns=self.columns, sort=self.sort)

    def query(self) -> str:
        """Return the query of this view's address; views that look at the same have the same query."""
        pairs = [
            ("division", str(self.division or "")), ("kind", self.kind), ("state", self.state), ("mark", self.mark), ("q", self.text),
            *(("f", condition.written()) for condition in self.conditions), ("sort", self.sort), ("cols", ",".join(self.columns)),
        ]  # fmt: skip
        return urlencode([pair for pair in pairs if pair[1]], safe=":,")

    def also(self, code: str, operator: str, value: str = "") -> "TableView":
        """The view narrowed by one more condition."""
        return replace(self, conditions=tuple(dict.fromkeys((*self.conditions, Condition(code, operator, value)))))

    def without(self, condition: Condition) -> "TableView":
        return replace(self, conditions=tuple(one for one in self.conditions if one != condition))


def read_view(asked: Asked, columns: Columns) -> TableView:
    """Return the view that a query string asks for. Raises `Refused` for what is not there, is hidden, or makes no sense."""
    conditions = tuple(dict.fromkeys(_conditions(asked, columns)))
    if len(conditions) > MOST_CONDITIONS:
        raise Refused("table.too_many_conditions", most=MOST_CONDITIONS)
    return TableView(
        columns=_columns(asked, columns),
        division=_id(_last(asked, "division")),
        kind=_one_of(_last(asked, "kind"), Compound.Kind.values),
        state=_one_of(_last(asked, "state"), Compound.ServiceState.values),
        mark=_one_of(_last(asked, "mark"), MARKS),
        text=_text(_last(asked, "q")),
        conditions=conditions,
        sort=_sort(_last(asked, "sort"), columns),
    )


def _last(asked: Asked, key: str) -> str:
    return (asked.getlist(key) or [""])[-1].strip()


def _columns(asked: Asked, columns: Columns) -> tuple[str, ...]:
    named = [code for text in (*asked.getlist("cols"), *asked.getlist("c")) for code in text.split(",") if code]
    for code in named:
        if code not in columns.by_code:
            raise Refused("table.no_such_column", column=_shown(code))
    chosen = tuple(column.code for column in columns.chosen(named)) if named else ()
    standard = tuple(column.code for column in columns.chosen(STANDARD))
    return () if chosen == standard else chosen


def _conditions(asked: Asked, columns: Columns) -> Iterator[Condition]:
    for text in asked.getlist("f"):
        code, _, rest = text.partition(":")
        operator, _, value = rest.partition(":")
        if text:
            yield _condition(code, operator, value, columns)
    if code := _last(asked, "fc"):
        operator, value = _last(asked, "fo") or "known", _last(asked, "fv")
        yield _condition(code, operator, value, columns)


def _condition(code: str, operator: str, value: str, columns: Columns) -> Condition:
    column = columns.by_code.get(code)
    if column is None:
        raise Refused("table.no_such_column", column=_shown(code))
    if not column.sifted:
        raise Refused("table.not_to_sift", column=column.name)
    if operator not in operators_of(column):
        raise Refused("table.no_such_condition", column=column.name, operator=_shown(operator))
    return Condition(code, operator, "" if operator in _ALWAYS else _value(column, operator, value.strip()))


def operators_of(column: Column) -> frozenset[str]:
    if column.type in FIGURES or column.type in DAYS:
        return _ALWAYS | {"is", "ge", "le"}
    return _ALWAYS | ({"is"} if column.type == "answer" else {"is", "has"} if column.type == "service" else {"has"})


def _value(column: Column, operator: str, value: str) -> str:
    value = _CODES.get(column.type, {}).get(value, value)
    wrong = Refused("table.value_unfit", column=column.name, value=_shown(value))
    if column.type in FIGURES and figure_of(column, value) is None:
        raise wrong
    if column.type in DAYS and day_span(value) is None:
        raise wrong
    allowed: Mapping[str, Sequence[str]] = {"answer": ANSWERS, "service": Compound.ServiceState.values}
    if operator == "is" and column.type in allowed and value not in allowed[column.type]:
        raise wrong
    if operator == "has" and not _text(value):
        raise wrong
    return value


def figure_of(column: Column, value: str) -> int | None:
    """Return a written figure in the steps of its column, None where it is none."""
    if not value.isascii() or len(value) > 20 or "_" in value:
        return None
    try:
        steps = Decimal(value) * SCALES.get(column.type, 1)
    except InvalidOperation:
        return None
    if not steps.is_finite() or abs(steps) > _LARGEST or steps != steps.to_integral_value():
        return None
    return int(steps)


def day_span(value: str) -> tuple[int, int] | None:
    """Return the first and last day, as 20260131, of a year, a month or a day as dates are written; None where it is none."""
    parts = value.split("-")
    if len(value) > 10 or not all(part.isascii() and part.isdigit() for part in parts) or not 1 <= len(parts) <= 3:
        return None
    year, month, day = ([int(part) for part in parts] + [0, 0])[:3]
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        return None
    first, last = year * 10_000, year * 10_000 + 9999
    if len(parts) > 1:
        first, last = first + month * 100, first + month * 100 + 99
    return (first + day, first + day) if len(parts) > 2 else (first, last)


def _sort(code: str, columns: Columns) -> str:
    column = columns.by_code.get(code.removeprefix("-"))
    if code and column is None:
        raise Refused("table.no_such_column", column=_shown(code))
    if column and not column.sortable:
        raise Refused("table.not_to_sort", column=column.name)
    return code


def _one_of(value: str, allowed: Iterable[str]) -> str:
    if value and value not in allowed:
        raise Refused("table.no_such_choice", value=_shown(value))
    return value


def _id(value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 18):
        raise Refused("table.no_such_choice", value=_shown(value))
    return int(value)


def _text(value: str) -> str:
    if len(value) > LONGEST or not value.isprintable():
        raise Refused("table.text_unfit", most=LONGEST)
    return value


def _shown(value: str) -> str:
    """What a stranger's link said, safe and short enough to repeat in a sentence."""
    return "".join(sign if sign.isprintable() else "□" for sign in value[:20])
