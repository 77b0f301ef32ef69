"""What an act leaves behind in the facts, by the names that workflow.toml uses. Tasks, clocks and states are not marks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from anju.rules.cases.facts import (
    Asked,
    Closing,
    Event,
    Facts,
    Item,
    ItemState,
    Request,
    Running,
    Task,
    TaskKind,
    TaskState,
)

Mark = Callable[[Facts, Event], Mapping[str, Any]]

# An order to rectify binds until it is verified, came to nothing, or all is to be done again.
_NO_ORDER: Final[Mapping[str, Any]] = {"items": ()}


def _filed(_: Facts, event: Event) -> Mapping[str, Any]:
    told = event.payload
    names = (
        "type",
        "matter",
        "compound",
        "mode",
        "reachable",
        "respondents",
        "about",
        "private",
        "undisclosed",
        "public_interest",
    )
    values = {name: getattr(told, name) for name in names}
    values["reported"] = event.role == "reporter"
    return values | ({"urgency": told.urgency} if told.urgency else {})


def _classified(facts: Facts, event: Event) -> Mapping[str, Any]:
    """Matter and urgency as the officer sees them; who it is about only grows."""
    told = event.payload
    return {
        "matter": told.matter or facts.matter,
        "urgency": told.urgency or facts.urgency,
        "respondents": facts.respondents | told.respondents,
        "about": facts.about | told.about,
        "private": facts.private or told.private,
        "public_interest": facts.public_interest or told.public_interest,
    }


def _asked(kind: Asked, _: Facts, event: Event) -> Mapping[str, Any]:
    return {"request": Request(kind, event.person, event.units, event.payload.until)}


def _redone(facts: Facts, _: Event) -> Mapping[str, Any]:
    return {"redos": facts.redos + 1, "awaiting_ruling": False, **_NO_ORDER}


def _reopened(facts: Facts, _: Event) -> Mapping[str, Any]:
    """A new round: what was granted and counted in the last one does not weigh on it."""
    return {
        **dict.fromkeys(("redos", "reworks", "extensions", "score", "level"), 0),
        **{"reopened": facts.reopened + 1, "closing": None, "outcome": "", "released": False},
        **{"level_answered": True, "request": None, "nudged_at": None, **_NO_ORDER},
    }


def _returned(facts: Facts, _: Event) -> Mapping[str, Any]:
    """The lead gave it back; what others were asked to help with falls away."""
    tasks = _settled(facts.tasks, TaskKind.LEAD, TaskState.RETURNED)
    return {
        "tasks": _settled(tasks, TaskKind.HELPER, TaskState.CANCELLED),
        "returned_by": (*facts.returned_by, facts.lead),
        "request": None,
    }


def _items_ordered(_: Facts, event: Event) -> Mapping[str, Any]:
    """A new order takes the place of the last one, whose items stay in its events."""
    return {"items": tuple(Item(due) for due in event.payload.items)}


def _item(state: ItemState, failed: int, facts: Facts, event: Event) -> Mapping[str, Any]:
    place = event.payload.item - 1
    item = facts.items[place]
    after = replace(item, state=state, failed=item.failed + failed)
    return {"items": (*facts.items[:place], after, *facts.items[place + 1 :])}


def _helped(facts: Facts, event: Event) -> Mapping[str, Any]:
    return {"tasks": _settled(facts.tasks, TaskKind.HELPER, TaskState.DONE, event.units)}


def _excused(facts: Facts, event: Event) -> Mapping[str, Any]:
    """A helper that need not, cannot or does not answer no longer holds the case up."""
    return {"tasks": _settled(facts.tasks, TaskKind.HELPER, TaskState.CANCELLED, frozenset({event.payload.unit}))}


def _settled(
    tasks: tuple[Task, ...], kind: TaskKind, state: TaskState, units: frozenset[str] | None = None
) -> tuple[Task, ...]:
    """Return the tasks with those of this kind that are open, of these units or of all, ended in this way."""
    return tuple(
        replace(task, state=state)
        if task.kind is kind and task.state is TaskState.OPEN and (units is None or task.unit in units)
        else task
        for task in tasks
    )


def _absorbed(facts: Facts, event: Event) -> Mapping[str, Any]:
    """The ends that a merged case brings for clocks that do not run yet wait for them; of two of one clock the sooner one."""
    running = {clock.code for clock in facts.clocks if clock.state is not Running.STOPPED}
    waiting = dict(facts.absorbed)
    for code, due in event.payload.dues:
        if code not in running:
            waiting[code] = min(due, waiting.get(code, due))
    return {"absorbed": tuple(sorted(waiting.items()))}


MARKS: Final[dict[str, Mark]] = {
    "filed": _filed,
    "classified": _classified,
    "info_asked": lambda facts, _: {"info_requests": facts.info_requests + 1},
    "merged": lambda _, event: {"master": event.payload.master},
    "unmerged": lambda *_: {"master": ""},
    "stepped_back": lambda *_: {"reachable": False},
    "dispatched": lambda _, event: {"dispatched_at": event.at, "request": None},
    "adjudicated": lambda *_: {"adjudicated": True},
    "returned": _returned,
    "helper_done": _helped,
    "helper_excused": _excused,
    "milestone": lambda facts, event: {"milestones": (*facts.milestones, event.payload.milestone)},
    "items_ordered": _items_ordered,
    "item_done": partial(_item, ItemState.DONE, 0),
    "item_passed": partial(_item, ItemState.PASSED, 0),
    "item_failed": partial(_item, ItemState.OPEN, 1),
    "order_over": lambda *_: _NO_ORDER,
    "court": lambda *_: {"court": True},
    "extension_asked": partial(_asked, Asked.EXTENSION),
    "suspension_asked": partial(_asked, Asked.SUSPENSION),
    "request_settled": lambda *_: {"request": None},
    "extended": lambda facts, _: {"extensions": facts.extensions + 1, "request": None},
    "outcome": lambda _, event: {"outcome": event.payload.outcome, "request": None},
    "outcome_over": lambda *_: {"outcome": ""},
    "absorbed": _absorbed,
    "reworked": lambda facts, _: {"reworks": facts.reworks + 1},
    "rated": lambda _, event: {"score": event.payload.score},
    "satisfied": lambda *_: {"closing": Closing.SATISFIED},
    "unrated": lambda *_: {"closing": Closing.UNRATED, "score": 0},  # what was said of an earlier round is in its event
    "unreachable": lambda *_: {"closing": Closing.UNREACHABLE, "score": 0},
    "upheld": lambda *_: {"closing": Closing.UPHELD, "awaiting_ruling": False},
    "awaiting": lambda *_: {"awaiting_ruling": True},
    "redone": _redone,
    "reopened": _reopened,
    "nudged": lambda _, event: {"nudged_at": event.at},
    "overseen": lambda facts, event: {"level": max(facts.level, event.payload.level), "level_answered": False},
    "oversight_answered": lambda *_: {"level_answered": True},
    "released": lambda *_: {"released": True},
    "unpublished": lambda *_: {"released": False},
    "privacy_asked": lambda *_: {"undisclosed": True, "released": False},
    "privacy_dropped": lambda *_: {"undisclosed": False},
    "derived": lambda *_: {},  # another case is to be opened: an effect, no fact of this one
    "urged": lambda *_: {},  # only the clock whose lateness it is about gets another level
    "credit": lambda *_: {},  # a proposal to the credit ledger: an effect, no fact of the case
}


def mark(facts: Facts, event: Event, names: tuple[str, ...]) -> Facts:
    """Return the facts with what these marks leave."""
    for name in names:
        facts = replace(facts, **MARKS[name](facts, event))
    return facts
