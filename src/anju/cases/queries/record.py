"""One case as the desk shows it: what may be read of it, its history, and the acts that are open to this post now."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.db.models import Q

from anju.base.actor import Actor
from anju.cases.models import Case, CaseEvent, CaseFile
from anju.cases.queries.catalogue import workflow_of, workflow_of_case
from anju.cases.queries.parties import filed_by, is_outsider, outside_for, reporters_in, with_places, without
from anju.cases.queries.places import town_code, units_by_code
from anju.cases.queries.ratings import RATINGS, reasons_by_event
from anju.cases.queries.reckoning import book_of, events_of_each, facts_of, units_of
from anju.cases.queries.scoped import cases_for
from anju.places.models import Organisation
from anju.rules.cases.book import Book
from anju.rules.cases.engine import fold, may
from anju.rules.cases.facts import Act, Around, Clerk, Facts, Payload, TaskKind
from anju.rules.cases.question import Question
from anju.rules.cases.redaction import blacken, covered_place, proposals
from anju.rules.cases.roles import ENTERED_BY, played_by_post
from anju.rules.cases.separation import recusal, verifiers_of
from anju.rules.cases.workflow import Transition, Workflow

# What a form still has to say is no reason to hide an act; who one is, and how the case stands, is.
_HARD: Final = frozenset(
    {
        "not_in_type", "wrong_state", "wrong_role", "recused", "respondent", "not_your_task", "already_asked", "too_late",
        "urgent", "public_interest", "no_helper_task", "returned_before", "adjudicated", "not_returned", "extensions_spent",
        "asked_late", "request_pending", "no_request", "own_request", "helpers_pending", "own_work", "other_verifier",
        "reachable", "unreachable", "no_lead_yet", "lead_already", "needs_oversight", "nothing_to_rule", "court",
        "no_oversight", "no_open_item", "no_done_item", "items_open", "items_not_passed",
        "private", "released_already", "not_released", "no_master", "redo_left", "redo_spent", "awaiting_ruling",
        "undisclosed", "veiled", "no_reporter", "undisclosed_already", "disclosed_already",
    }
)  # fmt: skip
_SOFT_FOR: Final = {
    "merge": frozenset({"no_master"}),
    "unmerge": frozenset({"no_master"}),
}
_TOLD_OUTSIDE: Final = frozenset(
    {"order_dissuade", "order_rectify", "dissuade", "dissuade_ok", "transfer", "rectify_done", "item_done", "item_fail"}
)


BACK: Final = "back"


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act: when, what, by whom (a post, never a person's name), what was chosen in its form, what was written.

    `chosen`: by name of the field of `Payload`, codes as the workflow calls them; `units`: names of the bodies it was given to.
    `route`: the row of the routing table and its version by which the system dispatched, such as WL02:3; `back` where the system sent
    the case back to its lead after a 不满意. `entered_at`: when it was typed in, where its paper says an earlier moment.
    """

    at: datetime
    transition: str
    name: str
    by: str
    texts: tuple[tuple[str, str], ...]
    entered: bool
    chosen: Mapping[str, str]
    units: tuple[str, ...]
    route: str = ""
    entered_at: datetime | None = None


def case_record(actor: Actor, pk: int) -> Case | None:
    rows = cases_for(actor).filter(pk=pk)
    return rows.select_related("compound__division", "matter", "matter_version", "lead").first()


@dataclass(frozen=True, slots=True)
class Relatives:
    """Cases that hang together with one, of those that the reader may open; `master` and `parent` are None where he may not."""

    master: Case | None
    parent: Case | None
    merged: tuple[Case, ...]
    derived: tuple[Case, ...]


def relatives_of(actor: Actor, case: Case) -> Relatives:
    """Return what a case was merged into, what came into it, what it came out of and what came out of it."""
    near = Q(pk__in=[pk for pk in (case.master_id, case.derived_from_id) if pk]) | Q(master=case) | Q(derived_from=case)
    rows = list(cases_for(actor).filter(near).order_by("pk"))
    one = {row.pk: row for row in rows}
    return Relatives(
        master=one.get(case.master_id or 0),
        parent=one.get(case.derived_from_id or 0),
        merged=tuple(row for row in rows if row.master_id == case.pk),
        derived=tuple(row for row in rows if row.derived_from_id == case.pk),
    )


def text_for(actor: Actor, case: Case) -> str:
    """Return the reporter's words, or what was cleared of them; a body reads in full what it filed itself."""
    if not is_outsider(actor, case) or filed_by(actor, [case.pk]):
        return case.text
    return case.redacted_text


def proposed_text(case: Case) -> str:
    """Return the reporter's words as they are proposed for the other side: without his name and number and what looks like a person."""
    text = without(reporters_in([case.pk]).get(case.pk, ()), case.text)
    return blacken(text, proposals(text))


def place_for(actor: Actor, case: Case) -> str:
    """Return where it is; of what a citizen wrote an outsider reads the house and no room."""
    return covered_place(case.spot) if case.lookup_digest and is_outsider(actor, case) else case.spot


def files_for(actor: Actor, case: Case) -> list[CaseFile]:
    rows = CaseFile.objects.filter(case=case).select_related("attachment", "event").order_by("event__seq", "pk")
    if not is_outsider(actor, case):
        return list(rows)
    return [row for row in rows if row.shared_at or (row.event.user_id and row.event.user_id == actor.user_id)]


def history_of(actor: Actor, case: Case) -> Iterator[HistoryLine]:
    """Yield what was done, the newest first. An outsider reads only what was addressed to him or written by his own unit."""
    workflow, outside = workflow_of_case(case), is_outsider(actor, case)
    rows = CaseEvent.objects.filter(case=case).order_by("-seq")
    columns = ("seq", "at", "transition", "role", "made_as", "user_id", "note__texts", "body")
    kept = [(*row[:-1], json.loads(row[-1])) for row in rows.values_list(*columns)]
    tapped = reasons_by_event(case) if any(act in RATINGS for _, _, act, *_ in kept) else {}
    names = _names({pk for *_, body in kept for pk in _units(body["payload"])})
    acts = {seq: act for seq, _, act, *_ in kept}
    orders = {seq: (texts or {}).get("items", "") for seq, _, act, _, _, _, texts, _ in kept if act == "order_rectify"}
    for seq, at, transition, role, by, user, texts, body in kept:
        payload = body["payload"]
        own = user is not None and user == actor.user_id
        closed = outside and not (own or transition in _TOLD_OUTSIDE)
        shown = {} if closed else dict(texts or {})
        if transition == "submit":
            shown.pop("text", None)  # the reporter's words have their own place
        said = tuple((workflow.evidence.get(code, code), text) for code, text in shown.items())
        if seq in tapped and not closed:
            said += (("差在哪里", "、".join(tapped[seq])),)
        reporter = role == "reporter"
        who = ("反映人" if reporter else by) or "系统"
        chosen = {} if closed else _chosen(workflow, payload)
        chosen |= _item(orders, seq, payload)
        units = () if closed else tuple(names[pk] for pk in _units(payload) if pk in names)
        name = workflow.transitions[transition].name
        route = body.get("route", "") if role == "system" and transition == "dispatch" else ""
        route = BACK if route and acts.get(seq - 1) == "rate_bad" else route
        typed = datetime.fromisoformat(body["entered"]) if "entered" in body else None
        yield HistoryLine(at, transition, name, who, said, "clerk" in body, chosen, units, route, typed)


def _units(payload: Mapping[str, Any]) -> list[str]:
    given = [payload.get("lead", ""), *payload.get("helpers", ()), payload.get("unit", "")]
    return [pk for pk in given if pk]


def _names(wanted: set[str]) -> dict[str, str]:
    rows = Organisation.objects.filter(pk__in=[int(pk) for pk in wanted]) if wanted else Organisation.objects.none()
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}


def _chosen(workflow: Workflow, payload: Mapping[str, Any]) -> dict[str, str]:
    found = {name: payload[name] for name in ("dissuasion", "until", "meets_at") if payload.get(name)}
    found |= {"undisclosed": "不要公开"} if payload.get("undisclosed") else {}
    level = next((one.name for one in workflow.levels if one.level == payload.get("level")), "")
    found |= {"level": level} if level else {}
    found |= {"clock": f"{workflow.clocks[payload['clock']].name}超期"} if payload.get("clock") else {}
    for name, rows in (("milestone", workflow.milestones), ("outcome", workflow.outcomes)):
        if payload.get(name) in rows:
            found[name] = rows[payload[name]].name
    return found


def _item(orders: Mapping[int, str], seq: int, payload: Mapping[str, Any]) -> dict[str, str]:
    """Return which item of the order then in force was meant. Whoever sees the case may read the order."""
    if not (place := payload.get("item")):
        return {}
    order = max((one for one in orders if one < seq), default=0)
    what = dict(enumerate(orders.get(order, "").splitlines(), 1)).get(place, "").partition("；")[0]
    return {"item": f"第 {place} 项：{what}" if what else f"第 {place} 项"}


@dataclass(frozen=True, slots=True)
class Offered:
    """An act open to the actor now. `enter_for`: the role for which he would enter it from paper."""

    code: str
    name: str
    role: str


def offered_acts(actor: Actor, case: Case, at: datetime) -> list[Offered]:
    """Return the acts this post may do now, in the workflow's order, judged as if the form had been filled in."""
    workflow = workflow_of_case(case)
    act = Act("", "", at, str(actor.user_id), units_of(actor.organisation_id))
    roles = played_by_post(actor.role)
    return list(_offered(book_of(workflow)[0], case, facts_of(case, workflow), act, roles))


def taking(actor: Actor, cases: Sequence[Case], code: str, at: datetime) -> list[Case]:
    """Return those of some cases on which this post may do one act now, as `offered_acts` judges it: few queries, however many they are."""
    act, roles = Act("", "", at, str(actor.user_id), units_of(actor.organisation_id)), played_by_post(actor.role)
    books = {pk: book_of(workflow_of(pk))[0] for pk in {case.workflow_id for case in cases}}
    events = events_of_each(cases)

    def takes(case: Case, book: Book) -> bool:
        facts = fold(book.workflow, events[case.pk])
        return any(one.code == code for one in _offered(book, case, facts, act, roles))

    return [case for case in cases if takes(case, books[case.workflow_id])]


def _offered(book: Book, case: Case, facts: Facts, act: Act, roles: frozenset[str]) -> Iterator[Offered]:
    """Yield what may be done, `act` saying who would do it."""
    evidence = frozenset(book.workflow.evidence) | {"emergency_call"}
    act = replace(act, around=Around(case.number, veiled=case.veiled), evidence=evidence, payload=_filled(facts))
    for transition in book.workflow.transitions.values():
        if not transition.from_ or facts.state not in transition.from_:
            continue
        soft = _SOFT_FOR.get(transition.code, frozenset())
        for role in (role for role in transition.roles if role in roles):
            asked = replace(act, transition=transition.code, role=role)
            decision = may(book, facts, asked)
            if not (set(decision.codes) & _HARD) - soft and not _kept_out(Question(book, facts, asked), transition):
                yield Offered(transition.code, transition.name, role)
                break


def _filled(facts: Facts) -> Payload:
    """Name a helper as the form would; where there is none, none can be let go."""
    return Payload(unit=next((task.unit for task in facts.open_tasks(TaskKind.HELPER)), ""))


def enterable_acts(actor: Actor, case: Case, at: datetime) -> list[Offered]:
    """Return the acts of others that this post may enter from a paper or a call (代录), each with the role it is entered for."""
    workflow = workflow_of_case(case)
    facts = facts_of(case, workflow)
    roles, units = played_by_post(actor.role), units_of(actor.organisation_id)
    book, _ = book_of(workflow)
    found: list[Offered] = []
    own = {one.code for one in offered_acts(actor, case, at)}
    for transition in workflow.transitions.values():
        if not transition.from_ or facts.state not in transition.from_ or transition.code in own:
            continue
        spoken: set[frozenset[str]] = (
            set()
        )  # a unit's clerk and its head answer with one paper; the company has another
        for role in transition.roles:
            clerk = next(iter(sorted(roles & ENTERED_BY.get(role, frozenset()))), "")
            asked = Act(
                transition.code,
                role,
                at,
                str(actor.user_id),
                units_entered_for(facts, role),
                frozenset(workflow.evidence),
                around=Around(case.number, veiled=case.veiled),
                clerk=Clerk(clerk, units),
            )
            if not clerk or asked.units in spoken or set(may(book, facts, asked).codes) & _HARD:
                continue
            found.append(Offered(transition.code, transition.name, role))
            spoken.add(asked.units)
    return found


def units_entered_for(facts: Facts, role: str) -> frozenset[str]:
    """Return the units for which an act is entered: the lead's, or the body of the compound that was told to do something."""
    if role in ("handler", "unit_lead"):
        helpers = {task.unit for task in facts.open_tasks(TaskKind.HELPER)}
        return frozenset({facts.lead, *helpers} - {""})
    if role in ("company", "owners_org"):
        told = {task.unit for task in facts.tasks if task.kind is TaskKind.DISSUADE}
        return frozenset(told) | facts.respondents
    return frozenset()


def _kept_out(question: Question, transition: Transition) -> bool:
    return any(True for _ in recusal(question, transition))


def verifier_roles(case: Case) -> tuple[str, ...]:
    """Return whose part it is to verify a case (`separation.verifiers_of`)."""
    workflow, town = workflow_of_case(case), units_by_code().get(town_code(case.compound))
    return verifiers_of(facts_of(case, workflow), book_of(workflow)[0], str(town.pk) if town else "")


def merge_targets(actor: Actor, case: Case) -> "list[dict[str, Any]]":
    """Return open cases of the same compound and matter: the duplicate search at acceptance, and what it may be merged into."""
    rows = cases_for(actor).filter(compound=case.compound_id, matter=case.matter_id, kind__in=("open", "waiting"))
    columns = ("id", "number", "state", "spot", "filed_at", "joined", "lookup_digest", "outside")
    others = rows.exclude(pk=case.pk).annotate(outside=outside_for(actor)).order_by("-filed_at")
    return with_places(others.values(*columns)[:20])
