"""Which papers a case has for this actor, and what stands on each: 交办单, 劝阻记录, 移送单, 会商通知, 整改通知书, 督办文书, 调解文书.

What leaves to a respondent carries no word of the reporter but what somebody has cleared, and never his name or number.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

from anju.base.actor import Actor
from anju.base.queries.calendar import calendar_in_force
from anju.cases.models import Case, CaseClock, CaseEvent, CaseParty
from anju.cases.queries.catalogue import matter_row_of_case, workflow_of_case
from anju.cases.queries.joint import parts_of, session_cases, units_to_record
from anju.cases.queries.parties import is_outsider, reporters_in, without
from anju.cases.queries.places import town_code, units_by_code
from anju.cases.queries.reckoning import book_of
from anju.cases.queries.scoped import cases_for
from anju.places.models import Organisation, PolicyEdition
from anju.rules.cases.counting import days_left
from anju.rules.cases.oversight import answering
from anju.rules.cases.redaction import Personal, blacken, covered_place, proposals
from anju.rules.cases.stored import read_event
from anju.rules.cases.workflow import LEAD, Level, Workflow
from anju.rules.periods import UnknownYear

ORDER, DISSUASION, REFERRAL, RECTIFICATION, AGREEMENT, MEDIATION, CALL, SESSION = (
    "order", "dissuasion", "referral", "rectification", "agreement", "mediation", "call", "session",
)  # fmt: skip
LEVEL, MEASURE = "level-", "measure-"
_TITLES: Final = {
    ORDER: "交办单（附回执）",
    DISSUASION: "劝阻制止记录",
    REFERRAL: "违法行为报告移送单",
    CALL: "会商通知",
    SESSION: "联合处置签到表",
    RECTIFICATION: "整改通知书",
    AGREEMENT: "调解协议书（空白）",
    MEDIATION: "调解记录",
}
_FOR_OUTSIDE: Final = (DISSUASION, REFERRAL, RECTIFICATION)
_DISSUADED: Final = ("dissuade", "dissuade_ok", "transfer")
_NUMBERS: Final = frozenset({Personal.PHONE, Personal.ID_NUMBER})


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper that can be printed now: `code` as its address has it, and its name."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Oversight:
    """A level that was ordered, or a measure (its `code`), drafted while `at` is empty. `late`: working days behind the end then."""

    document: str
    name: str
    code: str = ""
    at: datetime | None = None
    late: int = 0
    reason: str = ""
    reply_by: datetime | None = None
    meeting: "Meeting | None" = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """When and where those who are called come together. Editions before the third have both in one `line`."""

    at: datetime | None = None
    place: str = ""
    line: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """Another case of the same joint session."""

    number: str
    matter: str
    spot: str


@dataclass(frozen=True, slots=True)
class Session:
    """A joint session: what each does, the units called and when; who came and what was agreed once it was held.

    `beside`: the other cases that it serves, of those that whoever prints may see; the units are those of all of them.
    """

    meeting: Meeting
    division: str
    units: tuple[str, ...]
    called_at: datetime | None = None
    attendance: str = ""
    minutes: str = ""
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a paper is set from. Names of units, numbers and days; persons never. `text` is empty where nothing was cleared."""

    offer: Offer
    number: str
    type: str
    matter: str
    cite: str
    close_when: str
    edition: str
    compound: str
    place: str
    spot: str
    text: str
    urgent: bool
    joined: int
    filed_at: datetime
    dispatched_at: datetime | None
    due_at: datetime | None
    provisional: bool
    lead: Organisation | None
    helpers: tuple[str, ...]
    respondents: tuple[str, ...]
    bureau: str
    town: str
    company: str = ""
    order_number: str = ""
    items: str = ""
    ordered_at: datetime | None = None
    rectify_by: datetime | None = None
    dissuasion: str = ""
    dissuaded_at: datetime | None = None
    dissuasion_result: str = ""
    oversight: Oversight | None = None
    session: Session | None = None


def case_for_papers(actor: Actor, pk: int) -> Case | None:
    rows = cases_for(actor).filter(pk=pk)
    return rows.select_related("compound__division__parent", "matter", "matter_version", "lead").first()


def papers_of(actor: Actor, case: Case) -> list[Offer]:
    """Return the papers of a case that this actor may print, in the order of the work."""
    workflow = workflow_of_case(case)
    acts = set(CaseEvent.objects.filter(case=case).order_by().values_list("transition", flat=True))
    offers = [Offer(code, _TITLES[code]) for code in _begun(case, workflow, acts)]
    if is_outsider(actor, case):
        return [offer for offer in offers if offer.code in _FOR_OUTSIDE]
    return [*offers, *_oversight_offers(case, workflow)]


def _begun(case: Case, workflow: Workflow, acts: set[str]) -> Iterator[str]:
    led = case.tasks.filter(kind="lead").exists()
    if led:
        yield ORDER
    if workflow.enabled(case.type, "order_dissuade"):
        yield DISSUASION
        yield REFERRAL
    if "convene_joint" in acts:
        yield CALL
        yield SESSION
    if "order_rectify" in acts:
        yield RECTIFICATION
    if workflow.enabled(case.type, "start_mediation") and led:
        yield MEDIATION
        yield AGREEMENT


def _oversight_offers(case: Case, workflow: Workflow) -> Iterator[Offer]:
    """Every level on the way has its document; a measure once it was ordered, or as a draft once somebody has been pressed."""
    reached = [one for one in workflow.levels if one.document and one.level <= case.level]
    yield from (Offer(f"{LEVEL}{one.level}", f"{one.document}（{one.name}）") for one in reached)
    drafts = bool(reached and case.lead_id)  # who is over with it is not summoned
    codes = [one.code for one in workflow.measures]
    ordered = set(CaseEvent.objects.filter(case=case, transition__in=codes).values_list("transition", flat=True))
    for one in workflow.measures:
        if drafts or one.code in ordered:
            yield Offer(f"{MEASURE}{one.code}", one.document)


def sheet_of(actor: Actor, case: Case, code: str) -> Sheet | None:
    """Return what stands on a paper, None where the actor has no such paper of this case."""
    offer = next((one for one in papers_of(actor, case) if one.code == code), None)
    if offer is None:
        return None
    sheet = _sheet(case, offer)
    if code == RECTIFICATION:
        sheet = _with_rectification(case, sheet)
    elif code in (CALL, SESSION):
        sheet = replace(sheet, session=_session(actor, case))
    elif code in (DISSUASION, REFERRAL):
        sheet = _with_dissuasion(case, sheet)
    elif code.startswith((LEVEL, MEASURE)):
        sheet = replace(sheet, oversight=_oversight(case, code))
    return _without_reporter(case, sheet)


def _sheet(case: Case, offer: Offer) -> Sheet:
    workflow, matter = workflow_of_case(case), matter_row_of_case(case)
    tasks = list(case.tasks.filter(kind__in=("lead", "helpers")).select_related("unit").order_by("position"))
    lead = next((task for task in reversed(tasks) if task.kind == "lead"), None)
    clock = _clock(case, "handle")
    units = units_by_code()
    bureau, town = units.get(workflow.recusal.bureau), units.get(town_code(case.compound))
    edition = PolicyEdition.objects.order_by("-issued_on", "-version").first()
    return Sheet(
        offer=offer,
        number=case.number,
        type=workflow.types[case.type].name,
        matter=case.matter.name,
        cite=matter.cite,
        close_when=matter.close_when,
        edition=f"《{edition.title}》（{edition.number}）" if edition else "",
        compound=case.compound.name,
        place=_place(case),
        spot=case.spot,
        text=case.text if offer.code == ORDER else case.redacted_text,
        urgent=case.urgency == "a",
        joined=case.joined,
        filed_at=case.filed_at,
        dispatched_at=lead.opened_at if lead else None,
        due_at=clock.due_at if clock else None,
        provisional=bool(clock and clock.provisional),
        lead=case.lead or (lead.unit if lead else None),
        helpers=tuple(
            task.unit.name for task in tasks if task.kind == "helpers" and task.unit and task.state == "open"
        ),
        respondents=_respondents(case),
        bureau=bureau.name if bureau else "",
        town=town.name if town else "",
        company=_dissuader(case),
    )


def _place(case: Case) -> str:
    division = case.compound.division
    return (
        f"{division.parent.name}{division.name}" if division.level == "community" and division.parent else division.name
    )


def _clock(case: Case, code: str) -> CaseClock | None:
    return case.clocks.filter(code=code).order_by("-position").first()


def _respondents(case: Case) -> tuple[str, ...]:
    rows = case.parties.filter(role=CaseParty.Role.RESPONDENT, organisation__isnull=False)
    return tuple(rows.order_by("pk").values_list("organisation__name", flat=True))


def _dissuader(case: Case) -> str:
    """Who was told to dissuade, else the body that reported."""
    task = case.tasks.filter(kind="dissuade").select_related("unit").order_by("-position").first()
    if task and task.unit:
        return task.unit.name
    body = case.parties.filter(role=CaseParty.Role.REPORTER).select_related("organisation").first()
    return body.organisation.name if body and body.organisation else ""


def _last(case: Case, *transitions: str) -> CaseEvent | None:
    rows = CaseEvent.objects.filter(case=case, transition__in=transitions)
    return rows.select_related("note").order_by("-seq").first()


def _texts(event: CaseEvent | None) -> dict[str, str]:
    return dict(event.note.texts) if event and hasattr(event, "note") else {}


def _session(actor: Actor, case: Case) -> Session | None:
    """The last session that was called; what was written down of it once it was held."""
    own, others = parts_of(actor, case)
    if not own:
        return None
    session = own[0].session
    rows = CaseEvent.objects.filter(case=case, seq__in=(session.called, session.held)).select_related("note")
    events = {row.seq: row for row in rows}
    known = reporters_in(session_cases(case))
    names = [name for pk, found in known.items() if pk != case.pk for name in found]
    told, kept = _texts(events[session.called]), _texts(events.get(session.held))
    return Session(
        _meeting(events[session.called], session.meets_at),
        without(names, told.get("division", "")),
        tuple(name for _, name in units_to_record([*own, *others], case)),
        session.called_at,
        without(names, kept.get("attendance", "")),
        without(names, kept.get("minutes", "")),
        tuple(_beside(part.case, known.get(part.case.pk, ())) for part in others),
    )


def _beside(case: Case, names: Iterable[str]) -> Beside:
    return Beside(case.number, case.matter.name, _clean(names, case.spot))


def _meeting(event: CaseEvent, at: datetime | None) -> Meeting:
    said = _texts(event)
    return Meeting(at, said.get("meeting_place", ""), said.get("time_place", ""))


def _with_rectification(case: Case, sheet: Sheet) -> Sheet:
    ordered, clock = _last(case, "order_rectify"), _clock(case, "rectify")
    told = _texts(ordered)
    return replace(
        sheet,
        ordered_at=ordered.at if ordered else None,
        order_number=told.get("order_number", ""),
        items=told.get("items", ""),
        rectify_by=clock.due_at if clock else None,
    )


def _with_dissuasion(case: Case, sheet: Sheet) -> Sheet:
    """The last time somebody wrote down what was said; the clock, which may have referred the case after that, writes nothing."""
    rows = CaseEvent.objects.filter(case=case, transition__in=_DISSUADED, note__texts__has_key="dissuasion_record")
    event = rows.select_related("note").order_by("-seq").first()
    if event is None:
        return sheet
    result = json.loads(event.body)["payload"].get("dissuasion", "")
    return replace(
        sheet, dissuasion=_texts(event)["dissuasion_record"], dissuaded_at=event.at, dissuasion_result=result
    )


def _oversight(case: Case, code: str) -> Oversight:
    workflow = workflow_of_case(case)
    if code.startswith(MEASURE):
        measure = next(one for one in workflow.measures if f"{MEASURE}{one.code}" == code)
        ordered = (
            CaseEvent.objects.filter(case=case, transition=measure.code).select_related("note").order_by("seq").last()
        )
        if ordered is None:
            return Oversight(measure.document, measure.name, measure.code)
        said, behind = _texts(ordered), _late_at(case, ordered.at)
        told = (measure.document, measure.name, measure.code, ordered.at, behind, said.get("reason", ""))
        return Oversight(*told, meeting=_meeting(ordered, read_event(json.loads(ordered.body)).payload.meets_at))
    level = next(one for one in workflow.levels if f"{LEVEL}{one.level}" == code)
    rows = CaseEvent.objects.filter(case=case, transition="oversee").select_related("note").order_by("seq")
    event = next((row for row in rows if f'"level":{level.level}' in row.body), rows.last())
    if event is None:
        return Oversight(level.document, level.name)
    late, reason = _late_at(case, event.at), _texts(event).get("reason", "")
    return Oversight(level.document, level.name, "", event.at, late, reason, _reply_by(workflow, level, event.at))


def _late_at(case: Case, at: datetime) -> int:
    """Return how many working days the unit was late then, with whatever it let run out first."""
    workflow, calendar = workflow_of_case(case), calendar_in_force()
    codes = [code for code in workflow.clocks if answering(workflow, code) == LEAD]
    running = case.clocks.filter(code__in=codes, started_at__lte=at).exclude(stopped_at__lte=at)
    return max((0, *(-days_left(calendar, due, at) for due in running.values_list("due_at", flat=True))))


def _reply_by(workflow: Workflow, level: Level, at: datetime) -> datetime | None:
    if level.reply_within is None:
        return None
    try:
        return book_of(workflow)[0].end(at, level.reply_within)
    except UnknownYear:
        return None


def _clean(names: Iterable[str], text: str) -> str:
    text = without(names, text)
    return blacken(text, tuple(span for span in proposals(text) if span.kind in _NUMBERS))


def _without_reporter(case: Case, sheet: Sheet) -> Sheet:
    """Blacken the names of those who reported, and every telephone and identity number, whoever has written them into a text."""
    clean = partial(_clean, reporters_in([case.pk]).get(case.pk, ()))

    def cleaned(told: Meeting) -> Meeting:
        return replace(told, place=clean(told.place), line=clean(told.line))

    told, ordered = sheet.session, sheet.oversight
    oversight = ordered and replace(
        ordered, reason=clean(ordered.reason), meeting=ordered.meeting and cleaned(ordered.meeting)
    )
    session = told and replace(
        told,
        meeting=cleaned(told.meeting),
        division=clean(told.division),
        attendance=clean(told.attendance),
        minutes=clean(told.minutes),
    )
    return replace(
        sheet,
        text=clean(sheet.text),
        spot=clean(
            covered_place(sheet.spot) if case.lookup_digest and sheet.offer.code in _FOR_OUTSIDE else sheet.spot
        ),
        items=clean(sheet.items),
        dissuasion=clean(sheet.dissuasion),
        oversight=oversight,
        session=session,
    )
