"""TOML tables that remember their lines, so that a fault can say where it is."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

_HEADER = re.compile(r"^\s*\[(\[)?\s*([A-Za-z0-9_-]+)\s*\](\])?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")
_LINE = re.compile(r"line (\d+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `line` is 0 where the whole file is meant; `values` fill the sentence of `code`."""

    file: str
    line: int
    code: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """One `[name]` or `[[name]]` of a file: its values, its line, and the line of each key."""

    file: str
    name: str
    line: int
    values: dict[str, Any]
    lines: dict[str, int]

    def fault(self, key: str, code: str, **values: str) -> Fault:
        return Fault(self.file, self.lines.get(key, self.line), code, {"key": key, **values})

    def faults(self, keys: Mapping[str, type], more: Mapping[str, type]) -> Iterator[Fault]:
        """Missing and unknown keys, wrong types, empty texts, lists of other things than text."""
        for key in keys.keys() - self.values.keys():
            yield self.fault(key, "missing_key")
        for key, value in self.values.items():
            if key not in keys and key not in more:
                yield self.fault(key, "unknown_key")
            elif type(value) is not {**more, **keys}[key]:
                yield self.fault(key, "wrong_type", value=type(value).__name__)
            elif value == "" or (isinstance(value, list) and not all(isinstance(part, str) and part for part in value)):
                yield self.fault(key, "empty")

    def repeated(self, codes: list[str]) -> Iterator[Fault]:
        if codes.count(self.values["code"]) > 1:
            yield self.fault("code", "repeated_code", value=str(self.values["code"]))


def read_toml(file: str, text: str, faults: list[Fault]) -> list[Table]:
    """Return the tables of a text in their order; a text that is not TOML adds one fault and gives none."""
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        told = _LINE.search(str(error))
        line = int(told[1]) if told else text.count("\n") + 1
        faults.append(Fault(file, line, "syntax", {"reason": str(error)}))
        return []
    headers = list(_headers(text))
    return [_table(file, name, values, headers, faults) for name, values in _flat(file, parsed, faults)]


def _flat(
    file: str, parsed: Mapping[str, Any], faults: list[Fault]
) -> Iterator[tuple[tuple[str, int], dict[str, Any]]]:
    for name, value in parsed.items():
        listed = value if isinstance(value, list) else [value]
        for number, values in enumerate(listed):
            if isinstance(values, dict):
                yield (name, number), values
            else:
                faults.append(Fault(file, 0, "not_a_table", {"table": name}))


def _table(
    file: str,
    place: tuple[str, int],
    values: dict[str, Any],
    headers: list[tuple[str, int, dict[str, int]]],
    faults: list[Fault],
) -> Table:
    """Match the n-th table of a name with the n-th header of that name; a table written inline has no header: line 0."""
    name, number = place
    same = [(line, keys) for found, line, keys in headers if found == name]
    if number >= len(same):
        faults.append(Fault(file, 0, "inline_table", {"table": name}))
        return Table(file, name, 0, values, {})
    line, keys = same[number]
    return Table(file, name, line, values, keys)


def _headers(text: str) -> Iterator[tuple[str, int, dict[str, int]]]:
    """Yield each header with its line and the lines of the keys that follow it."""
    keys: dict[str, int] = {}
    for line, content in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(content):
            keys = {}
            yield header[2], line, keys
        elif key := _KEY.match(content):
            keys.setdefault(key[1], line)
