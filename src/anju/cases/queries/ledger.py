"""问题清单: the problems of a compound, a town or the county in the county's form, each until it is struck off (销号).

What reporters wrote is shown as it was cleared, or else with every personal trace blackened: the list goes to meetings and superiors.
Whoever reads only what was cleared on the page of a case (a body of the compound, a unit it is about) reads no more of it here.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.timezone import localtime, make_aware

from anju.accounts.models import User
from anju.base.actor import Actor
from anju.cases.models import Case, CaseClock, CaseEvent, CaseTask
from anju.cases.queries.catalogue import workflow_of
from anju.cases.queries.parties import filed_by, outside_of, reporters_in, without
from anju.cases.queries.scoped import cases_for
from anju.places.models import Compound, Division
from anju.rules.cases.redaction import blacken, covered_place, proposals

PAGE: Final = 50
_STEP: Final = 500
OPEN: Final = ("open", "waiting")
STATES: Final = {
    "open": "未销号",
    "late": "逾期未销号",
    "struck": "已销号",
    "suspended": "挂账",
    "refused": "不予受理、撤回、并案",
}
_COLUMNS: Final = (
    "id", "number", "workflow_id", "type", "matter__name", "compound__name", "compound_id", "spot", "text", "redacted_text",
    "source", "lead__name", "state", "kind", "outcome", "closing", "ended_at", "filed_at", "due_at", "provisional",
)  # fmt: skip
_MEASURES: Final = {"order_rectify": "items", "report_result": "reply_text", "dissuade_ok": "dissuasion_record"}
_VERIFIED: Final = ("verify_pass", "verify_close")
_LONGEST: Final = 200
_INSTANT: Final = timedelta(seconds=1)  # an end at midnight belongs to the day before


@dataclass(frozen=True, slots=True)
class ProblemsSought:
    """`state` is a key of `STATES` or empty for all; `first` and `last` are days of filing; `town` a division with what lies below."""

    state: str = ""
    town: Division | None = None
    compound: Compound | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the county's form. `due` is the last day of the rectification, else of the handling. `struck_on` is empty while open.

    `source` is a code of `services.filing.SOURCES`.
    """

    pk: int
    number: str
    compound: str
    compound_pk: int
    problem: str
    source: str
    unit: str
    due: date | None
    provisional: bool
    measures: str
    progress: str
    struck_on: date | None
    verifier: str
    late: bool


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """`after` is the id to go on from, None at the end."""

    rows: tuple[Problem, ...]
    after: int | None


def find_problems(actor: Actor, sought: ProblemsSought, at: datetime) -> "QuerySet[Case]":
    found = cases_for(actor)
    match sought.state:
        case "open":
            found = found.filter(kind__in=OPEN)
        case "late":
            found = found.filter(kind__in=OPEN, due_at__lte=at)
        case "suspended":
            found = found.filter(state="suspended")
        case "struck":
            found = found.exclude(closing="").exclude(kind__in=OPEN)
        case "refused":
            found = found.filter(closing="").exclude(kind__in=OPEN)
    if sought.town:
        found = found.filter(compound__division__path__startswith=sought.town.path)
    if sought.compound:
        found = found.filter(compound=sought.compound)
    if sought.first:
        found = found.filter(filed_at__gte=make_aware(datetime.combine(sought.first, time.min)))
    return found.filter(filed_at__lte=make_aware(datetime.combine(sought.last, time.max))) if sought.last else found


def problem_page(actor: Actor, found: "QuerySet[Case]", at: datetime, *, after: int | None = None) -> ProblemPage:
    """Return one page as the actor may read it, the newest first."""
    earlier = found.filter(pk__lt=after) if after else found
    rows = list(earlier.order_by("-pk").values(*_COLUMNS)[: PAGE + 1])
    shown = rows[:PAGE]
    return ProblemPage(tuple(_problems(actor, shown, at)), shown[-1]["id"] if len(rows) > PAGE else None)


def every_problem(actor: Actor, found: "QuerySet[Case]", at: datetime) -> Iterator[Problem]:
    """Yield all as the actor may read them, the oldest first, some hundreds at a time: memory does not grow with the list."""
    last = 0
    while batch := list(found.filter(pk__gt=last).order_by("pk").values(*_COLUMNS)[:_STEP]):
        yield from _problems(actor, batch, at)
        last = batch[-1]["id"]


def _problems(actor: Actor, rows: Sequence[dict[str, Any]], at: datetime) -> Iterator[Problem]:
    ids = [row["id"] for row in rows]
    closed = outside_of(actor, ids)
    dues, said, verified, did = _dues(ids), _measures(ids, closed), _verifiers(ids, closed), leads_done(ids)
    own, names = filed_by(actor, ids), reporters_in(ids)
    workflows = {edition: workflow_of(edition) for edition in {row["workflow_id"] for row in rows}}
    for row in rows:
        workflow = workflows[row["workflow_id"]]
        running = row["kind"] in OPEN
        struck = bool(row["ended_at"] and row["closing"]) and not running
        outcome = workflow.outcomes.get(row["outcome"])
        due, doubt = dues.get(row["id"], (None, False))
        yield Problem(
            pk=row["id"],
            number=row["number"],
            compound=row["compound__name"],
            compound_pk=row["compound_id"],
            problem=_problem(row, names.get(row["id"], ()), hidden=row["id"] in closed - own),
            source=row["source"],
            unit=row["lead__name"] or did.get(row["id"], ""),
            due=localtime(due - _INSTANT).date() if due else None,
            provisional=doubt,
            measures=_short(without(names.get(row["id"], ()), said.get(row["id"], ""))),
            progress=outcome.name if outcome and not running else workflow.states[row["state"]].name,
            struck_on=localtime(row["ended_at"]).date() if struck else None,
            verifier=verified.get(row["id"], "") if struck else "",
            late=running and row["due_at"] is not None and row["due_at"] <= at,
        )


def _problem(row: dict[str, Any], names: Iterable[str], *, hidden: bool) -> str:
    """`names`: of those who reported; `hidden`: of their words only what somebody has cleared."""
    text = without(names, row["redacted_text"] or ("" if hidden else row["text"]))
    spot = covered_place(without(names, row["spot"]))
    return "：".join(part for part in (f"{row['matter__name']}{f'（{spot}）' if spot else ''}", _short(text)) if part)


def _short(text: str) -> str:
    plain = " ".join(blacken(text, proposals(text)).split())
    return plain if len(plain) <= _LONGEST else plain[:_LONGEST] + "…"


def _dues(ids: list[int]) -> dict[int, tuple[datetime, bool]]:
    """Return the end that stands in the form: of the rectification once one was ordered, of the handling before."""
    rows = CaseClock.objects.filter(case__in=ids, code__in=("handle", "rectify")).order_by("code", "position")
    return {case: (due, doubt) for case, due, doubt in rows.values_list("case_id", "due_at", "provisional")}


def leads_done(ids: list[int]) -> dict[int, str]:
    """Return who answered for cases that are over: nobody leads them any more."""
    rows = CaseTask.objects.filter(case__in=ids, kind="lead", state="done").order_by("position")
    return dict(rows.values_list("case_id", "unit__name"))


def _measures(ids: list[int], closed: Collection[int]) -> dict[int, str]:
    """Return what was ordered or done. The answer is the reporter's: who reads only what was cleared does not read it."""
    rows = CaseEvent.objects.filter(case__in=ids, transition__in=_MEASURES, note__isnull=False).order_by("seq")
    told = rows.values_list("case_id", "transition", "note__texts")
    open_to = ((case, act, texts) for case, act, texts in told if act != "report_result" or case not in closed)
    return {case: _numbered(said) for case, act, texts in open_to if (said := (texts or {}).get(_MEASURES[act], ""))}


def _numbered(said: str) -> str:
    """Number the items of an order; what is one line stays as it is."""
    lines = said.splitlines()
    return "\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1)) if len(lines) > 1 else said


def _verifiers(ids: list[int], closed: Collection[int]) -> dict[int, str]:
    """Return who checked it, in which post: the form asks for a name, which stays inside."""
    rows = CaseEvent.objects.filter(case__in=ids, transition__in=_VERIFIED).order_by("seq")
    told = list(rows.values_list("case_id", "user_id", "made_as"))
    names = dict(User.objects.filter(pk__in={user for _, user, _ in told if user}).values_list("pk", "name"))
    return {
        case: made_as if case in closed else f"{made_as} {names.get(user or 0, '')}".strip()
        for case, user, made_as in told
    }
