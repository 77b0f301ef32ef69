"""The sections of 今日, and what they hold for one actor. An app brings its own by one line in `SECTIONS`."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from anju.accounts.acts import acts_decided_by
from anju.accounts.queries import numbers, today
from anju.accounts.queries.today import Task
from anju.base.actor import Actor
from anju.base.composed import composed, counted
from anju.web.cases import desk as cases
from anju.web.disclosure.desk import SECTION as DISCLOSURE
from anju.web.home import words
from anju.web.home.section import Line, Number, Section
from anju.web.inspections import desk as inspections
from anju.web.notices import desk as notices
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
    registry.SECTION,
    DISCLOSURE,
    cases.SECTION,
    inspections.SECTION,
    notices.SECTION,
)

LINES: dict[str, Line] = {kind: line for section in SECTIONS for kind, line in section.lines.items()}
NUMBERS: dict[str, Number] = {code: number for section in SECTIONS for code, number in section.numbers.items()}
_RANK = {kind: rank for rank, kind in enumerate(LINES)}


def tasks_for(actor: Actor, *, at: datetime, counts: Mapping[str, int] | None = None) -> list[Task]:
    """Return what is due, by its last day; what has none comes last, in the order of the sections and their lines.

    `counts`: what `counts_for` gave, where it was asked already.
    """
    known = counts_for(actor, on=timezone.localdate(at)) if counts is None else counts
    found = [task for section in SECTIONS for task in section.tasks(actor, at)]
    found += [Task(code, what=str(known[code])) for code in _waits(actor) if known[code]]
    return sorted(found, key=lambda task: (task.due or date.max, _RANK[task.kind], bool(task.left)))


def counts_for(actor: Actor, *, on: date) -> dict[str, int]:
    """Return in one query the count behind each number this actor is shown, those beside them, and each that waits for them."""
    codes = tuple(dict.fromkeys((*_numbers(actor), *_waits(actor))))
    return dict.fromkeys(codes, 0) | dict(_counts(actor, codes, on)) if codes else {}


def numbers_for(actor: Actor, *, on: date) -> dict[str, int]:
    """Return the count behind each number this actor is shown, those beside them included."""
    counts = counts_for(actor, on=on)
    return {code: counts[code] for code in _numbers(actor)}


def _numbers(actor: Actor) -> tuple[str, ...]:
    shown = shown_to(actor)
    return tuple(dict.fromkeys((*shown, *(beside for code in shown if (beside := NUMBERS[code].beside)))))


def _waits(actor: Actor) -> tuple[str, ...]:
    return tuple(code for section in SECTIONS for code, needs in section.waits.items() if actor.may(needs))


def shown_to(actor: Actor) -> tuple[str, ...]:
    """Return the codes of the numbers whose lists this actor may open, six at most."""
    wanted = (code for section in SECTIONS for code in section.shown.get(actor.role, section.shown.get("", ())))
    return tuple(code for code in wanted if actor.may(NUMBERS[code].needs))[:MOST_NUMBERS]


@composed
def _counts(actor: Actor, codes: tuple[str, ...], day: date) -> "QuerySet[Any, Any]":
    return counted({code: ask for section in SECTIONS for code, ask in section.rows(actor, day).items()}, codes)
