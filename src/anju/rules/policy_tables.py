"""TOML files of a policy read against their shape: every key known, present and of its kind, every fault with its line."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from anju.rules.names import BadName, tidy_name
from anju.rules.policy_faults import Fault
from anju.rules.policy_lines import Path, line_at, lines_of

_AT: Final = re.compile(r"\(at line (\d+), column \d+\)")
_KINDS: Final = {str: "文字", int: "整数", date: "日期（2024-10-30）", list: "列表", dict: "表", bool: "true 或 false"}


@dataclass(frozen=True, slots=True)
class Field:
    """What a key may hold. `limit`: characters of a text or of each text of a list; `low` and `high`: of a number."""

    kind: type
    limit: int = 100
    required: bool = True
    pattern: str = ""
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    least: int = 0


Shape = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Row:
    """One table of a file: its values, and where each stands. `place` is the path of the table in the file."""

    file: str
    place: Path
    values: Mapping[str, Any]
    lines: Mapping[Path, int]

    def line(self, key: str = "") -> int:
        return line_at(self.lines, (*self.place, key))

    def fault(self, key: str, code: str, **values: object) -> Fault:
        told = {name: str(value) for name, value in values.items()}
        return Fault(self.file, self.line(key), code, {"key": key, **told})

    def table(self, key: str) -> "Row":
        """Return the table under `key`; an empty one where there is none of that kind."""
        found = self.values.get(key)
        return Row(self.file, (*self.place, key), found if isinstance(found, dict) else {}, self.lines)

    def tables(self, key: str) -> "list[Row]":
        """Return the tables of the list under `key`, those that are none left out."""
        found = self.values.get(key)
        listed = enumerate(found if isinstance(found, list) else [])
        return [Row(self.file, (*self.place, key, at), row, self.lines) for at, row in listed if isinstance(row, dict)]


def read_toml(file: str, text: str) -> Row | Fault:
    """Return the file as one row, or the fault that keeps it from being TOML.

    tomllib raises RecursionError for lists nested a thousand deep and plain ValueError for numbers of thousands of digits.
    """
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        at = _AT.search(str(error))
        line = int(at[1]) if at else text.count("\n") + 1
        reason = _AT.sub("", str(error)).strip()[:200]
        return Fault(file, line, "syntax", {"reason": reason})
    return Row(file, (), values, lines_of(text))


def shape_faults(row: Row, shape: Shape) -> Iterator[Fault]:
    """Yield what is missing, unknown or not as the shape wants it."""
    for key in shape:
        if shape[key].required and key not in row.values:
            yield row.fault(key, "missing_key")
    for key, value in row.values.items():
        if key in shape:
            yield from _value_faults(row, key, value, shape[key])
        else:
            yield row.fault(key, "unknown_key")


def _value_faults(row: Row, key: str, value: Any, field: Field) -> Iterator[Fault]:
    """The kind must be met exactly: to Python True is a number and a moment is a date."""
    if type(value) is not field.kind:
        yield row.fault(key, "wrong_type", expected=_KINDS[field.kind])
    elif isinstance(value, str):
        yield from _text_faults(row, key, value, field)
    elif isinstance(value, list):
        yield from _list_faults(row, key, value, field)
    elif isinstance(value, int) and field.high and not field.low <= value <= field.high:
        yield row.fault(key, "out_of_range", low=field.low, high=field.high)


def _list_faults(row: Row, key: str, values: list[Any], field: Field) -> Iterator[Fault]:
    """A list of texts, or of tables where the field says so by having no limit of characters."""
    if len(values) < field.least:
        yield row.fault(key, "list_empty")
    for value in values:
        if field.limit and isinstance(value, str):
            yield from _text_faults(row, key, value, field)
        elif type(value) is not (str if field.limit else dict):
            yield row.fault(key, "wrong_type", expected="文字的列表" if field.limit else "表的列表")


def _text_faults(row: Row, key: str, text: str, field: Field) -> Iterator[Fault]:
    """One line of text as people may type it (`rules.names`), of the field's shape."""
    try:
        tidy = tidy_name(text, limit=field.limit)
    except BadName as bad:
        yield row.fault(key, f"text_{bad.code}", limit=field.limit)
        return
    if tidy != text:
        yield row.fault(key, "text_untidy")
    elif field.pattern and not re.fullmatch(field.pattern, text):
        yield row.fault(key, "bad_shape", value=text[:50])
    elif field.choices and text not in field.choices:
        yield row.fault(key, "unknown_choice", value=text[:50], choices="、".join(field.choices))
