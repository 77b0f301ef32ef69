"""Where each key of a TOML text stands: tomllib gives values without lines, and a fault must name its line.

The text has been read by tomllib before, so it is known to be TOML; this scan only has to find headers and keys without being
taken in by strings and lists over several lines.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Path = tuple[str | int, ...]

_KEY: Final = r"(?:\"(?:\\.|[^\"\\])*\"|'[^']*'|[A-Za-z0-9_-]+)"
_PATH: Final = rf"{_KEY}(?:[ \t]*\.[ \t]*{_KEY})*"
_HEADER: Final = re.compile(rf"[ \t]*(\[\[?)[ \t]*({_PATH})[ \t]*\]")
_ASSIGNMENT: Final = re.compile(rf"[ \t]*({_PATH})[ \t]*=")
_TOKEN: Final = re.compile(r"\"\"\"|'''|\"(?:\\.|[^\"\\])*\"|'[^']*'|#.*|[\[{]|[\]}]")
_CLOSING: Final = {'"""': re.compile(r'\\.|("{3,5})'), "'''": re.compile(r"('{3,5})")}


@dataclass(slots=True)
class _Scan:
    """What is open at the end of a line: a string over several lines, a number of brackets; and the table we are in."""

    string: str = ""
    depth: int = 0
    table: Path = ()
    counts: dict[Path, int] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)


def lines_of(text: str) -> Mapping[Path, int]:
    """Return the line (from 1) of every header and key by its path: ("item", 2, "units") is `units` in the third `[[item]]`."""
    scan = _Scan()
    for number, line in enumerate(text.split("\n"), start=1):
        if not scan.string and not scan.depth:
            _note(scan, number, line)
        _pass_over(scan, line)
    return scan.lines


def line_at(lines: Mapping[Path, int], path: Path) -> int:
    """Return the line of a path or, where it is written inside something else or not at all, of the nearest thing around it."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def _note(scan: _Scan, number: int, line: str) -> None:
    if header := _HEADER.match(line):
        scan.table = _table(scan, _parts(header[2]), many=header[1] == "[[")
        scan.lines.setdefault(scan.table, number)
        scan.lines.setdefault(tuple(_parts(header[2])[:1]), number)
    elif assignment := _ASSIGNMENT.match(line):
        path = scan.table
        for part in _parts(assignment[1]):
            path = (*path, part)
            scan.lines.setdefault(path, number)


def _table(scan: _Scan, parts: list[str], *, many: bool) -> Path:
    """Return the path of a header: the last one of each list it passes through, a new one where it opens a list's next table."""
    path: Path = ()
    for part in parts[:-1]:
        path = (*path, part)
        if path in scan.counts:
            path = (*path, scan.counts[path])
    path = (*path, parts[-1])
    if not many:
        return path
    scan.counts[path] = scan.counts.get(path, -1) + 1
    return (*path, scan.counts[path])


def _parts(path: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_KEY, path)]


def _pass_over(scan: _Scan, line: str) -> None:
    """Carry open strings and brackets over to the next line."""
    position = 0
    while position < len(line):
        if scan.string:
            position = _end_of_string(scan, line, position)
            continue
        token = _TOKEN.search(line, position)
        if token is None:
            return
        position = token.end()
        if token[0] in _CLOSING:
            scan.string = token[0]
        elif token[0] in "[{":
            scan.depth += 1
        elif token[0] in "]}":
            scan.depth -= 1


def _end_of_string(scan: _Scan, line: str, position: int) -> int:
    for mark in _CLOSING[scan.string].finditer(line, position):
        if mark[1]:
            scan.string = ""
            return mark.end()
    return len(line)
