"""The demo county's workflow, a calendar simple enough to reckon in the head, and a case that walks."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from anju.rules.cases.book import Book
from anju.rules.cases.engine import Applied, apply
from anju.rules.cases.facts import Act, Around, Event, Facts, Payload
from anju.rules.cases.workflow import Urgency, Workflow
from anju.rules.cases.workflow_file import WORKFLOW, parse_workflow
from tests.house.source import ROOT
from tests.rules.lists.sample import units_of

CHINA = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=CHINA)
BUREAU = frozenset({"u_bureau", "u_office"})
_HOURS = {"ch": 1, "wh": 1, "wd": 24, "cd": 24}

ALL_EVIDENCE = frozenset({
    "text", "photo", "duplicates", "emergency_call", "missing_list", "supplement", "reason", "where_to_go", "objection",
    "dissuasion_order", "dissuasion_record", "legal_basis", "proposed_unit", "dispatcher_consent", "ruling", "meeting_place",
    "division", "attendance", "minutes", "reply_text", "order_number", "items", "lead_signature", "items_proof", "after_photo",
    "consent_both", "agreement", "failure_record", "rights_notice", "cause", "court_name", "judgment", "approval_basis",
    "public_note", "scene_photo", "call_note", "new_facts", "preview", "scan", "test_report",
})  # fmt: skip


def text_of(policy: str = "demo") -> str:
    return (ROOT / "policy" / policy / WORKFLOW).read_text()


def workflow_of(policy: str = "demo") -> Workflow:
    return parse_workflow(text_of(policy), units=frozenset(units_of(policy)))


def deadline(start: datetime, unit: str, amount: int) -> datetime:
    """Every day works and every hour counts: the real calendar is another module's."""
    return start + timedelta(hours=_HOURS[unit] * amount)


def resumed(due: datetime, paused: datetime, again: datetime, unit: str) -> datetime:
    return due + (again - paused)


DEMO = workflow_of()
BOOK = Book(DEMO, deadline, resumed, BUREAU)


def hours(number: float) -> datetime:
    return MONDAY + timedelta(hours=number)


def days(number: float) -> datetime:
    return hours(24 * number)


class Walk:
    """A case that is walked through the engine, with everything that happened."""

    def __init__(self, case_type: str = "complaint", *, book: Book = BOOK, **told: Any) -> None:
        self.book = book
        self.facts = Facts()
        self.events: list[Event] = []
        self.last: Applied
        told = {"matter": "WL01", "compound": "c1", "reachable": True, **told}
        self.do("submit", "reporter", at=MONDAY, type=case_type, **told)

    def act(self, transition: str, role: str, **told: Any) -> Act:
        outer = {"at", "person", "units", "evidence", "around", "clerk", "recused"}
        act = {key: value for key, value in told.items() if key in outer}
        if isinstance(act.get("units"), str):
            act["units"] = frozenset({act["units"]})
        payload = Payload(**{key: value for key, value in told.items() if key not in outer})
        return Act(transition, role, **{"at": MONDAY, "evidence": ALL_EVIDENCE, **act}, payload=payload)

    def do(self, transition: str, role: str, **told: Any) -> Applied:
        self.last = apply(self.book, self.facts, self.act(transition, role, **told))
        self.facts = self.last.facts
        self.events.append(self.last.event)
        return self.last

    def accept(self, urgency: Urgency = Urgency.B, **told: Any) -> "Walk":
        self.do("accept", "intake", person="p_intake", units="u_town", urgency=urgency, matter="WL01", **told)
        return self

    def dispatch(self, lead: str = "u_city", **told: Any) -> "Walk":
        self.do("dispatch", "dispatcher", person="p_disp", units="u_bureau", lead=lead, **told)
        return self

    def sign(self, lead: str = "u_city", **told: Any) -> "Walk":
        self.do("sign", "handler", person="p_city", units=lead, **told)
        return self

    def handling(self, **told: Any) -> "Walk":
        return self.accept(**told).dispatch().sign()

    def report(self, outcome: str = "solved", **told: Any) -> "Walk":
        self.do("report_result", "unit_lead", person="p_chief", units="u_city", outcome=outcome, **told)
        return self

    def verify(self, **told: Any) -> "Walk":
        self.do("verify_pass", "community", person="p_comm", units="u_comm", **told)
        return self


def with_facts(walk: Walk, **changes: Any) -> Walk:
    walk.facts = replace(walk.facts, **changes)
    return walk


NOWHERE = Around()
