"""The workflow as values: states, transitions, clocks, limits, outcomes of each type of case. `parse_workflow` reads them from TOML.

A running case keeps the version it began with, so a version is never changed, only followed by another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final

SAME: Final = "same"
DONE: Final = "done"  # the kind of a result: 已解决, not only explained or handed on
LEAD: Final = "lead"
ANSWERS: Final = ("intake", "dispatcher", LEAD, "verifier", "supervisor")
START: Final = ""


class Kind(StrEnum):
    """OPEN: somebody must act. WAITING: others must, time stands still. FINAL: done, may come back. END: nothing follows."""

    OPEN = "open"
    WAITING = "waiting"
    FINAL = "final"
    END = "end"


class Urgency(StrEnum):
    """A 紧急, B 一般, C 复杂或工程."""

    A = "a"
    B = "b"
    C = "c"


class Unit(StrEnum):
    """What a limit is counted in: natural minutes and hours, working hours and days, natural days."""

    CM = "cm"
    CH = "ch"
    WH = "wh"
    WD = "wd"
    CD = "cd"


@dataclass(frozen=True, slots=True)
class Amount:
    """A length of time, such as 7 working days."""

    number: int
    unit: Unit

    @classmethod
    def of(cls, text: str) -> "Amount":
        number, _, unit = text.partition(" ")
        return cls(int(number), Unit(unit))

    def half(self) -> "Amount":
        """Return half of it, rounded up: the limit of work done again, at least one."""
        return Amount(-(-self.number // 2), self.unit)

    def __str__(self) -> str:
        return f"{self.number} {self.unit}"


@dataclass(frozen=True, slots=True)
class State:
    code: str
    name: str
    kind: Kind
    public: str


@dataclass(frozen=True, slots=True)
class Transition:
    """One act. `needs` are codes of evidence, `a|b` is either. `guards` and `marks` are names of `guards` and `marks` modules.

    `opens` and `closes` are kinds of tasks. `to` is `same` for an act that leaves the state. No `from_` means: the case begins.
    """

    code: str
    name: str
    from_: tuple[str, ...]
    to: str
    roles: tuple[str, ...]
    needs: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    open_to_respondent: bool = False

    def target(self, state: str) -> str:
        return state if self.to == SAME else self.to


@dataclass(frozen=True, slots=True)
class Clock:
    """A period of a case. Members of `start` ... `earliest` are transitions, or `milestone:code`.

    `fires`: the transition that the system makes when it runs out. `given`: the act says when it ends, within the limit.
    `halves`: half the limit for work that is done again. `extend`, `reset`, `earliest`: acts that move the end; `extend_most`: an
    extension moves it once and by no more. `answers`: who is answerable for it, one of `ANSWERS`, and is overseen when it is late (none:
    nobody is), up to `level_most`; `warns`: before it is late, too.
    """

    code: str
    name: str
    start: tuple[str, ...]
    stop: tuple[str, ...]
    pause: tuple[str, ...] = ()
    resume: tuple[str, ...] = ()
    extend: tuple[str, ...] = ()
    reset: tuple[str, ...] = ()
    earliest: tuple[str, ...] = ()
    fires: str = ""
    given: bool = False
    halves: bool = False
    extend_most: Amount | None = None
    answers: str = ""
    warns: bool = False
    level_most: int = 9


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a clock of some types runs, by urgency. `source`: statute, plan, or practice, which the county must confirm."""

    clock: str
    types: tuple[str, ...]
    source: str
    amounts: Mapping[Urgency, Amount]
    cite: str = ""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step that is registered. `needs`: its evidence, besides that of the act that registers it. `urgencies`: its cases', none: all."""

    code: str
    name: str
    types: tuple[str, ...]
    needs: tuple[str, ...] = ()
    urgencies: tuple[Urgency, ...] = ()

    def is_of(self, case_type: str, urgency: Urgency) -> bool:
        return case_type in self.types and (not self.urgencies or urgency in self.urgencies)


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result. `kind`: done, partly, explained, unfounded, moved, court; they are counted apart and never as satisfied.

    `by`: the acts that give it; an act that can give only one gives that without being told.
    """

    code: str
    name: str
    kind: str
    types: tuple[str, ...]
    by: tuple[str, ...] = ("report_result",)


@dataclass(frozen=True, slots=True)
class Proof:
    """What these matters need besides, where the result is that it is done."""

    matters: tuple[str, ...]
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that goes to an audience (`to`) on some transitions."""

    code: str
    name: str
    to: str
    on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A level of oversight. `overdue_days`: working days late from which it is due, -1 for a warning before; `also`: other causes."""

    level: int
    name: str
    to: tuple[str, ...]
    overdue_days: int
    document: str = ""
    reply_within: Amount | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """Oversight without a level: 约谈, 通报. `code` is also that of the act which orders it, where the workflow has one."""

    code: str
    name: str
    document: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody was not content, as one tap after the rating. `upto`: asked of scores of 1 up to this one."""

    code: str
    name: str
    upto: int


@dataclass(frozen=True, slots=True)
class Ground:
    """A reason that may be chosen for some acts instead of written (理由码)."""

    code: str
    name: str
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseType:
    """One type of case. `publication`: what may be released of it (ledger, building, result, counts).

    `reported_as`: the type of what a citizen reports of its matters, empty where that is this one.
    """

    code: str
    name: str
    prefix: str
    publication: str
    public_interest: bool
    transitions: tuple[str, ...]
    reported_as: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers that guards ask for."""

    info_requests: int
    returns_per_unit: int
    return_within: Amount
    object_within: Amount
    reopen_within: Amount
    redos: int
    reworks: int
    rework_level: int
    extensions: int
    extension_days: int
    ask_before: Amount
    nudge_every: Amount
    satisfied_from: int
    keep_closed_years: int
    keep_other_years: int


@dataclass(frozen=True, slots=True)
class Recusal:
    """Who verifies what 县住建局 itself is responsible for. `bureau` is a code of units.toml."""

    bureau: str
    verifiers: tuple[str, ...]
    cite: str


@dataclass(frozen=True)
class Workflow:
    """One version of the whole."""

    version: int
    valid_from: date
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]
    types: Mapping[str, CaseType]
    clocks: Mapping[str, Clock]
    limit_rows: tuple[Limit, ...]
    milestones: Mapping[str, Milestone]
    outcomes: Mapping[str, Outcome]
    notices: tuple[Notice, ...]
    levels: tuple[Level, ...]
    measures: tuple[Measure, ...]
    reasons: tuple[Reason, ...]
    proofs: tuple[Proof, ...]
    grounds: tuple[Ground, ...]
    evidence: Mapping[str, str]
    limits: Limits
    recusal: Recusal

    @cached_property
    def _by_clock(self) -> Mapping[tuple[str, str], Mapping[Urgency, Amount]]:
        return {(row.clock, case_type): row.amounts for row in self.limit_rows for case_type in row.types}

    def limit(self, clock: str, case_type: str, urgency: Urgency) -> Amount | None:
        """Return how long the clock runs for this type and urgency, None where it does not apply."""
        return self._by_clock.get((clock, case_type), {}).get(urgency)

    def reply_within(self, level: int) -> Amount | None:
        """Return how long the unit has to answer an order of this level, None where the level does not say."""
        return next((one.reply_within for one in self.levels if one.level == level), None)

    @cached_property
    def _orders(self) -> frozenset[str]:
        return frozenset(act.code for act in self.transitions.values() if "overseen" in act.marks)

    def is_reply(self, clock: Clock) -> bool:
        """Say whether the clock is that of answering an order of oversight."""
        return not self._orders.isdisjoint(clock.start)

    def outcomes_by(self, case_type: str, transition: str) -> tuple[Outcome, ...]:
        """Return the results that an act may give to a case of this type."""
        return tuple(one for one in self.outcomes.values() if case_type in one.types and transition in one.by)

    def proof_of(self, matter: str, outcome: str) -> tuple[str, ...]:
        """Return the evidence that a result of this matter needs besides that of the act which gives it."""
        found = self.outcomes.get(outcome)
        rows = self.proofs if found is not None and found.kind == DONE else ()
        return tuple(need for row in rows if matter in row.matters for need in row.needs)

    def grounds_of(self, transition: str) -> dict[str, str]:
        """Return the reasons that may be chosen for an act, codes and names; none in editions before the fourth."""
        return {one.code: one.name for one in self.grounds if transition in one.acts}

    def reasons_after(self, score: int) -> tuple[Reason, ...]:
        """Return what a citizen is asked after rating so, in the file's order; nothing where nobody has rated (0)."""
        return tuple(one for one in self.reasons if 1 <= score <= one.upto)

    def enabled(self, case_type: str, transition: str) -> bool:
        return case_type in self.types and transition in self.types[case_type].transitions

    def clock_that_fires(self, transition: str) -> str | None:
        """Return the clock whose end makes the system take this transition."""
        return next((clock.code for clock in self.clocks.values() if clock.fires == transition), None)
