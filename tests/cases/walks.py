"""Shortest walks of real acts that bring a case to where a given act may be done, found by the engine in the workflow's own data."""

import itertools
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from anju.cases.models import Case
from anju.cases.queries.reckoning import book_of, facts_of, units_of
from anju.cases.services.acting import around_of
from anju.rules.cases.book import Book
from anju.rules.cases.engine import apply, may
from anju.rules.cases.facts import Act, Around, Facts, Payload, TaskState
from anju.rules.cases.roles import PLAYED_BY
from anju.rules.cases.workflow import Transition, Urgency, Workflow
from tests.people import Person


@dataclass(frozen=True)
class Cell:
    """One combination that the workflow allows."""

    state: str
    transition: str
    role: str


@dataclass(frozen=True, eq=False)
class Step:
    """An act of a walk, or the act of a cell: by whom, with what. `person` is empty for the reporter himself."""

    act: Act
    person: Person | None


@dataclass(eq=False)
class Spot:
    """A place on the walks: the facts there, the step that led to it, and the cells that are tried from it."""

    facts: Facts
    step: Step | None
    at: datetime
    cells: list[tuple[Cell, Step]] = field(default_factory=list)
    onward: "list[Spot]" = field(default_factory=list)

    @property
    def is_used(self) -> bool:
        return bool(self.cells) or any(spot.is_used for spot in self.onward)


@dataclass(frozen=True, eq=False)
class Player:
    """Somebody in a post, with what the engine asks of him."""

    person: Person
    post: str
    user: str
    unit: str
    units: frozenset[str]

    @classmethod
    def of(cls, person: Person) -> "Player":
        actor = person.actor
        units = units_of(actor.organisation_id)
        return cls(person, actor.role, str(actor.user_id), str(actor.organisation_id), units)


@dataclass(frozen=True, eq=False)
class World:
    """A case as it was filed, and what the acts on it say: `leads` in the order they are tried, `body` of the compound, `helper`.

    `joint`: helpers are named when it is dispatched. `first`: acts with which every walk begins.
    """

    case: Case
    workflow: Workflow
    people: Mapping[str, list[Player]]
    leads: tuple[str, ...]
    helper: str
    body: str
    master: str
    by_reporter: bool
    joint: bool = False
    first: tuple[str, ...] = ()

    def walks(self, wanted: set[Cell], at: datetime, most: int) -> Spot:
        """Return the tree of walks through `most` places; the cells that could be placed are taken out of `wanted`."""
        book, _ = book_of(self.workflow)
        around = around_of(self.case, Payload(master=self.master))
        root = Spot(facts_of(self.case, self.workflow), None, at)
        begun = self._begun(book, root, around)
        queue, known = deque([begun] if begun else []), {_shape(root.facts)}
        while queue and wanted and len(known) < most:
            spot = queue.popleft()
            for transition in self._open(spot.facts):
                self._place(book, spot, transition, around, wanted)
                self._go(book, spot, transition, around, queue, known)
        return root

    def _begun(self, book: Book, spot: Spot, around: Around) -> Spot | None:
        """Return where the walks begin, after the acts that come first; None where this type does not know them."""
        for code in self.first:
            transition = self.workflow.transitions[code]
            roles = transition.roles if self.workflow.enabled(self.case.type, code) else ()
            step = next((one for role in roles if (one := self._allowed(book, spot, transition, role, around))), None)
            if step is None:
                return None
            spot.onward.append(Spot(apply(book, spot.facts, step.act).facts, step, step.act.at))
            spot = spot.onward[-1]
        return spot

    def _open(self, facts: Facts) -> Iterator[Transition]:
        for one in self.workflow.transitions.values():
            if facts.state in one.from_ and self.workflow.enabled(facts.type, one.code):
                yield one

    def _place(self, book: Book, spot: Spot, transition: Transition, around: Around, wanted: set[Cell]) -> None:
        for role in transition.roles:
            cell = Cell(spot.facts.state, transition.code, role)
            step = self._allowed(book, spot, transition, role, around) if cell in wanted else None
            if step:
                spot.cells.append((cell, step))
                wanted.discard(cell)

    def _go(
        self, book: Book, spot: Spot, transition: Transition, around: Around, queue: deque[Spot], known: set[Any]
    ) -> None:
        steps = (self._allowed(book, spot, transition, role, around) for role in transition.roles)
        for step in itertools.islice((step for step in steps if step), 1):
            facts = apply(book, spot.facts, step.act).facts
            if _shape(facts) not in known:
                known.add(_shape(facts))
                spot.onward.append(Spot(facts, step, step.act.at))
                queue.append(spot.onward[-1])

    def _allowed(self, book: Book, spot: Spot, transition: Transition, role: str, around: Around) -> Step | None:
        for player in self._actors(role, spot.facts):
            for lead in self.leads if "lead_given" in transition.guards else ("",):
                act = self._act(spot, transition, role, player, lead, around)
                if may(book, spot.facts, act).allowed:
                    return Step(act, player.person if player else None)
        return None

    def _actors(self, role: str, facts: Facts) -> Iterator[Player | None]:
        if role == "reporter" and self.by_reporter:
            yield None
        for post in sorted(PLAYED_BY[role]):
            for player in self.people.get(post, []):
                if self._sees(player, facts):
                    yield player

    def _sees(self, player: Player, facts: Facts) -> bool:
        if player.post == "department_officer":
            return player.unit in {task.unit for task in facts.tasks}
        if player.post in ("company_admin", "project_manager", "committee_member"):
            return player.unit == self.body and not self.by_reporter
        return True

    def _act(
        self, spot: Spot, transition: Transition, role: str, player: Player | None, lead: str, around: Around
    ) -> Act:
        return Act(
            transition.code,
            role,
            spot.at + timedelta(minutes=1),
            player.user if player else "",
            player.units if player else frozenset(),
            frozenset(self.workflow.evidence),
            self.told(transition, lead, spot),
            around,
        )

    def told(self, transition: Transition, lead: str, spot: Spot) -> Payload:
        """What an act says so that none of its guards has anything against what is said."""
        kind, guards = self.case.type, frozenset(transition.guards)
        said: dict[str, Any] = {"matter": self.case.matter.code, "urgency": Urgency.B, "level": 2, "days": 2}
        said["milestone"] = next(one.code for one in self.workflow.milestones.values() if kind in one.types)
        given = self.workflow.outcomes_by(kind, transition.code)
        said["outcome"] = given[0].code if given else ""
        said["child_type"] = next(code for code in self.workflow.types if code != kind)
        said["until"] = spot.at + timedelta(days=3)
        said["items"] = (said["until"],) if "items_in_limit" in guards else ()
        said["item"] = 1 if guards & {"item_open", "item_waiting"} else 0
        said["meets_at"] = spot.at + timedelta(days=3) if "meeting_ahead" in guards else None
        said["attendance"] = ((spot.facts.lead, "came"),) if "attendance_of_units" in guards else ()
        said["score"] = 5 if "score_satisfied" in guards else 1
        said["dissuasion"] = "stopped" if "dissuasion_stopped" in guards else "in_vain"
        said["lead"] = lead
        helped = "helpers_given" in guards or (self.joint and "helpers_apart" in guards)
        said["helpers"] = (self.helper,) if helped and lead != self.helper else ()
        said["unit"] = self.helper if "helper_named" in guards else self.body
        said["master"] = self.master if "mergeable" in guards else ""
        return Payload(**said)


def _shape(facts: Facts) -> Any:
    """What of the facts decides where one can go from here: moments and numbers do not."""
    tasks = frozenset((task.kind, task.unit, task.state) for task in facts.tasks if task.state != TaskState.CANCELLED)
    asked = facts.request.kind if facts.request else None
    told = (
        facts.returned_by,
        facts.adjudicated,
        facts.redos,
        facts.awaiting_ruling,
        facts.level_answered,
        facts.released,
        facts.undisclosed,
        tuple(item.state for item in facts.items),
    )
    return facts.state, tasks, asked, facts.hands, facts.court, facts.master, facts.reachable, *told


def states_of(workflow: Workflow, case_type: str) -> frozenset[str]:
    """Return the states that a case of this type can come to."""
    rows = [workflow.transitions[code] for code in workflow.types[case_type].transitions]
    found: set[str] = set()
    while (
        more := {row.target(state) for row in rows for state in row.from_ or ("",) if not state or state in found}
        - found
    ):
        found |= more
    return frozenset(found)
