"""What the engine knows of a case, what somebody wants to do to it, and what is kept of that. All frozen values.

Units, persons, compounds and case numbers are opaque texts: the services say what they stand for. A unit that is part of another
(房管所 of 县住建局) acts as both: an act names all of them.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from anju.rules.cases.workflow import START, Amount, Urgency


class Mode(StrEnum):
    """How a reporter wants to be known: 实名, 对被反映方保密, 匿名."""

    NAMED = "named"
    HIDDEN = "hidden"
    ANONYMOUS = "anonymous"


class TaskKind(StrEnum):
    """主办 exactly one, 协办 any number, 劝阻, 核查, 裁定."""

    LEAD = "lead"
    HELPER = "helpers"
    DISSUADE = "dissuade"
    VERIFY = "verify"
    RULING = "ruling"


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"
    RETURNED = "returned"
    REASSIGNED = "reassigned"
    CANCELLED = "cancelled"


class Running(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


class ItemState(StrEnum):
    """One item of a rectification: to be done, said to be done and to be verified, verified."""

    OPEN = "open"
    DONE = "done"
    PASSED = "passed"


class Asked(StrEnum):
    """What a unit may ask for and another must grant."""

    EXTENSION = "extension"
    SUSPENSION = "suspension"


class Closing(StrEnum):
    """How a case was closed. Only SATISFIED counts as satisfied; none of the others is ever added to it."""

    SATISFIED = "satisfied"
    UNRATED = "unrated"
    UPHELD = "upheld"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Task:
    """A unit's order. `unit` is empty where the role alone says who (核查, 裁定)."""

    kind: TaskKind
    unit: str
    state: TaskState = TaskState.OPEN
    binding: bool = False


@dataclass(frozen=True, slots=True)
class CaseClock:
    """A period of one case. `paused_at` is set while time stands still. `level`: of oversight, ordered while it ran."""

    code: str
    amount: Amount
    started: datetime
    due: datetime
    state: Running = Running.RUNNING
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    level: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a rectification, named by its place from 1. What is to be done is a text of the order, no fact. `failed`: how often."""

    due: datetime
    state: ItemState = ItemState.OPEN
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked and not yet answered: by whom, until when."""

    kind: Asked
    person: str
    units: frozenset[str]
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Payload:
    """What an act says. Only what guards and marks ask for; texts, photos and forms are rows of their own.

    `until`: the end that the act itself sets. `dues`: new ends of clocks, from a merged case or a confirmed calendar.
    `meets_at`: when those who are called come together; `attendance`: whether each unit came (`sessions.Came`), `arrivals`: of
    those that came and of which it is known, when. `session`: the number of the case from which a joint session was called, where it is
    another one.
    `items`: by when each item of a rectification is due; `item`: the place, from 1, of the one that is meant.
    `single_route`: the routing table gave exactly one lead (`matters.route`). `undisclosed`: the reporter wants it counted
    only, not shown. `clock`: the one whose lateness is urged.
    """

    type: str = ""
    matter: str = ""
    compound: str = ""
    urgency: Urgency | None = None
    mode: Mode = Mode.NAMED
    reachable: bool = False
    respondents: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    private: bool = False
    undisclosed: bool = False
    public_interest: bool = False
    lead: str = ""
    helpers: tuple[str, ...] = ()
    unit: str = ""
    single_route: bool = False
    dissuasion: str = ""
    milestone: str = ""
    outcome: str = ""
    ground: str = ""
    score: int = 0
    level: int = 0
    master: str = ""
    child_type: str = ""
    until: datetime | None = None
    days: int = 0
    items: tuple[datetime, ...] = ()
    item: int = 0
    dues: tuple[tuple[str, datetime], ...] = ()
    meets_at: datetime | None = None
    attendance: tuple[tuple[str, str], ...] = ()
    arrivals: tuple[tuple[str, datetime], ...] = ()
    clock: str = ""
    session: str = ""


@dataclass(frozen=True, slots=True)
class Master:
    """The case another is merged into, as it is now. `above`: the numbers of the cases it is itself merged into, nearest first."""

    number: str
    compound: str
    matter: str
    finished: bool
    archived: bool
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What other cases say, read in the same transaction. `veiled`: something that the case came out of is not to be shown."""

    number: str = ""
    master: Master | None = None
    open_children: bool = False
    veiled: bool = False


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who enters another's act from paper or telephone (代录): the role and units of the person at the keyboard."""

    role: str
    units: frozenset[str]


@dataclass(frozen=True, slots=True)
class Act:
    """One wish to change a case. `units` are those the act is done for; `person` is who does it, or enters it.

    `evidence`: codes of what is attached. `recused`: the person must keep out, by a `Recusal` of theirs (relatives, 回避).
    """

    transition: str
    role: str
    at: datetime
    person: str = ""
    units: frozenset[str] = frozenset()
    evidence: frozenset[str] = frozenset()
    payload: Payload = Payload()
    around: Around = Around()
    clerk: Clerk | None = None
    recused: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """What is kept of an act that was done: enough to rebuild the case without a calendar. `dues`: the ends of clocks it set."""

    seq: int
    transition: str
    role: str
    at: datetime
    person: str
    units: frozenset[str]
    payload: Payload
    dues: tuple[tuple[str, Amount, datetime], ...] = ()
    clerk: Clerk | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """The whole case as far as the rules ask: the fold of its events. The empty value is a case that has not begun.

    `absorbed`: ends that came with merged cases, of clocks that do not run yet.
    """

    seq: int = 0
    type: str = ""
    state: str = START
    matter: str = ""
    compound: str = ""
    urgency: Urgency = Urgency.B
    mode: Mode = Mode.NAMED
    reachable: bool = False
    private: bool = False
    reported: bool = True
    undisclosed: bool = False
    public_interest: bool = False
    respondents: frozenset[str] = frozenset()
    about: frozenset[str] = frozenset()
    tasks: tuple[Task, ...] = ()
    clocks: tuple[CaseClock, ...] = ()
    items: tuple[Item, ...] = ()
    request: Request | None = None
    hands: frozenset[str] = frozenset()
    returned_by: tuple[str, ...] = ()
    adjudicated: bool = False
    info_requests: int = 0
    reworks: int = 0
    redos: int = 0
    reopened: int = 0
    extensions: int = 0
    awaiting_ruling: bool = False
    court: bool = False
    score: int = 0
    outcome: str = ""
    closing: Closing | None = None
    milestones: tuple[str, ...] = ()
    level: int = 0
    level_answered: bool = True
    master: str = ""
    absorbed: tuple[tuple[str, datetime], ...] = ()
    released: bool = False
    dispatched_at: datetime | None = None
    ended_at: datetime | None = None
    nudged_at: datetime | None = None

    def open_tasks(self, *kinds: TaskKind) -> tuple[Task, ...]:
        return tuple(task for task in self.tasks if task.state is TaskState.OPEN and (not kinds or task.kind in kinds))

    @property
    def lead(self) -> str:
        """The unit that is answerable now, or empty."""
        return next((task.unit for task in self.open_tasks(TaskKind.LEAD)), "")

    @property
    def last_lead(self) -> str:
        """The unit that is answerable now or, while none is, the one whose work is verified or rated; or empty."""
        done = (
            task.unit for task in reversed(self.tasks) if task.kind is TaskKind.LEAD and task.state is TaskState.DONE
        )
        return self.lead or next(done, "")

    def clock(self, code: str) -> CaseClock | None:
        """Return the last clock of this kind, running or not."""
        return next((clock for clock in reversed(self.clocks) if clock.code == code), None)
