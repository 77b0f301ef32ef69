"""The demo county as it is written down in `demo_county.toml`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("demo_county.toml")


@dataclass(frozen=True, slots=True)
class DemoBody:
    name: str
    kind: str
    division: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoCompound:
    """`merged_into` names the compound it turned out to be; `ended`: it was pulled down."""

    name: str
    division: str
    kind: str
    state: str
    supervisor: str = ""
    aliases: tuple[str, ...] = ()
    merged_into: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One person with one post. `area` and `compound` say what it covers; `ends` counts days from the day of loading."""

    name: str
    username: str
    role: str
    body: str
    area: str = ""
    compound: str = ""
    ends: int | None = None
    never_signed_in: bool = False


@dataclass(frozen=True, slots=True)
class DemoCounty:
    bodies: tuple[DemoBody, ...]
    compounds: tuple[DemoCompound, ...]
    people: tuple[DemoPerson, ...]


def read_demo() -> DemoCounty:
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    return DemoCounty(
        tuple(DemoBody(**_frozen(row)) for row in tables["body"]),
        tuple(DemoCompound(**_frozen(row)) for row in tables["compound"]),
        tuple(DemoPerson(**row) for row in tables["person"]),
    )


def _frozen(row: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
