"""The tables of a policy that are CSV: records with their lines, and names as they must be."""

import csv
from collections.abc import Iterator
from io import StringIO

from anju.rules.names import BadName, tidy_name
from anju.rules.policy_faults import Fault


def records(file: str, columns: tuple[str, ...], text: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """Yield each record below the header with the line it begins on; one of another width is told and left out."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if line == 1 and tuple(cells) != columns:
                faults.append(fault_of(file, 1, "wrong_header", expected=",".join(columns)))
                return
            if line > 1 and cells and len(cells) != len(columns):
                faults.append(fault_of(file, line, "wrong_columns", expected=len(columns), count=len(cells)))
            elif line > 1 and cells:
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(fault_of(file, line, "syntax", reason=error))


def name_faults(file: str, line: int, name: str) -> Iterator[Fault]:
    try:
        if tidy_name(name) != name:
            yield fault_of(file, line, "text_untidy", key="name")
    except BadName as bad:
        yield fault_of(file, line, f"text_{bad.code}", key="name", limit=100)


def fault_of(file: str, line: int, code: str, **values: object) -> Fault:
    return Fault(file, line, code, {name: str(value) for name, value in values.items()})
