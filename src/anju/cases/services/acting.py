"""The one service that applies an act to a case. Nothing else writes a case's state.

Lock the row, ask the engine, append the event, repeat the facts in the rows, queue what is to be told, write the trail: one transaction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from anju.accounts.queries.recusals import recused_users
from anju.base import audit
from anju.base.actor import SYSTEM, Actor, Denied, Refused
from anju.cases.models import Case, CaseClock, CaseEvent, CaseFile, CaseTask, Matter, MatterVersion
from anju.cases.queries.catalogue import matter_row, newest_version, workflow_of_case
from anju.cases.queries.parties import reporters_in, without
from anju.cases.queries.published import is_hidden
from anju.cases.queries.reckoning import book_of, events_of, facts_of, units_of
from anju.cases.queries.record import units_entered_for
from anju.cases.queries.routes import routed, unexplained
from anju.cases.queries.scoped import cases_for
from anju.cases.services import keeping
from anju.cases.services.beginning import MOST_TEXT, begin_derived
from anju.cases.services.papers import MOST, Paper, keep_papers
from anju.cases.services.telling import tell_reporter, tell_staff
from anju.rules.cases.audiences import Occasion
from anju.rules.cases.book import Book
from anju.rules.cases.counting import Counting
from anju.rules.cases.decision import Decision, words
from anju.rules.cases.engine import Applied, NotAllowed, apply, may
from anju.rules.cases.evidence import keeps_original
from anju.rules.cases.facts import Act, Around, Clerk, Facts, Master, Payload
from anju.rules.cases.receipts import earliest_moment
from anju.rules.cases.roles import ENTERED_BY, played_by_post
from anju.rules.cases.workflow import Kind, Workflow
from anju.rules.periods import UnknownYear
from anju.rules.permissions import Permission

NOTHING_TOLD: Final = Payload()


@dataclass(frozen=True, slots=True)
class Clearing:
    """What a respondent may read and see of a case, after somebody has looked: the text as it may be shown, and the files."""

    text: str
    files: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Wish:
    """One act as a door hands it in. `note`: what was written, by codes of evidence (a tick is any text).

    `role`: the role in the case, where a post plays several; empty lets the first that is allowed do it. `enter_for`: the role
    whose act is entered from a paper or a call (代录), `happened` the moment on it, where that is not now.
    """

    transition: str
    payload: Payload = NOTHING_TOLD
    note: Mapping[str, str] | None = None
    files: Sequence[Paper] = ()
    role: str = ""
    enter_for: str = ""
    happened: datetime | None = None
    cleared: Clearing | None = None

    @property
    def texts(self) -> dict[str, str]:
        return {code: text.strip() for code, text in (self.note or {}).items() if text.strip()}

    @property
    def evidence(self) -> frozenset[str]:
        return frozenset(self.texts) | frozenset(paper.evidence for paper in self.files)


@transaction.atomic
def act_on_case(*, actor: Actor, case: Case, wish: Wish, version: int, at: datetime) -> Case:
    """Apply one act and return the case as it is then. `version`: the one the person saw; of many at once one wins.

    Raises `Refused` with what the engine says against it, `Denied` outside the scope, `BadFile` for a file that is not kept.
    """
    actor.require(Permission.CASE_ACT)
    if not cases_for(actor).filter(pk=case.pk).exists():
        raise Denied(Permission.CASE_ACT)
    row = locked_case(case.pk)
    if row.version != version:
        raise Refused("case.changed", number=row.number)
    wish = _filed_as(row, wish)
    _require_reason(row, wish, at)
    done = apply_wish(actor, row, wish, _acts(actor, row, wish, _moment(row, wish, at)), at)
    return send_back(done, at) if wish.transition == "rate_bad" else done


def _filed_as(row: Case, wish: Wish) -> Wish:
    """Return the act that files a case under a matter with what the matter says of it: from then on it is private, or is not."""
    act = workflow_of_case(row).transitions.get(wish.transition)
    if act is None or "classified" not in act.marks:
        return wish
    found = Matter.objects.filter(code=wish.payload.matter).first()
    private = found is not None and matter_row(found).private
    return replace(wish, payload=replace(wish.payload, private=True)) if private else wish


def _moment(row: Case, wish: Wish, at: datetime) -> datetime:
    """Return when what is entered was done: the moment on its paper, to the minute, after what moved the case last; else now."""
    if wish.happened is None:
        return at
    if not wish.enter_for:
        raise Refused("case.bad_form")
    if wish.happened > at:
        raise Refused("case.paper_ahead")
    least = earliest_moment(workflow_of_case(row), events_of(row))
    if wish.happened < least.replace(second=0, microsecond=0):
        raise Refused("case.paper_early", moment=f"{timezone.localtime(least):%Y-%m-%d %H:%M}")
    return max(wish.happened, least)


def _require_reason(row: Case, wish: Wish, at: datetime) -> None:
    """Who dispatches otherwise than proposed, or before anybody dissuaded, says why: the county mends its list with it."""
    if wish.transition != "dispatch" or "reason" in wish.texts or not wish.payload.lead:
        return
    match unexplained(row, wish.payload.lead, on=timezone.localdate(at)):
        case "case.dispatch_why":
            raise Refused("case.dispatch_why")
        case "case.dissuade_why":
            raise Refused("case.dissuade_why")


@transaction.atomic
def act_as_system(*, case: Case, transition: str, payload: Payload = NOTHING_TOLD, at: datetime) -> bool:
    """Let the clock act, or one case act on another. False: it is not due, or was done before; then nothing has changed."""
    row = locked_case(case.pk)
    workflow = workflow_of_case(row)
    act = Act(transition, "system", at, payload=payload, around=around_of(row, payload))
    book, _ = book_of(workflow, row)
    if not may(book, facts_of(row, workflow), act).allowed:
        return False
    apply_wish(SYSTEM, row, Wish(transition, payload), [act], at)
    return True


def locked_case(pk: int) -> Case:
    rows = Case.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("compound", "matter", "matter_version").get(pk=pk)


def apply_wish(
    actor: Actor, row: Case, wish: Wish, acts: Sequence[Act], at: datetime, *, key: str | None = None
) -> Case:
    """Apply the first of the acts that is allowed to a locked case. The caller has asked whether the actor may come here."""
    _refuse_too_much(wish)
    workflow = workflow_of_case(row)
    book, counting = book_of(workflow, row)
    before = facts_of(row, workflow)
    applied = _applied(book, before, acts)
    role = applied.event.role
    files = [replace(one, seal=keeps_original(row.type, one.evidence, role)) for one in wish.files]
    papers = keep_papers(actor, files, at)
    moved = None if row.matter.code == applied.facts.matter else _filed_anew(applied.facts.matter)
    under = replace(_under(row, applied, moved, at), entered=at if applied.event.at != at else None)
    note = _with_ground(workflow, wish)
    event = keeping.append_event(actor, row, applied, note=note, papers=papers, key=key, under=under)
    _mirror(actor, row, workflow, before, applied, counting, moved)
    _clear(row, wish.cleared, at)
    row.nudges += applied.event.transition == "nudge"
    row.save()
    if (before.private, before.undisclosed) != (row.private, row.undisclosed):
        _veil_derived(row)
    _follow(actor, row, applied, wish, event, at)
    occasion = Occasion(book, before, applied.facts, applied.event)
    tell_staff(actor, row, applied.effects.notices, occasion, at)
    trail = {"number": row.number, "seq": event.seq, "act": applied.event.transition}
    audit.record(actor=actor, action="case.acted", subject=row, note=trail, at=at)
    return _dispatch_at_once(row, at) if applied.event.transition == "accept" else row


def _dispatch_at_once(row: Case, at: datetime) -> Case:
    """Send a case that was accepted where a confirmed, automatic route says, as the system's act; any other waits for a person."""
    way = routed(row, on=timezone.localdate(at))
    if way.waits:
        return row
    return _send(row, Payload(lead=way.lead, helpers=way.helpers, single_route=True), at)


def send_back(row: Case, at: datetime) -> Case:
    """自动派回原主办: back to the unit that led a case its reporter did not accept; where it may not, a person dispatches."""
    last = CaseTask.objects.filter(case=row, kind="lead").order_by("-position").first()
    return _send(row, Payload(lead=str(last.unit_id), single_route=True), at) if last else row


def _send(row: Case, payload: Payload, at: datetime) -> Case:
    """Dispatch as the system: a case just accepted by its route, or back to the unit whose result the reporter did not accept."""
    try:
        with transaction.atomic():
            done = act_as_system(case=row, transition="dispatch", payload=payload, at=at)
    except Refused:  # what cannot be counted now a person dispatches later: the act before it stands
        return row
    return locked_case(row.pk) if done else row


def _under(row: Case, applied: Applied, moved: MatterVersion | None, at: datetime) -> keeping.Under:
    filed = moved.version if moved else None
    if not applied.event.payload.lead:
        return keeping.Under(filed)
    way = routed(row, on=timezone.localdate(at))
    return keeping.Under(filed, way.lead, way.by)


def _with_ground(workflow: Workflow, wish: Wish) -> dict[str, str]:
    """Return what is written with the act; the words of a chosen reason (理由码) stand before what was written."""
    texts = wish.texts
    ground = workflow.grounds_of(wish.transition).get(wish.payload.ground)
    return {**texts, "reason": "：".join(filter(None, (ground, texts.get("reason"))))} if ground else texts


def _refuse_too_much(wish: Wish) -> None:
    if any(len(text) > MOST_TEXT for text in wish.texts.values()):
        raise Refused("case.text_too_long", limit=MOST_TEXT)
    if any("\0" in text for text in wish.texts.values()):
        raise Refused("case.bad_text")
    if len(wish.files) > MOST:
        raise Refused("case.too_many_files", limit=MOST)


def _applied(book: Book, facts: Facts, acts: Sequence[Act]) -> Applied:
    try:
        act = next((act for act in acts if may(book, facts, act).allowed), acts[0])
        return apply(book, facts, act)
    except NotAllowed as no:
        raise Refused("case.not_allowed", why=_why(book.workflow, no.decision)) from no
    except UnknownYear as unknown:
        raise Refused("case.year_unknown", year=unknown.args[0]) from unknown


def _why(workflow: Workflow, decision: Decision) -> str:
    return "".join(words(reason, dict(workflow.evidence)) for reason in decision.reasons)


def _acts(actor: Actor, row: Case, wish: Wish, at: datetime) -> list[Act]:
    """Return the act once for each role in which the actor's post might do it, the workflow's order first."""
    workflow = workflow_of_case(row)
    transition = workflow.transitions.get(wish.transition)
    if transition is None:
        raise Refused("case.no_such_act")
    own = played_by_post(actor.role)
    act = Act(
        wish.transition,
        "",
        at,
        person=str(actor.user_id),
        units=units_of(actor.organisation_id),
        evidence=wish.evidence,
        payload=wish.payload,
        around=around_of(row, wish.payload),
        recused=_is_recused(actor, row, at),
    )
    if wish.enter_for:
        return _entered(act, own, facts_of(row, workflow), wish.enter_for)
    playable = [role for role in transition.roles if role in own and role in (wish.role or role)]
    return [replace(act, role=role) for role in playable] or [replace(act, role=wish.role or "nobody")]


def _entered(act: Act, own: frozenset[str], facts: Facts, role: str) -> list[Act]:
    clerks = sorted(own & ENTERED_BY.get(role, frozenset())) or ["nobody"]
    units = units_entered_for(facts, role)
    return [replace(act, role=role, units=units, clerk=Clerk(clerk, act.units)) for clerk in clerks]


def _is_recused(actor: Actor, row: Case, at: datetime) -> bool:
    parties = row.parties.exclude(organisation=None).values_list("organisation_id", flat=True)
    recused = recused_users(organisations=list(parties), compounds=[row.compound_id], on=timezone.localdate(at))
    return actor.user_id in recused


def around_of(row: Case, payload: Payload) -> Around:
    number = payload.master
    master = Case.objects.filter(number=number).first() if number else row.master
    waiting = Case.objects.filter(derived_from=row).exclude(kind__in=(Kind.FINAL, Kind.END)).exists()
    return Around(row.number, _master(master) if master else None, waiting, row.veiled)


def _master(case: Case) -> Master:
    above: list[str] = []
    upper = case.master
    while upper is not None and upper.number not in above:
        above.append(upper.number)
        upper = upper.master
    finished = case.kind in (Kind.FINAL, Kind.END)
    matter = Matter.objects.values_list("code", flat=True).get(pk=case.matter_id)
    return Master(
        case.number, str(case.compound_id), matter, finished, archived=case.kind == Kind.END, above=tuple(above)
    )


def _mirror(
    actor: Actor,
    row: Case,
    workflow: Workflow,
    before: Facts,
    applied: Applied,
    counting: Counting,
    moved: MatterVersion | None,
) -> None:
    after, event = applied.facts, applied.event
    own = row.clocks.filter(provisional=True).exclude(state="stopped")
    merged = CaseClock.objects.filter(
        case__master=row, provisional=True
    )  # the ends that `absorb` takes over are theirs
    provisional = counting.provisional | {
        due for rows in (own, merged) for due in rows.values_list("due_at", flat=True)
    }
    keeping.fill_case(row, workflow, after, matter=moved, provisional=provisional)
    row.master = Case.objects.get(number=after.master) if after.master else None
    keeping.mirror_tasks(row, before, after, event.at)
    keeping.mirror_clocks(row, before, after, provisional)
    keeping.mirror_request(actor, row, before, after, event)
    keeping.mirror_respondents(row, before, after, event)


def _filed_anew(code: str) -> MatterVersion:
    """Return the matter a case goes on under, as it holds now."""
    found = Matter.objects.filter(code=code).first()
    if found is None:
        raise Refused("case.matter_unknown", matter=code)
    version = newest_version(found)
    version.matter = found
    return version


def _clear(row: Case, cleared: Clearing | None, at: datetime) -> None:
    if cleared is None:
        return
    row.redacted_text = without(reporters_in([row.pk]).get(row.pk, ()), cleared.text)
    CaseFile.objects.filter(case=row, pk__in=cleared.files, shared_at=None).update(shared_at=at)


def _follow(actor: Actor, row: Case, applied: Applied, wish: Wish, event: CaseEvent, at: datetime) -> None:
    """What else the engine says is to be done."""
    effects = applied.effects
    tell_reporter(row, event, effects.notices, at)
    if effects.master and effects.absorbed:
        master = Case.objects.get(number=effects.master)
        act_as_system(case=master, transition="absorb", payload=Payload(dues=effects.absorbed), at=at)
    if effects.child_type:
        begin_derived(actor, row, effects.child_type, wish.payload.matter, at)


def _veil_derived(case: Case) -> None:
    """Let what came out of a case be shown no more than it, however far down; the rows stay locked until this act is done."""
    for child in Case.objects.filter(derived_from=case).exclude(veiled=is_hidden(case)).order_by("pk"):
        Case.objects.filter(pk=child.pk).update(veiled=is_hidden(case))
        _veil_derived(Case.objects.get(pk=child.pk))
