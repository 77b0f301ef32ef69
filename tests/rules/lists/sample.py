"""The demo county's catalogue, and lists made up of it."""

import tomllib
from collections.abc import Sequence

from anju.rules.lists.catalogue import Catalogue, parse_catalogue
from anju.rules.lists.headers import Header, find_header
from anju.rules.lists.plausibility import doubts_about, profile_of
from anju.rules.lists.rows import Doubt, ListRow, read_row
from anju.rules.lists.text import Cell
from anju.rules.policy_shapes import LISTS
from tests.house.source import ROOT

YEAR = 2026


def files_of(policy: str) -> dict[str, bytes]:
    return {name: (ROOT / "policy" / policy / name).read_bytes() for name in LISTS}


def units_of(policy: str) -> set[str]:
    return {unit["code"] for unit in tomllib.loads((ROOT / "policy" / policy / "units.toml").read_text())["unit"]}


CATALOGUE: Catalogue = parse_catalogue(files_of("demo"), units=units_of("demo"))


def header_of(*headings: str) -> Header:
    header = find_header([list(headings)], CATALOGUE)
    assert header is not None
    return header


def rows_of(headings: Sequence[str], *rows: Sequence[Cell]) -> list[ListRow]:
    header = header_of(*headings)
    return [read_row(line, row, header, CATALOGUE, latest=YEAR) for line, row in enumerate(rows, start=2)]


def doubts_in(headings: Sequence[str], *rows: Sequence[Cell]) -> list[list[Doubt]]:
    read = rows_of(headings, *rows)
    profile = profile_of(read)
    return [doubts_about(row, CATALOGUE, profile, latest=YEAR) for row in read]
