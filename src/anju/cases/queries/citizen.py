"""What a citizen sees: his own case, opened by number and code (`services.lookups`), and open problems like the one he is about to file.

Nothing here names a person; who handled it is a unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import F, QuerySet

from anju.cases.models import Case, CaseEvent, CaseTask, Matter
from anju.cases.queries.catalogue import workflow_of_case
from anju.cases.queries.reckoning import book_of, facts_of
from anju.places.models import Compound
from anju.rules.cases.engine import may
from anju.rules.cases.facts import Act, Mode, Payload, Running
from anju.rules.cases.workflow import Kind, Workflow

HANDLE: Final = "handle"  # the clock whose end a citizen is told
_PRIVACY: Final = ("ask_privacy", "drop_privacy")
_CONTROL: Final = "control"
_DISPATCH: Final = "dispatch"  # while it runs nobody handles the case
_TOLD: Final = {  # which texts of which acts the citizen reads
    "ask_info": ("missing_list",),
    "reject": ("reason", "where_to_go"),
    "extend": ("approval_basis",),
    "ask_suspension": ("public_note",),
    "report_result": ("reply_text",),
    "rectify_done": ("reply_text",),
    "uphold": ("ruling",),
    "mediation_fail": ("rights_notice",),
}
_BEFORE: Final = {"where_to_go": "去向："}
_RATE, _NUDGE, _SUPPLY, _WITHDRAW, _STEP_BACK, _REOPEN = (
    "rate", "nudge", "provide_info", "withdraw", "step_back", "reopen",
)  # fmt: skip
_ALL: Final = frozenset({"supplement", "reason", "new_facts"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was done, in the workflow's words; `text` is what was written for the citizen, if anything."""

    at: datetime
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """`word` is one of the five plain ones (已收到, 办理中, 等您补充, 请您评价, 已办结); `may` are the acts open to the citizen now.

    `unit` is who answers for it. `due_at` is when the handling ends; `provisional` while a year is not confirmed, `recounted_at` when
    it got another end because the year was. `handled`: somebody was ever told to handle it, or to dissuade. `master` is the number of the
    case it was merged into, whose state is shown.
    """

    number: str
    matter: str
    compound: str
    spot: str
    text: str
    word: str
    state: str
    unit: str
    handled: bool
    filed_at: datetime
    due_at: datetime | None
    control_at: datetime | None
    provisional: bool
    recounted_at: datetime | None
    joined: int
    score: int
    outcome: str
    mode: Mode
    master: str
    steps: tuple[Step, ...]
    may: frozenset[str]


@dataclass(frozen=True, slots=True)
class Similar:
    """An open problem of the same compound and matter, without a word of its text."""

    pk: int
    number: str
    matter: str
    word: str
    joined: int
    filed_at: datetime


def status_of(case: Case, at: datetime) -> Status:
    """Return what the holder of number and code sees of his case. A merged case shows how its master stands."""
    workflow = workflow_of_case(case)
    shown = case.master or case
    facts = facts_of(shown, workflow_of_case(shown))
    handle, control, waits = facts.clock(HANDLE), facts.clock(_CONTROL), facts.clock(_DISPATCH)
    outcome = workflow.outcomes.get(shown.outcome)
    return Status(
        number=case.number,
        matter=case.matter.name,
        compound=case.compound.name,
        spot=case.spot,
        text=case.text,
        word=workflow.states[shown.state].public,
        state=workflow.states[shown.state].name,
        unit="" if waits and waits.state is Running.RUNNING else _unit(shown),
        handled=_handlers(shown).exists(),
        filed_at=case.filed_at,
        due_at=handle.due if handle else None,
        control_at=control.due if control and control.state is Running.RUNNING else None,
        provisional=shown.clocks.filter(code=HANDLE, provisional=True).exists(),
        recounted_at=_recounted_at(shown),
        joined=shown.joined,
        score=case.score,
        outcome=outcome.name if outcome else _ended(shown, workflow),
        mode=Mode(case.mode),
        master=shown.number if shown is not case else "",
        steps=_steps(shown),
        may=frozenset() if shown is not case else _open_acts(case, at),
    )


def _handlers(case: Case) -> "QuerySet[CaseTask]":
    return case.tasks.filter(kind__in=("lead", "dissuade")).order_by("-position")


def _unit(case: Case) -> str:
    """Who handles it, or dissuades; of what is over, who did last."""
    last = _handlers(case).select_related("unit").first()
    over = case.kind in (Kind.FINAL, Kind.END)
    return last.unit.name if last and last.unit and (over or last.state in ("open", "done")) else ""


def _ended(case: Case, workflow: Workflow) -> str:
    """What came of a case that ended without being done: 不予受理, 已撤回."""
    if case.closing or case.kind not in (Kind.FINAL, Kind.END):
        return ""
    passed = CaseEvent.objects.filter(case=case).order_by("-seq").values_list("state", flat=True)
    return next(workflow.states[one].name for one in passed if workflow.states[one].kind is Kind.FINAL)


def _recounted_at(case: Case) -> datetime | None:
    """When the end that the citizen reads was last moved by a calendar that was confirmed."""
    moved = CaseEvent.objects.filter(case=case, transition="recompute", body__contains=f'"{HANDLE}"')
    return moved.order_by("-seq").values_list("at", flat=True).first()


def _steps(case: Case) -> tuple[Step, ...]:
    workflow = workflow_of_case(case)
    names = {code: one.name for code, one in workflow.transitions.items()}
    hidden = {"absorb", "recompute", "release", "unpublish", "oversee", "urge", "answer_oversight", "refuse_request"}
    hidden |= {one.code for one in workflow.measures}  # between offices, like the levels
    rows = CaseEvent.objects.filter(case=case).exclude(transition__in=hidden).order_by("seq")
    told = rows.values_list("at", "transition", "note__texts")
    return tuple(
        Step(at, names[transition], _told(_TOLD.get(transition, ()), texts or {})) for at, transition, texts in told
    )


def _told(codes: tuple[str, ...], texts: Mapping[str, str]) -> str:
    return "\n".join(f"{_BEFORE.get(code, '')}{texts[code]}" for code in codes if code in texts)


def _open_acts(case: Case, at: datetime) -> frozenset[str]:
    """Ask the engine what the reporter may do now, as if he had written all that is asked of him."""
    workflow = workflow_of_case(case)
    book, _ = book_of(workflow)
    facts = facts_of(case, workflow)
    scores = {"rate_ok": 5, "rate_bad": 1, "rate_unsettled": 1}
    asked = (*scores, _NUDGE, _SUPPLY, _WITHDRAW, _STEP_BACK, _REOPEN, *_PRIVACY)
    allowed = {
        code
        for code in asked
        if may(
            book, facts, Act(code, "reporter", at, evidence=_ALL, payload=Payload(score=scores.get(code, 0)))
        ).allowed
    }
    return frozenset(_RATE if code in scores else code for code in allowed)


def similar_open(compound: Compound, matter: Matter | str, *, most: int = 5) -> list[Similar]:
    """Return open problems like this one, most joined first. Private ones, and those not to be shown, never are."""
    code = matter if isinstance(matter, str) else matter.code
    rows = Case.objects.filter(compound=compound, matter__code=code, kind__in=("open", "waiting"))
    rows = rows.filter(private=False, undisclosed=False, veiled=False)
    found = rows.select_related("matter").order_by(F("joined").desc(), "-filed_at")[:most]
    return [
        Similar(
            case.pk,
            case.number,
            case.matter.name,
            workflow_of_case(case).states[case.state].public,
            case.joined,
            case.filed_at,
        )
        for case in found
    ]
