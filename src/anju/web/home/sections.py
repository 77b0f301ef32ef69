"""The sections of 今日, and what they hold for one actor. An app brings its own by one line in `SECTIONS`."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from anju.accounts.acts import acts_decided_by
from anju.accounts.queries import numbers, today
from anju.accounts.queries.today import Task
from anju.base.actor import Actor
from anju.base.composed import composed, counted
from anju.web.cases import desk as cases
from anju.web.home import words
from anju.web.home.section import Line, Number, Section
from anju.web.registry import desk as registry

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST_NUMBERS = 6


def _people_and_places(actor: Actor, at: datetime) -> Iterator[Task]:
    return today.tasks_for(actor, acts=acts_decided_by(actor.role), at=at)


# In the order in which their numbers stand, and their tasks of the same last day.
SECTIONS: tuple[Section, ...] = (
    Section(
        tasks=_people_and_places,
        lines=words.LINES,
        rows=lambda actor, day: numbers.rows_for(actor, on=day),
        numbers=words.NUMBERS,
        shown=words.SHOWN,
    ),
    cases.SECTION,
    registry.SECTION,
)

LINES: dict[str, Line] = {kind: line for section in SECTIONS for kind, line in section.lines.items()}
NUMBERS: dict[str, Number] = {code: number for section in SECTIONS for code, number in section.numbers.items()}
_RANK = {kind: rank for rank, kind in enumerate(LINES)}


def tasks_for(actor: Actor, *, at: datetime) -> list[Task]:
    """Return what is due, by its last day; what has none comes last, in the order of the sections and their lines."""
    found = [task for section in SECTIONS for task in section.tasks(actor, at)]
    return sorted(found, key=lambda task: (task.due or date.max, _RANK[task.kind], bool(task.left)))


def numbers_for(actor: Actor, *, on: date) -> dict[str, int]:
    """Return the count behind each number this actor is shown, those beside them included."""
    shown = shown_to(actor)
    codes = dict.fromkeys((*shown, *(beside for code in shown if (beside := NUMBERS[code].beside))))
    return dict.fromkeys(codes, 0) | dict(_counts(actor, tuple(codes), on)) if codes else {}


def shown_to(actor: Actor) -> tuple[str, ...]:
    """Return the codes of the numbers whose lists this actor may open, six at most."""
    wanted = (code for section in SECTIONS for code in section.shown.get(actor.role, section.shown.get("", ())))
    return tuple(code for code in wanted if actor.may(NUMBERS[code].needs))[:MOST_NUMBERS]


@composed
def _counts(actor: Actor, codes: tuple[str, ...], day: date) -> "QuerySet[Any, Any]":
    return counted({code: ask for section in SECTIONS for code, ask in section.rows(actor, day).items()}, codes)
