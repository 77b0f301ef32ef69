"""What a cell can turn out to say. Figures are integers in the unit that `Unit` names; nothing is a float."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Unit(StrEnum):
    """What one step of a `Number` is worth."""

    AREA = "0.01 m2"
    FEE = "fen/m2/month"
    RATIO = "1/1000"
    PERCENT = "0.01 %"
    COUNT = "1"
    YEARS = "year"


@dataclass(frozen=True, slots=True)
class Number:
    """A figure or a range of figures. `given` is the unit as written where that is not the column's own, such as 亩 or 万m2."""

    low: int
    high: int
    unit: Unit
    approximate: bool = False
    given: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, a month, a year or a span of years. `precision` is one of day, month, year, span; both ends belong to it."""

    first: date
    last: date
    precision: str


@dataclass(frozen=True, slots=True)
class Words:
    """A text, tidied: a name, an address, an organisation, a phone number."""

    text: str


@dataclass(frozen=True, slots=True)
class Service:
    """Who looks after a compound: the state of `places.Compound.ServiceState` and, where the cell names one, the company.

    `state` is "unknown" where the cell only says that there is no company: that alone does not make a compound 失管.
    """

    state: str
    company: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question of yes or no: yes, no, unknown, not_applicable."""

    code: str


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the earth in ten-millionths of a degree, in the system it was given in (`points.SYSTEMS`)."""

    longitude: int
    latitude: int
    system: str


Value = Number | Moment | Words | Service | Answer | Point


@dataclass(frozen=True, slots=True)
class Known:
    """The cell says `value`. `note` is what else it says, such as a breakdown in brackets."""

    value: Value
    note: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """The cell is empty or says in words that nothing is known; `marker` is those words."""

    marker: str = ""


@dataclass(frozen=True, slots=True)
class Placeholder:
    """The cell holds a figure that stands for nothing, such as 0.00 for a fee nobody entered."""

    marker: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A person must look. `proposed` is the likeliest reading, None where there is none; `found` tells more for the sentence.

    `reason` is a code of `reasons.REASONS`; for wrong_kind `found` names the kind that the value looks like.
    """

    reason: str
    proposed: Value | None = None
    found: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """The cell must not be stored in any form, and its row is not written: what it held is lost or dangerous."""

    reason: str
    found: str = ""


Reading = Known | Missing | Placeholder | Doubtful | Rejected


def value_of(reading: Reading) -> Value | None:
    """Return what is known or proposed."""
    if isinstance(reading, Known):
        return reading.value
    return reading.proposed if isinstance(reading, Doubtful) else None
