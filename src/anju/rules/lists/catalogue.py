"""What a county asks of its compounds, as policy data: indicators, columns beside them, and what is plausible.

Three files of the policy folder: `indicators.toml`, `columns.toml`, `plausibility.toml`. Read whole or refused whole, like the others.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from anju.rules.policy_faults import Fault, PolicyFaults
from anju.rules.policy_shapes import CITE, FILE, LISTS, TABLES
from anju.rules.policy_tables import Field, Row, Shape, read_toml, shape_faults

INDICATORS, COLUMNS, PLAUSIBILITY = LISTS
QUANTITIES: Final = (
    "area", "households", "buildings", "storeys", "bays", "lifts", "persons", "terms", "percent", "ratio", "term",
)  # fmt: skip
TYPES: Final = (
    *QUANTITIES, "fee", "year", "date", "answer", "service", "organisation", "person", "text", "phone", "credit_code",
)  # fmt: skip
COLUMN_TYPES: Final = ("name", "text", "place", "address", "point", "longitude", "latitude", "date", "ignored")
GROUPS: Final = ("management_area", "service", "committee", "party", "company", "fee")
CHECKS: Final = {
    "order": 2,
    "range": 1,
    "quotient": 3,
    "per": 2,
    "spread": 1,
    "years": 1,
    "unit": 0,
}  # columns each wants, 0 any

_CODE = Field(str, limit=40, pattern=r"[a-z][a-z0-9_]{1,39}")
_HEADINGS = Field(list, limit=40, least=1)
INDICATOR: Final[Shape] = {
    "code": _CODE,
    "name": Field(str, limit=40),
    "type": Field(str, choices=TYPES),
    "unit": Field(str, limit=20, required=False),
    "group": Field(str, choices=GROUPS),
    "tolerance": Field(int, low=0, high=1000),
    "stale_days": Field(int, low=1, high=36500),
    "answers": Field(list, pattern=r"[a-z][a-z0-9_]{1,39}", least=1),
    "cite": CITE,
    "public": Field(bool, required=False),
    "zero": Field(bool, required=False),
    "headings": _HEADINGS,
}
COLUMN: Final[Shape] = {
    "code": _CODE,
    "name": Field(str, limit=40),
    "type": Field(str, choices=COLUMN_TYPES),
    "cite": CITE,
    "headings": _HEADINGS,
}
RULE: Final[Shape] = {
    "code": _CODE,
    "check": Field(str, choices=tuple(CHECKS)),
    "columns": Field(list, pattern=_CODE.pattern, least=1),
    "low": Field(int, low=0, high=10**12),
    "high": Field(int, low=0, high=10**12),
    "why": Field(str, limit=200),
    "cite": CITE,
}
_ROOTS: Final[dict[str, tuple[str, Shape]]] = {
    INDICATORS: ("indicator", INDICATOR),
    COLUMNS: ("column", COLUMN),
    PLAUSIBILITY: ("rule", RULE),
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing the county's table asks of a compound. `tolerance` in thousandths; `answers` are codes of `units.toml`."""

    code: str
    name: str
    type: str
    group: str
    tolerance: int
    stale_days: int
    answers: tuple[str, ...]
    cite: str
    headings: tuple[str, ...]
    valid_from: date
    unit: str = ""
    public: bool = False
    zero: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column that says which compound a row is about, where it lies and where the list comes from."""

    code: str
    name: str
    type: str
    cite: str
    headings: tuple[str, ...]
    zero: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What is plausible, with the reason told to people. `low` and `high` in the steps of the columns' units."""

    code: str
    check: str
    columns: tuple[str, ...]
    low: int
    high: int
    why: str
    cite: str


@dataclass(frozen=True)
class Catalogue:
    """All three, read together."""

    indicators: tuple[Indicator, ...]
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Indicator | Column]:
        """Every column a list may have, by its code."""
        both: tuple[Indicator | Column, ...] = (*self.columns, *self.indicators)
        return {one.code: one for one in both}

    @cached_property
    def headings(self) -> Mapping[str, str]:
        """Every known heading, plain, with the code of its column."""
        return {heading.lower(): one.code for one in self.by_code.values() for heading in one.headings}

    @cached_property
    def heading_words(self) -> frozenset[str]:
        """Headings that cannot be a value by themselves."""
        return frozenset(heading for heading in self.headings if len(heading) > 2)

    @cached_property
    def why(self) -> Mapping[str, str]:
        return {rule.code: rule.why for rule in self.rules}


def parse_catalogue(files: Mapping[str, str | bytes], *, units: Collection[str]) -> Catalogue:
    """Return the catalogue that the named files hold, or raise `PolicyFaults`. `units` are the codes of the policy's units."""
    faults: list[Fault] = []
    roots = {name: _root(name, files, faults) for name in LISTS}
    if not faults:
        faults.extend(_contradictions(roots, units))
    if faults:
        raise PolicyFaults(faults)
    valid_from = roots[INDICATORS].values["valid_from"]
    return Catalogue(
        tuple(Indicator(**_values(row), valid_from=valid_from) for row in roots[INDICATORS].tables("indicator")),
        tuple(Column(**_values(row)) for row in roots[COLUMNS].tables("column")),
        tuple(Rule(**_values(row)) for row in roots[PLAUSIBILITY].tables("rule")),
    )


def _root(name: str, files: Mapping[str, str | bytes], faults: list[Fault]) -> Row:
    nothing = Row(name, (), {}, {})
    if name not in files:
        faults.append(Fault(name, 0, "missing_file"))
        return nothing
    content = files[name]
    try:
        text = content if isinstance(content, str) else content.decode()
    except UnicodeDecodeError:
        faults.append(Fault(name, 1, "not_utf8"))
        return nothing
    root = read_toml(name, text.removeprefix("\ufeff"))
    if isinstance(root, Fault):
        faults.append(root)
        return nothing
    table, shape = _ROOTS[name]
    faults.extend(shape_faults(root, {**FILE, table: TABLES}))
    for row in root.tables(table):
        faults.extend(shape_faults(row, shape))
    return root


def _contradictions(roots: Mapping[str, Row], units: Collection[str]) -> Iterator[Fault]:
    """Codes and headings of one column each, units that exist, rules about columns that exist."""
    asked = [*roots[COLUMNS].tables("column"), *roots[INDICATORS].tables("indicator")]
    rules = roots[PLAUSIBILITY].tables("rule")
    yield from _repeated(asked, lambda row: [row.values["code"]], "code")
    yield from _repeated(rules, lambda row: [row.values["code"]], "code")
    yield from _repeated(asked, lambda row: [heading.lower() for heading in row.values["headings"]], "headings")
    codes = {row.values["code"] for row in asked}
    for row in asked:
        for unit in row.values.get("answers", ()):
            if unit not in units:
                yield row.fault("answers", "unknown_unit", value=unit)
    for row in rules:
        yield from _rule_faults(row, codes)


def _rule_faults(row: Row, codes: set[str]) -> Iterator[Fault]:
    columns, wanted = row.values["columns"], CHECKS[row.values["check"]]
    for column in columns:
        if column not in codes:
            yield row.fault("columns", "unknown_choice", value=column, choices="、".join(sorted(codes)))
    if wanted and len(columns) != wanted:
        yield row.fault("columns", "wrong_columns", expected=wanted, count=len(columns))


def _repeated(rows: list[Row], names: Any, key: str) -> Iterator[Fault]:
    first: dict[str, Row] = {}
    for row in rows:
        for name in names(row):
            before = first.setdefault(name, row)
            if before is not row:
                yield row.fault(key, "repeated_code", value=name, first=before.line("code"))


def _values(row: Row) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.values.items()}
