"""Writing down an act that the engine has allowed: the event behind the last one, and every row that repeats the facts."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from anju.base.actor import Actor
from anju.base.models import Attachment
from anju.cases.models import Case, CaseClock, CaseEvent, CaseNote, CaseParty, CaseRequest, CaseTask, MatterVersion
from anju.cases.services.papers import Paper, link_papers
from anju.rules import chain
from anju.rules.cases import facts as rules
from anju.rules.cases.clocks import next_due
from anju.rules.cases.engine import Applied
from anju.rules.cases.facts import Facts, Running, TaskState
from anju.rules.cases.stored import stored_event
from anju.rules.cases.workflow import Workflow

_ADDRESSED = frozenset({"order_dissuade", "order_rectify", "verify_pass", "verify_close"})
_DECISIONS = {"extend": "granted", "suspend": "granted", "refuse_request": "refused"}


@dataclass(frozen=True, slots=True)
class Under:
    """What the catalogue said at an act, sealed with it: the version of the matter a case is filed under (`filed`), and the route.

    `routed`: the lead the routing table gave where the act names one, None where it names none; `by`: the row that said so.
    `entered`: when an act was typed in that its paper dates earlier.
    """

    filed: int | None = None
    routed: str | None = None
    by: str = ""
    entered: datetime | None = None

    def sealed(self) -> dict[str, object]:
        told: dict[str, object] = {} if self.filed is None else {"matter_version": self.filed}
        told |= {} if self.entered is None else {"entered": self.entered.isoformat()}
        return told if self.routed is None else {**told, "routed": self.routed, "route": self.by}


NOTHING_ELSE: Final = Under()


def append_event(
    actor: Actor,
    case: Case,
    applied: Applied,
    *,
    note: Mapping[str, str],
    papers: Sequence[tuple[Paper, Attachment]] = (),
    key: str | None = None,
    under: Under = NOTHING_ELSE,
) -> CaseEvent:
    """Add the event to the case's chain. What was written is sealed by its digest, so that it can be erased one day."""
    sealed: dict[str, object] = {"user": actor.user_id, "post": actor.post_id, **under.sealed()}
    if note:
        sealed["note"] = hashlib.sha256(chain.canonical(note).encode()).hexdigest()
    if papers:
        sealed["files"] = sorted(row.digest for _, row in papers)
    body = chain.canonical(stored_event(applied.event, **sealed))
    previous = chain.GENESIS if applied.event.seq == 1 else _last_digest(case)
    event = CaseEvent.objects.create(
        case=case,
        seq=applied.event.seq,
        transition=applied.event.transition,
        role=applied.event.role,
        state=applied.facts.state,
        at=applied.event.at,
        user_id=actor.user_id,
        post_id=actor.post_id,
        made_as=actor.post_name,
        key=key,
        body=body,
        previous=previous,
        digest=chain.link(previous, body),
    )
    if note:
        CaseNote.objects.create(event=event, texts=dict(note))
    link_papers(event, papers)
    return event


def _last_digest(case: Case) -> str:
    return CaseEvent.objects.filter(case=case).order_by("-seq").values_list("digest", flat=True)[0]


def fill_case(
    case: Case,
    workflow: Workflow,
    facts: Facts,
    *,
    matter: MatterVersion | None = None,
    provisional: Collection[datetime],
) -> None:
    """Set the columns that repeat the facts; `matter`: the version of another matter, under which it goes on. The caller saves."""
    due = next(iter(next_due(facts)), None)
    if matter is not None:
        case.matter, case.matter_version = matter.matter, matter
    case.type, case.state, case.kind = facts.type, facts.state, workflow.states[facts.state].kind
    case.mode, case.urgency, case.private = facts.mode, facts.urgency, facts.private
    case.version, case.level = facts.seq, facts.level
    case.lead_id = int(facts.lead) if facts.lead else None
    case.due_at, case.due_clock = (due.due, due.code) if due else (None, "")
    case.provisional = bool(due and due.due in provisional)
    case.score, case.outcome, case.closing = facts.score, facts.outcome, facts.closing or ""
    case.released, case.undisclosed, case.ended_at = facts.released, facts.undisclosed, facts.ended_at


def mirror_tasks(case: Case, before: Facts, after: Facts, at: datetime) -> None:
    known = len(before.tasks)
    for position, (was, now) in enumerate(zip(before.tasks, after.tasks, strict=False)):
        if was != now:
            settled = None if now.state is TaskState.OPEN else at
            rows = CaseTask.objects.filter(case=case, position=position)
            rows.update(state=now.state, binding=now.binding, settled_at=settled)
    CaseTask.objects.bulk_create(
        CaseTask(
            case=case,
            position=position,
            kind=task.kind,
            unit_id=int(task.unit) if task.unit else None,
            state=task.state,
            binding=task.binding,
            opened_at=at,
            settled_at=None if task.state is TaskState.OPEN else at,
        )
        for position, task in enumerate(after.tasks[known:], known)
    )


def mirror_clocks(case: Case, before: Facts, after: Facts, provisional: Collection[datetime]) -> None:
    known = len(before.clocks)
    for position, (was, now) in enumerate(zip(before.clocks, after.clocks, strict=False)):
        if was != now:
            moved = {"provisional": now.due in provisional} if was.due != now.due else {}
            CaseClock.objects.filter(case=case, position=position).update(**_clock(now), **moved)
    CaseClock.objects.bulk_create(
        CaseClock(case=case, position=position, code=clock.code, provisional=clock.due in provisional, **_clock(clock))
        for position, clock in enumerate(after.clocks[known:], known)
    )


def _clock(clock: rules.CaseClock) -> dict[str, object]:
    return {
        "amount": str(clock.amount),
        "started_at": clock.started,
        "due_at": clock.due,
        "state": Running(clock.state),
        "paused_at": clock.paused_at,
        "stopped_at": clock.stopped_at,
        "level": clock.level,
    }


def mirror_request(actor: Actor, case: Case, before: Facts, after: Facts, event: rules.Event) -> None:
    if before.request and not after.request:
        decision = _DECISIONS.get(event.transition, "lapsed")
        by = None if decision == "lapsed" else actor.user_id
        CaseRequest.objects.filter(case=case, decision="").update(decision=decision, decided_by=by, decided_at=event.at)
    if after.request and not before.request:
        asked = after.request
        CaseRequest.objects.create(
            case=case, kind=asked.kind, until=asked.until, asked_by_id=int(asked.person), asked_at=event.at
        )


def mirror_respondents(case: Case, before: Facts, after: Facts, event: rules.Event) -> None:
    """Those the case is about; they see it from the first order, or the result, that is addressed to them."""
    new = sorted(after.respondents - before.respondents)
    CaseParty.objects.bulk_create(
        CaseParty(case=case, role=CaseParty.Role.RESPONDENT, organisation_id=int(unit), added_at=event.at)
        for unit in new
    )
    if event.transition in _ADDRESSED:
        unaddressed = CaseParty.objects.filter(case=case, role=CaseParty.Role.RESPONDENT, addressed_at=None)
        unaddressed.update(addressed_at=event.at)
